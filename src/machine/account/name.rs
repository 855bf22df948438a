//! Names of throw-away accounts.

use super::AccountFault;
use super::password::{draw, fill};

/// How every name begins. Windows' own temporary accounts begin with `defaultuser`.
pub const PREFIX: &str = "sspr-web-";

/// Names of local accounts have at most 20 characters.
const RANDOM: usize = 11;
const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

pub(super) fn random() -> Result<String, AccountFault> {
    let mut name = PREFIX.to_owned();
    for _ in 0..RANDOM {
        name.push(draw(ALPHABET, &mut fill)?);
    }
    Ok(name)
}

/// Whether a keeper may have made this name.
pub(super) fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == RANDOM && rest.bytes().all(|byte| ALPHABET.contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_differ() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!(one.len(), 20);
        assert!(is_ours(&one) && is_ours(&other));
        assert_ne!(one, other);
    }

    #[test]
    fn the_accounts_of_windows_are_not_ours() {
        for name in [
            "defaultuser1",
            "Administrator",
            "sspr-web-",
            "sspr-web-short",
            "sspr-web-abcdefghij!",
            "xsspr-web-abcdefghijk",
            "",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
