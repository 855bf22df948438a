//! A proxy that runs.

use std::process::Command;

use url::Url;

use super::log::Log;
use super::place::Place;
use super::port::Port;
use super::process::Process;

/// A running proxy. It ends when this is dropped, before the one that it stands in front of.
pub(crate) struct Proxy {
    _process: Process,
    place: Place,
    port: Port,
    scheme: &'static str,
    log: Log,
    behind: Option<Box<Proxy>>,
    kept: Vec<Box<dyn Send>>,
}

impl Proxy {
    /// Starts `command`, which will listen on `port` and speak `scheme`. Its log is what it prints.
    pub(super) fn start(
        place: Place,
        mut command: Command,
        port: Port,
        scheme: &'static str,
    ) -> Self {
        Self {
            _process: Process::start(&place, &mut command, &port),
            log: Log::new(place.path(Process::OUTPUT)),
            place,
            port,
            scheme,
            behind: None,
            kept: Vec::new(),
        }
    }

    /// Its log is this file instead.
    pub(super) fn with_log(mut self, file: &str) -> Self {
        self.log = Log::new(self.place.path(file));
        self
    }

    /// It sends everything to another one, which runs as long.
    pub(super) fn in_front_of(mut self, behind: Proxy) -> Self {
        self.behind = Some(Box::new(behind));
        self
    }

    /// Keeps `what` until the proxy has ended.
    pub(super) fn keeping(mut self, what: impl Send + 'static) -> Self {
        self.kept.push(Box::new(what));
        self
    }

    /// `scheme://localhost:port`. That it is a name matters to Kerberos and to certificates.
    pub(crate) fn url(&self) -> Url {
        let Self { scheme, .. } = self;
        Url::parse(&format!("{scheme}://localhost:{}", self.port())).unwrap()
    }

    /// Where it listens, on 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.port.number()
    }

    /// What it says about whom it let through to where.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// The one that it sends everything to.
    pub(crate) fn behind(&self) -> &Proxy {
        self.behind.as_ref().unwrap()
    }

    /// A file of its own.
    pub(super) fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.place.path(name)).unwrap()
    }
}
