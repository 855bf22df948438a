//! microsocks, a SOCKS5 server with passwords.

use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// microsocks with one user, without whose password it lets nobody through.
///
/// Its log has a line for each way that it opened: `client[4] 127.0.0.1: connected to localhost:443`.
pub(crate) fn start(user: &str, password: &str) -> Option<Proxy> {
    if !has("microsocks", &["microsocks"]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let mut command = place.command("microsocks");
    command
        .args(["-i", "127.0.0.1", "-p", &port.number().to_string()])
        .args(["-u", user, "-P", password]);
    Some(Proxy::start(place, command, port, "socks5"))
}
