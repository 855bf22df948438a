//! This crate on the way to the server.

use http::Method;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sspr::proxy::{Explicit, ProxyServer};
use sspr::revocation::Policy;
use sspr::{
    Channel, ChannelBuilder, Exchange, ProxyAccess, ProxyCredentials, ProxyPassword, Request,
    RootScope, Trust,
};
use tokio::runtime::Runtime;
use url::Url;

use crate::scheme::{PASSWORD, USER};
use crate::stand::Map;
use crate::{Result, measured};

/// Opens a connection, then `times` more, which are counted. The server hangs up after each.
pub(crate) fn connect_repeatedly(way: &str, times: u32) -> Result<()> {
    let map = Map::from_environment()?;
    let channel = builder(&map, way)?.build()?;
    let url = server(&map, 0)?.join("2")?;
    let runtime = runtime()?;
    runtime.block_on(get(&channel, url.clone(), 2))?;
    measured(|| {
        runtime.block_on(async {
            for _ in 0..times {
                get(&channel, url.clone(), 2).await?;
            }
            Ok(())
        })
    })
}

/// Gets a body of so many bytes.
pub(crate) async fn get(channel: &Channel, url: Url, length: usize) -> Result<()> {
    let mut request = Request::new(Method::GET, url);
    request.response_limit = length;
    let response = channel
        .exchange(request)
        .await
        .map_err(|failed| failed.error)?;
    match response.body.as_ref().len() == length {
        true => Ok(()),
        false => Err(format!("{} instead of {length} bytes", response.body.as_ref().len()).into()),
    }
}

/// For `way`: the name of a scheme, `relay`, or `direct`.
pub(crate) fn builder(map: &Map, way: &str) -> Result<ChannelBuilder> {
    let root = CertificateDer::from_pem_slice(map.root.as_bytes())?;
    let trust = Trust::new().added_root(RootScope::Authorities, root.to_vec());
    let builder = Channel::builder().trust(trust).revocation(Policy::Off);
    let Some(proxy) = map.proxy(way) else {
        let builder = builder.way(Explicit::Direct);
        return Ok(match way {
            "relay" => builder.connect_to(map.servers[0].to_string(), map.relay.to_string()),
            _ => builder,
        });
    };
    let proxy: ProxyServer = format!("http://{proxy}").parse()?;
    let access = ProxyAccess::new()
        .credentials(
            proxy.clone(),
            ProxyCredentials::new(USER, ProxyPassword::new(PASSWORD)),
        )
        .allow_basic_over_plaintext(true);
    Ok(builder.way(proxy).proxy_access(access))
}

pub(crate) fn server(map: &Map, number: usize) -> Result<Url> {
    let address = map.servers.get(number).ok_or("no such server")?;
    Ok(Url::parse(&format!("https://{address}/"))?)
}

pub(crate) fn runtime() -> Result<Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime)
}
