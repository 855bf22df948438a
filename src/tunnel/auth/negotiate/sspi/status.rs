//! What the codes of Windows mean.

use std::io;

use windows_sys::Win32::Foundation::{
    SEC_E_CONTEXT_EXPIRED, SEC_E_DOWNGRADE_DETECTED, SEC_E_NO_AUTHENTICATING_AUTHORITY,
    SEC_E_NO_CREDENTIALS, SEC_E_SECPKG_NOT_FOUND, SEC_E_TARGET_UNKNOWN, SEC_E_TIME_SKEW,
    SEC_E_UNKNOWN_CREDENTIALS, STATUS_NO_LOGON_SERVERS,
};
use windows_sys::core::HRESULT;

use crate::error::{KerberosProblem, PeerText};

/// What `code` says about a login at `service`.
pub(super) fn problem(code: HRESULT, service: &str) -> KerberosProblem {
    match code {
        SEC_E_TARGET_UNKNOWN => KerberosProblem::UnknownSpn {
            service: service.to_owned(),
        },
        // The second by its own words: no domain controller can be asked, and nothing less is allowed.
        SEC_E_NO_AUTHENTICATING_AUTHORITY | SEC_E_DOWNGRADE_DETECTED | STATUS_NO_LOGON_SERVERS => {
            KerberosProblem::NoKdc
        }
        SEC_E_TIME_SKEW => KerberosProblem::ClockSkew,
        SEC_E_NO_CREDENTIALS | SEC_E_UNKNOWN_CREDENTIALS => KerberosProblem::NoCredentials,
        SEC_E_CONTEXT_EXPIRED => KerberosProblem::Expired,
        SEC_E_SECPKG_NOT_FOUND => KerberosProblem::NoLibrary,
        code => KerberosProblem::Failed {
            code: code.cast_unsigned(),
            detail: PeerText::new(&io::Error::from_raw_os_error(code).to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_meanings_that_winerror_gives_them() {
        let service = "HTTP/proxy".to_owned();
        for (code, expected) in [
            (0x8009_0303_u32, KerberosProblem::UnknownSpn { service }),
            (0x8009_0311, KerberosProblem::NoKdc),
            (0x8009_0350, KerberosProblem::NoKdc),
            (0xc000_005e, KerberosProblem::NoKdc),
            (0x8009_0324, KerberosProblem::ClockSkew),
            (0x8009_030e, KerberosProblem::NoCredentials),
            (0x8009_0317, KerberosProblem::Expired),
            (0x8009_0305, KerberosProblem::NoLibrary),
        ] {
            assert_eq!(problem(code.cast_signed(), "HTTP/proxy"), expected);
        }
        let told = problem(0x8009_030c_u32.cast_signed(), "HTTP/proxy");
        assert!(matches!(
            told,
            KerberosProblem::Failed {
                code: 0x8009_030c,
                ..
            }
        ));
    }
}
