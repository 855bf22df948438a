//! A diagnosis that is cancelled where somebody keeps it waiting, at every station: nothing of it goes on.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use sspr::diagnosis::Diagnosis;
use sspr::mock::Tenant;
use sspr::proxy::pac::{PacEngine, PacScript, PacTarget};
use sspr::proxy::{Explicit, ProxyServer, SurveyOptions, ThisComputer, Ways};
use sspr::{PacError, Resolve, ResolveFuture, ScriptFetch, ScriptResolver, Timeouts, Trust};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use url::Url;

use super::site::{channel, over};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, PartialEq, Eq)]
enum Sign {
    Reached,
    Left,
}

/// A server that listens and never answers. It tells when somebody has come and when they have gone.
async fn silence() -> (SocketAddr, UnboundedReceiver<Sign>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, signs) = unbounded_channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut byte = [0];
        stream.peek(&mut byte).await.unwrap();
        tell.send(Sign::Reached).unwrap();
        // Up to the end, which may be a hard one.
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        tell.send(Sign::Left).unwrap();
    });
    (address, signs)
}

/// Cancels `diagnosis` when the station is reached, and waits until it is left.
async fn cancelled(diagnosis: Diagnosis, mut signs: UnboundedReceiver<Sign>) {
    let mut next = async || timeout(PATIENCE, signs.recv()).await.unwrap();
    let running = tokio::spawn(diagnosis.diagnose());
    assert_eq!(next().await, Some(Sign::Reached));
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(next().await, Some(Sign::Left));
}

#[tokio::test]
async fn while_a_script_is_fetched() {
    let (address, signs) = silence().await;
    let url = Url::parse(&format!("http://{address}/proxy.pac")).unwrap();
    let computer = ThisComputer::new(SurveyOptions::default()).explicit(Explicit::Script(url));
    let fetch = ScriptFetch::new(&Trust::new(), Timeouts::default()).unwrap();
    let resolver = ScriptResolver::new(NoScripts, fetch);
    let ways = Ways::new(computer).resolver(Arc::new(resolver));
    let tenant = Tenant::start().unwrap();
    cancelled(over(&tenant, channel(&tenant).ways(ways)), signs).await;
}

#[tokio::test]
async fn while_a_name_is_looked_up() {
    let (tell, signs) = unbounded_channel();
    let tenant = Tenant::start().unwrap();
    let channel = channel(&tenant).resolver(Waiting(tell));
    cancelled(over(&tenant, channel), signs).await;
}

#[tokio::test]
async fn while_a_proxy_thinks() {
    for scheme in ["http", "https", "socks5"] {
        let (address, signs) = silence().await;
        let proxy: ProxyServer = format!("{scheme}://{address}").parse().unwrap();
        let tenant = Tenant::start().unwrap();
        cancelled(over(&tenant, channel(&tenant).way(proxy)), signs).await;
    }
}

#[tokio::test]
async fn during_the_handshake() {
    let (address, signs) = silence().await;
    let tenant = Tenant::start().unwrap();
    let from = format!("localhost:{}", tenant.address().port());
    let channel = channel(&tenant).connect_to(from, address.to_string());
    cancelled(over(&tenant, channel), signs).await;
}

/// A resolver that never answers, and tells when it is asked and when nobody waits any more.
struct Waiting(UnboundedSender<Sign>);

impl Resolve for Waiting {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async {
            self.0.send(Sign::Reached).unwrap();
            let _left = Leaving(&self.0);
            std::future::pending().await
        })
    }
}

struct Leaving<'a>(&'a UnboundedSender<Sign>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let _ = self.0.send(Sign::Left);
    }
}

/// No script comes, so nothing has to be run.
struct NoScripts;

impl PacEngine for NoScripts {
    fn find_proxy(&self, _: &PacScript, _: &PacTarget) -> Result<String, PacError> {
        Err(PacError::EngineFailed)
    }
}
