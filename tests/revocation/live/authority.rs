//! An authority of today: certificates that name who knows about them, OCSP responses, lists.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DnType, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::pki_types::CertificateDer;

use crate::builder::{
    Answer, ECDSA_SHA256, Key, List, Reply, SHA1, by_name, entry, generalized, name, oid, raw,
    sequence, sha1, uri,
};

/// What a certificate says about itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    pub(crate) ocsp: Vec<String>,
    pub(crate) crl: Vec<String>,
    pub(crate) must_staple: bool,
    pub(crate) short_lived: bool,
}

impl Sources {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn ocsp(url: impl Into<String>) -> Self {
        Self {
            ocsp: vec![url.into()],
            ..Self::default()
        }
    }

    pub(crate) fn crl(url: impl Into<String>) -> Self {
        Self {
            crl: vec![url.into()],
            ..Self::default()
        }
    }

    pub(crate) fn and_crl(mut self, url: impl Into<String>) -> Self {
        self.crl.push(url.into());
        self
    }

    pub(crate) fn must_staple(mut self) -> Self {
        self.must_staple = true;
        self
    }
}

/// Someone who issues certificates, OCSP responses and lists.
pub(crate) struct Authority {
    pub(crate) der: CertificateDer<'static>,
    common_name: String,
    key: Key,
    pkcs8: Vec<u8>,
    pub(super) issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn params(common_name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name = Default::default();
        params
            .distinguished_name
            .push(DnType::CommonName, common_name);
        params
    }

    fn made(
        params: CertificateParams,
        key: KeyPair,
        der: CertificateDer<'static>,
        cn: String,
    ) -> Self {
        Self {
            der,
            common_name: cn,
            key: Key::from_pkcs8(&key.serialize_der()),
            pkcs8: key.serialize_der(),
            issuer: Issuer::new(params, key),
        }
    }

    pub(super) fn root() -> Self {
        Self::root_that_may(vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign])
    }

    pub(super) fn root_that_may(usages: Vec<KeyUsagePurpose>) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let common_name = format!("Root {}", NUMBER.fetch_add(1, Ordering::SeqCst));
        let (mut params, key) = (Self::params(&common_name), KeyPair::generate().unwrap());
        params.key_usages = usages;
        let der = params.self_signed(&key).unwrap().der().clone();
        Self::made(params, key, der, common_name)
    }

    /// The private key in PKCS #8.
    pub(super) fn private_key(&self) -> &[u8] {
        &self.pkcs8
    }

    /// An authority below this one.
    pub(super) fn below(&self, sources: &Sources) -> Self {
        let common_name = format!("{} Issuing", self.common_name);
        let (mut params, key) = (Self::params(&common_name), KeyPair::generate().unwrap());
        params.serial_number = Some(SerialNumber::from(vec![0x5a, 0x10]));
        name_sources(&mut params, sources);
        let der = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Self::made(params, key, der, common_name)
    }

    /// A response that a delegate signs whose own certificate could be revoked.
    pub(crate) fn ocsp_by_delegate(&self, serial: &[u8]) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = Default::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "Delegate");
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::OcspSigning];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let mut reply = self.reply(vec![self.answer(serial)]);
        reply.responder = by_name("Delegate");
        reply.certificates = vec![certificate.der().to_vec()];
        reply.sign(&Key::from_pkcs8(&key.serialize_der()))
    }

    /// What this authority says about the certificate with this serial number: good, from an hour ago for two days.
    pub(crate) fn answer(&self, serial: &[u8]) -> Answer {
        Answer {
            hash: SHA1,
            name_hash: sha1(&name(&self.common_name)),
            key_hash: sha1(self.key.octets()),
            serial: serial.to_vec(),
            status: raw(0x80, &[]),
            this_update: hours(-1),
            next_update: Some(hours(47)),
            extensions: Vec::new(),
        }
    }

    /// An OCSP response of this authority.
    pub(crate) fn reply(&self, answers: Vec<Answer>) -> Reply {
        Reply {
            outer_status: 0,
            response_type: "1.3.6.1.5.5.7.48.1.1",
            version: Vec::new(),
            responder: by_name(&self.common_name),
            produced_at: hours(-1),
            answers,
            extensions: Vec::new(),
            certificates: Vec::new(),
            algorithm: ECDSA_SHA256,
        }
    }

    pub(crate) fn sign(&self, reply: &Reply) -> Vec<u8> {
        reply.sign(&self.key)
    }

    /// The OCSP response about one certificate, changed by `change` before it is signed.
    pub(crate) fn ocsp(&self, serial: &[u8], change: impl FnOnce(&mut Answer)) -> Vec<u8> {
        let mut answer = self.answer(serial);
        change(&mut answer);
        self.sign(&self.reply(vec![answer]))
    }

    /// A list with these serial numbers, from an hour ago for two days, changed by `change` before it is signed.
    pub(crate) fn crl(&self, serials: &[&[u8]], change: impl FnOnce(&mut List)) -> Vec<u8> {
        let mut list = List::new();
        list.issuer = name(&self.common_name);
        list.this_update = generalized(&hours(-1));
        list.next_update = generalized(&hours(47));
        let entries: Vec<_> = serials.iter().map(|serial| entry(serial, &[])).collect();
        list.entries = (!entries.is_empty()).then_some(entries);
        change(&mut list);
        list.sign(&self.key)
    }
}

/// The serial number of every server's certificate here, and of every authority's below a root.
pub(crate) const LEAF: &[u8] = &[0x5a, 0x01];
pub(crate) const ISSUING: &[u8] = &[0x5a, 0x10];

pub(super) fn name_sources(params: &mut CertificateParams, sources: &Sources) {
    if !sources.ocsp.is_empty() {
        let described = sources
            .ocsp
            .iter()
            .map(|url| sequence(&[oid("1.3.6.1.5.5.7.48.1"), uri(url)]))
            .collect::<Vec<_>>();
        params
            .custom_extensions
            .push(CustomExtension::from_oid_content(
                &[1, 3, 6, 1, 5, 5, 7, 1, 1],
                sequence(&described),
            ));
    }
    params.crl_distribution_points = sources
        .crl
        .iter()
        .map(|url| CrlDistributionPoint {
            uris: vec![url.clone()],
        })
        .collect();
    if sources.must_staple {
        let features = sequence(&[raw(0x02, &[5])]);
        params
            .custom_extensions
            .push(CustomExtension::from_oid_content(
                &[1, 3, 6, 1, 5, 5, 7, 1, 24],
                features,
            ));
    }
}

/// The time so many hours from now, as a GeneralizedTime.
pub(crate) fn hours(offset: i64) -> String {
    minutes(offset * 60)
}

/// The time so many minutes from now, as a GeneralizedTime.
pub(crate) fn minutes(offset: i64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let time = UNIX_EPOCH + Duration::from_secs(now.strict_add_signed(offset * 60));
    let text = httpdate::fmt_http_date(time);
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let parts: Vec<_> = text.split([' ', ':']).collect();
    let month = months.find(parts[2]).unwrap() / 3 + 1;
    let (day, year) = (parts[1], parts[3]);
    format!("{year}{month:02}{day}{}{}{}Z", parts[4], parts[5], parts[6])
}
