//! Watches the beginning of a TLS conversation that passes: has the server chosen at least TLS 1.2? Sans-IO.
//!
//! Nothing is changed and nothing is taken part in. What the server sends is held back until it is known; a
//! HelloRetryRequest (RFC 8446, section 4.1.4) is let through and the next hello is looked at as well.

/// The most bytes that are held back. A hello has a few hundred.
const LIMIT: usize = 16 << 10;

/// The most records that pass before the hello: alerts, since a server may warn that it does not know the name (RFC 6066,
/// section 3), and what old middleboxes like to see (RFC 8446, appendix D.4).
const BEFORE: usize = 4;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

const SERVER_HELLO: u8 = 2;

/// TLS 1.2 on the wire.
const FLOOR: u16 = 0x0303;

/// TLS 1.3 on the wire.
const TLS13: u16 = 0x0304;

/// The extension `supported_versions` (RFC 8446, section 4.2.1).
const SUPPORTED_VERSIONS: u16 = 43;

/// The random bytes that make a ServerHello a HelloRetryRequest (RFC 8446, section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What is known after some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Nothing yet: hold back what is held.
    Unclear,
    /// As many of the bytes that are held may pass; the hello is still to come.
    Pass(usize),
    /// TLS 1.2 or newer: everything may pass from now on.
    Fine,
    /// An older version was chosen, as on the wire.
    TooOld(u16),
    /// This is no TLS.
    NotTls,
    /// This is TLS, and breaks its rules.
    Misbehaved(&'static str),
}

/// Judges what the server sent and has not been let through.
#[derive(Debug, Default)]
pub(super) struct Watch {
    before: usize,
    has_retried: bool,
}

impl Watch {
    /// Looks at everything that is held back. To be called again with more, or with what is left after
    /// [`Sight::Pass`].
    pub(super) fn look(&mut self, held: &[u8]) -> Sight {
        let mut message = Vec::new();
        let mut records = held;
        let mut is_first = true;
        loop {
            let (kind, content, rest) = match record(records) {
                Record::Whole(kind, content, rest) => (kind, content, Some(rest)),
                // A hello is recognised before its record is complete: others may follow in the same record.
                Record::Partial(HANDSHAKE, content) => (HANDSHAKE, content, None),
                Record::Partial(..) if held.len() < LIMIT => return Sight::Unclear,
                Record::Partial(..) => return Sight::Misbehaved("a hello that is too large"),
                Record::NotTls => return Sight::NotTls,
            };
            match (kind, content) {
                (HANDSHAKE, content) => message.extend_from_slice(content),
                _ if !is_first => return Sight::Misbehaved("a record inside the server's hello"),
                (ALERT, [_, _]) if self.before < BEFORE => {}
                (CHANGE_CIPHER_SPEC, [1]) if self.has_retried && self.before < BEFORE => {}
                _ => return Sight::Misbehaved("no hello at the beginning"),
            }
            if kind != HANDSHAKE {
                self.before += 1;
                return Sight::Pass(passed(held, rest));
            }
            is_first = false;
            match hello(&message) {
                Hello::Partial => {}
                Hello::Other => return Sight::Misbehaved("no hello at the beginning"),
                Hello::Broken => return Sight::Misbehaved("a hello that cannot be read"),
                Hello::Chose(version) if version < FLOOR => return Sight::TooOld(version),
                Hello::Chose(_) => return Sight::Fine,
                Hello::Retry if self.has_retried => {
                    return Sight::Misbehaved("a second request to try again");
                }
                // The message ends with its record, or what follows it cannot be told apart.
                Hello::Retry if message.len() == whole(&message) => {
                    if let Some(rest) = rest {
                        self.has_retried = true;
                        return Sight::Pass(passed(held, Some(rest)));
                    }
                }
                Hello::Retry => {
                    return Sight::Misbehaved("a request to try again with something behind it");
                }
            }
            match rest {
                Some(rest) if message.len() < LIMIT => records = rest,
                Some(_) => return Sight::Misbehaved("a hello that is too large"),
                None if held.len() < LIMIT => return Sight::Unclear,
                None => return Sight::Misbehaved("a hello that is too large"),
            }
        }
    }
}

