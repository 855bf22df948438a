//! A gateway before the mock tenant.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use sspr::gateway::{Event, Events, Gateway, GatewayBuilder, Running};
use sspr::mock::Tenant;
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{
    Channel, ChannelBuilder, Error, Handoff, Network, PeerText, Resolve, ResolveFuture, RootScope,
    Trust,
};
use url::Url;

/// The host of the page.
pub(crate) const HOST: &str = "reset.contoso.example";

/// A tenant whose portal is called [`HOST`].
pub(crate) fn tenant() -> Tenant {
    Tenant::builder().host_name(HOST).start().unwrap()
}

/// The page of the portal.
pub(crate) fn handoff() -> Handoff {
    let url = Url::parse(&format!("https://{HOST}/n/passwordreset")).unwrap();
    Handoff::new(Some(url), None)
}

/// A channel for which [`HOST`] is at `address`, signed by `root`.
pub(crate) fn channel_to(address: impl ToString, root: &[u8]) -> ChannelBuilder {
    Channel::builder()
        .way(Explicit::Direct)
        .network(Cable)
        .connect_to(format!("{HOST}:443"), address.to_string())
        .trust(Trust::new().added_root(RootScope::Authorities, root.to_vec()))
        .revocation(Settings::new(Policy::Strict).private_responders(["127.0.0.1"]))
}

pub(crate) fn channel(tenant: &Tenant) -> Channel {
    channel_to(tenant.address(), tenant.ca_der())
        .build()
        .unwrap()
}

/// A gateway before `channel`, changed by `adjust`.
pub(crate) async fn serve_with(
    channel: impl Into<Arc<Channel>>,
    adjust: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
) -> (Running, Events) {
    let mut builder = Gateway::builder(channel);
    if !tells_processes() {
        builder = builder.dangerously_without_process_check();
    }
    let gateway = adjust(builder).build().unwrap();
    gateway.serve(&handoff()).await.unwrap()
}

/// Whether this system says which process has a connection. Wine does not.
pub(crate) fn tells_processes() -> bool {
    match cfg!(windows) {
        true => std::env::var_os("WINEPREFIX").is_none(),
        false => cfg!(target_os = "linux"),
    }
}

pub(crate) async fn serve(channel: impl Into<Arc<Channel>>) -> (Running, Events) {
    serve_with(channel, |builder| builder).await
}

/// The next event, which has to be a refusal.
pub(crate) async fn refused(events: &mut Events) -> (Option<PeerText>, Error, String) {
    match next(events).await {
        Event::Refused { host, error, page } => (host, error, page),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn next(events: &mut Events) -> Event {
    let event = tokio::time::timeout(Duration::from_secs(60), events.next());
    event.await.unwrap().unwrap()
}

/// A network that is there.
pub(crate) struct Cable;

impl Network for Cable {
    fn is_up(&self) -> bool {
        true
    }
}

/// Answers the lookups with these lists, one after the other, and the last one again and again.
pub(crate) struct Lookups(pub(crate) std::sync::Mutex<Vec<Vec<IpAddr>>>);

impl Lookups {
    pub(crate) fn new<const N: usize>(answers: [&[&str]; N]) -> Self {
        let answer = |list: &&[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect();
        Self(std::sync::Mutex::new(answers.iter().map(answer).collect()))
    }
}

impl Resolve for Lookups {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        let mut lists = self.0.lock().unwrap();
        let list = match lists.len() {
            1 => lists[0].clone(),
            _ => lists.remove(0),
        };
        Box::pin(async { Ok(list) })
    }
}
