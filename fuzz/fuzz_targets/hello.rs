//! Any bytes as the beginning of what a TLS server says: nothing passes before it is known to be new enough, and in
//! pieces of any size it is seen alike.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::gateway::fuzzing::hello;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, input) = input;
    let start = [22, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3];
    for input in [input.to_vec(), [&start[..], input].concat()] {
        let (whole, passed) = hello(&input, input.len());
        assert!(passed <= input.len());
        for piece in [1, usize::from(piece)] {
            let (again, _) = hello(&input, piece);
            assert_eq!(again == "Fine", whole == "Fine", "{again} and {whole}");
        }
    }
});
