//! How the diagnosis goes to what is examined.

use sspr::diagnosis::{Diagnosis, Report};
use sspr::mock::Tenant;
use sspr::proxy::{Explicit, ProxyServer};
use sspr::revocation::{Policy, Settings};
use sspr::{
    Channel, ChannelBuilder, NativeV1, Network, ProxyAccess, ProxyCredentials, ProxyPassword,
    RequiredEndpoint, ResetClient, ResetClientBuilder, RootScope, Trust,
};
use url::Url;

pub(crate) use crate::tls::Here;

pub(crate) const USER: &str = "user";
pub(crate) const PASSWORD: &str = "Spring-Rain-5";
pub(crate) const WRONG: &str = "Summer-Sun-4";

/// To a tenant through `proxy` and no other way.
pub(crate) async fn through(proxy: &Url, access: ProxyAccess) -> Report {
    with(proxy, access, |builder| builder).await
}

/// The same, with further settings.
pub(crate) async fn with(
    proxy: &Url,
    access: ProxyAccess,
    adjust: impl FnOnce(ResetClientBuilder) -> ResetClientBuilder,
) -> Report {
    let tenant = Tenant::start().unwrap();
    let way = server(proxy);
    let adjusted = |builder: ResetClientBuilder| adjust(builder.way(way).proxy_access(access));
    to(&tenant, trust(&tenant), adjusted).await
}

/// To `tenant`, by the settings of a client. Its responder is on this computer.
pub(crate) async fn to(
    tenant: &Tenant,
    trust: Trust,
    adjust: impl FnOnce(ResetClientBuilder) -> ResetClientBuilder,
) -> Report {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let builder = ResetClient::builder(protocol)
        .trust(trust)
        .revocation(asking(Policy::default()))
        .network(Up);
    adjust(builder).diagnosis().diagnose().await
}

/// The tenant's own root and those that everyone has.
pub(crate) fn trust(tenant: &Tenant) -> Trust {
    Trust::new().added_root(RootScope::Authorities, tenant.ca_der())
}

pub(crate) fn asking(policy: Policy) -> Settings {
    Settings::new(policy).private_responders(["127.0.0.1"])
}

pub(crate) fn server(proxy: &Url) -> ProxyServer {
    proxy.as_str().parse().unwrap()
}

/// An account at `proxy`, whose password everyone on this computer may read.
pub(crate) fn account(proxy: &Url, password: &str) -> ProxyAccess {
    let credentials = ProxyCredentials::new(USER, ProxyPassword::new(password));
    ProxyAccess::new()
        .credentials(server(proxy), credentials)
        .allow_basic_over_plaintext(true)
}

/// Straight to the page at `url`, whose host is this computer. Revocation is not asked about.
pub(crate) async fn page(url: Url, channel: ChannelBuilder) -> Report {
    endpoint(RequiredEndpoint::page(url), channel).await
}

pub(crate) async fn endpoint(endpoint: RequiredEndpoint, channel: ChannelBuilder) -> Report {
    let diagnosis = Diagnosis::new().endpoint(endpoint).over(channel);
    diagnosis.diagnose().await
}

/// Straight, where every name is this computer and `root` is trusted.
pub(crate) fn straight(root: impl Into<Vec<u8>>) -> ChannelBuilder {
    Channel::builder()
        .way(Explicit::Direct)
        .resolver(Here)
        .network(Up)
        .revocation(Policy::Off)
        .trust(Trust::new().added_root(RootScope::Authorities, root.into()))
}

/// A network that is always there.
pub(crate) struct Up;

impl Network for Up {
    fn is_up(&self) -> bool {
        true
    }
}
