//! How a gateway is set up.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::allow::{AllowList, PlainKind};
use super::peer::View;
use super::{Gateway, Settings};
use crate::channel::{Channel, Whereabouts};
use crate::error::{Error, Fault};
use crate::messages::Messages;

/// Sets up a [`Gateway`].
///
/// | setting | default |
/// |---|---|
/// | [`allow_host`](Self::allow_host), [`allow_hosts`](Self::allow_hosts) | those of the handoff |
/// | [`allow_private_host`](Self::allow_private_host) | none |
/// | [`ocsp_responder`](Self::ocsp_responder), [`crl`](Self::crl) | none |
/// | [`view`](Self::view) | this process and those below it |
/// | [`messages`](Self::messages) | English |
/// | [`tunnels`](Self::tunnels) | 64 at once |
/// | [`idle`](Self::idle) | 5 minutes |
/// | [`idle_notice`](Self::idle_notice) | 2 minutes |
/// | [`traffic`](Self::traffic) | 1 GiB |
#[derive(Debug)]
#[must_use]
pub struct GatewayBuilder {
    settings: Settings,
    fault: Option<Error>,
}

impl GatewayBuilder {
    pub(super) fn new(channel: Arc<Channel>) -> Self {
        Self {
            settings: Settings {
                channel,
                allow: AllowList::default(),
                view: Some(None),
                messages: Arc::new(Messages::for_language("en")),
                tunnels: 64,
                idle: Duration::from_secs(300),
                idle_notice: Duration::from_secs(120),
                traffic: 1 << 30,
            },
            fault: None,
        }
    }

    /// Lets the view reach one more host at port 443: a federated provider, for instance. It stands for itself only, and
    /// its addresses must be public where this computer resolves them.
    pub fn allow_host(self, host: impl AsRef<str>) -> Self {
        self.host(host.as_ref(), Whereabouts::Public, "allow_host")
    }

    /// The same for a list of hosts with semicolons between them, as the policy `ConfigureWebSignInAllowedUrls` holds it.
    pub fn allow_hosts(self, list: &str) -> Self {
        let hosts = list.split(';').map(str::trim);
        hosts
            .filter(|host| !host.is_empty())
            .fold(self, |builder, host| {
                builder.host(host, Whereabouts::Public, "allow_hosts")
            })
    }

    /// Lets the view reach one more host, which may be on this computer or its own network.
    pub fn allow_private_host(self, host: impl AsRef<str>) -> Self {
        self.host(host.as_ref(), Whereabouts::Anywhere, "allow_private_host")
    }

    /// Lets the view ask an OCSP responder by plain HTTP at port 80. What is fetched is signed; the gateway fetches it by
    /// itself, and passes on neither a field of the view nor one of the responder.
    pub fn ocsp_responder(self, url: &Url) -> Self {
        self.plain(url, PlainKind::Ocsp)
    }

    /// Lets the view fetch a list of revoked certificates by plain HTTP at port 80: see
    /// [`ocsp_responder`](Self::ocsp_responder).
    pub fn crl(self, url: &Url) -> Self {
        self.plain(url, PlainKind::Crl)
    }

    /// Who may use the gateway besides showing the token. A browser that is started later is named by
    /// [`Running::set_view`](super::Running::set_view).
    pub fn view(mut self, view: View) -> Self {
        self.settings.view = Some(Some(view));
        self
    }

    /// Does not look which process uses the gateway: every program of every user of this computer that learns the token
    /// may. For systems where it cannot be found out, and for tests.
    pub fn dangerously_without_process_check(mut self) -> Self {
        self.settings.view = None;
        self
    }

    /// The texts of the pages in [`Event::Refused`](super::Event::Refused).
    pub fn messages(mut self, messages: impl Into<Arc<Messages>>) -> Self {
        self.settings.messages = messages.into();
        self
    }

    /// How many tunnels may be open at once.
    pub fn tunnels(mut self, limit: usize) -> Self {
        self.settings.tunnels = limit;
        self
    }

    /// After how much silence a tunnel is closed. If one side has said that it is done, it is 30 seconds at most.
    pub fn idle(mut self, limit: Duration) -> Self {
        self.settings.idle = limit;
        self
    }

    /// After how much silence of all tunnels [`Event::Idle`](super::Event::Idle) tells of it.
    pub fn idle_notice(mut self, quiet: Duration) -> Self {
        self.settings.idle_notice = quiet;
        self
    }

    /// How many bytes may pass in one run, both ways and all tunnels together.
    pub fn traffic(mut self, limit: u64) -> Self {
        self.settings.traffic = limit;
        self
    }

    /// Builds the gateway. Nothing is opened yet.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if a host is no host name, an address of revocation data is no plain `http` address at
    /// port 80, or a limit is zero.
    pub fn build(self) -> Result<Gateway, Error> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let settings = self.settings;
        let zero = [
            ("tunnels", settings.tunnels == 0),
            ("idle", settings.idle.is_zero()),
            ("idle_notice", settings.idle_notice.is_zero()),
            ("traffic", settings.traffic == 0),
        ];
        match zero.into_iter().find(|(_, is_zero)| *is_zero) {
            Some((setting, _)) => Err(Fault::InvalidSetting { setting }.into()),
            None => Ok(Gateway { settings }),
        }
    }

    fn host(mut self, host: &str, whereabouts: Whereabouts, setting: &'static str) -> Self {
        let outcome = self.settings.allow.host(host, whereabouts, setting);
        self.note(outcome)
    }

    fn plain(mut self, url: &Url, kind: PlainKind) -> Self {
        let outcome = self.settings.allow.plain(url, kind);
        self.note(outcome)
    }

    fn note(mut self, outcome: Result<(), Error>) -> Self {
        self.fault = self.fault.or(outcome.err());
        self
    }
}
