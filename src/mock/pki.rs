//! The tenant's own certification authority.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};

use super::clock::{self, Date};

const DAY: Duration = Duration::from_secs(86_400);

/// A root made for one tenant, and what the server shows under it.
pub(super) struct Pki {
    pub(super) root_der: Vec<u8>,
    pub(super) root_pem: String,
    pub(super) server: Arc<ServerConfig>,
}

impl Pki {
    /// A server certificate for `localhost`, both loopback addresses and `extra_names`.
    pub(super) fn create(
        extra_names: &[String],
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let root = CertifiedIssuer::self_signed(root_params(), KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let leaf = leaf_params(extra_names)?.signed_by(&key, &root)?;
        let chain = vec![CertificateDer::from(leaf.der().to_vec())];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            root_der: root.der().to_vec(),
            root_pem: root.pem(),
            server: Arc::new(server),
        })
    }
}

fn root_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Mock tenant root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(&mut params, 365 * DAY);
    params
}

fn leaf_params(extra_names: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Mock tenant");
    params.subject_alt_names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::IpAddress(IpAddr::from([127, 0, 0, 1])),
        SanType::IpAddress(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])),
    ];
    for name in extra_names {
        params
            .subject_alt_names
            .push(SanType::DnsName(name.as_str().try_into()?));
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    valid_for(&mut params, 90 * DAY);
    Ok(params)
}

/// From yesterday, so that no clock is too slow.
fn valid_for(params: &mut CertificateParams, span: Duration) {
    let day = |time: SystemTime| {
        let Date { year, month, day } = clock::date(time);
        rcgen::date_time_ymd(year, month, day)
    };
    let now = SystemTime::now();
    params.not_before = day(now - DAY);
    params.not_after = day(now + span);
}
