//! The messages that this side writes (MS-NLMP, sections 2.2.1.1 and 2.2.1.3).

use zeroize::Zeroizing;

use super::Account;
use super::challenge::SIGNATURE;
use super::response::{Responses, hmac_md5};
use crate::error::NtlmProblem;

const NEGOTIATE: u32 = 1;
const AUTHENTICATE: u32 = 3;
/// Left empty, since the flag for it is not set.
const VERSION: [u8; 8] = [0; 8];

/// The first message.
pub(super) fn negotiate(flags: u32) -> Vec<u8> {
    // Neither domain nor workstation: both fields are empty and point to the end.
    const EMPTY: [u8; 8] = [0, 0, 0, 0, 40, 0, 0, 0];
    let parts = [
        &SIGNATURE[..],
        &NEGOTIATE.to_le_bytes(),
        &flags.to_le_bytes(),
        &EMPTY,
        &EMPTY,
        &VERSION,
    ];
    parts.concat()
}

/// The third message.
pub(super) struct Authenticate<'a> {
    pub(super) flags: u32,
    pub(super) account: &'a Account<'a>,
    pub(super) responses: &'a Responses,
    /// Whether a hash over all three messages goes with it.
    pub(super) has_mic: bool,
}

impl Authenticate<'_> {
    /// Signature, type, six fields, flags and version.
    const HEAD: usize = 72;
    const MIC: usize = 16;

    pub(super) fn write(
        &self,
        negotiate: &[u8],
        challenge: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NtlmProblem> {
        let mut payload = Payload {
            start: Self::HEAD + if self.has_mic { Self::MIC } else { 0 },
            bytes: Zeroizing::default(),
        };
        let domain = payload.add(&utf16(self.account.domain))?;
        let user = payload.add(&utf16(self.account.user))?;
        let workstation = payload.add(&utf16(self.account.workstation))?;
        let lm = payload.add(&self.responses.lm)?;
        let nt = payload.add(&self.responses.nt)?;
        let session_key = payload.add(&[])?;

        let head = [
            &SIGNATURE[..],
            &AUTHENTICATE.to_le_bytes(),
            &lm,
            &nt,
            &domain,
            &user,
            &workstation,
            &session_key,
            &self.flags.to_le_bytes(),
            &VERSION,
        ]
        .concat();
        let mic = |mic: &[u8]| Zeroizing::new([&head, mic, &payload.bytes].concat());
        if !self.has_mic {
            return Ok(mic(&[]));
        }
        let without = mic(&[0; Self::MIC]);
        let key = &self.responses.session_key;
        Ok(mic(&*hmac_md5(key, &[negotiate, challenge, &without])))
    }
}

/// What the fields of a message point to.
struct Payload {
    start: usize,
    bytes: Zeroizing<Vec<u8>>,
}

impl Payload {
    /// Adds a value, and gives back the field that points to it.
    fn add(&mut self, value: &[u8]) -> Result<[u8; 8], NtlmProblem> {
        let length = u16::try_from(value.len()).map_err(|_| NtlmProblem::NameTooLong)?;
        let [low, high] = length.to_le_bytes();
        // Six values of at most 64 KiB.
        let offset = (self.start + self.bytes.len()) as u32;
        let [a, b, c, d] = offset.to_le_bytes();
        self.bytes.extend_from_slice(value);
        Ok([low, high, low, high, a, b, c, d])
    }
}

/// Text as the messages hold it.
pub(super) fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    // Room for all of it at once: what is moved away from is not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * text.len()));
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}
