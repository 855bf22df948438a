//! What the codes of the library mean.

use super::library::Failure;
use crate::error::{KerberosProblem, PeerText};

// The numbers of errors of Kerberos that have a meaning of their own here, counted from the start of their table
// (`krb5_err.et` of MIT krb5; Heimdal has the same).
const TABLE: i32 = -1_765_328_384;
const CLIENT_UNKNOWN: i32 = 6;
const SERVER_UNKNOWN: i32 = 7;
const TICKET_EXPIRED: i32 = 32;
const TICKET_NOT_YET_VALID: i32 = 33;
const SKEW: i32 = 37;
const NOT_IN_CACHE: i32 = 141;
const SKEW_IN_REPLY: i32 = 148;
const NO_KDC_OF_REALM: i32 = 154;
const KDC_UNREACHABLE: i32 = 156;
const NOT_IN_KEYTAB: i32 = 181;
const NO_CACHE: i32 = 195;
const KDC_NAME_UNKNOWN: i32 = 220;

// Routine errors of GSSAPI (RFC 2744, section 3.9.1).
const NO_CREDENTIAL: u32 = 7 << 16;
const CREDENTIALS_EXPIRED: u32 = 11 << 16;
const UNAVAILABLE: u32 = 16 << 16;
const ROUTINE_ERROR: u32 = 0xff << 16;

/// The reason of Kerberos goes before that of GSSAPI, which only tells the part where it was found.
pub(super) fn problem(failure: Failure, service: &str) -> KerberosProblem {
    let Failure {
        major,
        minor,
        words,
    } = failure;
    match minor.cast_signed().wrapping_sub(TABLE) {
        SERVER_UNKNOWN => KerberosProblem::UnknownSpn {
            service: service.to_owned(),
        },
        SKEW | SKEW_IN_REPLY | TICKET_NOT_YET_VALID => KerberosProblem::ClockSkew,
        NO_KDC_OF_REALM | KDC_UNREACHABLE | KDC_NAME_UNKNOWN => KerberosProblem::NoKdc,
        TICKET_EXPIRED => KerberosProblem::Expired,
        CLIENT_UNKNOWN | NOT_IN_CACHE | NOT_IN_KEYTAB | NO_CACHE => KerberosProblem::NoCredentials,
        _ => match major & ROUTINE_ERROR {
            NO_CREDENTIAL => KerberosProblem::NoCredentials,
            CREDENTIALS_EXPIRED => KerberosProblem::Expired,
            UNAVAILABLE => KerberosProblem::NoLibrary,
            _ => KerberosProblem::Failed {
                code: major,
                detail: PeerText::new(&words),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(major: u32, minor: i32) -> KerberosProblem {
        let failure = Failure {
            major,
            minor: minor.cast_unsigned(),
            words: "words\u{7}".to_owned(),
        };
        problem(failure, "HTTP/proxy")
    }

    #[test]
    fn codes_have_the_meanings_that_the_headers_of_mit_give_them() {
        const FAILURE: u32 = 0xd_0000;
        let unknown = KerberosProblem::UnknownSpn {
            service: "HTTP/proxy".to_owned(),
        };
        for (minor, expected) in [
            (-1_765_328_377, unknown),
            (-1_765_328_347, KerberosProblem::ClockSkew),
            (-1_765_328_236, KerberosProblem::ClockSkew),
            (-1_765_328_351, KerberosProblem::ClockSkew),
            (-1_765_328_228, KerberosProblem::NoKdc),
            (-1_765_328_230, KerberosProblem::NoKdc),
            (-1_765_328_164, KerberosProblem::NoKdc),
            (-1_765_328_352, KerberosProblem::Expired),
            (-1_765_328_243, KerberosProblem::NoCredentials),
            (-1_765_328_189, KerberosProblem::NoCredentials),
            (-1_765_328_203, KerberosProblem::NoCredentials),
            (-1_765_328_378, KerberosProblem::NoCredentials),
        ] {
            assert_eq!(problem_of(FAILURE, minor), expected, "{minor}");
        }
    }

    #[test]
    fn without_a_reason_of_kerberos_that_of_gssapi_counts() {
        assert_eq!(problem_of(0x7_0000, 2), KerberosProblem::NoCredentials);
        assert_eq!(problem_of(0xb_0000, 0), KerberosProblem::Expired);
        assert_eq!(problem_of(0x10_0000, 0), KerberosProblem::NoLibrary);
        let code = 0x9_0000;
        let detail = PeerText::new("words");
        assert_eq!(
            problem_of(code, i32::MAX),
            KerberosProblem::Failed { code, detail }
        );
    }
}
