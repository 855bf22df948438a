//! tinyproxy, which speaks HTTP/1.0.

use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// tinyproxy with Basic. It closes after each refusal, which is 407 without credentials and 401 with wrong ones.
///
/// Its log has the first line of each request: `… Request (file descriptor 5): CONNECT localhost:443 HTTP/1.1`, and
/// then `Established connection to host "localhost"`. It does not tell who asked.
pub(crate) fn basic(user: &str, password: &str) -> Option<Proxy> {
    if !has("tinyproxy", &["tinyproxy"]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let config = format!(
        "Listen 127.0.0.1\n\
         Port {port}\n\
         Timeout 30\n\
         MaxClients 100\n\
         LogFile \"{log}\"\n\
         LogLevel Info\n\
         BasicAuth {user} {password}\n",
        port = port.number(),
        log = place.path("log").display(),
    );
    place.write("tinyproxy.conf", config);
    let mut command = place.command("tinyproxy");
    command.args(["-d", "-c", "tinyproxy.conf"]);
    Some(Proxy::start(place, command, port, "http").with_log("log"))
}
