//! Any bytes as the head of a request to the gateway: in pieces of any size it must mean the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::gateway::fuzzing::gateway_head;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, input) = input;
    // What a head begins with is not easily found by chance.
    let start = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n";
    for input in [input.to_vec(), [start, input].concat()] {
        let whole = gateway_head(&input, input.len());
        assert!(input.ends_with(&whole.1));
        for piece in [1, usize::from(piece)] {
            let again = gateway_head(&input, piece);
            // A head that breaks two rules may be refused for either.
            assert_eq!(again.1, whole.1);
            assert_eq!(again.0.starts_with("Tunnel"), whole.0.starts_with("Tunnel"));
        }
    }
});
