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
        std::fs::create_dir_all(folder.join(keys))?;
        let (authority, delegate) = match keys {
            "rsa" => with_rsa(folder, peer)?,
            _ => {
                let authority = Authority::root()?;
                let delegate = authority.delegate(None)?;
                (authority, delegate)
            }
        };
        std::fs::write(folder.join(keys).join("ca.der"), &authority.der)?;
        for (signer, delegate) in [("direct", None), ("delegated", Some(&delegate))] {
            let response = authority.ocsp(delegate)?;
            std::fs::write(folder.join(keys).join(signer), &response)?;
            compare(
                &format!("{keys} {signer}"),
                &response,
                &authority,
                delegate,
                peer,
            )?;
        }
    }
    Ok(())
}

/// OpenSSL makes the keys, since the crates at hand make none.
fn with_rsa(folder: &Path, peer: &mut Peer) -> Result<(Authority, Authority)> {
    peer.order("rsa rsa/ca.key")?;
    peer.order("rsa rsa/delegate.key")?;
    let authority = Authority::root_with_rsa(&std::fs::read(folder.join("rsa/ca.key"))?)?;
    let key = std::fs::read(folder.join("rsa/delegate.key"))?;
    let delegate = authority.delegate(Some(&key))?;
    Ok((authority, delegate))
}

fn compare(
    name: &str,
    response: &[u8],
    authority: &Authority,
    delegate: Option<&Authority>,
    peer: &mut Peer,
) -> Result<()> {
    let (leaf, _) = authority.server("login.contoso.example", "http://ocsp.contoso.example")?;
    let (issuer, now) = (Issuer::from_certificate(&authority.der)?, UnixTime::now());
    let signer = delegate.unwrap_or(authority);
    let mut signatures = vec![Signature::of_ocsp(response, &signer.der)?];
    if let Some(delegate) = delegate {
        signatures.push(Signature::of(&delegate.der, &authority.der)?);
    }
    let order = format!("ocsp {name}");
    let [ours, bare, openssl] = race(
        ROUNDS,
        [
            &mut || batch(TIMES, || judge(response, &leaf, &issuer, now)),
            &mut || batch(TIMES, || signatures.iter().try_for_each(Signature::verify)),
            &mut || peer.time(&order, TIMES),
        ],
    )?;
    println!("ocsp {name}: {ours:?}, its signatures {bare:?}, OpenSSL {openssl:?}");
    let name = name.replace(' ', "-");
    let per_signatures = multiple(ours, bare);
    ratio(&format!("ocsp-{name}-per-signatures"), per_signatures, 1.1);
    ratio(
        &format!("ocsp-{name}-per-openssl"),
        multiple(ours, openssl),
        1.0,
    );
    Ok(())
}

/// The issuer is at hand, as it is for OpenSSL; the certificate in question is read each time.
fn judge(
    response: &[u8],
    leaf: &CertificateDer<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
) -> Result<()> {
    let profile = ocsp::Profile::leaf(algorithms());
    let verdict = ocsp::verify(black_box(response), leaf, issuer, now, &profile)?;
    match verdict.standing() {
        Standing::Good => Ok(()),
        other => Err(format!("the response says {other:?}").into()),
    }
}
