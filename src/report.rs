//! What is known about the other end of a connection, as a value: success is told as fully as failure.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{AnswerFault, ClockFault, FetchFault, Issuer, PeerText, ProxyFault};
use crate::ports::Way;
use crate::x509::Reason;

/// Who vouches for the server that a response came from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Trusted {
    /// This crate checked it; the report says how.
    Checked(Arc<TrustReport>),
    /// The embedding program's own HTTP stack. What this crate promises about trust and revocation ends there.
    CallerProvided,
}

impl Trusted {
    /// The report, if this crate did the check.
    pub fn report(&self) -> Option<&TrustReport> {
        match self {
            Self::Checked(report) => Some(report),
            Self::CallerProvided => None,
        }
    }
}

/// How a server was recognised, and what is known about the revocation of its certificates.
///
/// Times are seconds since 1970 (UTC). Names and addresses come from certificates: they are evidence, made safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrustReport {
    /// The host that was asked.
    pub host: String,
    /// Which way the connection goes.
    pub way: Way,
    /// The version of TLS that was agreed on.
    pub tls: TlsVersion,
    /// Whether the session keys are bound to the handshake (RFC 7627), as TLS 1.3 always does; `None` if it was not
    /// seen.
    pub extended_master_secret: Option<bool>,
    /// Whether post-quantum key exchanges were left out because the way here swallows hellos that hold one.
    pub classical_only: bool,
    /// The certificates below the root, the server's own first.
    pub path: Vec<PathCertificate>,
    /// The root.
    pub anchor: Anchor,
    /// What an administrator should know although the connection was accepted.
    pub warnings: Vec<TrustWarning>,
    /// That this computer's clock is wrong, where signed data proves it.
    pub clock: Option<ClockFault>,
}

/// The versions of TLS that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// One certificate below the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PathCertificate {
    /// Whom it is for, in the form of RFC 4514.
    pub subject: PeerText,
    /// Who issued it, in the form of RFC 4514.
    pub issuer: PeerText,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// The SHA-256 hash of the whole certificate in hexadecimal.
    pub sha256: String,
    /// The first second of its validity.
    pub not_before: u64,
    /// The last second of its validity.
    pub not_after: u64,
    /// What is known about its revocation.
    pub revocation: RevocationOutcome,
    /// Where that was asked, in order.
    pub attempts: Vec<Attempt>,
}

/// The root of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Anchor {
    /// Its name, in the form of RFC 4514.
    pub subject: PeerText,
    /// The SHA-256 hash of its certificate in hexadecimal; `None` for the bundled roots, which are names and keys only.
    pub sha256: Option<String>,
    /// Which kind of root it is.
    pub class: RootClass,
}

/// Which kind of root a chain ended at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RootClass {
    /// One of the roots that Microsoft publishes.
    Pinned,
    /// One of the public roots that this crate carries (the set of Mozilla).
    Bundled,
    /// A root that the embedding program added.
    Added,
    /// A root of the exclusive set of the embedding program.
    Exclusive,
    /// A root that this computer trusts.
    Machine,
}

impl RootClass {
    /// Whether the root belongs to this computer or organisation and not to a public program: it need not publish
    /// revocation data, and the addresses in its certificates are not followed into the local network.
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Added | Self::Exclusive | Self::Machine)
    }
}

/// What is known about the revocation of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
#[non_exhaustive]
pub enum RevocationOutcome {
    /// An authentic, current answer says that it is not revoked.
    Good {
        /// Where the answer came from.
        source: Source,
        /// Since when it is known to be so.
        this_update: u64,
        /// Until when the answer holds.
        next_update: Option<u64>,
    },
    /// It is revoked. Only [`Policy::Off`](crate::revocation::Policy::Off) accepts that.
    Revoked {
        /// Where the answer came from.
        source: Source,
        /// Since when it counts as revoked.
        since: u64,
        /// Why, if the authority says.
        reason: Option<Reason>,
    },
    /// A responder does not know the certificate.
    Unknown {
        /// Where the answer came from.
        source: Source,
    },
    /// The best there is are answers that do not count.
    Unconfirmed {
        /// Why the best of them does not.
        fault: AnswerFault,
    },
    /// No source could be reached.
    Unreachable,
    /// The certificate names no source.
    NoInformation,
    /// The certificate demands a stapled answer (RFC 7633) and there was no valid one.
    StapleMissing,
    /// Nobody was asked: [`Policy::Off`](crate::revocation::Policy::Off).
    NotAsked,
}