/// Whether what the client says begins as TLS does, as far as it can be told from these bytes.
pub(super) fn may_be_client_hello(bytes: &[u8]) -> bool {
    match bytes {
        [] => true,
        [HANDSHAKE] => true,
        [HANDSHAKE, major, ..] => *major == 3,
        _ => false,
    }
}

fn passed(held: &[u8], rest: Option<&[u8]>) -> usize {
    held.len() - rest.map_or(0, <[u8]>::len)
}

enum Record<'a> {
    /// Its type and content, and what follows.
    Whole(u8, &'a [u8], &'a [u8]),
    /// Its type (or zero before it is known) and as much of the content as there is.
    Partial(u8, &'a [u8]),
    NotTls,
}

/// The first record (RFC 8446, section 5.1; RFC 5246, section 6.2.1).
fn record(bytes: &[u8]) -> Record<'_> {
    let (kind, rest) = match bytes {
        [] => return Record::Partial(0, &[]),
        [kind, rest @ ..] => (*kind, rest),
    };
    if !matches!(kind, CHANGE_CIPHER_SPEC | ALERT | HANDSHAKE)
        || rest.first().is_some_and(|v| *v != 3)
    {
        return Record::NotTls;
    }
    let [_, _, high, low, content @ ..] = rest else {
        return Record::Partial(0, &[]);
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    // Nothing is encrypted before the hello: 2^14 bytes are the most, and an empty record means nothing.
    if length == 0 || length > 1 << 14 {
        return Record::NotTls;
    }
    match content.split_at_checked(length) {
        Some((content, rest)) => Record::Whole(kind, content, rest),
        None => Record::Partial(kind, content),
    }
}

enum Hello {
    Partial,
    Chose(u16),
    Retry,
    Broken,
    Other,
}

/// The length of the first message with its header.
fn whole(message: &[u8]) -> usize {
    match message {
        [_, a, b, c, ..] => 4 + usize::from(*a) * 65536 + usize::from(*b) * 256 + usize::from(*c),
        _ => usize::MAX,
    }
}

/// The first handshake message (RFC 8446, section 4.1.3).
fn hello(message: &[u8]) -> Hello {
    match message.first() {
        None => return Hello::Partial,
        Some(&SERVER_HELLO) => {}
        Some(_) => return Hello::Other,
    }
    let length = whole(message);
    if length != usize::MAX && length > LIMIT {
        return Hello::Broken;
    }
    let Some(body) = message.get(4..length) else {
        return Hello::Partial;
    };
    chosen(body).unwrap_or(Hello::Broken)
}

/// What a whole hello says.
fn chosen(body: &[u8]) -> Option<Hello> {
    let (version, rest) = number(body)?;
    let (random, rest) = rest.split_at_checked(32)?;
    let (session, rest) = rest.split_first()?;
    if *session > 32 {
        return None;
    }
    // The session, the cipher suite, the compression.
    let rest = rest.get(usize::from(*session) + 3..)?;
    let selected = match rest {
        // TLS 1.2 may have no extensions at all.
        [] => None,
        rest => {
            let (length, mut extensions) = number(rest)?;
            if extensions.len() != usize::from(length) {
                return None;
            }
            let mut selected = None;
            while !extensions.is_empty() {
                let (kind, rest) = number(extensions)?;
                let (length, rest) = number(rest)?;
                let (data, rest) = rest.split_at_checked(usize::from(length))?;
                if kind == SUPPORTED_VERSIONS {
                    let (version, []) = number(data)? else {
                        return None;
                    };
                    if selected.replace(version).is_some() {
                        return None;
                    }
                }
                extensions = rest;
            }
            selected
        }
    };
    match selected {
        // Whoever names the version there has chosen TLS 1.3 or newer, and says 1.2 in the old place.
        Some(selected) if version == FLOOR && selected >= TLS13 => {
            let is_retry = random == RETRY;
            Some(match is_retry {
                true => Hello::Retry,
                false => Hello::Chose(selected),
            })
        }
        Some(selected) => Some(Hello::Chose(selected.min(FLOOR - 1))),
        None if version <= FLOOR => Some(Hello::Chose(version)),
        None => None,
    }
}

