//! mitmproxy, which inspects.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::installed::{has, in_venv};
use super::place::Place;
use super::port::Port;
use super::proxy::Proxy;

/// A proxy that shows certificates of its own for every server.
pub(crate) struct Mitmproxy {
    pub(crate) proxy: Proxy,
    /// The root of these certificates, DER.
    pub(crate) root: Vec<u8>,
}

/// mitmproxy without authentication, which itself trusts the roots in `trusted`, PEM.
///
/// Its log tells of each connection and request: `server connect localhost:443 (127.0.0.1:443)`,
/// `…: POST https://localhost:443/… << 200 OK 65b`, and `Client TLS handshake failed. …` where it is not trusted.
pub(crate) fn open(trusted: &str) -> Option<Mitmproxy> {
    start(trusted, &[])
}

/// mitmproxy with Basic, realm `mitmproxy`.
pub(crate) fn basic(trusted: &str, user: &str, password: &str) -> Option<Mitmproxy> {
    start(trusted, &["--proxyauth", &format!("{user}:{password}")])
}

/// The same, which looks into no connection to `host`.
pub(crate) fn exempting(host: &str, user: &str, password: &str) -> Option<Mitmproxy> {
    let host = format!("^{host}:");
    let account = format!("{user}:{password}");
    start("", &["--proxyauth", &account, "--ignore-hosts", &host])
}

fn start(trusted: &str, options: &[&str]) -> Option<Mitmproxy> {
    let program = in_venv("mitmproxy", "mitmdump");
    if !has("mitmproxy", &[&program]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let trusted = place.write("trusted.pem", trusted);
    let mut command = place.command(&program);
    command
        .args(["--listen-host", "127.0.0.1"])
        .args(["--listen-port", &port.number().to_string()])
        .args(["--set", "confdir=."])
        .arg("--set")
        .arg(format!(
            "ssl_verify_upstream_trusted_ca={}",
            trusted.display()
        ))
        // Whole URLs, and no body.
        .args(["--set", "flow_detail=2"])
        .args(options)
        .env("PYTHONUNBUFFERED", "1");
    let proxy = Proxy::start(place, command, port, "http");
    let root = proxy.file("mitmproxy-ca-cert.pem");
    let root = CertificateDer::from_pem_slice(&root).unwrap();
    Some(Mitmproxy {
        proxy,
        root: root.to_vec(),
    })
}
