//! Any bytes as `Proxy-Authenticate`: what is read can be sent back, and is read again when it is written anew.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::fuzzing::Challenge;

const NAMES: [&str; 4] = ["realm", "nonce", "opaque", "qop"];

fuzz_target!(|input: &[u8]| {
    for challenge in Challenge::parse(input) {
        assert!(!challenge.scheme.is_empty() && challenge.scheme.is_ascii());
        if let Some(token) = challenge.token {
            let written = format!("{} {token}", challenge.scheme);
            let again = Challenge::parse(written.as_bytes());
            assert_eq!(again.len(), 1);
            assert_eq!(again[0].token, challenge.token);
        }
        for name in NAMES {
            let Ok(Some(value)) = challenge.parameter(name) else {
                continue;
            };
            assert!(!value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
            let mut written = format!("{} x=y, {name}=\"", challenge.scheme).into_bytes();
            for byte in value {
                if matches!(byte, b'"' | b'\\') {
                    written.push(b'\\');
                }
                written.push(*byte);
            }
            written.push(b'"');
            let again = Challenge::parse(&written);
            assert_eq!(again[0].parameter(name), Ok(Some(value)));
        }
    }
});
