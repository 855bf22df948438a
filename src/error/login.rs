//! Faults of one way to log in to a proxy.

use std::time::Duration;

use serde::Serialize;

use super::PeerText;

/// A way to log in to a proxy, by its name in `Proxy-Authenticate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuthScheme {
    /// User name and password, readable (RFC 7617).
    Basic,
    /// A hash over the password (RFC 7616).
    Digest,
    /// NTLM version 2 (MS-NLMP).
    Ntlm,
    /// Kerberos in SPNEGO (RFC 4559, RFC 4178).
    Negotiate,
}

impl AuthScheme {
    /// The name as it stands in a header field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Digest => "Digest",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
        }
    }
}

impl std::fmt::Display for AuthScheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a Digest challenge cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DigestProblem {
    /// The hash is not one of those that are supported.
    #[error("the algorithm {algorithm} is not supported")]
    Algorithm {
        /// Its name in the challenge.
        algorithm: PeerText,
    },
    /// The body would have to be hashed as well, which a proxy before a tunnel cannot demand sensibly.
    #[error("only the quality of protection {qop} is offered")]
    Qop {
        /// What is offered.
        qop: PeerText,
    },
    /// A parameter that must be there is not.
    #[error("the challenge has no {name}")]
    Missing {
        /// The name of the parameter.
        name: &'static str,
    },
    /// A parameter is there twice, or holds what it may not.
    #[error("the {name} of the challenge cannot be used")]
    Invalid {
        /// The name of the parameter.
        name: &'static str,
    },
}

/// Why an NTLM challenge cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NtlmProblem {
    /// It is not base64.
    #[error("the challenge is not base64")]
    NotBase64,
    /// It does not begin as an NTLM message does.
    #[error("the challenge is not an NTLM message")]
    Signature,
    /// It is another message than a challenge.
    #[error("message type {kind} instead of a challenge")]
    WrongType {
        /// The type it states.
        kind: u32,
    },
    /// It ends within a field, or a field points past its end.
    #[error("the challenge ends within its {field}")]
    Truncated {
        /// The field.
        field: &'static str,
    },
    /// It is larger than 8 KiB.
    #[error("the challenge has {size} bytes")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It does not agree to Unicode, as all have done that know NTLM version 2.
    #[error("the challenge demands an older NTLM")]
    TooOld,
    /// The account's name is longer than a message can carry (32,767 characters).
    #[error("the name of the account is too long for NTLM")]
    NameTooLong,
}

/// Why there is no Kerberos ticket for a proxy, or it was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KerberosProblem {
    /// No domain controller (KDC) of the realm can be reached.
    #[error("no domain controller can be reached")]
    NoKdc,
    /// The domain knows no service of the proxy's name.
    #[error("the domain knows no service {service}")]
    UnknownSpn {
        /// The service that was asked for, as `HTTP/proxy.corp.example`.
        service: String,
    },
    /// The clocks of this computer and the domain are too far apart; five minutes are usual.
    #[error("the clocks of this computer and the domain differ too much")]
    ClockSkew,
    /// There is no ticket and no key to get one with.
    #[error("this account has no Kerberos credentials")]
    NoCredentials,
    /// The ticket has expired.
    #[error("the Kerberos credentials have expired")]
    Expired,
    /// The Kerberos library is not installed, or lacks what is needed.
    #[error("no Kerberos library was found")]
    NoLibrary,
    /// Environment variables would choose the library's settings in a process with more rights than who set them.
    #[error("the environment variable {variable} would choose the Kerberos settings")]
    Environment {
        /// The name of the variable.
        variable: String,
    },
    /// The system offered NTLM where only Kerberos may be used.
    #[error("the system answered with NTLM instead of Kerberos")]
    NtlmRefused,
    /// The domain or the proxy refused for another reason.
    #[error("Kerberos failed: {detail} (code {code:#x})")]
    Failed {
        /// The major status of GSSAPI, or the status of SSPI.
        code: u32,
        /// The library's own words.
        detail: PeerText,
    },
    /// The library gave no answer in time.
    #[error("Kerberos gave no answer within {after:?}")]
    TimedOut {
        /// How long was waited.
        after: Duration,
    },
}
