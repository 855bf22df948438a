//! Any bytes as an answer of a SOCKS proxy: no byte behind it is taken, and what follows it changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::fuzzing::socks_reply;

/// The longest answer: an address that is a name of 255 bytes.
const LONGEST: usize = 4 + 1 + 255 + 2;

fuzz_target!(|input: (u8, &[u8])| {
    let (which, input) = input;
    if let Some((good, taken)) = socks_reply(which, input) {
        assert!(taken <= LONGEST);
        assert_eq!(socks_reply(which, &input[..taken]), Some((good, taken)));
        assert!(taken == 0 || !good || socks_reply(which, &input[..taken - 1]).is_none());
    }
});
