//! What comes through a tunnel that was not opened to where it should lead.

use super::script::{Piece, Script, whole};
use super::*;
use crate::ports::Way;
use crate::tls::KeyExchange;
use crate::tunnel::auth::Circumstances;
use crate::tunnel::{blame, connect};

/// P44, T8: a portal says 200 to everything, and then shows its page to whoever speaks.
#[tokio::test]
async fn a_page_behind_an_open_tunnel_is_told_as_the_proxy_s() {
    let server: ProxyServer = "http://proxy.test:8080".parse().unwrap();
    let tunnels = tunnels(ProxyAccess::new());
    let circumstances = Circumstances {
        by_script: false,
        disabled: DisabledAuthentication::default(),
        certificate: None,
    };
    let login = tunnels.logins.begin(&server, circumstances);
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>";
    let (script, _) = Script::new([
        whole(b"HTTP/1.1 200 OK\r\n\r\n"),
        vec![Piece::Later, Piece::Bytes(page.to_vec())],
    ]);
    let opened = connect::open(&tunnels, &server, Box::new(script), login, &destination())
        .await
        .unwrap();
    let expected = Way::Proxy {
        proxy: server.to_string(),
        login: None,
    };
    assert_eq!(opened.way, expected);
    let roots = tunnels.roots.for_authority(false);
    let error = tunnels
        .tls
        .connect(opened.wire, "login.example", roots, KeyExchange::All)
        .await
        .err()
        .unwrap();
    let blamed = blame(error, &opened.way);
    let expected = ProxyFault::TunnelNotTls {
        proxy: server.to_string(),
        host: "login.example".to_owned(),
        first_bytes: page[..16].to_vec(),
    };
    assert_eq!(proxy_fault(&blamed), expected);
}
