//! HAProxy, which puts TLS in front of another proxy.

use super::certificates::Certificates;
use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::process::run;
use super::proxy::Proxy;

/// A proxy that is spoken to over TLS.
pub(crate) struct Haproxy {
    pub(crate) proxy: Proxy,
    /// The root of its certificate, which is for `localhost`, DER.
    pub(crate) root: Vec<u8>,
}

/// HAProxy in front of a proxy over plain TCP.
///
/// Its log has a line for each connection that has ended: `TLSv1.3 TLS_AES_128_GCM_SHA256 sni=localhost`. Who was let
/// through to where, the log of the proxy behind it tells.
pub(crate) fn in_front_of(behind: Proxy) -> Option<Haproxy> {
    has("haproxy", &["haproxy"]).then(|| start(behind, Place::new(), &Certificates::new()))
}

/// The same, which shows along with its certificate that this is not revoked.
pub(crate) fn stapling(behind: Proxy) -> Option<Haproxy> {
    if !has("haproxy", &["haproxy"]) || !has("openssl", &["openssl"]) {
        return None;
    }
    let (place, certificates) = (Place::new(), Certificates::new());
    place.write("root.pem", &certificates.root);
    // Where HAProxy looks for what belongs to `proxy.pem`.
    place.write("proxy.pem.issuer", &certificates.root);
    // The books of the root: one certificate, valid up to 2049.
    place.write("index.txt", "V\t491231235959Z\t\t01\tunknown\t/CN=proxy\n");
    let mut answer = place.command("openssl");
    answer
        .args(["ocsp", "-index", "index.txt", "-CA", "root.pem"])
        .args(["-rsigner", "root.pem", "-issuer", "root.pem"])
        .args(["-serial", "1", "-ndays", "1", "-noverify"])
        .args(["-respout", "proxy.pem.ocsp"]);
    run(&mut answer);
    Some(start(behind, place, &certificates))
}

fn start(behind: Proxy, place: Place, certificates: &Certificates) -> Haproxy {
    let port = Port::reserve();
    place.write("proxy.pem", &certificates.proxy);
    let config = format!(
        "global\n\
         log stdout format raw local0\n\
         defaults\n\
         mode tcp\n\
         log global\n\
         log-format \"%sslv %sslc sni=%[ssl_fc_sni]\"\n\
         timeout connect 10s\n\
         timeout client 60s\n\
         timeout server 60s\n\
         listen proxy\n\
         bind 127.0.0.1:{port} ssl crt proxy.pem\n\
         server behind 127.0.0.1:{behind}\n",
        port = port.number(),
        behind = behind.port(),
    );
    place.write("haproxy.cfg", config);
    let mut command = place.command("haproxy");
    command.args(["-db", "-f", "haproxy.cfg"]);
    Haproxy {
        proxy: Proxy::start(place, command, port, "https").in_front_of(behind),
        root: certificates.der.clone(),
    }
}
