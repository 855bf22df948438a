//! Any bytes as a connection blob of either kind: what is read must be what the bytes hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::proxy::{WinHttpBlob, WinInetBlob};

fuzz_target!(|input: &[u8]| {
    if let Ok(blob) = WinInetBlob::parse(input) {
        let texts = [&blob.proxy, &blob.bypass, &blob.pac_url];
        check(
            input,
            [blob.version, blob.counter, blob.flags],
            &texts,
            blob.trailing,
        );
    }
    if let Ok(blob) = WinHttpBlob::parse(input) {
        let texts = [&blob.proxy, &blob.bypass];
        check(
            input,
            [blob.version, blob.counter, blob.flags],
            &texts,
            blob.trailing,
        );
    }
});

/// Writes the blob again and compares.
fn check(input: &[u8], numbers: [u32; 3], texts: &[&String], trailing: usize) {
    let mut written = numbers.map(u32::to_le_bytes).concat();
    for text in texts {
        assert!(text.is_ascii() && !text.contains('\0'));
        written.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        written.extend(text.as_bytes());
    }
    assert_eq!(written, input[..input.len() - trailing]);
}
