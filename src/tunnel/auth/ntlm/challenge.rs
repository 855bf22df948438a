//! The second message: what the server asks (MS-NLMP, section 2.2.1.2).

use super::flag;
use crate::error::NtlmProblem;

/// At the start of every message.
pub(super) const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";
/// The type of this message.
const CHALLENGE: u32 = 2;
/// More than any server sends, in bytes.
const LARGEST: usize = 8192;

/// What there is to answer.
pub(super) struct Challenge<'a> {
    pub(super) flags: u32,
    pub(super) random: [u8; 8],
    /// What the server says about itself, without the pair that ends the list.
    pub(super) pairs: Vec<(PairId, &'a [u8])>,
    /// The server's time, in units of 100 ns since 1601. Who tells it expects a MIC.
    pub(super) time: Option<u64>,
}

/// What a pair holds (MS-NLMP, section 2.2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PairId(pub(super) u16);

impl PairId {
    pub(super) const END: Self = Self(0);
    pub(super) const FLAGS: Self = Self(6);
    pub(super) const TIME: Self = Self(7);
    pub(super) const TARGET: Self = Self(9);
    pub(super) const CHANNEL: Self = Self(10);

    /// Writes a pair behind others. A value too long for one is cut: those that are known, and those that were read, fit.
    pub(super) fn write(self, value: &[u8], pairs: &mut Vec<u8>) {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        pairs.extend(self.0.to_le_bytes());
        pairs.extend(length.to_le_bytes());
        pairs.extend(value.iter().take(usize::from(length)));
    }
}

impl<'a> Challenge<'a> {
    pub(super) fn parse(message: &'a [u8]) -> Result<Self, NtlmProblem> {
        if message.len() > LARGEST {
            let size = message.len();
            return Err(NtlmProblem::TooLarge { size });
        }
        let rest = message
            .strip_prefix(SIGNATURE)
            .ok_or(NtlmProblem::Signature)?;
        let mut rest = Cursor(rest);
        let kind = rest.u32("type")?;
        if kind != CHALLENGE {
            return Err(NtlmProblem::WrongType { kind });
        }
        // Nothing needs the target's name, and `ntlm_fake_auth` of squid lets it point to nowhere.
        rest.take::<8>("target name")?;
        let flags = rest.u32("flags")?;
        if flags & flag::UNICODE == 0 {
            return Err(NtlmProblem::TooOld);
        }
        let random = *rest.take("challenge")?;
        let pairs = if flags & flag::TARGET_INFO == 0 {
            Vec::new()
        } else {
            rest.take::<8>("reserved bytes")?;
            pairs(target_info(rest, message)?)?
        };
        Ok(Self {
            flags,
            random,
            time: time(&pairs)?,
            pairs,
        })
    }
}

/// The bytes that the field at `rest` points to.
fn target_info<'a>(mut rest: Cursor<'a>, message: &'a [u8]) -> Result<&'a [u8], NtlmProblem> {
    const FIELD: &str = "target info";
    let length = rest.u16(FIELD)?;
    rest.u16(FIELD)?;
    let offset = rest.u32(FIELD)?;
    usize::try_from(offset)
        .ok()
        .and_then(|offset| message.get(offset..)?.get(..usize::from(length)))
        .ok_or(NtlmProblem::Truncated { field: FIELD })
}

fn pairs(list: &[u8]) -> Result<Vec<(PairId, &[u8])>, NtlmProblem> {
    const FIELD: &str = "list of pairs";
    let mut pairs = Vec::new();
    let mut rest = Cursor(list);
    while !list.is_empty() {
        let id = PairId(rest.u16(FIELD)?);
        let length = rest.u16(FIELD)?;
        let value = rest.bytes(usize::from(length), FIELD)?;
        if id == PairId::END {
            break;
        }
        pairs.push((id, value));
    }
    Ok(pairs)
}

fn time(pairs: &[(PairId, &[u8])]) -> Result<Option<u64>, NtlmProblem> {
    let Some((_, value)) = pairs.iter().find(|(id, _)| *id == PairId::TIME) else {
        return Ok(None);
    };
    let bytes = <[u8; 8]>::try_from(*value);
    let time = bytes.map_err(|_| NtlmProblem::Truncated { field: "time" })?;
    Ok(Some(u64::from_le_bytes(time)))
}

/// What has not been read yet.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn bytes(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], NtlmProblem> {
        let (bytes, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(NtlmProblem::Truncated { field })?;
        self.0 = rest;
        Ok(bytes)
    }

    fn take<const N: usize>(&mut self, field: &'static str) -> Result<&'a [u8; N], NtlmProblem> {
        let (bytes, rest) = self
            .0
            .split_first_chunk()
            .ok_or(NtlmProblem::Truncated { field })?;
        self.0 = rest;
        Ok(bytes)
    }

    fn u16(&mut self, field: &'static str) -> Result<u16, NtlmProblem> {
        self.take(field).copied().map(u16::from_le_bytes)
    }

    fn u32(&mut self, field: &'static str) -> Result<u32, NtlmProblem> {
        self.take(field).copied().map(u32::from_le_bytes)
    }
}
