//! What there is to be written down: an attempt that failed, and a problem with words of a stranger in it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use sspr::diagnosis::{Diagnosis, Problem};
use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::proxy::{Explicit, ProxyServer};
use sspr::revocation::Policy;
use sspr::{AuditRecord, Channel, NativeV1, Network, ResetClient, RootScope, Trust, Username};

/// What the stranger says: it would be more than a value if that were not prevented.
pub(crate) const HOSTILE: &str = "no\t\"]\\ <0>root: PRIORITY=0 SSPR_RESULT=finished \u{202e}%1";

/// An attempt that the service had no time for.
pub(crate) async fn record() -> AuditRecord {
    let tenant = Tenant::start().unwrap();
    tenant.order(Fault::at(Endpoint::Start).status(503));
    let told = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&told);
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let client = ResetClient::builder(protocol)
        .trust(Trust::new().added_root(RootScope::Authorities, tenant.ca_der()))
        .revocation(Policy::Off)
        .way(Explicit::Direct)
        .audit(move |record| *kept.lock().unwrap() = Some(record.clone()))
        .build()
        .unwrap();
    let user = Username::parse("adele@contoso.com").unwrap();
    assert!(client.start(user).await.is_err());
    told.lock().unwrap().take().unwrap()
}

/// A proxy that refuses with the hostile words.
pub(crate) async fn problem() -> Problem {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(&stream).lines();
        while !lines.next().unwrap().unwrap().is_empty() {}
        let mut answer = &stream;
        write!(
            answer,
            "HTTP/1.1 403 {HOSTILE}\r\ncontent-length: 0\r\n\r\n"
        )
        .unwrap();
    });
    let protocol = NativeV1::new(
        "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
        "id",
    );
    let way: ProxyServer = format!("http://127.0.0.1:{port}").parse().unwrap();
    let report = Diagnosis::new()
        .protocol(&protocol.unwrap())
        .over(Channel::builder().way(way).network(Up))
        .diagnose()
        .await;
    proxy.join().unwrap();
    let [problem] = &report.problems[..] else {
        panic!("{report:?}");
    };
    assert_eq!(problem.fault, "refused");
    problem.clone()
}

/// A network that is always there.
struct Up;

impl Network for Up {
    fn is_up(&self) -> bool {
        true
    }
}
