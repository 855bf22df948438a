//! Whole resets through each proxy: what the client tells of the way, and what the proxy wrote down about it.

mod failover;
mod faults;
mod frontend;
mod haproxy;
mod kerberos;
mod letters;
mod mitmproxy;
mod posted;
mod program;
mod px;
mod socks;
mod squid;
mod tinyproxy;

use sspr::mock::Tenant;
use sspr::proxy::ProxyServer;
use sspr::{
    Attempt, AuthScheme, Error, Fault, ProxyAccess, ProxyCredentials, ProxyFault, ProxyPassword,
    ResetClient, ResetClientBuilder, Sent, Source, Stage, TrustReport, Way,
};
use url::Url;

use crate::reset;

const USER: &str = "user";
const PASSWORD: &str = "Spring-Rain-5";
const WRONG: &str = "Summer-Sun-4";

/// A tenant, and a client that goes there through a proxy.
struct Trip {
    tenant: Tenant,
    client: ResetClient,
    proxy: String,
}

impl Trip {
    /// Through `proxy` and no other way, with what `access` holds.
    fn through(proxy: &Url, access: ProxyAccess) -> Self {
        Self::with(proxy, |_, builder| {
            builder.way(server(proxy)).proxy_access(access)
        })
    }

    /// Through `proxy`, as `set_up` says.
    fn with(
        proxy: &Url,
        set_up: impl FnOnce(&Tenant, ResetClientBuilder) -> ResetClientBuilder,
    ) -> Self {
        Self::to(Tenant::start().unwrap(), proxy, set_up)
    }

    /// To `tenant` through `proxy`, as `set_up` says.
    fn to(
        tenant: Tenant,
        proxy: &Url,
        set_up: impl FnOnce(&Tenant, ResetClientBuilder) -> ResetClientBuilder,
    ) -> Self {
        Self {
            client: reset::client(&tenant, |builder| set_up(&tenant, builder)),
            tenant,
            proxy: server(proxy).to_string(),
        }
    }

    /// A whole reset on one connection, whose certificates the tenant's responder was asked about through the proxy, too.
    async fn arrives(&self, login: Option<AuthScheme>) {
        let report = reset::whole(&self.client, &self.tenant).await.unwrap();
        reset::assert_checked(&report, &self.tenant);
        let way = self.way(login);
        assert_eq!(report.way, way);
        for attempt in attempts(&report) {
            assert_eq!(
                (attempt.source, attempt.way.as_ref()),
                (Source::Ocsp, Some(&way))
            );
        }
        assert_eq!(self.tenant.traffic().connections, 1);
    }

    /// Another reset, for which the proxy has to be asked once more. About the certificates enough is known.
    async fn arrives_again(&self, login: Option<AuthScheme>) {
        self.tenant.drop_connections().unwrap();
        let report = reset::whole(&self.client, &self.tenant).await.unwrap();
        assert_eq!(report.way, self.way(login));
        let traffic = self.tenant.traffic();
        assert_eq!((traffic.connections, traffic.revocation.len()), (2, 2));
    }

    /// Both, and ends what is open, so that the proxy writes it down.
    async fn arrives_twice(&self, login: Option<AuthScheme>) {
        self.arrives(login).await;
        self.arrives_again(login).await;
        self.tenant.drop_connections().unwrap();
    }

    /// What is in the way. Trying again comes to the same.
    async fn is_refused(&self) -> ProxyFault {
        let fault = proxy_fault(&self.client.warm_up().await.unwrap_err());
        let again = reset::whole(&self.client, &self.tenant).await;
        assert_eq!(proxy_fault(&again.unwrap_err()), fault);
        let traffic = self.tenant.traffic();
        assert_eq!((traffic.connections, traffic.revocation.len()), (0, 0));
        fault
    }

    /// That the login is what is in the way, and what the proxy answered to it.
    async fn is_not_let_in(&self, with: AuthScheme) -> u16 {
        match self.is_refused().await {
            ProxyFault::CredentialsRejected {
                proxy,
                scheme,
                reply,
            } => {
                assert_eq!((&proxy, scheme), (&self.proxy, with));
                reply.status
            }
            other => panic!("{other:?}"),
        }
    }

    /// The destination of the tunnel.
    fn target(&self) -> String {
        self.tenant.authority().authority().to_owned()
    }

    /// How the addresses of what the responder was asked begin.
    fn responders(&self) -> [String; 2] {
        reset::responders(&self.tenant).map(String::from)
    }

    /// Where the responder is.
    fn responder(&self) -> Url {
        let [responder, _] = reset::responders(&self.tenant);
        responder
    }

    fn way(&self, login: Option<AuthScheme>) -> Way {
        Way::Proxy {
            proxy: self.proxy.clone(),
            login,
        }
    }
}

fn server(proxy: &Url) -> ProxyServer {
    proxy.as_str().parse().unwrap()
}

/// An account at `proxy`, whose password everyone on this computer may read.
fn account(proxy: &Url, user: &str, password: &str) -> ProxyAccess {
    let credentials = ProxyCredentials::new(user, ProxyPassword::new(password));
    ProxyAccess::new()
        .credentials(server(proxy), credentials)
        .allow_basic_over_plaintext(true)
}

fn attempts(report: &TrustReport) -> Vec<&Attempt> {
    let attempts = report.path.iter().flat_map(|one| &one.attempts);
    attempts.collect()
}

fn proxy_fault(error: &Error) -> ProxyFault {
    assert_eq!((error.stage(), error.sent()), (Stage::Proxy, Sent::Nothing));
    match error.fault() {
        Fault::Proxy(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}
