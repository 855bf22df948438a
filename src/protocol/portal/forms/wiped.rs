//! A text that is wiped when it is dropped.

use std::fmt;
use std::ops::Deref;

use zeroize::optimization_barrier;

/// How much is overwritten at once: as much as compilers fill with the widest stores, without a loop over bytes.
const STRIDE: usize = 1024;

/// A text of a page. Pages hold tokens of 50 KB and more, so wiping must cost less than reading.
#[derive(Default)]
pub(super) struct Wiped(String);

impl Wiped {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(String::with_capacity(capacity))
    }

    /// Adds to the text. Where it has to move for that, nothing of it stays behind.
    pub(super) fn push_str(&mut self, text: &str) {
        let needed = self.0.len().saturating_add(text.len());
        if needed > self.0.capacity() {
            let mut larger = Self::with_capacity(needed.max(self.0.capacity().saturating_mul(2)));
            larger.0.push_str(&self.0);
            *self = larger;
        }
        self.0.push_str(text);
    }
}

impl From<&str> for Wiped {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Wiped {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Deref for Wiped {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Wiped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wiped({} bytes)", self.0.len())
    }
}

impl Drop for Wiped {
    /// Nothing is ever taken out, so what lies behind the end was never written.
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        for part in bytes.chunks_mut(STRIDE) {
            part.fill(0);
        }
        optimization_barrier(bytes.as_slice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_grows_and_shows_only_its_length() {
        let mut text = Wiped::with_capacity(1);
        for part in ["first", "", " 日本", " and more"] {
            text.push_str(part);
        }
        assert_eq!(&*text, "first 日本 and more");
        assert_eq!(format!("{text:?}"), "Wiped(21 bytes)");
    }
}
