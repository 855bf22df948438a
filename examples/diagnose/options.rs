//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};
use sspr::proxy::ProxyServer;

use super::Failure;

pub(crate) struct Options {
    pub(crate) cloud: Option<String>,
    pub(crate) authority: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) registry: Option<PathBuf>,
    pub(crate) hive: Option<PathBuf>,
    pub(crate) proxy: Option<ProxyServer>,
    pub(crate) budget: Option<Duration>,
    pub(crate) demo: Option<String>,
    pub(crate) language: String,
    pub(crate) json: bool,
    pub(crate) line: bool,
    pub(crate) disclose: bool,
}

impl Options {
    pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut options = Self {
            cloud: None,
            authority: None,
            client_id: None,
            registry: None,
            hive: None,
            proxy: None,
            budget: None,
            demo: None,
            language: "en".into(),
            json: false,
            line: false,
            disclose: false,
        };
        let mut parser = Parser::from_args(words);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("cloud") => options.cloud = Some(parser.value()?.string()?),
                Arg::Long("authority") => options.authority = Some(parser.value()?.string()?),
                Arg::Long("client-id") => options.client_id = Some(parser.value()?.string()?),
                Arg::Long("registry") => options.registry = Some(parser.value()?.into()),
                Arg::Long("hive") => options.hive = Some(parser.value()?.into()),
                Arg::Long("proxy") => {
                    let text = parser.value()?.string()?;
                    options.proxy = Some(text.parse().map_err(|_| format!("no proxy: {text}"))?);
                }
                Arg::Long("budget") => {
                    options.budget = Some(Duration::from_secs(parser.value()?.parse()?));
                }
                Arg::Long("demo") => options.demo = Some(parser.value()?.string()?),
                Arg::Long("lang") => options.language = parser.value()?.string()?,
                Arg::Long("json") => options.json = true,
                Arg::Long("line") => options.line = true,
                Arg::Long("disclose") => options.disclose = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}
