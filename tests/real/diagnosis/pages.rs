//! What answers where the service should: nginx, as the service, as a portal and as something else.

use sspr::diagnosis::Report;
use sspr::{ProxyAccess, RequiredEndpoint};

use crate::nginx::{self, Nginx};
use crate::way;

crate::scenarios![
    nginx_healthy,
    nginx_clock_differs,
    nginx_busy,
    nginx_throttles,
    nginx_knows_nothing,
    nginx_shows_a_page,
    nginx_says_too_little,
    nginx_leads_elsewhere,
    portal_in_the_place_of_the_server,
    nginx_taken_for_a_proxy,
];

const DESCRIPTION: &str = "default_type application/json;
    return 200 '{\"issuer\":\"https://localhost/\",\"token_endpoint\":\"https://localhost/token\"}';";

/// What is said of a server whose description is asked for.
async fn told(nginx: &Nginx) -> Report {
    let endpoint = RequiredEndpoint::sign_in(&nginx.url("https"));
    way::endpoint(endpoint, way::straight(nginx.root.clone())).await
}

async fn answered(answer: &str) -> Option<Report> {
    Some(told(&nginx::tls(answer)?).await)
}

async fn nginx_healthy() -> Option<Report> {
    answered(DESCRIPTION).await
}

async fn nginx_clock_differs() -> Option<Report> {
    Some(told(&nginx::tls_at("+2h", DESCRIPTION)?).await)
}

async fn nginx_busy() -> Option<Report> {
    answered("return 503;").await
}

async fn nginx_throttles() -> Option<Report> {
    answered("add_header Retry-After 30 always; return 429;").await
}

async fn nginx_knows_nothing() -> Option<Report> {
    answered("return 404;").await
}

async fn nginx_shows_a_page() -> Option<Report> {
    answered("default_type text/html; return 200 '<html>Welcome</html>';").await
}

async fn nginx_says_too_little() -> Option<Report> {
    answered("default_type application/json; return 200 '{}';").await
}

async fn nginx_leads_elsewhere() -> Option<Report> {
    answered("return 302 http://portal.hotel.example/;").await
}

/// It stands in the way of everything and speaks no TLS.
async fn portal_in_the_place_of_the_server() -> Option<Report> {
    let portal = nginx::plain("return 302 http://portal.hotel.example/;")?;
    Some(told(&portal).await)
}

async fn nginx_taken_for_a_proxy() -> Option<Report> {
    let portal = nginx::plain("return 302 http://portal.hotel.example/;")?;
    Some(way::through(&portal.url("http"), ProxyAccess::new()).await)
}
