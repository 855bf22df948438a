//! What matters for a login beside the proxy's address.

use rustls_pki_types::CertificateDer;
use url::Host;

use crate::error::AuthScheme;
use crate::proxy::{DisabledAuthentication, ProxyServer};

/// What matters for a login beside the proxy's address.
pub(crate) struct Circumstances {
    /// Whether a script named the proxy.
    pub(crate) by_script: bool,
    /// What the administrator forbids.
    pub(crate) disabled: DisabledAuthentication,
    /// The certificate of the proxy, if it is spoken to by TLS.
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

impl Circumstances {
    /// Whether the administrator allows a login at `server` by any way.
    pub(super) fn permit_login(&self, server: &ProxyServer) -> bool {
        let is_loopback = match &server.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.to_canonical().is_loopback(),
        };
        !(is_loopback && self.disabled.loopback)
    }

    pub(super) fn permit(&self, scheme: AuthScheme) -> bool {
        let disabled = &self.disabled;
        match scheme {
            AuthScheme::Basic => !disabled.basic,
            AuthScheme::Digest => !disabled.digest,
            AuthScheme::Ntlm => !disabled.ntlm,
            // It carries nothing but Kerberos here.
            AuthScheme::Negotiate => !disabled.negotiate && !disabled.kerberos,
        }
    }
}
