//! The schemes of a login, as the proxies of this benchmark demand them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::RoundTrips;

/// Who logs in. The proxies look at the form of a login only; whether it is right is judged by the tests.
pub(crate) const USER: &str = "CORP\\kiosk";
pub(crate) const PASSWORD: &str = "Winter-Snow-9";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    None,
    Basic,
    Digest,
    Ntlm,
}

impl Scheme {
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Basic, Self::Digest, Self::Ntlm];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Digest => "digest",
            Self::Ntlm => "ntlm",
        }
    }

    /// What is needed by someone who knows nothing of the proxy yet, and who knows what it demands.
    pub(crate) fn round_trips(self) -> RoundTrips {
        let (first, later) = match self {
            Self::None => (1.0, 1.0),
            Self::Basic | Self::Digest => (2.0, 1.0),
            Self::Ntlm => (3.0, 2.0),
        };
        RoundTrips { first, later }
    }

    /// What the proxy demands after a request with this login; nothing if that will do.
    pub(crate) fn challenge(self, login: Option<&str>) -> Option<String> {
        let (scheme, said) = login
            .and_then(|login| login.split_once(' '))
            .unwrap_or_default();
        match self {
            Self::None => None,
            Self::Basic if scheme == "Basic" => None,
            Self::Basic => Some(r#"Basic realm="benchmark""#.to_owned()),
            Self::Digest if scheme == "Digest" => None,
            Self::Digest => Some(DIGEST.to_owned()),
            Self::Ntlm if scheme == "NTLM" => match STANDARD.decode(said).ok()?.get(8)? {
                1 => Some(format!("NTLM {}", STANDARD.encode(ntlm_challenge()))),
                _ => None,
            },
            Self::Ntlm => Some("NTLM".to_owned()),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The nonce never becomes stale.
const DIGEST: &str =
    r#"Digest realm="benchmark", qop="auth", algorithm=SHA-256, nonce="8Ab3kQ0lXv52""#;

/// The second message of NTLM (MS-NLMP, section 2.2.1.2), with a domain's name and a time.
fn ntlm_challenge() -> Vec<u8> {
    // Unicode, request for the target, NTLM, always sign, extended session security, target info.
    const FLAGS: u32 = 0x0000_0001 | 0x4 | 0x200 | 0x8000 | 0x0008_0000 | 0x0080_0000;
    /// Of the fields before the target info.
    const HEAD: u32 = 48;
    let domain: Vec<u8> = "CORP".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut info = vec![2, 0, 8, 0];
    info.extend(&domain);
    info.extend([7, 0, 8, 0]);
    info.extend(0x01db_3d4a_9c00_0000_u64.to_le_bytes());
    info.extend([0; 4]);

    let mut message = b"NTLMSSP\0\x02\0\0\0".to_vec();
    message.extend([0; 8]);
    message.extend(FLAGS.to_le_bytes());
    message.extend([0x5a; 8]);
    message.extend([0; 8]);
    let length = [info.len() as u8, 0];
    message.extend(length);
    message.extend(length);
    message.extend(HEAD.to_le_bytes());
    message.extend(info);
    message
}
