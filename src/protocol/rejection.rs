//! Why an answer was refused.

use serde::Serialize;

use crate::error::ServerError;
use crate::message::{Message, message_ids};

/// Why an answer was refused. The step stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rejection {
    /// None of the offered methods has this identifier. Nothing was sent.
    UnknownMethod,
    /// The contact is not the registered one.
    WrongContact,
    /// The code is wrong, or no longer valid.
    WrongCode,
    /// This cannot be a code: empty, too long, or with other characters than letters and digits. Nothing was sent.
    UnreadableCode,
    /// The request was not approved on the other device.
    NotApproved,
    /// An answer is missing. Nothing was sent.
    MissingAnswer,
    /// The characters are not those of the picture.
    WrongSolution,
    /// The answers to the security questions are not the registered ones.
    WrongAnswers,
    /// This is not the current password.
    WrongPassword,
    /// The password is shorter than [`PasswordPolicy::min_length`].
    PasswordTooShort,
    /// The password is longer than [`PasswordPolicy::max_length`].
    PasswordTooLong,
    /// The password holds a character outside printable ASCII. Nothing was sent.
    PasswordCharacters,
    /// The server finds the password too easy to guess.
    PasswordTooWeak,
    /// The password has been used before.
    PasswordRecentlyUsed,
    /// The password holds a word or pattern on the tenant's or the service's list.
    PasswordBanned,
    /// The password holds the name of the person or of the account.
    PasswordContainsName,
    /// The password does not meet the rules of the on-premises directory.
    PasswordNotComplex,
    /// The server cannot use the password, for instance for its characters.
    PasswordInvalid,
    /// The server accepted the password but could not apply it.
    NotApplied,
    /// A reason that this crate does not know, in the server's words.
    Other(ServerError),
}

message_ids!(impl Rejection {
    UnknownMethod => "rejection-unknown-method",
    WrongContact => "rejection-wrong-contact",
    WrongCode => "rejection-wrong-code",
    UnreadableCode => "rejection-unreadable-code",
    NotApproved => "rejection-not-approved",
    MissingAnswer => "rejection-missing-answer",
    WrongSolution => "rejection-wrong-solution",
    WrongAnswers => "rejection-wrong-answers",
    WrongPassword => "rejection-wrong-password",
    PasswordTooShort => "rejection-password-too-short",
    PasswordTooLong => "rejection-password-too-long",
    PasswordCharacters => "rejection-password-characters",
    PasswordTooWeak => "rejection-password-too-weak",
    PasswordRecentlyUsed => "rejection-password-recently-used",
    PasswordBanned => "rejection-password-banned",
    PasswordContainsName => "rejection-password-contains-name",
    PasswordNotComplex => "rejection-password-not-complex",
    PasswordInvalid => "rejection-password-invalid",
    NotApplied => "rejection-not-applied",
    Other => "rejection-other",
});

impl Message for Rejection {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Other(server) => vec![("code", server.to_string())],
            _ => Vec::new(),
        }
    }
}
