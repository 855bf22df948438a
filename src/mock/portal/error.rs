//! Why the portal cannot help somebody.

use super::language::Text;
use super::text;

/// A condition that ends a visit on a page of its own.
///
/// Names, numbers and meanings of those with a code are documented (`troubleshoot-sspr`); so are the two conditions
/// `AccountNotEnabled` and `ServiceError`, without a code. In which order they are looked for is *invented*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PortalError {
    /// SSPR_0009: self-service password reset is off in the tenant.
    TenantSsprFlagDisabled,
    /// SSPR_0010: the password lives on-premises, and writeback is not enabled.
    WritebackNotEnabled,
    /// SSPR_0011: no reset policy is defined for the person.
    SsprNotEnabledInUserPolicy,
    /// SSPR_0012: a licence is missing.
    UserNotLicensed,
    /// SSPR_0013: the person is outside of the enabled group.
    UserNotMemberOfScopedAccessGroup,
    /// SSPR_0014: too few methods are registered. The portal also finds this by itself.
    UserNotProperlyConfigured,
    /// SSPR_0029: something on-premises is in the way. It shows when the password is written back.
    OnPremisesAdminActionRequired,
    /// SSPR_0030: writeback cannot be reached. It shows when the password is written back.
    OnPremisesConnectivityError,
    /// Changed on-premises, not yet in the cloud: the password **is** changed. No number.
    OnPremisesSuccessCloudFailure,
    /// The account is not enabled. No number.
    AccountNotEnabled,
    /// There is nothing to reset: the account has no password. *Invented*; no number.
    AccountNotSupported,
    /// Something went wrong. No number.
    ServiceError,
}

impl PortalError {
    /// The code that the page shows, for instance `SSPR_0011`.
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::TenantSsprFlagDisabled => "SSPR_0009",
            Self::WritebackNotEnabled => "SSPR_0010",
            Self::SsprNotEnabledInUserPolicy => "SSPR_0011",
            Self::UserNotLicensed => "SSPR_0012",
            Self::UserNotMemberOfScopedAccessGroup => "SSPR_0013",
            Self::UserNotProperlyConfigured => "SSPR_0014",
            Self::OnPremisesAdminActionRequired => "SSPR_0029",
            Self::OnPremisesConnectivityError => "SSPR_0030",
            _ => return None,
        })
    }

    /// The name of the page. Seen are those of 9, 11, 13 and of the last three; the others follow the documented names.
    pub(super) fn view(self) -> &'static str {
        match self {
            Self::TenantSsprFlagDisabled => "ViewSsprNotEnabled",
            Self::WritebackNotEnabled => "ViewWritebackNotEnabled",
            Self::SsprNotEnabledInUserPolicy => "ViewSsprNotEnabledInUserPolicy",
            Self::UserNotLicensed => "ViewUserNotLicensed",
            Self::UserNotMemberOfScopedAccessGroup => "ViewUserNotMemberOfScopedAccessGroup",
            Self::UserNotProperlyConfigured => "ViewUserNotProperlyConfigured",
            Self::OnPremisesAdminActionRequired => "ViewOnPremisesAdminActionRequired",
            Self::OnPremisesConnectivityError => "ViewOnPremisesConnectivityError",
            Self::OnPremisesSuccessCloudFailure => "ViewOnPremisesSuccessCloudFailure",
            Self::AccountNotEnabled => "ViewUserNotEnabled",
            Self::AccountNotSupported => "ViewUserNotSupported",
            Self::ServiceError => "ViewError",
        }
    }

    pub(super) fn text(self) -> Text {
        match self {
            Self::TenantSsprFlagDisabled => text::TENANT_OFF,
            Self::WritebackNotEnabled => text::NO_WRITEBACK,
            Self::SsprNotEnabledInUserPolicy => text::NO_POLICY,
            Self::UserNotLicensed => text::NO_LICENCE,
            Self::UserNotMemberOfScopedAccessGroup => text::NOT_IN_GROUP,
            Self::UserNotProperlyConfigured => text::TOO_FEW_METHODS,
            Self::OnPremisesAdminActionRequired => text::ON_PREMISES_REFUSED,
            Self::OnPremisesConnectivityError => text::ON_PREMISES_UNREACHABLE,
            Self::OnPremisesSuccessCloudFailure => text::CLOUD_PENDING,
            Self::AccountNotEnabled => text::ACCOUNT_DISABLED,
            Self::AccountNotSupported => text::ACCOUNT_WITHOUT_PASSWORD,
            Self::ServiceError => text::SERVICE_ERROR,
        }
    }

    /// The documented outcome in the audit log.
    pub(super) fn outcome(self) -> &'static str {
        match self {
            Self::TenantSsprFlagDisabled => "Failed: not enabled for the tenant",
            Self::WritebackNotEnabled => "Failed: password on-premises without writeback",
            Self::SsprNotEnabledInUserPolicy => "Failed: not enabled for the user",
            Self::UserNotLicensed => "Failed: no licence",
            Self::UserNotMemberOfScopedAccessGroup => "Failed: not in the group",
            Self::UserNotProperlyConfigured => "Failed: too few methods",
            Self::OnPremisesAdminActionRequired => "Failed: error while resetting on-premises",
            Self::OnPremisesConnectivityError => "Failed: writeback unreachable",
            Self::OnPremisesSuccessCloudFailure => "Reset on-premises, pending in the cloud",
            Self::AccountNotEnabled => "Failed: account not enabled",
            Self::AccountNotSupported => "Failed: account without a password",
            Self::ServiceError => "Failed: service error",
        }
    }

    /// Whether it comes out when the password is written back to the directory on-premises, and not before.
    pub(super) fn is_about_writeback(self) -> bool {
        matches!(
            self,
            Self::OnPremisesAdminActionRequired
                | Self::OnPremisesConnectivityError
                | Self::OnPremisesSuccessCloudFailure
        )
    }
}