fn number(bytes: &[u8]) -> Option<(u16, &[u8])> {
    match bytes {
        [high, low, rest @ ..] => Some((u16::from_be_bytes([*high, *low]), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(data: &[u8]) -> Vec<u8> {
        [&u16::try_from(data.len()).unwrap().to_be_bytes()[..], data].concat()
    }

    fn message(version: u16, random: [u8; 32], selected: Option<u16>) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend(random);
        body.push(32);
        body.extend([9; 32]);
        body.extend([0x13, 0x01, 0]);
        let mut extensions = vec![0, 51, 0, 2, 0, 29];
        if let Some(selected) = selected {
            extensions.extend([0, 43]);
            extensions.extend(sized(&selected.to_be_bytes()));
        }
        body.extend(sized(&extensions));
        [&[2, 0][..], &sized(&body)].concat()
    }

    fn record_of(kind: u8, content: &[u8]) -> Vec<u8> {
        [&[kind, 3, 3][..], &sized(content)].concat()
    }

    fn tls13() -> Vec<u8> {
        record_of(HANDSHAKE, &message(0x0303, [7; 32], Some(0x0304)))
    }

    fn retry() -> Vec<u8> {
        record_of(HANDSHAKE, &message(0x0303, RETRY, Some(0x0304)))
    }

    /// What is seen of `stream` in pieces of `piece` bytes, and how much had passed by then.
    fn seen(stream: &[u8], piece: usize) -> (Sight, usize) {
        let mut watch = Watch::default();
        let (mut held, mut passed) = (Vec::new(), 0);
        for piece in stream.chunks(piece.max(1)) {
            held.extend_from_slice(piece);
            loop {
                match watch.look(&held) {
                    Sight::Unclear => break,
                    Sight::Pass(count) => {
                        assert!(count > 0);
                        held.drain(..count);
                        passed += count;
                    }
                    sight => return (sight, passed),
                }
                if held.is_empty() {
                    break;
                }
            }
        }
        (Sight::Unclear, passed)
    }

    fn in_any_pieces(stream: &[u8], expected: Sight) {
        for piece in 1..=stream.len() {
            assert_eq!(seen(stream, piece).0, expected, "pieces of {piece}");
        }
    }

    #[test]
    fn what_is_new_enough_is_fine_however_it_is_cut() {
        in_any_pieces(&tls13(), Sight::Fine);
        in_any_pieces(
            &record_of(HANDSHAKE, &message(0x0303, [7; 32], None)),
            Sight::Fine,
        );
        let plain = message(0x0303, [7; 32], None);
        // Without extensions.
        let mut bare = plain[..4 + 2 + 32 + 33 + 3].to_vec();
        let length = u16::try_from(bare.len() - 4).unwrap();
        bare[2..4].copy_from_slice(&length.to_be_bytes());
        in_any_pieces(&record_of(HANDSHAKE, &bare), Sight::Fine);
    }

    #[test]
    fn a_hello_may_be_spread_over_many_records() {
        let message = message(0x0303, [7; 32], Some(0x0304));
        for size in 1..message.len() {
            let stream: Vec<u8> = message
                .chunks(size)
                .flat_map(|piece| record_of(HANDSHAKE, piece))
                .collect();
            for piece in [1, 5, stream.len()] {
                assert_eq!(seen(&stream, piece).0, Sight::Fine, "records of {size}");
            }
        }
    }

    #[test]
    fn older_versions_are_seen() {
        for version in [0x0300, 0x0301, 0x0302] {
            let stream = record_of(HANDSHAKE, &message(version, [7; 32], None));
            in_any_pieces(&stream, Sight::TooOld(version));
        }
        // An old version in the new place, and a new one beside an old one.
        for (version, selected) in [(0x0303, 0x0302), (0x0303, 0x0303), (0x0302, 0x0304)] {
            let stream = record_of(HANDSHAKE, &message(version, [7; 32], Some(selected)));
            assert_eq!(seen(&stream, 1).0, Sight::TooOld(0x0302));
        }
    }

    #[test]
    fn after_a_retry_the_next_hello_counts() {
        let ccs = record_of(CHANGE_CIPHER_SPEC, &[1]);
        let (sight, passed) = seen(&[retry(), ccs.clone()].concat(), 3);
        assert_eq!((sight, passed), (Sight::Unclear, retry().len() + ccs.len()));
        for piece in [1, 7, 1000] {
            let fine = [retry(), ccs.clone(), tls13()].concat();
            assert_eq!(seen(&fine, piece).0, Sight::Fine);
            let old = record_of(HANDSHAKE, &message(0x0302, [7; 32], None));
            let stream = [retry(), ccs.clone(), old].concat();
            assert_eq!(seen(&stream, piece).0, Sight::TooOld(0x0302));
            let twice = [retry(), retry()].concat();
            assert!(matches!(seen(&twice, piece).0, Sight::Misbehaved(_)));
        }
        let flood = [retry(), ccs.repeat(BEFORE + 1), tls13()].concat();
        for piece in [1, 6, 1000] {
            assert!(matches!(seen(&flood, piece).0, Sight::Misbehaved(_)));
        }
        let behind = [message(0x0303, RETRY, Some(0x0304)), vec![11]].concat();
        let stream = record_of(HANDSHAKE, &behind);
        assert!(matches!(seen(&stream, 1000).0, Sight::Misbehaved(_)));
    }

    #[test]
    fn alerts_pass_but_replace_no_hello() {
        let alert = record_of(ALERT, &[2, 70]);
        let (sight, passed) = seen(&alert, 2);
        assert_eq!((sight, passed), (Sight::Unclear, alert.len()));
        assert_eq!(seen(&[alert.clone(), tls13()].concat(), 1).0, Sight::Fine);
        let many = alert.repeat(BEFORE + 1);
        assert!(matches!(seen(&many, 1000).0, Sight::Misbehaved(_)));
        let long = record_of(ALERT, b"HTTP/1.1 200 OK");
        assert!(matches!(seen(&long, 1000).0, Sight::Misbehaved(_)));
    }

    #[test]
    fn anything_else_is_no_hello() {
        for stream in [
            &b"HTTP/1.1 400 Bad Request\r\n"[..],
            b"SSH-2.0-OpenSSH",
            &[0x80, 46, 1, 3, 1],
            &[22, 2, 0],
            &[23, 3, 3, 0, 1, 0],
            &[22, 3, 3, 0, 0],
            &[22, 3, 3, 0x40, 1],
        ] {
            assert_eq!(seen(stream, 1).0, Sight::NotTls, "{stream:?}");
        }
        let certificate = record_of(HANDSHAKE, &[11, 0, 0, 0]);
        assert!(matches!(seen(&certificate, 1).0, Sight::Misbehaved(_)));
        let ccs = record_of(CHANGE_CIPHER_SPEC, &[1]);
        assert!(matches!(seen(&ccs, 1).0, Sight::Misbehaved(_)));
        let huge = record_of(HANDSHAKE, &[2, 1, 0, 0]);
        assert!(matches!(seen(&huge, 1).0, Sight::Misbehaved(_)));
        let broken = record_of(HANDSHAKE, &[2, 0, 0, 2, 3, 3]);
        assert!(matches!(seen(&broken, 1).0, Sight::Misbehaved(_)));
    }

    #[test]
    fn a_hello_that_never_ends_is_given_up() {
        let start = record_of(HANDSHAKE, &[2, 0, 0x3f, 0xfc]);
        let drip = record_of(HANDSHAKE, &[0]);
        let mut stream = start;
        while stream.len() < 2 * LIMIT {
            stream.extend_from_slice(&drip);
        }
        for piece in [1000, stream.len()] {
            assert!(matches!(seen(&stream, piece).0, Sight::Misbehaved(_)));
        }
    }

    #[test]
    fn a_client_begins_as_tls_does() {
        assert!(may_be_client_hello(&[]));
        assert!(may_be_client_hello(&[22]));
        assert!(may_be_client_hello(&[22, 3, 1, 2]));
        for bytes in [&b"GET / HTTP/1.1"[..], &[22, 2], &[0x80, 46], &[23, 3, 3]] {
            assert!(!may_be_client_hello(bytes));
        }
    }
}
