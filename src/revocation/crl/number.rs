//! The number of a CRL (RFC 5280, section 5.2.3), which only grows.

use std::fmt;

use crate::x509::Extension;
use crate::x509::der::{DerError, tag};

/// A number of up to 20 octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number([u8; 20]);

impl Number {
    pub(super) fn read(extension: &Extension<'_>) -> Result<Self, DerError> {
        let number = extension.only(tag::INTEGER)?;
        let digits = match number.contents {
            [0x80..=0xff, ..] | [] => return Err(number.forbidden("negative CRL number")),
            [0, digits @ ..] => digits,
            digits => digits,
        };
        let mut octets = [0; 20];
        match octets
            .len()
            .checked_sub(digits.len())
            .and_then(|start| octets.get_mut(start..))
        {
            Some(end) => end.copy_from_slice(digits),
            None => return Err(number.forbidden("CRL number of more than 20 octets")),
        }
        Ok(Self(octets))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        let mut octets = [0; 20];
        octets
            .iter_mut()
            .rev()
            .zip(number.to_le_bytes())
            .for_each(|(to, from)| *to = from);
        Self(octets)
    }
}

/// In hexadecimal, without leading zeros.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut octets = self.0.iter().skip_while(|octet| **octet == 0);
        write!(f, "{:#x}", octets.next().unwrap_or(&0))?;
        octets.try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}
