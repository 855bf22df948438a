//! The verdict on an OCSP response.

use std::hint::black_box;
use std::path::Path;

use rustls_pki_types::{CertificateDer, UnixTime};
use sspr::revocation::{Issuer, Standing, ocsp};

use crate::authority::Authority;
use crate::openssl::Peer;
use crate::signature::{Signature, algorithms};
use crate::stopwatch::{batch, multiple, race};
use crate::{Result, ratio};

const ROUNDS: u32 = 300;
const TIMES: u32 = 20;

/// Makes responses in `folder`, signed with either kind of key by the issuer and by a delegate, and judges each.
pub(crate) fn measure(folder: &Path, peer: &mut Peer) -> Result<()> {
    for keys in ["p256", "rsa"] {
        let own = folder.join(keys);
        std::fs::create_dir_all(&own)?;
        let (authority, delegate) = match keys {
            "rsa" => {
                let [first, second] = ["rsa/ca.key", "rsa/delegate.key"].map(|file| {
                    peer.order(&format!("rsa {file}"))?;
                    Ok::<_, Box<dyn std::error::Error + Send + Sync>>(std::fs::read(
                        folder.join(file),
                    )?)
                });
                let authority = Authority::root_with_rsa(&first?)?;
                let delegate = authority.delegate(Some(&second?))?;
                (authority, delegate)
            }
            _ => {
                let authority = Authority::root()?;
                let delegate = authority.delegate(None)?;
                (authority, delegate)
            }
        };
        let (leaf, _) = authority.server("login.contoso.example", "http://ocsp.contoso.example")?;
        std::fs::write(own.join("ca.der"), &authority.der)?;
        for signer in ["direct", "delegated"] {
            let delegate = (signer == "delegated").then_some(&delegate);
            let response = authority.ocsp(delegate)?;
            std::fs::write(own.join(signer), &response)?;
            let mut signatures = Vec::new();
            if let Some(delegate) = delegate {
                signatures.push(Signature::of(&delegate.der, &authority.der)?);
            }
            let signer_certificate = &delegate.unwrap_or(&authority).der;
            signatures.push(Signature::of_ocsp(&response, signer_certificate)?);

            let now = UnixTime::now();
            let order = format!("ocsp {keys} {signer}");
            let [ours, bare, openssl] = race(
                ROUNDS,
                [
                    &mut || batch(TIMES, || judge(&response, &leaf, &authority.der, now)),
                    &mut || batch(TIMES, || signatures.iter().try_for_each(Signature::verify)),
                    &mut || peer.time(&order, TIMES),
                ],
            )?;
            println!(
                "ocsp {keys} {signer}: {ours:?}, its signatures {bare:?}, OpenSSL {openssl:?}"
            );
            ratio(
                &format!("ocsp-{keys}-{signer}-per-signatures"),
                multiple(ours, bare),
                1.1,
            );
            ratio(
                &format!("ocsp-{keys}-{signer}-per-openssl"),
                multiple(ours, openssl),
                1.0,
            );
        }
    }
    Ok(())
}

/// All of it: the certificate and its issuer are read each time.
fn judge(
    response: &[u8],
    leaf: &CertificateDer<'_>,
    ca: &CertificateDer<'_>,
    now: UnixTime,
) -> Result<()> {
    let profile = ocsp::Profile::leaf(algorithms());
    let issuer = Issuer::from_certificate(ca)?;
    let verdict = ocsp::verify(black_box(response), leaf, &issuer, now, &profile)?;
    match verdict.standing() {
        Standing::Good => Ok(()),
        other => Err(format!("the response says {other:?}").into()),
    }
}
