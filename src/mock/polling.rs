//! What the polls after a submit say.

/// One answer of `poll_completion`, to be put in order by [`TenantBuilder::polling`](super::TenantBuilder::polling).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Poll {
    /// `not_started`.
    NotStarted,
    /// `in_progress`.
    InProgress,
    /// `in_progress` from here on, without end. The password is never changed.
    Never,
    /// `succeeded`, with a token for a sign-in.
    Succeeded,
    /// `succeeded`, without any token.
    SucceededWithoutToken,
    /// `failed`: the person may submit another password with the new token.
    Failed,
    /// A status word that no document knows, from here on. The password is never changed.
    Word(String),
    /// `invalid_grant` with this `suberror`, for instance `password_banned`.
    Refused(String),
}

impl Poll {
    /// Whether the polls after this one belong to the same submit.
    pub(super) fn is_pending(&self) -> bool {
        matches!(self, Self::NotStarted | Self::InProgress | Self::Never)
    }

    /// Whether it tells of a changed password.
    pub(super) fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded | Self::SucceededWithoutToken)
    }
}
