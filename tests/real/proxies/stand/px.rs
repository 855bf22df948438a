//! px, which verifies NTLM responses in earnest.

use super::installed::{has, in_venv};
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// px with NTLM alone. The challenge holds target information.
///
/// `user` is a bare name or `DOMAIN\name`, and the client has to say the same. A wrong password is answered 401.
pub(crate) fn ntlm(user: &str, password: &str) -> Option<Proxy> {
    start("NTLM", user, password)
}

/// px with Digest alone: realm `PxClient`, MD5, `qop=auth`. A wrong password is answered 401.
pub(crate) fn digest(user: &str, password: &str) -> Option<Proxy> {
    start("DIGEST", user, password)
}

/// px with Basic alone: realm `PxClient`. A wrong password is answered 401.
pub(crate) fn basic(user: &str, password: &str) -> Option<Proxy> {
    start("BASIC", user, password)
}

/// Its log tells what it does: `Auth type: NTLM`, then `Authenticated NTLM client` or `Authentication failed: …`, then
/// `CONNECT localhost:443 using HTTP/1.1` or `GET http://… using HTTP/1.1`.
fn start(schemes: &str, user: &str, password: &str) -> Option<Proxy> {
    let program = in_venv("px", "px");
    if !has("px", &[&program]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let mut command = place.command(&program);
    command
        .args(["--verbose", "--listen=127.0.0.1", "--pac="])
        // It is the last proxy on the way.
        .arg("--noproxy=*.*.*.*")
        .arg(format!("--port={}", port.number()))
        .arg(format!("--client-auth={schemes}"))
        .arg(format!("--client-username={user}"))
        .env("PX_CLIENT_PASSWORD", password)
        .env("PYTHONUNBUFFERED", "1");
    Some(Proxy::start(place, command, port, "http"))
}
