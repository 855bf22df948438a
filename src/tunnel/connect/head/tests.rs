//! What a strict reader of heads takes and refuses.

use super::*;

/// Reads a head whole, and again byte by byte. What came of it, and what is left of the input.
fn read(input: &[u8]) -> (Result<Option<Head>, Flaw>, &[u8]) {
    let mut rest = input;
    let whole = HeadReader::default().read(&mut rest);

    let mut reader = HeadReader::default();
    let mut taken = 0;
    let mut pieces = Ok(None);
    for byte in input {
        pieces = reader.read(&mut std::slice::from_ref(byte));
        taken += 1;
        if pieces != Ok(None) {
            break;
        }
    }
    match (&whole, &pieces) {
        // Read whole, more of what came instead can be shown.
        (Err(Flaw::NotHttp(whole)), Err(Flaw::NotHttp(first))) => assert!(whole.starts_with(first)),
        _ => assert_eq!(whole, pieces),
    }
    assert_eq!(taken, input.len() - rest.len());
    (whole, rest)
}

fn head(text: &str) -> Head {
    let (head, rest) = read(text.as_bytes());
    assert_eq!(rest, b"");
    head.unwrap().unwrap()
}

fn flaw(input: &[u8]) -> Flaw {
    read(input).0.unwrap_err()
}

#[test]
fn a_head_ends_with_its_blank_line() {
    let (head, rest) = read(b"HTTP/1.1 200 Connection established\r\nVia: \t1.1 proxy \r\n\r\nTLS");
    let head = head.unwrap().unwrap();
    assert_eq!(
        (head.status, head.reason.as_str()),
        (200, "Connection established")
    );
    assert_eq!(head.values("via").collect::<Vec<_>>(), [b"1.1 proxy"]);
    assert_eq!(rest, b"TLS");
    assert_eq!(read(b"HTTP/1.1 200 OK\r\n\r").0, Ok(None));
}

#[test]
fn words_may_be_missing_and_are_made_harmless() {
    assert_eq!(head("HTTP/1.0 200\r\n\r\n").reason.as_str(), "");
    assert_eq!(head("HTTP/1.0 200 \r\n\r\n").reason.as_str(), "");
    assert_eq!(
        head("HTTP/1.1 407 n\u{202e}o\r\n\r\n").reason.as_str(),
        "no"
    );
}

#[test]
fn what_is_no_http_is_kept_as_evidence() {
    let alert = b"\x15\x03\x03\x00\x02\x02\x0a";
    assert_eq!(flaw(alert), Flaw::NotHttp(alert.to_vec()));
    let banner = b"SSH-2.0-OpenSSH_9.2p1 Debian";
    assert_eq!(flaw(banner), Flaw::NotHttp(banner[..16].to_vec()));
    assert_eq!(
        flaw(b"HTXP/1.1 200"),
        Flaw::NotHttp(b"HTXP/1.1 200".to_vec())
    );
    assert_eq!(
        flaw(b"\r\nHTTP/1.1 200 OK\r\n\r\n"),
        Flaw::NotHttp(b"\r\nHTTP/1.1 200 O".to_vec())
    );
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    for input in [
        // Two status lines.
        &b"HTTP/1.1 200 OK\r\nHTTP/1.1 407 No\r\n\r\n"[..],
        // Line feeds alone, carriage returns alone.
        b"HTTP/1.1 200 OK\n\n",
        b"HTTP/1.1 200 OK\r\nA: b\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\r\n",
        // Fields over several lines.
        b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n A: b\r\n\r\n",
        // NUL and its like.
        b"HTTP/1.1 200 O\0K\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \x08\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \x7f\r\n\r\n",
        // Names that are none.
        b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA : c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\xc3\xa9: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nabc\r\n\r\n",
        // Status lines that are none.
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.2 200 OK\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 600 OK\r\n\r\n",
        b"HTTP/1.1 +20 OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
    ] {
        let flaw = flaw(input);
        assert!(matches!(flaw, Flaw::Malformed(_)), "{input:?}: {flaw:?}");
    }
}

#[test]
fn a_head_is_bounded() {
    let fields = |count| format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(count));
    assert_eq!(head(&fields(FIELDS)).values("a").count(), FIELDS);
    assert_eq!(flaw(fields(FIELDS + 1).as_bytes()), Flaw::TooLarge);

    let sized = |bytes: usize| {
        let frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n".len();
        format!(
            "HTTP/1.1 200 OK\r\nA: {}\r\n\r\n",
            "b".repeat(bytes - frame)
        )
    };
    assert_eq!(head(&sized(BYTES)).status, 200);
    assert_eq!(flaw(sized(BYTES + 1).as_bytes()), Flaw::TooLarge);
}

#[test]
fn the_end_of_a_body_is_found_in_one_way_only() {
    for (fields, expected) in [
        ("", Ok(Framing::UntilClose)),
        ("Content-Length: 12", Ok(Framing::Length(12))),
        (
            "Content-Length: 12\r\nContent-Length: 12",
            Ok(Framing::Length(12)),
        ),
        ("Transfer-Encoding: Chunked", Ok(Framing::Chunked)),
        ("Transfer-Encoding: gzip, chunked", Ok(Framing::UntilClose)),
        ("Content-Length: 12\r\nContent-Length: 13", Err(())),
        ("Content-Length: 12, 12", Err(())),
        ("Content-Length: +12", Err(())),
        ("Content-Length:", Err(())),
        ("Content-Length: 99999999999999999999", Err(())),
        ("Content-Length: 0\r\nTransfer-Encoding: chunked", Err(())),
    ] {
        let head = head(
            &format!("HTTP/1.1 407 No\r\n{fields}\r\n\r\n").replace("\r\n\r\n\r\n", "\r\n\r\n"),
        );
        assert_eq!(head.framing().map_err(|_| ()), expected, "{fields}");
    }
    let old = head("HTTP/1.0 407 No\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert!(old.framing().is_err());
    assert_eq!(
        head("HTTP/1.1 204 No\r\n\r\n").framing(),
        Ok(Framing::Length(0))
    );
}

#[test]
fn the_connection_stays_open_as_the_version_has_it() {
    for (version, field, expected) in [
        ("1.1", "Via: x", true),
        ("1.1", "Connection: close", false),
        ("1.1", "Proxy-Connection: Close", false),
        ("1.1", "Connection: x, close", false),
        ("1.0", "Via: x", false),
        ("1.0", "Connection: Keep-Alive", true),
        ("1.0", "Proxy-Connection: keep-alive", true),
    ] {
        let head = head(&format!("HTTP/{version} 407 No\r\n{field}\r\n\r\n"));
        assert_eq!(head.is_kept_open(), expected, "{version} {field}");
    }
}
