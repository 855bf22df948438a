//! The binary values below `Internet Settings\Connections`: `DefaultConnectionSettings`, `SavedLegacySettings` and
//! `WinHttpSettings`.
//!
//! No document of the vendor describes them; the layout is known from the values that Windows writes. All numbers are
//! little-endian, the texts ASCII without a terminator. A text is there even when its flag is clear: remembered, not used.

use serde::Serialize;

use crate::error::{BlobError, BlobField};

/// Goes without a proxy (set in nearly every value, also beside the others).
pub const FLAG_DIRECT: u32 = 1;
/// The manual proxy is in effect.
pub const FLAG_MANUAL: u32 = 2;
/// The script address is in effect.
pub const FLAG_PAC_URL: u32 = 4;
/// Automatic detection is in effect.
pub const FLAG_AUTO_DETECT: u32 = 8;

/// The versions of WinINET's layout: Internet Explorer 6, and 7 up to Windows 11.
const WININET_VERSIONS: [u32; 2] = [0x3C, 0x46];
/// The versions of WinHTTP's layout.
const WINHTTP_VERSIONS: [u32; 2] = [0x18, 0x28];

/// A value of WinINET: `DefaultConnectionSettings`, `SavedLegacySettings`, or one named after a dial-up connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WinInetBlob {
    /// `0x3C` or `0x46`.
    pub version: u32,
    /// Counts the changes.
    pub counter: u32,
    /// Which of the texts are in effect: the sum of the `FLAG_` constants.
    pub flags: u32,
    /// The manual proxy, see [`ServerList`](super::ServerList).
    pub proxy: String,
    /// Its exceptions, see [`BypassList`](super::BypassList).
    pub bypass: String,
    /// The address of the script.
    pub pac_url: String,
    /// How many bytes follow: what automatic detection remembers, 28 or 32 of them where they are not left out.
    pub trailing: usize,
}

/// The value of WinHTTP: `WinHttpSettings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WinHttpBlob {
    /// `0x18` or `0x28`.
    pub version: u32,
    /// Counts the changes; 0 in every value seen.
    pub counter: u32,
    /// Which of the texts are in effect: [`FLAG_DIRECT`], [`FLAG_MANUAL`].
    pub flags: u32,
    /// The manual proxy, see [`ServerList`](super::ServerList).
    pub proxy: String,
    /// Its exceptions, see [`BypassList`](super::BypassList).
    pub bypass: String,
    /// How many bytes follow; none in every value seen.
    pub trailing: usize,
}

impl WinInetBlob {
    /// Reads a value. Nothing is allocated for a length that the bytes do not cover.
    ///
    /// # Errors
    /// [`BlobError`] names the field.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlobError> {
        let mut reader = Reader(bytes);
        let version = reader.version(WININET_VERSIONS)?;
        Ok(Self {
            version,
            counter: reader.number(BlobField::Counter)?,
            flags: reader.number(BlobField::Flags)?,
            proxy: reader.text(BlobField::Proxy)?,
            bypass: reader.text(BlobField::Bypass)?,
            pac_url: reader.text(BlobField::PacUrl)?,
            trailing: reader.0.len(),
        })
    }

    /// The manual proxy and its exceptions, if they are in effect.
    pub fn manual_in_effect(&self) -> Option<(&str, &str)> {
        manual(self.flags, &self.proxy, &self.bypass)
    }

    /// The address of the script, if it is in effect.
    pub fn pac_url_in_effect(&self) -> Option<&str> {
        (self.flags & FLAG_PAC_URL != 0 && !self.pac_url.is_empty()).then_some(&*self.pac_url)
    }

    /// Whether automatic detection is in effect.
    pub fn auto_detect(&self) -> bool {
        self.flags & FLAG_AUTO_DETECT != 0
    }
}

impl WinHttpBlob {
    /// Reads a value. Nothing is allocated for a length that the bytes do not cover.
    ///
    /// # Errors
    /// [`BlobError`] names the field.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlobError> {
        let mut reader = Reader(bytes);
        let version = reader.version(WINHTTP_VERSIONS)?;
        Ok(Self {
            version,
            counter: reader.number(BlobField::Counter)?,
            flags: reader.number(BlobField::Flags)?,
            proxy: reader.text(BlobField::Proxy)?,
            bypass: reader.text(BlobField::Bypass)?,
            trailing: reader.0.len(),
        })
    }

    /// The manual proxy and its exceptions, if they are in effect.
    pub fn manual_in_effect(&self) -> Option<(&str, &str)> {
        manual(self.flags, &self.proxy, &self.bypass)
    }
}

