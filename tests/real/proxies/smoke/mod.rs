//! Each proxy by itself: what it offers, whom it lets through, and what it writes down about that.
//!
//! The tunnels lead to the tenant's responder, since it speaks plain HTTP.

mod gateways;
mod kerberos;
mod ntlm;
mod socks;
mod squid;

use sspr::mock::{Certificate, Tenant};

use crate::probe::{Answer, Probe};
use crate::stand::Proxy;

const USER: &str = "user";
const PASSWORD: &str = "password";
const WRONG: &str = "wrong";

/// What the tests ask for: a list on the tenant's responder.
struct Target {
    tenant: Tenant,
    url: String,
    host: String,
    port: u16,
}

impl Target {
    fn new() -> Self {
        let tenant = Tenant::start().unwrap();
        let url = tenant.revocation().crl_url(Certificate::Leaf);
        // Proxies are told names, which they look up themselves.
        let url = url.replace("127.0.0.1", "localhost");
        let host = url.split('/').nth(2).unwrap().to_owned();
        let port = host.split(':').nth(1).unwrap().parse().unwrap();
        Self {
            tenant,
            url,
            host,
            port,
        }
    }

    /// Where the tenant itself is, over TLS.
    fn tunnel(&self) -> String {
        self.tenant.authority().authority().to_owned()
    }

    /// The answer to someone who is not let through: the same for a tunnel and for a plain request.
    fn refused(&self, proxy: &Proxy, credentials: Option<&str>) -> Answer {
        let before = self.tenant.traffic().revocation.len();
        let opened = Probe::new(&proxy.url()).connect(&self.host, credentials);
        let asked = Probe::new(&proxy.url()).get(&self.url, credentials);
        assert_eq!(opened.status, asked.status);
        assert_eq!(opened.schemes(), asked.schemes());
        assert_eq!(self.tenant.traffic().revocation.len(), before);
        opened
    }

    /// Whoever has these credentials is let through, with a tunnel and with a plain request.
    fn passes(&self, proxy: &Proxy, credentials: Option<&str>) {
        let mut probe = Probe::new(&proxy.url());
        assert_eq!(probe.connect(&self.host, credentials).status, 200);
        self.is_there(&probe.get_inside(&self.url));
        self.is_there(&Probe::new(&proxy.url()).get(&self.url, credentials));
    }

    /// As the last words of SOCKS5, with a name.
    fn passes_socks(&self, mut probe: Probe) {
        let mut request = vec![5, 1, 0, 3, 9];
        request.extend(b"localhost");
        request.extend(self.port.to_be_bytes());
        probe.say(&request);
        // The address is one of IPv4.
        assert_eq!(probe.hear(10)[..4], [5, 0, 0, 1]);
        self.is_there(&probe.get_inside(&self.url));
    }

    fn is_there(&self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{answer:?}");
        // A list is a sequence in DER.
        assert_eq!(answer.body.first(), Some(&0x30));
    }
}
