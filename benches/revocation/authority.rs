//! Someone who issues certificates, OCSP responses and lists.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    RevocationReason, RevokedCertParams, SerialNumber, SigningKey, date_time_ymd,
};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sspr::x509::Certificate;

use crate::Result;

/// Contents of an `AlgorithmIdentifier`: ECDSA with SHA-256, RSA with SHA-256.
const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const RSA_SHA256: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
const SHA1: &[u8] = b"\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00";
const OCSP_BASIC: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01";

/// The extensions authorityInfoAccess and id-pkix-ocsp-nocheck.
const INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];

/// The serial number of every certificate here that is asked about. No list has it.
const SERIAL: [u8; 16] = [0x5a; 16];

/// A key and the certificate that belongs to it.
pub(crate) struct Authority {
    pub(crate) der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A root with a key on the curve P-256.
    pub(crate) fn root() -> Result<Self> {
        Self::root_with(KeyPair::generate()?)
    }

    /// A root with an RSA key in PKCS #8.
    pub(crate) fn root_with_rsa(key: &[u8]) -> Result<Self> {
        Self::root_with(rsa(key)?)
    }

    fn root_with(key: KeyPair) -> Result<Self> {
        let params = authority("Benchmark Root");
        let der = params.self_signed(&key)?.der().clone();
        let issuer = Issuer::new(params, key);
        Ok(Self { der, issuer })
    }

    /// An authority below this one, which names a responder.
    pub(crate) fn below(&self, responder: &str) -> Result<Self> {
        let (mut params, key) = (authority("Benchmark Issuing"), KeyPair::generate()?);
        params.serial_number = Some(SerialNumber::from_slice(&SERIAL));
        params.custom_extensions.push(info_access(responder));
        let der = params.signed_by(&key, &self.issuer)?.der().clone();
        let issuer = Issuer::new(params, key);
        Ok(Self { der, issuer })
    }

    /// A server's certificate that names a responder, and its key in PKCS #8.
    pub(crate) fn server(
        &self,
        host: &str,
        responder: &str,
    ) -> Result<(CertificateDer<'static>, Vec<u8>)> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([host.to_owned()])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.distinguished_name.push(DnType::CommonName, host);
        params.serial_number = Some(SerialNumber::from_slice(&SERIAL));
        params.custom_extensions.push(info_access(responder));
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((certificate.der().clone(), key.serialize_der()))
    }

    /// A delegate who signs OCSP responses, with an RSA key in PKCS #8 or one on the curve P-256.
    pub(crate) fn delegate(&self, rsa_key: Option<&[u8]>) -> Result<Self> {
        let key = rsa_key.map_or_else(|| Ok(KeyPair::generate()?), rsa)?;
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "Benchmark Responder");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        let no_check = CustomExtension::from_oid_content(NO_CHECK, vec![0x05, 0x00]);
        params.custom_extensions.push(no_check);
        let der = params.signed_by(&key, &self.issuer)?.der().clone();
        let issuer = Issuer::new(params, key);
        Ok(Self { der, issuer })
    }

    /// The OCSP response *good* about a certificate that this authority issued, signed by itself or by a delegate.
    pub(crate) fn ocsp(&self, delegate: Option<&Self>) -> Result<Vec<u8>> {
        let signer = delegate.unwrap_or(self);
        let (own, signers) = (
            Certificate::parse(&self.der)?,
            Certificate::parse(&signer.der)?,
        );
        let name = tlv(0x30, &[own.subject.contents()]);
        let sha1 = |octets: &[u8]| digest(&SHA1_FOR_LEGACY_USE_ONLY, octets);
        let id = tlv(
            0x30,
            &[
                &tlv(0x30, &[SHA1]),
                &tlv(0x04, &[sha1(&name).as_ref()]),
                &tlv(0x04, &[sha1(own.public_key.octets()).as_ref()]),
                &tlv(0x02, &[&SERIAL]),
            ],
        );
        let (from, until) = (tlv(0x18, &[&hours(-1)]), tlv(0x18, &[&hours(47)]));
        let answer = tlv(0x30, &[&id, b"\x80\x00", &from, &tlv(0xa0, &[&until])]);
        let responder = tlv(0xa1, &[&tlv(0x30, &[signers.subject.contents()])]);
        let data = tlv(0x30, &[&responder, &from, &tlv(0x30, &[&answer])]);
        let signature = signer.issuer.key().sign(&data)?;
        let certificates = match delegate {
            Some(delegate) => tlv(0xa0, &[&tlv(0x30, &[&delegate.der])]),
            None => Vec::new(),
        };
        let basic = tlv(
            0x30,
            &[
                &data,
                &tlv(0x30, &[signer.signature_algorithm()]),
                &tlv(0x03, &[&[0], &signature]),
                &certificates,
            ],
        );
        let bytes = tlv(0x30, &[&tlv(0x06, &[OCSP_BASIC]), &tlv(0x04, &[&basic])]);
        Ok(tlv(0x30, &[b"\x0a\x01\x00", &tlv(0xa0, &[&bytes])]))
    }

    /// A list with so many entries, every second with a reason.
    pub(crate) fn list(&self, entries: u64) -> Result<Vec<u8>> {
        let entry = |number: u64| RevokedCertParams {
            serial_number: SerialNumber::from_slice(&listed(number)),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: number
                .is_multiple_of(2)
                .then_some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        };
        let now = date_time_ymd(1970, 1, 1) + since_epoch(-1);
        let list = CertificateRevocationListParams {
            this_update: now,
            next_update: now + Duration::from_secs(48 * 3600),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: (0..entries).map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.der().to_vec())
    }

    fn signature_algorithm(&self) -> &'static [u8] {
        match self.issuer.key().algorithm() == &PKCS_RSA_SHA256 {
            true => RSA_SHA256,
            false => ECDSA_SHA256,
        }
    }
}

fn rsa(key: &[u8]) -> Result<KeyPair> {
    let key = PrivatePkcs8KeyDer::from(key);
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(
        &key,
        &PKCS_RSA_SHA256,
    )?)
}

fn authority(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params
}

fn info_access(responder: &str) -> CustomExtension {
    let ocsp = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01";
    let place = tlv(0x30, &[ocsp, &tlv(0x86, &[responder.as_bytes()])]);
    CustomExtension::from_oid_content(INFO_ACCESS, tlv(0x30, &[&place]))
}

/// The serial number of an entry: 16 octets that look like chance, as authorities make them.
fn listed(number: u64) -> [u8; 16] {
    let mut serial = [0x40; 16];
    let mixed = u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    serial[1..].copy_from_slice(&mixed.to_be_bytes()[1..]);
    serial
}

/// The time so many hours from now, as a GeneralizedTime.
fn hours(offset: i64) -> Vec<u8> {
    let time = date_time_ymd(1970, 1, 1) + since_epoch(offset);
    let (date, month) = (time.date(), u8::from(time.month()));
    let (hour, minute, second) = time.to_hms();
    format!(
        "{}{month:02}{:02}{hour:02}{minute:02}{second:02}Z",
        date.year(),
        date.day()
    )
    .into_bytes()
}

fn since_epoch(hours: i64) -> Duration {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Duration::from_secs(now.as_secs().saturating_add_signed(hours * 3600))
}

/// An element in DER.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len().to_be_bytes();
    let octets = &length[length.iter().take_while(|octet| **octet == 0).count()..];
    let mut der = vec![tag];
    match contents.len() {
        short @ 0..=127 => der.push(short as u8),
        _ => {
            der.push(0x80 | octets.len() as u8);
            der.extend(octets);
        }
    }
    der.extend(contents);
    der
}
