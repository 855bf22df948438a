//! The visitor: a channel whose root is a public one.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use sspr::proxy::Explicit;
use sspr::revocation::Policy;
use sspr::{
    Channel, Cloud, CloudTable, Error, Exchange, ExchangeError, Fault, Request, Resolve,
    ResolveFuture, Response, RevocationFault, RevocationOutcome, Sent, Timeouts, Trust,
    TrustReport, Trusted,
};
use url::Url;

use crate::server::{OpenSsl, Server};
use crate::site::{NAME, Site};

/// The policies that refuse anything, from the strictest on.
pub(crate) const POLICIES: [Policy; 3] = [
    Policy::Strict,
    Policy::RequiredUnlessUnreachable,
    Policy::BestEffort,
];

/// What a visit comes to.
pub(crate) type Visit = Result<Arc<TrustReport>, Error>;

/// Visits a server of its own under each of the [`POLICIES`].
pub(crate) fn visits(site: &Site) -> [Visit; 3] {
    POLICIES.map(|policy| visit(site, policy, &mut OpenSsl::start(site)))
}

/// One visit. A server that is refused must not have been sent anything.
pub(crate) fn visit(site: &Site, policy: Policy, server: &mut impl Server) -> Visit {
    let outcome = ask(server.port(), site.root.der(), policy);
    let was_asked = server.was_asked();
    match outcome {
        Ok(response) => {
            assert!(was_asked);
            assert_eq!(response.body.as_ref(), b"hello");
            match response.trust {
                Trusted::Checked(report) => Ok(report),
                other => panic!("{other:?}"),
            }
        }
        Err(failed) => {
            assert_eq!(failed.sent, Sent::Nothing);
            assert!(!was_asked, "something was sent: {failed:?}");
            Err(failed.error)
        }
    }
}

/// One request on a channel and a runtime of its own, which are gone afterwards.
pub(crate) fn ask(port: u16, root: Vec<u8>, policy: Policy) -> Result<Response, ExchangeError> {
    let mut timeouts = Timeouts::default();
    // Long enough for a busy machine.
    timeouts.revocation = Duration::from_secs(30);
    timeouts.revocation_fetch = Duration::from_secs(20);
    let channel = Channel::builder()
        .way(Explicit::Direct)
        .trust(Trust::new().pinned_roots([root]))
        .clouds(CloudTable::new([Cloud::new("test", NAME, [""; 0])]))
        .resolver(Loopback)
        .timeouts(timeouts)
        .revocation(policy)
        .build()
        .unwrap();
    let url = Url::parse(&format!("https://{NAME}:{port}/")).unwrap();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(channel.exchange(Request::new(Method::GET, url)))
}

/// The fault of a visit that was refused for its revocation.
pub(crate) fn refusal(visit: &Visit) -> &RevocationFault {
    match visit.as_ref().unwrap_err().fault() {
        Fault::Revocation(fault) => {
            assert_eq!(fault.host(), NAME);
            fault
        }
        other => panic!("{other:?}"),
    }
}

/// What an accepted visit knows about the server's own certificate.
pub(crate) fn leaf(visit: &Visit) -> &RevocationOutcome {
    &visit.as_ref().unwrap().path[0].revocation
}

/// Every name is this computer.
struct Loopback;

impl Resolve for Loopback {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![IpAddr::from(Ipv4Addr::LOCALHOST)]) })
    }
}
