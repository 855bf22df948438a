//! The hashes of Digest (RFC 7616, section 6.1).

use std::fmt::Write as _;

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};
use zeroize::Zeroizing;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    hash: Hash,
    /// Whether the password is hashed with the nonce as well, for the whole session.
    pub(super) session: bool,
}

/// From the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hash {
    Md5,
    Sha256,
    Sha512Cut,
}

impl Algorithm {
    /// What a challenge means that names none.
    pub(super) const DEFAULT: Self = Self {
        hash: Hash::Md5,
        session: false,
    };

    const NAMES: [(&'static str, Hash, bool); 6] = [
        ("MD5", Hash::Md5, false),
        ("MD5-sess", Hash::Md5, true),
        ("SHA-256", Hash::Sha256, false),
        ("SHA-256-sess", Hash::Sha256, true),
        ("SHA-512-256", Hash::Sha512Cut, false),
        ("SHA-512-256-sess", Hash::Sha512Cut, true),
    ];

    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let (_, hash, session) = *Self::NAMES
            .iter()
            .find(|(known, ..)| name.eq_ignore_ascii_case(known.as_bytes()))?;
        Some(Self { hash, session })
    }

    pub(super) fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, hash, session)| (*hash, *session) == (self.hash, self.session))
            .map_or("MD5", |(name, ..)| name)
    }

    /// How hard the hash is to break, to be compared.
    pub(super) const fn strength(self) -> Hash {
        self.hash
    }

    /// The hash of the parts with colons between them, in hexadecimal digits.
    pub(super) fn hash(self, parts: &[&str]) -> Zeroizing<String> {
        match self.hash {
            Hash::Md5 => hash::<Md5>(parts),
            Hash::Sha256 => hash::<Sha256>(parts),
            // Not the first half of SHA-512: it has initial values of its own (RFC 7616, errata 4897).
            Hash::Sha512Cut => hash::<Sha512_256>(parts),
        }
    }
}

fn hash<H: Digest>(parts: &[&str]) -> Zeroizing<String> {
    let mut hash = H::new();
    let mut between = "";
    for part in parts {
        hash.update(between);
        hash.update(part);
        between = ":";
    }
    let hash = hash.finalize();
    let mut digits = Zeroizing::new(String::with_capacity(2 * hash.len()));
    for byte in hash.iter() {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
