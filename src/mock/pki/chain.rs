//! The certificates of one tenant, sound or as faulty as ordered.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::DAY;
use super::certificate::{Entity, Template, name};
use super::extension::{self, Purpose, Usage};
use super::fault::CertificateFault;
use super::key::{Key, SignatureName};
use super::urls::{Certificate, Urls};

/// How the certificates shall be.
#[derive(Clone, Debug)]
pub(in crate::mock) struct Design {
    pub(in crate::mock) root_name: String,
    pub(in crate::mock) host_names: Vec<String>,
    pub(in crate::mock) faults: Vec<CertificateFault>,
    pub(in crate::mock) lifetime: Duration,
    pub(in crate::mock) must_staple: bool,
    pub(in crate::mock) leaf: Pointers,
    pub(in crate::mock) intermediate: Pointers,
}

/// Where a certificate says its status is to be had; `None` is the tenant's responder.
#[derive(Clone, Debug, Default)]
pub(in crate::mock) struct Pointers {
    pub(in crate::mock) ocsp: Option<Vec<String>>,
    pub(in crate::mock) crl: Option<Vec<String>>,
}

/// The certificates, as they are.
#[derive(Debug)]
pub(in crate::mock) struct Chain {
    /// What the tests trust.
    pub(in crate::mock) anchor: Entity,
    /// Has issued the intermediate; the anchor, unless ordered otherwise.
    above: Entity,
    intermediate: Entity,
    leaf: Entity,
    /// What the TLS server sends, the leaf first.
    pub(in crate::mock) shown: Vec<Vec<u8>>,
    pub(in crate::mock) urls: Urls,
}

impl Default for Design {
    fn default() -> Self {
        Self {
            root_name: "Mock tenant root".to_owned(),
            host_names: Vec::new(),
            faults: Vec::new(),
            lifetime: 90 * DAY,
            must_staple: false,
            leaf: Pointers::default(),
            intermediate: Pointers::default(),
        }
    }
}

impl Design {
    pub(in crate::mock) fn pointers(&mut self, of: Certificate) -> &mut Pointers {
        match of {
            Certificate::Leaf => &mut self.leaf,
            Certificate::Intermediate => &mut self.intermediate,
        }
    }

    fn has(&self, fault: &CertificateFault) -> bool {
        self.faults.contains(fault)
    }
}

impl Chain {
    pub(in crate::mock) fn create(design: &Design, urls: Urls) -> Self {
        let anchor = root(design, &design.root_name);
        let (mut tops, intermediate) = if design.has(&CertificateFault::Loop) {
            circle(design, urls)
        } else {
            straight(design, urls, &anchor)
        };
        let leaf = leaf(design, urls, &intermediate);
        let mut shown = vec![leaf.der.clone()];
        if !design.has(&CertificateFault::SelfSigned) {
            shown.extend(shown_intermediates(design, urls, &tops, &intermediate));
        }
        let above = tops.pop().unwrap_or_else(|| anchor.clone());
        Self {
            anchor,
            above,
            intermediate,
            leaf,
            shown,
            urls,
        }
    }

    pub(in crate::mock) fn subject(&self, of: Certificate) -> &Entity {
        match of {
            Certificate::Leaf => &self.leaf,
            Certificate::Intermediate => &self.intermediate,
        }
    }

    pub(in crate::mock) fn issuer(&self, of: Certificate) -> &Entity {
        match of {
            Certificate::Leaf => &self.intermediate,
            Certificate::Intermediate => &self.above,
        }
    }
}

fn root(design: &Design, common_name: &str) -> Entity {
    let usages: &[Usage] = if design.has(&CertificateFault::RootWithoutCrlSign) {
        &[Usage::CertSign]
    } else {
        &[Usage::CertSign, Usage::CrlSign]
    };
    let mut template = Template::new(common_name, 3 * 365 * DAY)
        .with(extension::authority(None))
        .usages(usages);
    if design.has(&CertificateFault::ExpiredRoot) {
        template = template.expired();
    }
    template.self_signed(new_key())
}

/// Root first, and the lowest intermediate apart.
fn straight(design: &Design, urls: Urls, anchor: &Entity) -> (Vec<Entity>, Entity) {
    let top = if design.has(&CertificateFault::UnknownRoot) {
        root(design, "Mock unknown root")
    } else {
        anchor.clone()
    };
    let count = design.faults.iter().find_map(|fault| match fault {
        CertificateFault::Intermediates(count) => Some(*count),
        _ => None,
    });
    let narrow = design.has(&CertificateFault::PathLengthExceeded);
    let between = count.unwrap_or(1).max(1 + usize::from(narrow)) - 1;
    let mut tops = vec![top];
    for number in 1..=between {
        let path_length = (narrow && number == between).then_some(0);
        let template = Template::new(&format!("Mock tenant intermediate {number}"), 3 * 365 * DAY)
            .with(extension::authority(path_length))
            .usages(&[Usage::CertSign, Usage::CrlSign]);
        let issuer = &tops[tops.len() - 1];
        tops.push(template.signed_by(new_key(), issuer));
    }
    let issuer = &tops[tops.len() - 1];
    let lowest = intermediate(design, urls).signed_by(new_key(), issuer);
    (tops, lowest)
}

