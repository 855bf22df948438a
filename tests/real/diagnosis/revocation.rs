//! What is known of certificates: `openssl ocsp`, lists of `openssl ca`, staples of `openssl s_server` and nginx.

use std::path::Path;

use sspr::diagnosis::Report;
use sspr::revocation::{Policy, Settings};
use url::Url;

use crate::authority::Responder;
use crate::door::Door;
use crate::nginx;
use crate::process::NOW;
use crate::server::{Nginx, OpenSsl, Server as _};
use crate::site::{Leaf, NAME, Site};
use crate::stand::installed::has;
use crate::way;

crate::scenarios![
    ocsp_good,
    ocsp_revoked,
    ocsp_signed_by_a_stranger,
    ocsp_outdated,
    responder_gone,
    responder_gone_strict,
    responder_behind_portal,
    list_revoked,
    list_outdated,
    authority_revoked,
    staple_good,
    staple_revoked,
    staple_missing,
    nobody_to_ask_strict,
];

const RESPONDER: &str = "ocsp.contoso.example";
const LISTS: &str = "crl.contoso.example";

/// A site whose leaf names a responder, and the door to it, behind which there is nobody.
fn site(change: impl FnOnce(Leaf) -> Leaf) -> Option<(Site, Door)> {
    if !has("revocation", &["openssl", "nginx", "faketime"]) {
        return None;
    }
    let door = Door::open(RESPONDER);
    let site = Site::new(change(Leaf::new().ocsp(&door.url("/"))));
    Some((site, door))
}

/// What is said of `openssl s_server` at this site.
async fn told(site: &Site) -> Report {
    visit(site, OpenSsl::start(site).port(), Policy::default()).await
}

async fn visit(site: &Site, port: u16, policy: Policy) -> Report {
    let url = Url::parse(&format!("https://{NAME}:{port}/")).unwrap();
    let settings = Settings::new(policy).private_responders([RESPONDER, LISTS]);
    way::page(url, way::straight(site.root.der()).revocation(settings)).await
}

/// Where the responder answers as `start` says.
async fn answered(
    prepare: impl FnOnce(&Site),
    start: impl FnOnce(&Site) -> Responder,
) -> Option<Report> {
    let (site, door) = site(|leaf| leaf)?;
    prepare(&site);
    let responder = start(&site);
    door.leads_to(responder.port);
    Some(told(&site).await)
}

async fn ocsp_good() -> Option<Report> {
    answered(|_| (), |site| site.issuing.responder()).await
}

async fn ocsp_revoked() -> Option<Report> {
    let revoke = |site: &Site| site.issuing.revoke(&site.leaf, "keyCompromise");
    answered(revoke, |site| site.issuing.responder()).await
}

/// The server's own key signs the answers about it.
async fn ocsp_signed_by_a_stranger() -> Option<Report> {
    let stranger = |site: &Site| {
        site.issuing
            .responder_with(&site.leaf, &["-nmin", "60"], NOW)
    };
    answered(|_| (), stranger).await
}

/// The answers counted for an hour, two days ago.
async fn ocsp_outdated() -> Option<Report> {
    let late = |site: &Site| {
        site.issuing
            .responder_with(&site.issuing.identity, &["-nmin", "60"], "-2d")
    };
    answered(|_| (), late).await
}

/// A site whose responder's address nobody answers.
fn without_responder() -> Option<Site> {
    let (site, door) = site(|leaf| leaf)?;
    drop(door);
    Some(site)
}

async fn responder_gone() -> Option<Report> {
    Some(told(&without_responder()?).await)
}

async fn responder_gone_strict() -> Option<Report> {
    let site = without_responder()?;
    Some(visit(&site, OpenSsl::start(&site).port(), Policy::Strict).await)
}

/// A network that sends everyone who does not use TLS to a page of its own.
async fn responder_behind_portal() -> Option<Report> {
    let (site, door) = site(|leaf| leaf)?;
    let portal = nginx::plain("return 302 https://portal.hotel.example/;")?;
    door.leads_to(portal.port());
    Some(told(&site).await)
}

/// A site whose leaf names a list, and the door to it.
fn site_with_list() -> Option<(Site, Door)> {
    if !has("revocation", &["openssl", "nginx", "faketime"]) {
        return None;
    }
    let door = Door::open(LISTS);
    let site = Site::new(Leaf::new().list(&door.url("/issuing.crl")));
    Some((site, door))
}

async fn list_revoked() -> Option<Report> {
    let (site, door) = site_with_list()?;
    site.issuing.revoke(&site.leaf, "superseded");
    door.shows(site.issuing.list(NOW));
    Some(told(&site).await)
}

/// The list counted for a week, a month ago.
async fn list_outdated() -> Option<Report> {
    let (site, door) = site_with_list()?;
    door.shows(site.issuing.list("-30d"));
    Some(told(&site).await)
}

async fn authority_revoked() -> Option<Report> {
    let revoke = |site: &Site| site.revoke_issuing("cACompromise");
    answered(revoke, |site| site.issuing.responder()).await
}

/// What is said of nginx with this staple, where nobody else answers.
async fn stapled(site: &Site, staple: Option<&Path>) -> Report {
    let nginx = Nginx::start(site, "TLSv1.3", staple);
    visit(site, nginx.port(), Policy::Strict).await
}

async fn staple_good() -> Option<Report> {
    let (site, _door) = site(Leaf::must_staple)?;
    let staple = site.issuing.response(&site.leaf, NOW);
    Some(stapled(&site, Some(&staple)).await)
}

async fn staple_revoked() -> Option<Report> {
    let (site, _door) = site(|leaf| leaf)?;
    site.issuing.revoke(&site.leaf, "keyCompromise");
    let staple = site.issuing.response(&site.leaf, NOW);
    Some(stapled(&site, Some(&staple)).await)
}

/// The certificate says that no answer but one that comes with it counts.
async fn staple_missing() -> Option<Report> {
    let (site, _door) = site(Leaf::must_staple)?;
    Some(stapled(&site, None).await)
}

/// The certificate names nobody.
async fn nobody_to_ask_strict() -> Option<Report> {
    if !has("revocation", &["openssl", "nginx", "faketime"]) {
        return None;
    }
    let site = Site::new(Leaf::new());
    Some(visit(&site, OpenSsl::start(&site).port(), Policy::Strict).await)
}
