//! The ways to prove who one is.

use serde::{Deserialize, Serialize};

use crate::error::PeerText;
use crate::message::{Message, message_ids};

/// A way to prove who one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Method {
    /// What to hand to [`Reset::choose_method`](crate::Reset::choose_method).
    pub id: MethodId,
    /// What the person does.
    pub kind: MethodKind,
    /// The contact, masked by the server.
    pub hint: Option<PeerText>,
}

impl Method {
    /// A method as a protocol offers it.
    pub fn new(id: MethodId, kind: MethodKind, hint: Option<PeerText>) -> Self {
        Self { id, kind, hint }
    }
}

/// Names one of the offered methods.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MethodId(String);

impl MethodId {
    /// Takes over an identifier as the server gave it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier as the server gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the person does to prove who they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MethodKind {
    /// Type a code that comes by e-mail.
    Email,
    /// Type a code that comes as a text message.
    MobileSms,
    /// Take a call on the mobile phone.
    MobileCall,
    /// Take a call on the office phone.
    OfficeCall,
    /// Approve in an authenticator app.
    AppNotification,
    /// Type a code that an authenticator app or a hardware token shows.
    AppCode,
    /// Answer security questions.
    SecurityQuestions,
    /// What this crate does not know, in the server's word.
    Other(PeerText),
}

message_ids!(impl MethodKind {
    Email => "method-email",
    MobileSms => "method-mobile-sms",
    MobileCall => "method-mobile-call",
    OfficeCall => "method-office-call",
    AppNotification => "method-app-notification",
    AppCode => "method-app-code",
    SecurityQuestions => "method-security-questions",
    Other => "method-other",
});

impl Message for MethodKind {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Other(word) => vec![("word", word.to_string())],
            _ => Vec::new(),
        }
    }
}
