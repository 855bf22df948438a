//! The gateway as it stands before the site.

use std::os::unix::process::parent_id;
use std::sync::Arc;

use sspr::gateway::{Gateway, GatewayBuilder, View};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{Channel, Handoff, Network, RootScope, Trust};
use url::Url;

use crate::Result;
use crate::process::{from_hex, wanted};
use crate::site::HOST;

/// The gateway's process. The view is the process that started it.
pub(crate) async fn serve(site: &str, root: &str) -> Result<()> {
    let gateway = builder(channel(site, &from_hex(root)?)?)
        .view(View::process(parent_id())?)
        .tunnels(4096)
        .traffic(u64::MAX)
        .build()?;
    let (running, mut events) = gateway.serve(&handoff()?).await?;
    println!("{} {}", running.address(), running.token().expose_secret());
    tokio::spawn(async move { while events.next().await.is_some() {} });
    wanted().await;
    Ok(())
}

/// A gateway with the settings that it has by itself.
pub(crate) fn builder(channel: impl Into<Arc<Channel>>) -> GatewayBuilder {
    Gateway::builder(channel)
}

/// A channel for which [`HOST`] is at the address of the site, and its root is one of this computer.
pub(crate) fn channel(site: &str, root: &[u8]) -> Result<Channel> {
    Ok(Channel::builder()
        .way(Explicit::Direct)
        .network(Cable)
        .connect_to(format!("{HOST}:443"), site)
        .trust(Trust::new().added_root(RootScope::Authorities, root.to_vec()))
        .revocation(Settings::new(Policy::Strict).private_responders(["127.0.0.1"]))
        .build()?)
}

/// The page of the site.
pub(crate) fn handoff() -> Result<Handoff> {
    let url = Url::parse(&format!("https://{HOST}/"))?;
    Ok(Handoff::new(Some(url), None))
}

/// A network that is there.
struct Cable;

impl Network for Cable {
    fn is_up(&self) -> bool {
        true
    }
}
