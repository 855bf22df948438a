//! Extensions of certificates, lists and responses, encoded.

use std::net::IpAddr;

use super::der;
use super::key::{Key, sha1};

const SERVER_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
const OCSP_SIGNING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 9];
const ANY_PURPOSE: &[u64] = &[2, 5, 29, 37, 0];
const AD_OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];
const AD_CA_ISSUERS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 2];
/// An arc that stands for examples (RFC 7299 has none); nobody knows what is under it.
const UNKNOWN: &[u64] = &[2, 999, 1];

/// What a key may be used for, in one extension each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mock) enum Purpose {
    ServerAuth,
    ClientAuth,
    OcspSigning,
    Any,
}

/// The bits of keyUsage (RFC 5280, section 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::mock) enum Usage {
    DigitalSignature = 0,
    KeyEncipherment = 2,
    CertSign = 5,
    CrlSign = 6,
}

pub(in crate::mock) fn extension(id: &[u64], critical: bool, content: &[u8]) -> Vec<u8> {
    let critical = if critical {
        der::boolean(true)
    } else {
        Vec::new()
    };
    der::sequence([der::oid(id), critical, der::octets(content)])
}

pub(in crate::mock) fn unknown_critical() -> Vec<u8> {
    extension(UNKNOWN, true, &der::null())
}

pub(super) fn authority(path_length: Option<u8>) -> Vec<u8> {
    let length = path_length.map_or(Vec::new(), |length| der::number(length.into()));
    extension(
        &[2, 5, 29, 19],
        true,
        &der::sequence([der::boolean(true), length]),
    )
}

pub(super) fn no_authority() -> Vec<u8> {
    extension(&[2, 5, 29, 19], true, &der::sequence::<&[u8]>([]))
}

pub(super) fn key_usage(usages: &[Usage]) -> Vec<u8> {
    let numbers: Vec<u8> = usages.iter().map(|usage| *usage as u8).collect();
    extension(
        &[2, 5, 29, 15],
        true,
        &der::value(0x03, &der::named_bits(&numbers)),
    )
}

pub(super) fn purpose(purpose: Purpose) -> Vec<u8> {
    let id = match purpose {
        Purpose::ServerAuth => SERVER_AUTH,
        Purpose::ClientAuth => CLIENT_AUTH,
        Purpose::OcspSigning => OCSP_SIGNING,
        Purpose::Any => ANY_PURPOSE,
    };
    extension(&[2, 5, 29, 37], false, &der::sequence([der::oid(id)]))
}

pub(super) fn alternative_names(dns: &[String], ips: &[IpAddr]) -> Vec<u8> {
    let dns = dns
        .iter()
        .map(|name| der::tagged_primitive(2, name.as_bytes()));
    let ips = ips.iter().map(|ip| match ip {
        IpAddr::V4(ip) => der::tagged_primitive(7, &ip.octets()),
        IpAddr::V6(ip) => der::tagged_primitive(7, &ip.octets()),
    });
    extension(&[2, 5, 29, 17], false, &der::sequence(dns.chain(ips)))
}

/// Permits one DNS domain and nothing else of its kind.
pub(super) fn permitted_domain(domain: &str) -> Vec<u8> {
    let subtree = der::sequence([der::tagged_primitive(2, domain.as_bytes())]);
    extension(
        &[2, 5, 29, 30],
        true,
        &der::sequence([der::tagged(0, &subtree)]),
    )
}

pub(super) fn subject_key(key: &Key) -> Vec<u8> {
    extension(
        &[2, 5, 29, 14],
        false,
        &der::octets(sha1(key.public()).as_ref()),
    )
}

pub(in crate::mock) fn authority_key(key: &Key) -> Vec<u8> {
    let id = der::tagged_primitive(0, sha1(key.public()).as_ref());
    extension(&[2, 5, 29, 35], false, &der::sequence([id]))
}

/// Where the status and the issuer are to be had; nothing if nowhere.
pub(super) fn information_access(ocsp: &[String], issuers: &[String]) -> Option<Vec<u8>> {
    let method = |id: &'static [u64]| {
        move |url: &String| der::sequence([der::oid(id), der::tagged_primitive(6, url.as_bytes())])
    };
    let methods: Vec<_> = ocsp
        .iter()
        .map(method(AD_OCSP))
        .chain(issuers.iter().map(method(AD_CA_ISSUERS)))
        .collect();
    (!methods.is_empty())
        .then(|| extension(&[1, 3, 6, 1, 5, 5, 7, 1, 1], false, &der::sequence(methods)))
}

/// One distribution point for each URL; nothing if there is none.
pub(super) fn distribution_points(urls: &[String]) -> Option<Vec<u8>> {
    let points = urls
        .iter()
        .map(|url| der::sequence([der::tagged(0, &full_name(url))]));
    (!urls.is_empty()).then(|| extension(&[2, 5, 29, 31], false, &der::sequence(points)))
}

/// `fullName` of a DistributionPointName, with one URI.
pub(in crate::mock) fn full_name(url: &str) -> Vec<u8> {
    der::tagged(0, &der::tagged_primitive(6, url.as_bytes()))
}

/// The TLS feature status_request (RFC 7633).
pub(super) fn must_staple() -> Vec<u8> {
    extension(
        &[1, 3, 6, 1, 5, 5, 7, 1, 24],
        false,
        &der::sequence([der::number(5)]),
    )
}

/// id-pkix-ocsp-nocheck (RFC 6960, section 4.2.2.2.1).
pub(super) fn no_check() -> Vec<u8> {
    extension(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], false, &der::null())
}
