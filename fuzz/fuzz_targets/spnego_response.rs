//! Any bytes as the token with which a proxy answers a Kerberos ticket.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::fuzzing::spnego_response;

fuzz_target!(|input: &[u8]| {
    if let Some(token) = spnego_response(input) {
        assert!(input.ends_with(token) || input.windows(token.len()).any(|part| part == token));
    }
});
