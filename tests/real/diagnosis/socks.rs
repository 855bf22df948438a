//! SOCKS servers, with a tenant behind them.

use sspr::ProxyAccess;
use sspr::diagnosis::Report;
use sspr::mock::Tenant;
use url::Url;

use crate::stand::{dante, microsocks, px};
use crate::way::{self, PASSWORD, USER, WRONG, account};

crate::scenarios![
    dante_open,
    dante_closed,
    dante_destination_gone,
    microsocks_without_login,
    microsocks_wrong_password,
    microsocks_taken_for_http,
    px_taken_for_socks,
];

async fn dante_open() -> Option<Report> {
    Some(way::through(&dante::open()?.url(), ProxyAccess::new()).await)
}

async fn dante_closed() -> Option<Report> {
    Some(way::through(&dante::closed()?.url(), ProxyAccess::new()).await)
}

async fn dante_destination_gone() -> Option<Report> {
    let dante = dante::open()?;
    let tenant = Tenant::start().unwrap();
    tenant.close_port().unwrap();
    let way = way::server(&dante.url());
    Some(way::to(&tenant, way::trust(&tenant), |builder| builder.way(way)).await)
}

async fn microsocks_without_login() -> Option<Report> {
    let microsocks = microsocks::start(USER, PASSWORD)?;
    Some(way::through(&microsocks.url(), ProxyAccess::new()).await)
}

async fn microsocks_wrong_password() -> Option<Report> {
    let microsocks = microsocks::start(USER, PASSWORD)?;
    let url = microsocks.url();
    Some(way::through(&url, account(&url, WRONG)).await)
}

async fn microsocks_taken_for_http() -> Option<Report> {
    let microsocks = microsocks::start(USER, PASSWORD)?;
    Some(taken_for("http", &microsocks.url()).await)
}

async fn px_taken_for_socks() -> Option<Report> {
    let px = px::basic(USER, PASSWORD)?;
    Some(taken_for("socks5", &px.url()).await)
}

async fn taken_for(scheme: &str, proxy: &Url) -> Report {
    let port = proxy.port().unwrap();
    let url = Url::parse(&format!("{scheme}://localhost:{port}")).unwrap();
    way::through(&url, ProxyAccess::new()).await
}
