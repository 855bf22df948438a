//! Certificates of those who speak TLS on this computer.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};

/// A root and the certificate for `localhost` that it issued, each with its key, PEM.
pub(crate) struct Certificates {
    pub(crate) root: String,
    /// The root without its key, DER.
    pub(crate) der: Vec<u8>,
    pub(crate) proxy: String,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Proxy Root");
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (root, der) = (
            certificate.pem() + &key.serialize_pem(),
            certificate.der().to_vec(),
        );
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.serial_number = Some(1_u64.into());
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let proxy = certificate.pem() + &key.serialize_pem();
        Self { root, der, proxy }
    }
}
