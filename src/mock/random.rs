//! Everything the tenant draws by lot: identifiers, continuation tokens, codes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes from the operating system.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "a test tenant without random numbers is of no use"
    )]
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}

/// A GUID of version 4 (RFC 9562, section 5.4).
pub(super) fn guid() -> String {
    let mut number = u128::from_be_bytes(bytes());
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{number:032x}");
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// An opaque token of 128 characters.
pub(super) fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<96>())
}

/// A code of `length` decimal digits.
pub(super) fn digits(length: usize) -> String {
    (0..length)
        .map(|_| char::from(b'0' + (u16::from_be_bytes(bytes()) % 10) as u8))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_say_their_version_and_variant() {
        let guid = guid();
        assert_eq!(guid.len(), 36);
        assert_eq!(guid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&guid.as_bytes()[19]));
    }

    #[test]
    fn nothing_is_drawn_twice() {
        assert_ne!(token(), token());
        assert_ne!(digits(32), digits(32));
        assert_eq!(digits(8).len(), 8);
    }
}
