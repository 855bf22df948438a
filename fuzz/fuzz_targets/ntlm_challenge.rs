//! Any bytes as the challenge of an NTLM server: what answers it is a message of the third type, with our own words in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::fuzzing::ntlm_challenge;

fuzz_target!(|input: &[u8]| {
    let Some(message) = ntlm_challenge(input) else { return };
    assert!(message.starts_with(b"NTLMSSP\0\x03\0\0\0"));
    // Signature, type, then six fields, each of them within the message.
    let (fields, _) = message[12..60].as_chunks::<8>();
    for field in fields {
        let length = usize::from(u16::from_le_bytes([field[0], field[1]]));
        let offset = u32::from_le_bytes([field[4], field[5], field[6], field[7]]) as usize;
        assert!(message.get(offset..).is_some_and(|rest| rest.len() >= length));
    }
    let workstation = b"W\0S\x001\0";
    assert!(message.windows(workstation.len()).any(|window| window == workstation));
});
