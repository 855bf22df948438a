//! Tunnels through proxies that do what no proxy should.

mod answers;
mod demands;
mod failover;
mod hostile;
mod https;
mod legs;
mod portal;
mod script;
mod socks;
mod stutter;

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Host;

use super::auth::{Asking, Logins};
use super::dial::{Destination, Dialer};
use super::open::{Opened, Tunnels};
use super::{ProxyAccess, ProxyCredentials};
use crate::error::{Error, Fault, ProxyFault};
use crate::ports::{Network, Resolve, ResolveFuture};
use crate::proxy::{BadProxies, Candidate, DisabledAuthentication, ProxyPlan, ProxyServer};
use crate::revocation::{Checker, Policy, Settings};
use crate::secret::ProxyPassword;
use crate::tls::{Roots, TlsClient, Trust, provider};
use crate::trail::Trail;

/// `adele:hush`, as Basic writes it.
const BASIC: &str = "Basic YWRlbGU6aHVzaA==";

/// Knows these names and no other.
#[derive(Default)]
struct Names(Vec<(&'static str, Vec<IpAddr>)>);

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        let known = self.0.iter().find(|(name, _)| *name == host);
        let found = known.map(|(_, addresses)| addresses.clone());
        Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    }
}

/// Never answers.
struct Nobody;

impl Resolve for Nobody {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(std::future::pending())
    }
}

struct Up(bool);

impl Network for Up {
    fn is_up(&self) -> bool {
        self.0
    }
}

fn tunnels(access: ProxyAccess) -> Tunnels {
    trusting(access, Trust::new())
}

fn trusting(access: ProxyAccess, trust: Trust) -> Tunnels {
    let provider = provider().unwrap();
    let settings = Settings::new(Policy::RequiredUnlessUnreachable);
    let algorithms = provider.signature_verification_algorithms.all;
    Tunnels {
        dialer: Dialer {
            resolver: Arc::new(Names::default()),
            network: Arc::new(Up(true)),
            lookup_limit: Duration::from_secs(5),
            connect_limit: Duration::from_secs(10),
            trail: Trail::default(),
        },
        roots: Arc::new(Roots::new(&trust).unwrap()),
        tls: TlsClient {
            provider,
            require_ems: false,
            limit: Duration::from_secs(10),
        },
        revocation: Arc::new(Checker::at_hand(settings, algorithms)),
        logins: Arc::new(Logins::new(access, Asking::new(Duration::from_secs(300)))),
        answer_limit: Duration::from_secs(30),
        unreachable: Arc::default(),
    }
}

/// Gives `server`, and no other proxy, an account.
fn account(server: &ProxyServer) -> ProxyAccess {
    ProxyAccess::new()
        .credentials(
            server.clone(),
            ProxyCredentials::new("adele", ProxyPassword::new("hush")),
        )
        .allow_basic_over_plaintext(true)
}

fn destination() -> Destination {
    Destination {
        host: Host::Domain("login.example".to_owned()),
        port: 443,
    }
}

fn plan(candidates: impl IntoIterator<Item = Candidate>) -> ProxyPlan {
    ProxyPlan {
        candidates: candidates.into_iter().collect(),
        provenance: None,
        findings: Vec::new(),
        by_script: false,
        disabled_authentication: DisabledAuthentication::default(),
    }
}

async fn open(tunnels: &Tunnels, server: &ProxyServer) -> Result<Opened, ProxyFault> {
    let plan = plan([Candidate::Proxy(server.clone())]);
    let opened = tunnels.open(&plan, &destination(), &tunnels.dialer).await;
    opened.map_err(|error| proxy_fault(&error))
}

fn proxy_fault(error: &Error) -> ProxyFault {
    match error.fault() {
        Fault::Proxy(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

fn forgetful() -> Arc<Mutex<BadProxies>> {
    Arc::default()
}
