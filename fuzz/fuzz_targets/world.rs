//! A CA and a server's certificate, and an algorithm by which every signature is right: so that
//! what lies behind the signature is reached.

use std::sync::LazyLock;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CrlDistributionPoint, DnType, IsCa,
    KeyPair, SerialNumber, date_time_ymd,
};
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    UnixTime, alg_id,
};

pub const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_781_524_800));

pub static ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 1] = [&Gullible];

pub struct World {
    pub ca: CertificateDer<'static>,
    pub leaf: CertificateDer<'static>,
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, "CA");
    let ca = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();

    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(SerialNumber::from(5u64));
    parameters.not_before = date_time_ymd(2017, 1, 1);
    parameters.not_after = date_time_ymd(2040, 1, 1);
    let uris = vec!["http://crl.example/".to_owned()];
    parameters.crl_distribution_points = vec![CrlDistributionPoint { uris }];
    let leaf = parameters
        .signed_by(&KeyPair::generate().unwrap(), &ca)
        .unwrap();
    World {
        ca: ca.der().clone(),
        leaf: leaf.der().clone(),
    }
});

#[derive(Debug)]
struct Gullible;

impl SignatureVerificationAlgorithm for Gullible {
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Ok(())
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}