/// Where an answer about revocation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Source {
    /// Signed data that was fetched earlier.
    Cache,
    /// The TLS handshake itself.
    Staple,
    /// An OCSP responder.
    Ocsp,
    /// A list of revoked certificates.
    Crl,
    /// The list of revoked authorities in the settings.
    BlockList,
}

/// One try to learn about the revocation of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// Where the answer was to come from.
    pub source: Source,
    /// The address of the responder or list; `None` if nothing was fetched.
    pub url: Option<PeerText>,
    /// Which way the fetch went; `None` if it went nowhere.
    pub way: Option<Way>,
    /// What came of it.
    pub result: AttemptResult,
    /// More about it, in technical words.
    pub detail: Option<PeerText>,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AttemptResult {
    /// Not revoked.
    Good,
    /// Revoked, or on hold.
    Revoked,
    /// Not known to the responder.
    Unknown,
    /// An answer that does not count.
    Refused(AnswerFault),
    /// No answer.
    Failed(FetchFault),
}

impl Attempt {
    /// The host that was asked, if one was.
    pub fn host(&self) -> Option<String> {
        let url = url::Url::parse(self.url.as_ref()?).ok()?;
        url.host_str().map(str::to_owned)
    }
}

/// What an administrator should know about an accepted connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TrustWarning {
    /// TLS 1.2 without extended master secret (RFC 7627).
    NoExtendedMasterSecret,
    /// The way here swallows hellos with a post-quantum key share.
    ClassicalOnly,
    /// The root is no public one: whoever holds its key can read the connection.
    LocalAnchor {
        /// The name of the root.
        subject: PeerText,
    },
    /// Someone on the way inspects the connection, which is allowed here, and could read the new password.
    Inspected {
        /// Who it is, by the chain that was shown.
        by: Issuer,
    },
    /// The server, or a middlebox before it, asked for a certificate of the client, and went on without one.
    ClientCertificateWanted,
    /// A proxy keeps this computer from asking whether certificates are revoked.
    RevocationBlockedByProxy {
        /// What the proxy said, with the logins that it offers.
        fault: Box<ProxyFault>,
    },
    /// Nobody could be reached who knows whether the certificate is revoked.
    Unreachable {
        /// The subject of the certificate.
        certificate: PeerText,
        /// Every host that was tried.
        hosts: Vec<String>,
    },
    /// The policy accepted a certificate that is not known to be good, for another reason.
    Unconfirmed {
        /// The subject of the certificate.
        certificate: PeerText,
    },
    /// The answer is signed by a delegate whose own certificate could be revoked: it lacks `id-pkix-ocsp-nocheck`.
    ResponderNotExempt {
        /// The subject of the certificate that the answer is about.
        certificate: PeerText,
    },
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        })
    }
}

/// One technical line.
impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self.class {
            RootClass::Pinned => "pinned",
            RootClass::Bundled => "bundled",
            RootClass::Added => "added",
            RootClass::Exclusive => "exclusive",
            RootClass::Machine => "of this computer",
        };
        write!(f, "{} (root: {class})", self.subject)
    }
}

/// One technical line.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Cache => "cache",
            Source::Staple => "staple",
            Source::Ocsp => "OCSP",
            Source::Crl => "CRL",
            Source::BlockList => "block list",
        })?;
        if let Some(url) = &self.url {
            write!(f, " {url}")?;
        }
        match &self.result {
            AttemptResult::Good => f.write_str(": good"),
            AttemptResult::Revoked => f.write_str(": revoked"),
            AttemptResult::Unknown => f.write_str(": unknown"),
            AttemptResult::Refused(fault) => write!(f, ": {fault}"),
            AttemptResult::Failed(fault) => write!(f, ": {fault}"),
        }?;
        write!(f, " ({} ms)", self.ms)
    }
}