/// Two that have signed each other.
fn circle(design: &Design, urls: Urls) -> (Vec<Entity>, Entity) {
    let (key, other_key) = (new_key(), new_key());
    let other = Template::authority("Mock tenant intermediate 1");
    let lowest = intermediate(design, urls).sign(key.clone(), &other.name, &other_key);
    let other = other.sign(other_key, &lowest.name, &key);
    (vec![other], lowest)
}

fn intermediate(design: &Design, urls: Urls) -> Template {
    let usages: &[Usage] = if design.has(&CertificateFault::IntermediateWithoutCrlSign) {
        &[Usage::CertSign, Usage::DigitalSignature]
    } else {
        &[Usage::CertSign, Usage::CrlSign, Usage::DigitalSignature]
    };
    let mut template = Template::new("Mock tenant issuing authority", 2 * 365 * DAY)
        .with(extension::authority(Some(0)))
        .usages(usages);
    if design.has(&CertificateFault::NameConstraintViolated) {
        template = template.with(extension::permitted_domain("permitted.example"));
    }
    if design.has(&CertificateFault::ExpiredIntermediate) {
        template = template.expired();
    }
    if design.has(&CertificateFault::WeakIntermediate) {
        template.signature = SignatureName::EcdsaSha1;
    }
    point(
        template,
        &design.intermediate,
        urls,
        Certificate::Intermediate,
    )
}

/// What follows the leaf on the wire.
fn shown_intermediates(
    design: &Design,
    urls: Urls,
    tops: &[Entity],
    lowest: &Entity,
) -> Vec<Vec<u8>> {
    let mut shown = Vec::new();
    if design.has(&CertificateFault::MissingIntermediate) {
        return shown;
    }
    if design.has(&CertificateFault::ExpiredIntermediateFirst)
        && let Some(issuer) = tops.last()
    {
        let expired = intermediate(design, urls).expired();
        shown.push(expired.signed_by(lowest.key.clone(), issuer).der);
    }
    shown.push(lowest.der.clone());
    let root = usize::from(!design.has(&CertificateFault::Loop));
    shown.extend(tops.iter().skip(root).rev().map(|top| top.der.clone()));
    shown
}

fn leaf(design: &Design, urls: Urls, issuer: &Entity) -> Entity {
    let has = |fault| design.has(&fault);
    let mut template = Template::new("Mock tenant", design.lifetime)
        .may_issue(has(CertificateFault::CaAsLeaf))
        .usages(if has(CertificateFault::CaAsLeaf) {
            &[Usage::CertSign, Usage::DigitalSignature]
        } else {
            &[Usage::DigitalSignature]
        })
        .purpose(if has(CertificateFault::NotForServers) {
            Purpose::ClientAuth
        } else {
            Purpose::ServerAuth
        });
    if has(CertificateFault::CommonNameOnly) {
        template.name = name("localhost");
    } else {
        template = template.with(names(design));
    }
    template = point(template, &design.leaf, urls, Certificate::Leaf);
    if design.must_staple {
        template = template.with(extension::must_staple());
    }
    if has(CertificateFault::UnknownCriticalExtension) {
        template = template.with(extension::unknown_critical());
    }
    if has(CertificateFault::Expired) {
        template = template.expired();
    }
    if has(CertificateFault::NotYetValid) {
        template = template.not_yet_valid();
    }
    let mut leaf = if has(CertificateFault::SelfSigned) {
        template.self_signed(new_key())
    } else {
        template.signed_by(new_key(), issuer)
    };
    for fault in &design.faults {
        if let CertificateFault::Encoding(fault) = fault {
            leaf.der = fault.apply(leaf.der);
        }
    }
    leaf
}

/// `localhost`, both loopback addresses and the names that were ordered; or only others.
fn names(design: &Design) -> Vec<u8> {
    let only = design.faults.iter().find_map(|fault| match fault {
        CertificateFault::Names(names) => Some(names),
        _ => None,
    });
    if let Some(only) = only {
        return extension::alternative_names(only, &[]);
    }
    let mut names = vec!["localhost".to_owned()];
    names.extend_from_slice(&design.host_names);
    let loopback = [
        IpAddr::from([127, 0, 0, 1]),
        IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    ];
    extension::alternative_names(&names, &loopback)
}

fn point(mut template: Template, to: &Pointers, urls: Urls, of: Certificate) -> Template {
    let chosen = |urls_of: &Option<Vec<String>>, own: String| match urls_of {
        None => vec![own],
        Some(others) => others.iter().map(|url| urls.fill(url)).collect(),
    };
    let ocsp = chosen(&to.ocsp, urls.ocsp(of));
    let issuers = match of {
        Certificate::Leaf => vec![urls.issuer(of)],
        Certificate::Intermediate => Vec::new(),
    };
    let further = [
        extension::information_access(&ocsp, &issuers),
        extension::distribution_points(&chosen(&to.crl, urls.crl(of))),
    ];
    template.extensions.extend(further.into_iter().flatten());
    template
}

fn new_key() -> Arc<Key> {
    Arc::new(Key::generate())
}
