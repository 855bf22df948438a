//! The command line.

use lexopt::prelude::*;
use sspr::mock::Tenant;
use sspr::protocol::portal::Profile;
use sspr::proxy::ProxyServer;
use sspr::{LoginChange, NativeV1, NativeV2, Portal, ResetClient, ResetClientBuilder};

use crate::Failure;

pub(crate) const HELP: &str = "\
usage: reset [--protocol v1|v2|login-change] [--authority URL --client-id ID] [OPTIONS]
       reset --protocol portal [--authority URL [--profile FILE]] [OPTIONS]
options: [--user NAME] [--lang en|ja] [--tell] [--unattended] [--explain]
         [--proxy URL [--proxy-user NAME] [--plaintext-basic]]

Without an authority, an embedded mock tenant is used, and its mail is shown.";

#[derive(Default)]
pub(crate) struct Options {
    pub(crate) protocol: Speaks,
    pub(crate) authority: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) profile: Option<std::path::PathBuf>,
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
                Long("profile") => options.profile = Some(arguments.value()?.into()),
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

/// Where the service is, and how it knows this program or this program its pages.
pub(crate) struct Service {
    pub(crate) authority: String,
    client_id: String,
    profile: Profile,
    language: String,
}

impl Options {
    /// The service that the command line names; otherwise the mock's.
    pub(crate) fn service(&self, tenant: Option<&Tenant>) -> Result<Service, Failure> {
        let is_portal = matches!(self.protocol, Speaks::Portal);
        if self.profile.is_some() && !(is_portal && self.authority.is_some()) {
            return Err("--profile needs --protocol portal and --authority".into());
        }
        let profile = match (&self.profile, tenant) {
            (Some(path), _) => Profile::from_json(&std::fs::read_to_string(path)?)?,
            (None, Some(tenant)) => Profile::from_json(tenant.portal_profile())?,
            (None, None) => Profile::entra(),
        };
        let client_id = self.client_id.clone();
        let (authority, client_id) = match (tenant, &self.authority) {
            (Some(tenant), _) if is_portal => (tenant.portal_url().into(), String::new()),
            (Some(tenant), _) => (tenant.authority().into(), tenant.client_id().to_owned()),
            (None, Some(authority)) if is_portal => (authority.clone(), String::new()),
            (None, Some(authority)) => (
                authority.clone(),
                client_id.ok_or("--authority needs --client-id")?,
            ),
            (None, None) => return Err("--client-id needs --authority".into()),
        };
        Ok(Service {
            authority,
            client_id,
            profile,
            language: self.language.clone(),
        })
    }
}

/// The protocols that this example can be told to speak.
#[derive(Default)]
pub(crate) enum Speaks {
    #[default]
    V1,
    V2,
    Portal,
    LoginChange,
}

impl Speaks {
    pub(crate) fn builder(&self, service: &Service) -> Result<ResetClientBuilder, sspr::Error> {
        let authority = &service.authority;
        let client_id = service.client_id.clone();
        Ok(match self {
            Self::V1 => ResetClient::builder(NativeV1::new(authority, client_id)?),
            Self::V2 => ResetClient::builder(NativeV2::new(authority, client_id)?),
            Self::LoginChange => ResetClient::builder(LoginChange::new(authority, client_id)?),
            Self::Portal => {
                let portal = Portal::new(authority, service.profile.clone())?;
                ResetClient::builder(portal.language(&service.language))
            }
        })
    }
}

impl std::str::FromStr for Speaks {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "v1" => Ok(Self::V1),
            "v2" => Ok(Self::V2),
            "portal" => Ok(Self::Portal),
            "login-change" => Ok(Self::LoginChange),
            _ => Err("the protocols are v1, v2, portal and login-change"),
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
