//! Which hosts must be reachable, and why, and what antivirus programs must leave alone.

use serde::Serialize;

use super::{Piece, Undo};
use crate::cloud::Cloud;

/// A host that must be reachable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name. A leading `*.` stands for every name below.
    pub host: String,
    /// The port: 443 with TLS, 80 without, for what is signed.
    pub port: u16,
    /// Who needs it.
    pub needed_for: NeededFor,
    /// What for.
    pub why: &'static str,
}

/// Who needs a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NeededFor {
    /// The reset that is built into Windows, and frontends that show its page.
    ResetPage,
    /// Frontends with this crate.
    Frontend,
    /// Whoever checks certificates: all of them.
    Everyone,
}

/// The hosts of certificates for the clouds with global addresses, as Microsoft published them in November 2025.
const CERTIFICATES: [(&str, &str); 9] = [
    ("ocsp.digicert.com", OCSP),
    ("oneocsp.microsoft.com", OCSP),
    ("crl3.digicert.com", CRL),
    ("crl4.digicert.com", CRL),
    ("www.microsoft.com", CRL),
    ("crl2.microsoft.com", CRL),
    ("cacerts.digicert.com", AIA),
    ("cacerts.geotrust.com", AIA),
    ("caissuers.microsoft.com", AIA),
];
/// What the cloud in China has besides.
const CERTIFICATES_IN_CHINA: [(&str, &str); 2] =
    [("ocsp.digicert.cn", OCSP), ("crl.digicert.cn", CRL)];

const OCSP: &str = "OCSP: whether a certificate was revoked";
const CRL: &str = "CRL: lists of revoked certificates, asked where OCSP gives no answer";
const AIA: &str = "AIA: intermediate certificates that a server forgot to send (Windows only)";

/// The hosts that must be reachable for an organisation in `cloud`, from the sign-in screen.
pub fn endpoints(cloud: &Cloud) -> Vec<Endpoint> {
    let at = |host: &str, port, needed_for, why| Endpoint {
        host: host.to_owned(),
        port,
        needed_for,
        why,
    };
    let page = |host: &String| {
        let why = "the page on which passwords are reset";
        at(host, 443, NeededFor::ResetPage, why)
    };
    let mut endpoints: Vec<_> = cloud.reset_hosts.iter().map(page).collect();
    let content = |host: &String| {
        let why = "scripts of that page; documented for the global cloud";
        at(host, 443, NeededFor::ResetPage, why)
    };
    endpoints.extend(cloud.content_hosts.iter().map(content));
    let sign_in = "sign-in, and where the organisation's own sign-in is found";
    endpoints.push(at(&cloud.login_host, 443, NeededFor::Frontend, sign_in));
    if cloud.name == GLOBAL {
        let native =
            "native authentication of External ID tenants; the tenant's own name is enough";
        endpoints.push(at("*.ciamlogin.com", 443, NeededFor::Frontend, native));
    }
    let china = CERTIFICATES_IN_CHINA.iter().filter(|_| cloud.name == CHINA);
    for (host, why) in CERTIFICATES.iter().chain(china) {
        endpoints.push(at(host, 80, NeededFor::Everyone, why));
    }
    endpoints
}

const GLOBAL: &str = "global";
const CHINA: &str = "china";

/// The hosts whose connections antivirus programs and inspecting proxies must leave alone: the page, its scripts, and
/// OCSP, as the vendor's instructions name them, and the hosts of frontends.
pub fn antivirus_exclusions(cloud: &Cloud) -> Vec<Endpoint> {
    let is_ocsp = |endpoint: &Endpoint| endpoint.why == OCSP;
    let endpoints = endpoints(cloud).into_iter();
    endpoints
        .filter(|endpoint| endpoint.needed_for != NeededFor::Everyone || is_ocsp(endpoint))
        .collect()
}

pub(super) fn pieces(cloud: &Cloud) -> [Piece; 2] {
    [
        Piece {
            file: "firewall.txt",
            purpose: "The hosts to open for outgoing connections, for the computer itself and not only for people who \
                      are signed in.",
            content: table(&endpoints(cloud))
                + "\nPort 80 carries signed answers about certificates, without TLS and without secrets.\n\
                   Certificates change: whatever host a server's certificate names for OCSP or a CRL is needed as well.\n",
            undo: Undo::Step("close these hosts again in the firewall"),
        },
        Piece {
            file: "antivirus.txt",
            purpose: "The hosts that antivirus programs must neither block nor inspect.",
            content: table(&antivirus_exclusions(cloud)),
            undo: Undo::Step("remove the exclusions in the antivirus program"),
        },
    ]
}

fn table(endpoints: &[Endpoint]) -> String {
    let mut text = String::new();
    for endpoint in endpoints {
        let who = match endpoint.needed_for {
            NeededFor::ResetPage => "Windows' own reset, web views",
            NeededFor::Frontend => "frontends",
            NeededFor::Everyone => "all",
        };
        let Endpoint {
            host, port, why, ..
        } = endpoint;
        text += &format!("{host}:{port}\n  for: {who}\n  why: {why}\n");
    }
    text
}
