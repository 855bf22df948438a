//! What a person can be told has a stable identifier; the words live in [`messages`](crate::messages).

/// Something with a text in every language of [`messages`](crate::messages).
pub trait Message {
    /// The stable identifier, for instance `fault-no-network`. It never changes its meaning.
    fn message_id(&self) -> &'static str;

    /// What the text may mention: name and value, free of secrets.
    fn message_args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Writes `message_id` as one exhaustive match and collects the identifiers, so that no variant can be forgotten:
/// neither by the code nor by the test that looks for its text. A variant `=> nested` asks its field.
macro_rules! message_ids {
    (impl $name:ident { $($variant:ident => $id:literal),+ $(,)? }) => {
        message_ids!(impl $name { $($variant => $id),+ ; });
    };
    (impl $name:ident { $($variant:ident => $id:literal),+ ; $($outer:ident => nested),* $(,)? }) => {
        impl $name {
            /// Every identifier that [`message_id`](crate::Message::message_id) of this type itself may return.
            pub const MESSAGE_IDS: &'static [&'static str] = &[$($id),+];

            fn id_of_message(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $id,)+
                    $(Self::$outer(inner) => $crate::message::Message::message_id(inner),)*
                }
            }
        }
    };
}
pub(crate) use message_ids;
