//! Dante, a SOCKS server.

use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// Dante without authentication: SOCKS5, and SOCKS4 with addresses; names in SOCKS4 (SOCKS4a) it does not know.
///
/// Its log names addresses only: `pass(1): tcp/connect [: … -> … 127.0.0.1.443`.
pub(crate) fn open() -> Option<Proxy> {
    start("pass")
}

/// Dante that lets everyone in and nobody through.
#[allow(dead_code, reason = "for tests/real/diagnosis")]
pub(crate) fn closed() -> Option<Proxy> {
    start("block")
}

fn start(verdict: &str) -> Option<Proxy> {
    if !has("dante", &["danted"]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let config = format!(
        "logoutput: stdout\n\
         internal: 127.0.0.1 port = {port}\n\
         external: 127.0.0.1\n\
         clientmethod: none\n\
         socksmethod: none\n\
         client pass {{ from: 0.0.0.0/0 to: 0.0.0.0/0 log: error }}\n\
         socks {verdict} {{ from: 0.0.0.0/0 to: 0.0.0.0/0 log: connect error }}\n",
        port = port.number(),
    );
    place.write("danted.conf", config);
    let mut command = place.command("danted");
    command.args(["-f", "danted.conf", "-p", "danted.pid"]);
    Some(Proxy::start(place, command, port, "socks5"))
}
