//! Random passwords that meet a policy of Windows.

use std::fmt;

use zeroize::Zeroizing;

use super::AccountFault;

/// What the local policy wants of a password ("Password must meet complexity requirements", "Minimum password length").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordPolicy {
    /// The fewest characters.
    pub min_length: usize,
    /// Whether three of four classes of characters are wanted, and no name of the account. Windows tells nobody without
    /// further rights whether it is so; passwords made here meet it always.
    pub complex: bool,
}

impl PasswordPolicy {
    /// A policy from its parts.
    pub const fn new(min_length: usize, complex: bool) -> Self {
        Self {
            min_length,
            complex,
        }
    }

    /// Whether `password` meets it, for the account `name`.
    pub fn allows(&self, password: &str, name: &str) -> bool {
        let long_enough = password.chars().count() >= self.min_length;
        long_enough && (!self.complex || is_complex(password, name))
    }
}

/// The password of a throw-away account: wiped when dropped, redacted in `Debug`.
pub struct AccountPassword(Zeroizing<String>);

/// The usual length. 32 characters of 75 are 199 bits.
const LENGTH: usize = 32;
/// The most that a policy of Windows can want ("Relax minimum password length limits").
const LONGEST: usize = 128;
/// Nothing that a command line or a file of answers would have to escape.
const ALPHABET: &[u8] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#*+,-.:=?@_~";
/// Nearly every draw is complex; the chance that so many in a row are not is below that of a fault in the machine.
const DRAWS: usize = 64;

impl AccountPassword {
    /// A random password that meets `policy`, for the account `name`. It meets the complexity of Windows in any case.
    ///
    /// # Errors
    /// [`AccountFault::PolicyTooStrict`] if no password is that long, [`AccountFault::NoRandomness`].
    pub fn generate(policy: &PasswordPolicy, name: &str) -> Result<Self, AccountFault> {
        generate(policy, name, &mut fill)
    }

    /// The password itself, for the one place that has to use it.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountPassword(…)")
    }
}

type Fill<'f> = &'f mut dyn FnMut(&mut [u8]) -> Result<(), AccountFault>;

/// Whole passwords are drawn until one will do, so that all that would do are equally likely.
fn generate(
    policy: &PasswordPolicy,
    name: &str,
    fill: Fill<'_>,
) -> Result<AccountPassword, AccountFault> {
    let min_length = policy.min_length;
    if min_length > LONGEST {
        return Err(AccountFault::PolicyTooStrict { min_length });
    }
    let length = min_length.max(LENGTH);
    for _ in 0..DRAWS {
        let mut password = Zeroizing::new(String::with_capacity(length));
        for _ in 0..length {
            password.push(draw(ALPHABET, fill)?);
        }
        if is_complex(&password, name) {
            return Ok(AccountPassword(password));
        }
    }
    Err(AccountFault::NoRandomness)
}

/// One of `alphabet`, each with the same chance: bytes that would favour its beginning are drawn again.
pub(super) fn draw(alphabet: &[u8], fill: Fill<'_>) -> Result<char, AccountFault> {
    let size = alphabet.len().clamp(1, 256);
    let fair = 256 - 256 % size;
    for _ in 0..256 {
        let mut byte = [0];
        fill(&mut byte)?;
        let [drawn] = byte;
        if usize::from(drawn) < fair
            && let Some(character) = alphabet.get(usize::from(drawn) % size)
        {
            return Ok(char::from(*character));
        }
    }
    Err(AccountFault::NoRandomness)
}

/// Random bytes of the system.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), AccountFault> {
    getrandom::fill(bytes).map_err(|_| AccountFault::NoRandomness)
}

/// Three of four classes, and neither the name of the account nor a part of it that has three characters or more.
fn is_complex(password: &str, name: &str) -> bool {
    let has = |class: fn(&char) -> bool| usize::from(password.chars().any(|c| class(&c)));
    let classes = has(char::is_ascii_lowercase)
        + has(char::is_ascii_uppercase)
        + has(char::is_ascii_digit)
        + has(char::is_ascii_punctuation);
    let lower = Zeroizing::new(password.to_lowercase());
    let name = name.to_lowercase();
    let parts = name.split([',', '.', '-', '_', ' ', '#', '\t']);
    let mut named = parts
        .chain([name.as_str()])
        .filter(|part| part.chars().count() >= 3);
    classes >= 3 && !named.any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_policy_is_met() {
        let policies = (0..=128)
            .flat_map(|length| [true, false].map(|complex| PasswordPolicy::new(length, complex)));
        for policy in policies {
            let mut seen = BTreeSet::new();
            for _ in 0..10 {
                let password = AccountPassword::generate(&policy, "sspr-web-abc").unwrap();
                let text = password.expose_secret();
                assert!(policy.allows(text, "sspr-web-abc"), "{policy:?}");
                assert_eq!(text.len(), policy.min_length.max(32));
                assert!(text.bytes().all(|byte| ALPHABET.contains(&byte)));
                assert!(seen.insert(text.to_owned()), "drawn twice");
            }
        }
    }

    #[test]
    fn no_password_is_longer_than_what_a_policy_can_want() {
        let fault = AccountPassword::generate(&PasswordPolicy::new(129, true), "x").unwrap_err();
        assert_eq!(fault, AccountFault::PolicyTooStrict { min_length: 129 });
    }

    #[test]
    fn complexity_is_that_of_windows() {
        let policy = PasswordPolicy::new(8, true);
        for (password, name, allowed) in [
            ("Abcdefg1", "someone", true),
            ("abcdefg1!", "someone", true),
            ("Abcdefgh", "someone", false),
            ("Abc1!", "someone", false),
            ("Someone1!", "someone", false),
            ("xx-WEB-1aB", "sspr-web-abc", false),
            ("xx-We-1aB", "sspr-we-abcd", true),
            ("\u{8a2d}Abcdef1", "\u{8a2d}", true),
        ] {
            assert_eq!(policy.allows(password, name), allowed, "{password}");
        }
        assert!(PasswordPolicy::new(8, false).allows("abcdefgh", "abc"));
    }

    #[test]
    fn no_character_is_favoured() {
        // 36 does not divide 256: without drawing again, the first four would come more often.
        let alphabet = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let mut next = 0_u8;
        let mut count = [0; 128];
        let mut bytes = |buffer: &mut [u8]| {
            buffer.fill(next);
            next = next.wrapping_add(1);
            Ok(())
        };
        for _ in 0..252 {
            count[draw(alphabet, &mut bytes).unwrap() as usize] += 1;
        }
        assert!(alphabet.iter().all(|byte| count[usize::from(*byte)] == 7));
    }

    #[test]
    fn a_broken_source_of_randomness_ends() {
        let mut stuck = |buffer: &mut [u8]| {
            buffer.fill(255);
            Ok(())
        };
        let policy = PasswordPolicy::new(8, true);
        let fault = generate(&policy, "x", &mut stuck).unwrap_err();
        assert_eq!(fault, AccountFault::NoRandomness);
        let mut same = |buffer: &mut [u8]| {
            buffer.fill(0);
            Ok(())
        };
        assert!(generate(&policy, "x", &mut same).is_err());
    }

    #[test]
    fn debug_shows_nothing() {
        let password = AccountPassword::generate(&PasswordPolicy::new(8, true), "x").unwrap();
        assert_eq!(format!("{password:?}"), "AccountPassword(…)");
    }
}