fn manual<'a>(flags: u32, proxy: &'a str, bypass: &'a str) -> Option<(&'a str, &'a str)> {
    (flags & FLAG_MANUAL != 0 && !proxy.is_empty()).then_some((proxy, bypass))
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn version(&mut self, known: [u32; 2]) -> Result<u32, BlobError> {
        let version = self.number(BlobField::Version)?;
        if known.contains(&version) {
            Ok(version)
        } else {
            Err(BlobError::UnknownVersion { version })
        }
    }

    fn number(&mut self, field: BlobField) -> Result<u32, BlobError> {
        let (bytes, rest) = self
            .0
            .split_first_chunk::<4>()
            .ok_or(BlobError::Truncated { field })?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn text(&mut self, field: BlobField) -> Result<String, BlobError> {
        let length = self.number(field)?;
        let (bytes, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.0.split_at_checked(length))
            .ok_or(BlobError::Truncated { field })?;
        self.0 = rest;
        match str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() && !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(BlobError::BadText { field }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wininet(parts: &[&[u8]]) -> Result<WinInetBlob, BlobError> {
        let mut bytes = b"\x46\0\0\0\x07\0\0\0\x03\0\0\0".to_vec();
        bytes.extend(parts.concat());
        WinInetBlob::parse(&bytes)
    }

    #[test]
    fn the_three_texts_are_read() {
        let blob = wininet(&[b"\x03\0\0\0p:1", b"\0\0\0\0", b"\x01\0\0\0u", &[0; 32]]).unwrap();
        assert_eq!((blob.version, blob.counter, blob.flags), (0x46, 7, 3));
        assert_eq!(blob.manual_in_effect(), Some(("p:1", "")));
        assert_eq!(blob.pac_url, "u");
        assert_eq!(blob.pac_url_in_effect(), None);
        assert_eq!(blob.trailing, 32);
    }

    /// P17: short, or with lengths past the end; 0xFFFFFFFF must not be asked for from the allocator.
    #[test]
    fn p17_a_blob_that_ends_early_names_the_field() {
        let truncated = |field| BlobError::Truncated { field };
        for (bytes, field) in [
            (&b""[..], BlobField::Version),
            (b"\x46\0\0\0\0", BlobField::Counter),
            (b"\x46\0\0\0\0\0\0\0\x03\0\0", BlobField::Flags),
            (b"\x46\0\0\0\0\0\0\0\x03\0\0\0", BlobField::Proxy),
        ] {
            assert_eq!(WinInetBlob::parse(bytes), Err(truncated(field)));
        }
        assert_eq!(
            wininet(&[b"\xff\xff\xff\xffp:1"]),
            Err(truncated(BlobField::Proxy))
        );
        assert_eq!(
            wininet(&[b"\0\0\0\0", b"\xff\xff\xff\x7f"]),
            Err(truncated(BlobField::Bypass))
        );
        assert_eq!(
            wininet(&[b"\0\0\0\0", b"\0\0\0\0", b"\x04\0\0\0abc"]),
            Err(truncated(BlobField::PacUrl))
        );
    }

    /// P18: an unknown version; a blob of the other kind is one too.
    #[test]
    fn p18_an_unknown_version_is_named() {
        for version in [0_u32, 0x18, 0x28, 0x47, 0x50] {
            let bytes = [version.to_le_bytes().as_slice(), &[0; 60]].concat();
            assert_eq!(
                WinInetBlob::parse(&bytes),
                Err(BlobError::UnknownVersion { version })
            );
        }
        let bytes = [0x46_u32.to_le_bytes().as_slice(), &[0; 60]].concat();
        assert_eq!(
            WinHttpBlob::parse(&bytes),
            Err(BlobError::UnknownVersion { version: 0x46 })
        );
    }

    /// P19
    #[test]
    fn p19_texts_are_ascii_without_nul() {
        for text in [b"p\xfcr".as_slice(), b"p\0r", "プ".as_bytes()] {
            let proxy = [b"\x03\0\0\0", text].concat();
            assert_eq!(
                wininet(&[&proxy, b"\0\0\0\0", b"\0\0\0\0"]),
                Err(BlobError::BadText {
                    field: BlobField::Proxy
                })
            );
        }
    }
}
