//! What the tenant's administrator can read afterwards.

use std::net::IpAddr;
use std::time::SystemTime;

/// One entry of the audit log, service "Self-service Password Management".
///
/// The activities are documented (`howto-sspr-reporting`); the wording of `detail` follows the documented outcomes.
/// The values of `client_type` are *invented*: the document shows them in a picture only.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditEntry {
    /// When, by the tenant's clock.
    pub time: SystemTime,
    /// What, for instance "Reset password (self-service)".
    pub activity: &'static str,
    /// Whose password.
    pub user: String,
    /// Where the request came from.
    pub ip: IpAddr,
    /// What kind of client it was.
    pub client_type: &'static str,
    /// Whether it went well.
    pub success: bool,
    /// How far it went, or why not further.
    pub detail: String,
}

pub(super) const RESET: &str = "Reset password (self-service)";
pub(super) const CHANGE: &str = "Change password (self-service)";
pub(super) const PROGRESS: &str = "Self-service password reset flow activity progress";
pub(super) const UNLOCK: &str = "Unlock user account (self-service)";
pub(super) const BLOCKED: &str = "Blocked from self-service password reset";
