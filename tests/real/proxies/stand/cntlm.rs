//! cntlm, which lets in everyone and authenticates by itself to the proxy behind it.

use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// cntlm in front of a proxy that wants NTLMv2.
///
/// Its log shows the heads that it passes on: `HEAD: CONNECT localhost:443 HTTP/1.1`.
pub(crate) fn in_front_of(
    behind: Proxy,
    domain: &str,
    user: &str,
    password: &str,
) -> Option<Proxy> {
    if !has("cntlm", &["cntlm"]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let config = format!(
        "Username {user}\n\
         Domain {domain}\n\
         Password {password}\n\
         Proxy 127.0.0.1:{behind}\n\
         Listen 127.0.0.1:{port}\n\
         Auth NTLMv2\n",
        behind = behind.port(),
        port = port.number(),
    );
    place.write("cntlm.conf", config);
    // What it prints would come in blocks.
    let mut command = place.command("stdbuf");
    command.args(["-oL", "cntlm", "-f", "-v", "-c", "cntlm.conf"]);
    Some(Proxy::start(place, command, port, "http").in_front_of(behind))
}
