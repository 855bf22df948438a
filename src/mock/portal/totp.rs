//! The codes of an authenticator app (RFC 6238, with the 30 seconds, SHA-1 and six digits that apps use).

use std::time::SystemTime;

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

use super::super::clock::seconds;

const STEP: u64 = 30;
const DIGITS: usize = 6;

/// The number of the time step.
pub(super) fn step(time: SystemTime) -> u64 {
    seconds(time) / STEP
}

/// What the app shows in that step.
pub(super) fn code(secret: &[u8], step: u64) -> String {
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = sign(&key, &step.to_be_bytes());
    let digest = tag.as_ref();
    // RFC 4226, section 5.3: the last four bits say where to read.
    let offset = usize::from(digest[digest.len() - 1] & 0xf);
    let number = digest[offset..offset + 4]
        .iter()
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
        & 0x7fff_ffff;
    let modulus = 10_u32.pow(DIGITS as u32);
    format!("{:0DIGITS$}", number % modulus)
}

/// The step that a code belongs to: the present one or a neighbour, for clocks that differ (section 5.2).
pub(super) fn step_of(secret: &[u8], typed: &str, now: SystemTime) -> Option<u64> {
    let present = step(now);
    (present.saturating_sub(1)..=present + 1).find(|step| code(secret, *step) == typed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, step(at(seconds))), expected);
        }
    }

    #[test]
    fn a_neighbour_step_is_taken() {
        let shown = code(SECRET, 1000);
        for (seconds, taken) in [
            (998 * STEP, false),
            (999 * STEP, true),
            (1001 * STEP, true),
            (1002 * STEP, false),
        ] {
            assert_eq!(step_of(SECRET, &shown, at(seconds)).is_some(), taken);
        }
    }
}
