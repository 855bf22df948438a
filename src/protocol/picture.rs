//! A picture as a server sent it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

/// A picture for the person at the screen, undecoded. Serialized, its bytes are Base64.
///
/// Whoever shows it decodes what a stranger sent: at a sign-in screen with a decoder that can be trusted with that.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Picture {
    /// What it is by the server's word: `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub media_type: String,
    /// The bytes, at most half a mebibyte.
    #[serde(serialize_with = "as_base64")]
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A picture as a protocol shows it.
    pub fn new(media_type: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            media_type: media_type.into(),
            bytes,
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Picture({}, {} bytes)",
            self.media_type,
            self.bytes.len()
        )
    }
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_plain_data() {
        let picture = Picture::new("image/png", vec![0, 255, 16]);
        let written = serde_json::to_value(&picture).unwrap();
        let expected = serde_json::json!({"media_type": "image/png", "bytes": "AP8Q"});
        assert_eq!(written, expected);
        assert_eq!(format!("{picture:?}"), "Picture(image/png, 3 bytes)");
    }
}
