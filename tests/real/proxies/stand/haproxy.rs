//! HAProxy, which puts TLS in front of another proxy.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};

use super::installed::has;
use super::place::Place;
use super::port::Port;
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
    if !has("haproxy", &["haproxy"]) {
        return None;
    }
    let place = Place::new();
    let port = Port::reserve();
    let (root, pem) = certificates();
    place.write("proxy.pem", pem);
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
    Some(Haproxy {
        proxy: Proxy::start(place, command, port, "https").in_front_of(behind),
        root,
    })
}

/// A root, DER, and the proxy's certificate with its key, PEM.
fn certificates() -> (Vec<u8>, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "Proxy Root");
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let pem = certificate.pem() + &key.serialize_pem();
    (root.der().to_vec(), pem)
}
