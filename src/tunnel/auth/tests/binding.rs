//! What a login at a TLS proxy is bound to.

use rcgen::{CertificateParams, KeyPair};
use rustls_pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};

use super::*;

/// An identity that remembers what it was bound to.
#[derive(Clone, Default)]
struct Bound(Arc<Mutex<Vec<Option<Vec<u8>>>>>);

impl Negotiate for Bound {
    fn begin(
        &self,
        _: &str,
        end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem> {
        let mut begun = self.0.lock().unwrap();
        begun.push(end_point.map(<[u8]>::to_vec));
        const SAYS: &[Result<&[u8], KerberosProblem>] = &[Ok(b"one")];
        Ok(Box::new(SAYS.iter()))
    }
}

fn certificate() -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["proxy.corp.example".to_owned()]).unwrap();
    params.self_signed(&key).unwrap().into()
}

/// Proxies behind one address need not have the same certificate. The proof is for the one that gets it.
#[tokio::test]
async fn a_login_is_bound_to_the_proxy_that_hears_it() {
    let (first, second) = (certificate(), certificate());
    let hash = |certificate: &CertificateDer<'_>| Some(Sha256::digest(certificate).to_vec());
    let identity = Bound::default();
    let logins = fresh(ProxyAccess::new().own_identity(identity.clone()));
    for (renewed, expected) in [
        (&first, vec![hash(&first)]),
        (&second, vec![hash(&first), hash(&second)]),
    ] {
        let circumstances = Circumstances {
            certificate: Some(first.clone()),
            ..settings()
        };
        let mut login = logins.begin(&secure(), circumstances);
        assert_eq!(says(&mut login).await, "");
        refuse(&mut login, &["Negotiate"]).await.unwrap();
        assert_eq!(login.closed(), Ok(()));
        login.renewed(Some(renewed));
        assert_eq!(says(&mut login).await, "Negotiate b25l");
        assert_eq!(std::mem::take(&mut *identity.0.lock().unwrap()), expected);
    }
}
