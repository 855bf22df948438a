//! Any bytes as the answer of a proxy to CONNECT: in pieces of any size it must mean the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::fuzzing::connect_response;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, input) = input;
    let whole = connect_response(input, input.len());
    assert!(whole.1 <= input.len());
    assert_eq!(connect_response(input, usize::from(piece)), whole);
    assert_eq!(connect_response(input, 1), whole);

    // What many proxies begin with is not easily found by chance.
    let answer = [b"HTTP/1.1 407 Who\r\nTransfer-Encoding: chunked\r\n", input].concat();
    let whole = connect_response(&answer, answer.len());
    assert_eq!(connect_response(&answer, usize::from(piece)), whole);
});
