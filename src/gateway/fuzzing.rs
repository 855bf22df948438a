//! Doors for the fuzz targets: what strangers send, in pieces of any size.

use super::head::HeadReader;
use super::hello::{Sight, Watch};

/// Reads a head in pieces: what it wishes or why it is refused, in words, and what follows it.
pub fn gateway_head(input: &[u8], piece: usize) -> (String, Vec<u8>) {
    let mut reader = HeadReader::default();
    let mut pieces = input.chunks(piece.max(1));
    while let Some(piece) = pieces.next() {
        match reader.read(piece) {
            Ok(None) => {}
            Ok(Some(head)) => {
                let rest = head.rest.iter().chain(pieces.flatten()).copied();
                return (format!("{:?}", head.wish), rest.collect());
            }
            Err(fault) => return (format!("{fault:?}"), Vec::new()),
        }
    }
    ("incomplete".to_owned(), Vec::new())
}

/// Watches a server's beginning in pieces: what is seen of it, in words, and how many bytes had passed by then.
pub fn hello(input: &[u8], piece: usize) -> (String, usize) {
    let mut watch = Watch::default();
    let (mut held, mut passed) = (Vec::new(), 0);
    for piece in input.chunks(piece.max(1)) {
        held.extend_from_slice(piece);
        while !held.is_empty() {
            match watch.look(&held) {
                Sight::Unclear => break,
                Sight::Pass(count) => {
                    assert!(0 < count && count <= held.len());
                    held.drain(..count);
                    passed += count;
                }
                sight => return (format!("{sight:?}"), passed),
            }
        }
    }
    ("Unclear".to_owned(), passed)
}
