//! NTLM version 2 (MS-NLMP): a login in three messages, by a hash of the password.
//!
//! Nothing is signed or sealed after the login, so no session key is exchanged. Text is always UTF-16: the other encoding
//! of the protocol depends on the code page of whoever reads it.

mod challenge;
mod message;
mod response;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use self::challenge::{Challenge, PairId};
use self::message::Authenticate;
use self::response::Responses;
use crate::error::NtlmProblem;
use crate::secret::ProxyPassword;

/// The flags of a message (MS-NLMP, section 2.2.2.5).
mod flag {
    pub(super) const UNICODE: u32 = 1 << 0;
    pub(super) const REQUEST_TARGET: u32 = 1 << 2;
    pub(super) const NTLM: u32 = 1 << 9;
    pub(super) const ALWAYS_SIGN: u32 = 1 << 15;
    pub(super) const EXTENDED_SESSION_SECURITY: u32 = 1 << 19;
    pub(super) const TARGET_INFO: u32 = 1 << 23;
}

/// What this side offers. Not `TARGET_INFO`: servers set it where they have some, and those that have none and only repeat
/// what they are offered (squid's `ntlm_fake_auth`) would promise what they do not send.
const OFFERED: u32 = flag::UNICODE
    | flag::REQUEST_TARGET
    | flag::NTLM
    | flag::ALWAYS_SIGN
    | flag::EXTENDED_SESSION_SECURITY;

/// Who logs in.
pub(crate) struct Account<'a> {
    user: &'a str,
    domain: &'a str,
    password: &'a ProxyPassword,
    workstation: &'a str,
}

impl<'a> Account<'a> {
    /// The account of this name: `adele`, `CORP\adele` or `adele@corp.example`. The last is left whole, as Windows does;
    /// who checks the password finds the domain. `workstation` is the name of this computer, or empty.
    pub(crate) fn new(name: &'a str, password: &'a ProxyPassword, workstation: &'a str) -> Self {
        let (domain, user) = name.split_once('\\').unwrap_or(("", name));
        Self {
            user,
            domain,
            password,
            workstation,
        }
    }
}

/// What a login is bound to, so that whoever gets hold of it cannot use it elsewhere.
#[derive(Default)]
pub(crate) struct Bound<'a> {
    /// The service, as `HTTP/proxy.corp.example`, or empty.
    pub(crate) service: &'a str,
    /// What [`channel_hash`] makes of the TLS session with the proxy, where there is one.
    pub(crate) channel: Option<[u8; 16]>,
}

/// What must be another at every login.
#[derive(Clone, Copy)]
pub(crate) struct Fresh {
    pub(crate) random: [u8; 8],
    /// In units of 100 ns since 1601. The server's time goes first, where it tells it.
    pub(crate) time: u64,
}

impl Fresh {
    /// Random bytes of the operating system, and its time.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        const SINCE_1601: Duration = Duration::from_secs(11_644_473_600);
        let mut random = [0; 8];
        getrandom::fill(&mut random)?;
        let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let ticks = (since_1970 + SINCE_1601).as_nanos() / 100;
        Ok(Self {
            random,
            time: u64::try_from(ticks).unwrap_or(u64::MAX),
        })
    }
}

/// The hash over the binding to a TLS session (MS-NLMP, section 2.2.2.1, `MsvAvChannelBindings`).
/// `tls_server_end_point` is the hash of the proxy's certificate (RFC 5929, section 4.1).
pub(crate) fn channel_hash(tls_server_end_point: &[u8]) -> [u8; 16] {
    const PREFIX: &[u8] = b"tls-server-end-point:";
    let length = (PREFIX.len() + tls_server_end_point.len()) as u32;
    // `gss_channel_bindings_struct` as RFC 4121, section 4.1.1.2, hashes it: no addresses, then the data.
    Md5::new()
        .chain_update([0; 16])
        .chain_update(length.to_le_bytes())
        .chain_update(PREFIX)
        .chain_update(tls_server_end_point)
        .finalize()
        .into()
}

/// The first message. It tells nothing about account or computer, and is always the same.
pub(crate) fn negotiate() -> Vec<u8> {
    message::negotiate(OFFERED)
}

/// The third message, in answer to the second.
///
/// # Errors
/// [`NtlmProblem`] if `challenge` is not such a message, or the account's names are too long for one.
pub(crate) fn authenticate(
    challenge: &[u8],
    account: &Account<'_>,
    bound: &Bound<'_>,
    fresh: Fresh,
) -> Result<Zeroizing<Vec<u8>>, NtlmProblem> {
    let parsed = Challenge::parse(challenge)?;
    let flags = parsed.flags & (OFFERED | flag::TARGET_INFO);
    let responses = respond(&parsed, account, bound, fresh);
    let message = Authenticate {
        flags,
        account,
        responses: &responses,
        has_mic: parsed.time.is_some(),
    };
    message.write(&negotiate(), challenge)
}

/// The proofs of the password (MS-NLMP, sections 3.1.5.1.2 and 3.3.2).
fn respond(
    challenge: &Challenge<'_>,
    account: &Account<'_>,
    bound: &Bound<'_>,
    fresh: Fresh,
) -> Responses {
    let mut pairs = Vec::new();
    for (id, value) in &challenge.pairs {
        // Those are the client's to say.
        if ![PairId::FLAGS, PairId::CHANNEL, PairId::TARGET].contains(id) {
            id.write(value, &mut pairs);
        }
    }
    if challenge.time.is_some() {
        const HAS_MIC: u32 = 2;
        PairId::FLAGS.write(&HAS_MIC.to_le_bytes(), &mut pairs);
    }
    if let Some(hash) = &bound.channel {
        PairId::CHANNEL.write(hash, &mut pairs);
    }
    if !bound.service.is_empty() {
        PairId::TARGET.write(&message::utf16(bound.service), &mut pairs);
    }
    PairId::END.write(&[], &mut pairs);
    Responses::new(challenge, account, &pairs, fresh)
}
