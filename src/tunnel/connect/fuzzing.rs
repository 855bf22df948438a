//! An answer to CONNECT, read as it is from a connection.

use super::body::Body;
use super::head::{Flaw, HeadReader};
use super::meaning::Meaning;

/// Reads an answer in pieces of this size, and past its body if it refuses. What came of it, and how many bytes are left.
pub fn connect_response(input: &[u8], piece: usize) -> (&'static str, usize) {
    let mut pieces = input.chunks(piece.max(1));
    let mut unread: &[u8] = &[];
    let mut left = input.len();
    let mut reader = HeadReader::default();
    let head = loop {
        let before = unread.len();
        let head = reader.read(&mut unread);
        left -= before - unread.len();
        match head {
            Ok(Some(head)) => break head,
            Ok(None) => match pieces.next() {
                Some(next) => unread = next,
                None => return ("incomplete", left),
            },
            Err(Flaw::NotHttp(_)) => return ("not http", left),
            Err(Flaw::Malformed(why)) => return (why, left),
            Err(Flaw::TooLarge) => return ("too large", left),
        }
    };
    match Meaning::of(&head, true) {
        Meaning::Open => return ("open", left),
        Meaning::LogIn(_) => {}
        Meaning::Elsewhere { .. } => return ("elsewhere", left),
        Meaning::No(_) => return ("no", left),
    }
    let _ = head.is_kept_open();
    let Ok(framing) = head.framing() else {
        return ("ambiguous", left);
    };
    let Ok(mut body) = Body::new(framing) else {
        return ("endless", left);
    };
    loop {
        let before = unread.len();
        let skipped = body.skip(&mut unread);
        left -= before - unread.len();
        match skipped {
            Ok(true) => return ("who", left),
            Ok(false) => match pieces.next() {
                Some(next) => unread = next,
                None => return ("cut off", left),
            },
            Err(_) => return ("endless", left),
        }
    }
}
