//! A tenant on this computer, and the settings that lead to it.

use std::net::{IpAddr, Ipv4Addr};

use sspr::diagnosis::Diagnosis;
use sspr::mock::Tenant;
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{Channel, ChannelBuilder, NativeV1, Network, Resolve, ResolveFuture, RootScope, Trust};

pub(crate) fn channel(tenant: &Tenant) -> ChannelBuilder {
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    Channel::builder()
        .trust(trust)
        .revocation(asking(Policy::default()))
        .way(Explicit::Direct)
        .network(Up)
}

pub(crate) fn asking(policy: Policy) -> Settings {
    Settings::new(policy).private_responders(["127.0.0.1"])
}

pub(crate) fn diagnosis(tenant: &Tenant) -> Diagnosis {
    over(tenant, channel(tenant))
}

pub(crate) fn over(tenant: &Tenant, channel: ChannelBuilder) -> Diagnosis {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    Diagnosis::new().protocol(&protocol).over(channel)
}

/// A network that is always there.
pub(crate) struct Up;

impl Network for Up {
    fn is_up(&self) -> bool {
        true
    }
}

/// Every name is this computer.
pub(crate) struct Here;

impl Resolve for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![IpAddr::from(Ipv4Addr::LOCALHOST)]) })
    }
}

/// A resolver that never answers.
pub(crate) struct Hole;

impl Resolve for Hole {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(std::future::pending())
    }
}
