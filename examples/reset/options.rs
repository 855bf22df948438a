//! The command line.

use lexopt::prelude::*;
use sspr::proxy::ProxyServer;
use sspr::{Error, LoginChange, NativeV1, NativeV2, ResetClient, ResetClientBuilder};

pub(crate) const HELP: &str = "\
usage: reset [--protocol v1|v2|login-change] [--authority URL --client-id ID] [--user NAME] [--lang en|ja] [--tell]
             [--unattended] [--proxy URL [--proxy-user NAME] [--plaintext-basic]] [--explain]

Without an authority, an embedded mock tenant is used, and its mail is shown.";

#[derive(Default)]
pub(crate) struct Options {
    pub(crate) protocol: Speaks,
    pub(crate) authority: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) language: String,
    pub(crate) tell: bool,
    pub(crate) unattended: bool,
    pub(crate) proxy: Option<ProxyServer>,
    pub(crate) proxy_user: Option<String>,
    pub(crate) plaintext_basic: bool,
    pub(crate) explain: bool,
}

impl Options {
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            language: language_of_environment(),
            ..Self::default()
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("protocol") => options.protocol = arguments.value()?.parse()?,
                Long("authority") => options.authority = Some(arguments.value()?.string()?),
                Long("client-id") => options.client_id = Some(arguments.value()?.string()?),
                Long("user") => options.user = Some(arguments.value()?.string()?),
                Long("lang") => options.language = arguments.value()?.string()?,
                Long("tell") => options.tell = true,
                Long("unattended") => options.unattended = true,
                Long("proxy") => options.proxy = Some(arguments.value()?.parse()?),
                Long("proxy-user") => options.proxy_user = Some(arguments.value()?.string()?),
                Long("plaintext-basic") => options.plaintext_basic = true,
                Long("explain") => options.explain = true,
                Long("help") => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        if options.unattended && options.authority.is_some() {
            return Err("--unattended answers only for the embedded mock tenant".into());
        }
        if options.proxy_user.is_some() && options.proxy.is_none() {
            return Err("--proxy-user needs --proxy".into());
        }
        Ok(Some(options))
    }
}

/// The protocols that this example can be told to speak.
#[derive(Default)]
pub(crate) enum Speaks {
    #[default]
    V1,
    V2,
    LoginChange,
}

impl Speaks {
    pub(crate) fn builder(
        &self,
        authority: &str,
        client_id: String,
    ) -> Result<ResetClientBuilder, Error> {
        Ok(match self {
            Self::V1 => ResetClient::builder(NativeV1::new(authority, client_id)?),
            Self::V2 => ResetClient::builder(NativeV2::new(authority, client_id)?),
            Self::LoginChange => ResetClient::builder(LoginChange::new(authority, client_id)?),
        })
    }
}

impl std::str::FromStr for Speaks {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "v1" => Ok(Self::V1),
            "v2" => Ok(Self::V2),
            "login-change" => Ok(Self::LoginChange),
            _ => Err("the protocols are v1, v2 and login-change"),
        }
    }
}

fn language_of_environment() -> String {
    let language = std::env::var("LC_ALL")
        .or_else(|_| std::env::var("LANG"))
        .unwrap_or_default();
    if language.starts_with("ja") {
        "ja".to_owned()
    } else {
        "en".to_owned()
    }
}
