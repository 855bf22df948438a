//! The proofs that the password is known (MS-NLMP, section 3.3.2).

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::{Digest as _, Md4};
use md5::Md5;
use zeroize::Zeroizing;

use super::challenge::Challenge;
use super::message::utf16;
use super::{Account, Fresh};

/// A key, or what is as good as one.
pub(super) type Key = Zeroizing<[u8; 16]>;

/// What the third message carries.
pub(super) struct Responses {
    pub(super) nt: Vec<u8>,
    /// For servers that do not tell their time; the others ignore it and want zeros.
    pub(super) lm: [u8; 24],
    pub(super) session_key: Key,
}

impl Responses {
    /// `pairs` is the list that goes back to the server, with its end.
    pub(super) fn new(
        challenge: &Challenge<'_>,
        account: &Account<'_>,
        pairs: &[u8],
        fresh: Fresh,
    ) -> Self {
        let key = key(account);
        let time = challenge.time.unwrap_or(fresh.time);
        let proven = proven(time, fresh.random, pairs);
        let proof = hmac_md5(&key, &[&challenge.random, &proven]);
        let mut lm = [0; 24];
        if challenge.time.is_none() {
            let (hash, random) = lm.split_at_mut(16);
            hash.copy_from_slice(&*hmac_md5(&key, &[&challenge.random, &fresh.random]));
            random.copy_from_slice(&fresh.random);
        }
        Self {
            nt: [&proof[..], &proven].concat(),
            lm,
            session_key: hmac_md5(&key, &[&*proof]),
        }
    }
}

/// What the proof is made over, beside the challenge (`NTLMv2_CLIENT_CHALLENGE`, section 2.2.2.7).
fn proven(time: u64, random: [u8; 8], pairs: &[u8]) -> Vec<u8> {
    const VERSIONS: [u8; 8] = [1, 1, 0, 0, 0, 0, 0, 0];
    let parts = [
        &VERSIONS[..],
        &time.to_le_bytes(),
        &random,
        &[0; 4],
        pairs,
        &[0; 4],
    ];
    parts.concat()
}

/// What all proofs are made with (`NTOWFv2`).
pub(super) fn key(account: &Account<'_>) -> Key {
    let password = utf16(account.password.expose_secret());
    let hash: Key = Zeroizing::new(Md4::digest(&*password).into());
    // Only the name of the user is made upper case.
    let user: String = account.user.chars().map(upper).collect();
    hmac_md5(&hash, &[&*utf16(&user), &*utf16(account.domain)])
}

/// The upper case by Windows' rule: one character for one, so `ß` stays.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

pub(super) fn hmac_md5(key: &Key, parts: &[&[u8]]) -> Key {
    // The key as HMAC pads it: for one of a block's length nothing can fail.
    let mut block = Zeroizing::new([0; 64]);
    block
        .iter_mut()
        .zip(key.iter())
        .for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Md5>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}
