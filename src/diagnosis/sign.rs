//! What several faults point to.

use serde::Serialize;

use crate::error::{
    Fault, FetchFault, PacError, ProxyFault, ProxyResolutionFault, Remedy, RevocationFault,
    TlsFault, TrustFault,
};
use crate::message::{Message, message_ids};
use crate::report::AttemptResult;

/// What the faults point to, in words that an administrator searches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sign {
    /// A network that wants a sign-in on a page of its own.
    CaptivePortal,
    /// Somebody on the way shows certificates of their own.
    Inspection,
    /// A proxy wants to know who asks.
    ProxyWantsLogin,
    /// The clock of this computer may be wrong.
    ClockSuspect,
    /// Those who know whether certificates are revoked cannot be asked.
    RevocationBlocked,
    /// Some hosts can be reached and others cannot.
    MixedAnswers,
}

impl Sign {
    /// What `fault` points to.
    pub(super) fn of(fault: &Fault) -> Option<Self> {
        if is_portal(fault) {
            return Some(Self::CaptivePortal);
        }
        match fault {
            Fault::Trust(
                TrustFault::Inspected { .. }
                | TrustFault::UnknownIssuer { .. }
                | TrustFault::NotPinned { .. },
            ) => return Some(Self::Inspection),
            Fault::Proxy(ProxyFault::AllFailed { ways }) => {
                return ways.iter().find_map(|way| Self::of(&way.fault));
            }
            _ => {}
        }
        match fault.remedy() {
            Remedy::CorrectProxyLogin => Some(Self::ProxyWantsLogin),
            Remedy::SetClock => Some(Self::ClockSuspect),
            _ if matches!(
                fault,
                Fault::Revocation(RevocationFault::Unreachable { .. })
            ) =>
            {
                Some(Self::RevocationBlocked)
            }
            _ => None,
        }
    }
}

/// Whether a page for people stands where something else was asked for.
fn is_portal(fault: &Fault) -> bool {
    match fault {
        Fault::Proxy(ProxyFault::CaptivePortal { .. }) => true,
        Fault::Tls(TlsFault::NotTls { first_bytes, .. })
        | Fault::Proxy(ProxyFault::TunnelNotTls { first_bytes, .. }) => {
            first_bytes.starts_with(b"HTTP/") || first_bytes.starts_with(b"<")
        }
        Fault::ProxyResolution(ProxyResolutionFault::Pac {
            error: PacError::NotAScript {
                looks_like_html, ..
            },
            ..
        }) => *looks_like_html,
        Fault::RedirectRefused { .. } | Fault::UnexpectedContentType { .. } => true,
        Fault::Revocation(RevocationFault::Unreachable { attempts, .. }) => {
            attempts.iter().any(|attempt| match &attempt.result {
                // With another status the page is that of a proxy that refuses.
                AttemptResult::Failed(FetchFault::BlockPage { status }) => {
                    matches!(status, 200..=299 | 511)
                }
                AttemptResult::Failed(FetchFault::RedirectRefused { .. }) => true,
                _ => false,
            })
        }
        _ => false,
    }
}

message_ids!(impl Sign {
    CaptivePortal => "sign-captive-portal",
    Inspection => "sign-inspection",
    ProxyWantsLogin => "sign-proxy-wants-login",
    ClockSuspect => "sign-clock-suspect",
    RevocationBlocked => "sign-revocation-blocked",
    MixedAnswers => "sign-mixed-answers",
});

impl Message for Sign {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Attempt, Source};

    #[test]
    fn a_page_in_the_place_of_tls_is_a_portal() {
        let fault = |bytes: &[u8]| {
            Fault::Tls(TlsFault::NotTls {
                host: "host".into(),
                first_bytes: bytes.to_vec(),
            })
        };
        assert_eq!(Sign::of(&fault(b"HTTP/1.1 302")), Some(Sign::CaptivePortal));
        assert_eq!(Sign::of(&fault(b"SSH-2.0")), None);
    }

    #[test]
    fn a_page_that_refuses_is_no_portal() {
        let sign = |fetched: FetchFault| {
            let attempt = Attempt {
                source: Source::Ocsp,
                url: Some("http://ocsp.example/".into()),
                way: None,
                result: AttemptResult::Failed(fetched),
                detail: None,
                ms: 1,
            };
            Sign::of(&Fault::Revocation(RevocationFault::Unreachable {
                host: "host".into(),
                certificate: "CN=host".into(),
                hosts: vec!["ocsp.example".into()],
                attempts: vec![attempt],
            }))
        };
        for status in [403, 502] {
            let page = FetchFault::BlockPage { status };
            assert_eq!(sign(page), Some(Sign::RevocationBlocked));
        }
        for status in [200, 511] {
            let page = FetchFault::BlockPage { status };
            assert_eq!(sign(page), Some(Sign::CaptivePortal));
        }
    }
}
