//! The results of a change of password that have numbers of their own.

use crate::protocol::Rejection;

/// Why a password was not changed, by the numbers 120000 and up of the vendor's list of sign-in errors, which names them
/// and says no more. What each means for the person is this crate's conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum ChangeCode {
    /// The current password is wrong.
    CurrentPasswordWrong = 120_000,
    /// The new password is weak.
    Weak = 120_002,
    /// The new password contains the person's name.
    ContainsMemberName = 120_003,
    /// The new password does not meet the rules of the on-premises directory.
    OnPremisesComplexity = 120_004,
    /// Changed on-premises, but not yet in the cloud.
    OnPremisesSuccessCloudFailure = 120_005,
    /// The job that changes the password has ended; it is not to be repeated.
    JobEnded = 120_008,
    /// The account could not be found on-premises by its name.
    NameNotInferred = 120_011,
    /// The password has to be changed on-premises.
    MustHappenOnPremises = 120_012,
    /// The on-premises directory cannot be reached.
    OnPremisesConnectivity = 120_013,
    /// The on-premises account is locked or disabled.
    OnPremisesAccountDisabled = 120_014,
    /// An administrator of the on-premises directory has to act.
    AdministratorActionRequired = 120_015,
    /// The service for password reset does not know the account.
    UserNotFound = 120_016,
    /// The new password is like one on a list of banned ones.
    Banned = 120_018,
    /// The change failed.
    ChangeFailed = 120_020,
    /// The service for password reset had an internal error.
    InternalError = 120_021,
}

/// What a code means for the attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The current password is asked for again.
    WrongCurrent,
    /// The new password is asked for again.
    Rejected(Rejection),
    /// It is changed, though not everywhere yet.
    CloudPending,
    /// Only an administrator can help.
    Administrator,
    /// Nothing was changed; later it may be.
    TryLater,
    /// It may be changed, or not.
    Uncertain,
}

impl ChangeCode {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::CurrentPasswordWrong,
        Self::Weak,
        Self::ContainsMemberName,
        Self::OnPremisesComplexity,
        Self::OnPremisesSuccessCloudFailure,
        Self::JobEnded,
        Self::NameNotInferred,
        Self::MustHappenOnPremises,
        Self::OnPremisesConnectivity,
        Self::OnPremisesAccountDisabled,
        Self::AdministratorActionRequired,
        Self::UserNotFound,
        Self::Banned,
        Self::ChangeFailed,
        Self::InternalError,
    ];

    /// The code of this number, if it is one of them.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.number() == number)
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self as u32
    }

    pub(super) fn verdict(self) -> Verdict {
        match self {
            Self::CurrentPasswordWrong => Verdict::WrongCurrent,
            Self::Weak => Verdict::Rejected(Rejection::PasswordTooWeak),
            Self::ContainsMemberName => Verdict::Rejected(Rejection::PasswordContainsName),
            Self::OnPremisesComplexity => Verdict::Rejected(Rejection::PasswordNotComplex),
            Self::Banned => Verdict::Rejected(Rejection::PasswordBanned),
            Self::OnPremisesSuccessCloudFailure => Verdict::CloudPending,
            Self::NameNotInferred
            | Self::MustHappenOnPremises
            | Self::OnPremisesAccountDisabled
            | Self::AdministratorActionRequired
            | Self::UserNotFound => Verdict::Administrator,
            Self::OnPremisesConnectivity | Self::ChangeFailed => Verdict::TryLater,
            Self::JobEnded | Self::InternalError => Verdict::Uncertain,
        }
    }
}
