//! What this side offers in a handshake.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, NamedGroup, NoKeyLog};

/// Which key exchanges are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyExchange {
    /// All that the provider has, also hybrids with a post-quantum part, whose hello fills two TCP segments.
    All,
    /// Without post-quantum hybrids, for middleboxes that cannot read a long hello. It authenticates no less.
    Classical,
}

/// The cryptography that the features of this build chose. The process-wide default of rustls is never looked at.
pub(crate) fn provider() -> Option<Arc<CryptoProvider>> {
    #[cfg(feature = "aws-lc-rs")]
    return Some(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    return Some(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
    None
}

/// `provider` without post-quantum key exchanges.
pub(crate) fn classical(provider: &CryptoProvider) -> CryptoProvider {
    let mut classical = provider.clone();
    classical
        .kx_groups
        .retain(|group| !is_post_quantum(group.name()));
    classical
}

/// Whether `provider` has a post-quantum key exchange.
pub(crate) fn offers_post_quantum(provider: &CryptoProvider) -> bool {
    provider
        .kx_groups
        .iter()
        .any(|group| is_post_quantum(group.name()))
}

fn is_post_quantum(group: NamedGroup) -> bool {
    matches!(
        group,
        NamedGroup::X25519MLKEM768
            | NamedGroup::secp256r1MLKEM768
            | NamedGroup::MLKEM512
            | NamedGroup::MLKEM768
            | NamedGroup::MLKEM1024
    )
}

/// One connection's configuration: TLS 1.3 and 1.2, HTTP/1.1, no resumption (it would skip `verifier`), no early data,
/// no key log.
pub(crate) fn client_config(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    require_ems: bool,
) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.key_log = Arc::new(NoKeyLog);
    config.require_ems = require_ems;
    Ok(config)
}

/// A fingerprint as it is usually written.
#[cfg(test)]
pub(super) fn sha256(bytes: &[u8]) -> String {
    let rustls::SupportedCipherSuite::Tls13(suite) =
        rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256
    else {
        panic!("a suite of TLS 1.3");
    };
    let hash = suite.common.hash_provider.hash(bytes);
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::tls::trust::{Roots, Trust};
    use crate::tls::verifier::Verifier;

    fn config() -> ClientConfig {
        let provider = provider().unwrap();
        let verifier = Verifier {
            host: "host".into(),
            candidates: Roots::new(&Trust::new()).unwrap().for_authority(false),
            provider: provider.clone(),
            verdict: Arc::new(OnceLock::new()),
        };
        client_config(provider, Arc::new(verifier), false).unwrap()
    }

    #[test]
    fn only_forward_secret_and_authenticated_encryption_is_offered() {
        let names: Vec<_> = config()
            .crypto_provider()
            .cipher_suites
            .iter()
            .map(|suite| format!("{:?}", suite.suite()))
            .collect();
        assert_eq!(names.len(), 9, "{names:?}");
        for name in names {
            let forward_secret = name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_");
            let authenticated = name.contains("_GCM_") || name.contains("_CHACHA20_POLY1305_");
            assert!(forward_secret && authenticated, "{name}");
        }
    }

    #[test]
    fn nothing_is_offered_that_would_skip_the_verifier_or_tell_the_keys() {
        let config = config();
        assert_eq!(config.alpn_protocols, [b"http/1.1".to_vec()]);
        assert!(!config.enable_early_data);
        assert!(!config.enable_secret_extraction);
        assert!(config.enable_sni);
        assert!(!config.key_log.will_log("CLIENT_RANDOM"));
    }

    #[test]
    fn the_classical_exchange_is_the_other_one_without_its_long_groups() {
        let all = provider().unwrap();
        let classical = classical(&all);
        assert!(!classical.kx_groups.is_empty());
        assert!(!offers_post_quantum(&classical));
        assert_eq!(offers_post_quantum(&all), cfg!(feature = "aws-lc-rs"));
        let kept = all
            .kx_groups
            .iter()
            .filter(|group| !is_post_quantum(group.name()));
        assert_eq!(kept.count(), classical.kx_groups.len());
    }
}
