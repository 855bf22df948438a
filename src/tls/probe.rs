//! A second hello for the diagnosis: is it an old version, or only old cipher suites?
//!
//! Some servers refuse both with the same alert. The hello of a probe offers TLS 1.0 to 1.2 with the cipher suites of
//! those days, reads the answer's first message and goes no further: no key is agreed on, nothing is trusted and nothing
//! is sent over it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Extensions, by number.
const SERVER_NAME: u16 = 0;
const GROUPS: u16 = 10;
const POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;

/// What servers of TLS 1.0 to 1.2 may choose: AEAD, CBC and RC4, with ECDHE, DHE and RSA key exchange; at the end the
/// signal that stands for secure renegotiation (RFC 5746).
const SUITES: [u16; 27] = [
    0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0xc023, 0xc024, 0xc027, 0xc028, 0xc009, 0xc00a,
    0xc013, 0xc014, 0x009e, 0x009f, 0x0067, 0x0033, 0x0039, 0x009c, 0x009d, 0x003c, 0x002f, 0x0035,
    0x000a, 0x0005, 0x00ff,
];

/// secp256r1, secp384r1, secp521r1, x25519.
const CURVES: [u16; 4] = [0x0017, 0x0018, 0x0019, 0x001d];

/// RSA and ECDSA with SHA-256, SHA-384, SHA-512 and SHA-1.
const SIGNATURES: [u16; 8] = [
    0x0403, 0x0503, 0x0603, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201,
];

/// The most bytes of an answer that are looked at. What is read of a ServerHello ends after 78 at most.
const LIMIT: usize = 128;

/// What a server answers to the hello of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// It chose a version and a cipher suite, both as on the wire (`0x0302` is TLS 1.1).
    Chose {
        /// The version.
        version: u16,
        /// The cipher suite.
        suite: u16,
    },
    /// It refused with this alert (RFC 8446, section 6).
    Refused {
        /// The number of the alert.
        alert: u8,
    },
    /// It ended the connection without an answer.
    Silent,
    /// What it says is no TLS.
    NotTls,
}

impl Answer {
    /// Whether the server speaks TLS, but nothing newer than TLS 1.1.
    pub fn is_too_old(self) -> bool {
        matches!(self, Self::Chose { version, .. } if version < 0x0303)
    }

    /// Reads the first bytes of an answer; `None` while there are too few of them.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [] | [22] | [21] | [22 | 21, 3] => None,
            [21, 3, _, _, _, _, alert, ..] => Some(Self::Refused { alert: *alert }),
            [21, 3, ..] => None,
            // The record's header, type and length of the message, the version, random bytes.
            [22, 3, _, _, _, 2, _, _, _, major, minor, rest @ ..] => {
                let session = usize::from(*rest.get(32)?);
                let suite = rest.get(33 + session..35 + session)?;
                Some(Self::Chose {
                    version: u16::from_be_bytes([*major, *minor]),
                    suite: u16::from_be_bytes(suite.try_into().ok()?),
                })
            }
            [22, 3, _, _, _, 2, ..] => None,
            [22, 3, ..] if bytes.len() < 6 => None,
            _ => Some(Self::NotTls),
        }
    }
}

/// The hello, as one record: for the server `host`, with these random bytes (RFC 5246, section 7.4.1.2).
pub fn hello(host: &str, random: [u8; 32]) -> Vec<u8> {
    let mut extensions = Vec::new();
    if host.parse::<std::net::IpAddr>().is_err() {
        let name = [&[0][..], &sized(host.as_bytes())].concat();
        extensions.extend(extension(SERVER_NAME, &sized(&name)));
    }
    extensions.extend(extension(GROUPS, &sized(&numbers(&CURVES))));
    extensions.extend(extension(POINT_FORMATS, &[1, 0]));
    extensions.extend(extension(
        SIGNATURE_ALGORITHMS,
        &sized(&numbers(&SIGNATURES)),
    ));

    let mut body = vec![3, 3];
    body.extend(random);
    body.push(0); // no session
    body.extend(sized(&numbers(&SUITES)));
    body.extend([1, 0]); // no compression
    body.extend(sized(&extensions));

    let message = [&[1, 0][..], &sized(&body)].concat();
    // Old servers look at the version of the record: they want the oldest that is offered.
    [&[22, 3, 1][..], &sized(&message)].concat()
}

/// Sends the hello on `wire`, reads the answer's beginning, and is done with it. The caller limits the time.
///
/// # Errors
/// The connection failed, or this computer has no random numbers. That it ended is [`Answer::Silent`].
pub async fn ask<W: AsyncRead + AsyncWrite + Unpin>(mut wire: W, host: &str) -> io::Result<Answer> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    wire.write_all(&hello(host, random)).await?;
    wire.flush().await?;
    let mut answer = Vec::with_capacity(LIMIT);
    let mut wire = wire.take(LIMIT as u64);
    loop {
        if wire.read_buf(&mut answer).await? == 0 {
            return Ok(match answer.is_empty() {
                true => Answer::Silent,
                false => Answer::NotTls,
            });
        }
        if let Some(answer) = Answer::read(&answer) {
            return Ok(answer);
        }
    }
}

fn extension(number: u16, data: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &sized(data)].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().copied().flat_map(u16::to_be_bytes).collect()
}

/// A vector behind its length in two bytes. Nothing here comes near 65,536 bytes: a host name has 255 at most.
fn sized(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], data].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_hello(version: u16, session: u8, suite: u16) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.push(session);
        body.extend(vec![9; usize::from(session)]);
        body.extend(suite.to_be_bytes());
        body.push(0);
        let message = [&[2, 0][..], &sized(&body)].concat();
        [&[22, 3, 1][..], &sized(&message)].concat()
    }

    #[test]
    fn the_answer_is_read_at_any_cut() {
        for (whole, expected, needed) in [
            (
                server_hello(0x0302, 0, 0x002f),
                Answer::Chose {
                    version: 0x0302,
                    suite: 0x002f,
                },
                46,
            ),
            (
                server_hello(0x0303, 16, 0x003c),
                Answer::Chose {
                    version: 0x0303,
                    suite: 0x003c,
                },
                62,
            ),
            (
                vec![21, 3, 1, 0, 2, 2, 70],
                Answer::Refused { alert: 70 },
                7,
            ),
            (b"HTTP/1.1 400".to_vec(), Answer::NotTls, 1),
            (vec![22, 3, 3, 0, 4, 14, 0, 0, 0], Answer::NotTls, 6),
        ] {
            for length in 0..=whole.len() {
                let read = Answer::read(&whole[..length]);
                let expected = (length >= needed).then_some(expected);
                assert_eq!(read, expected, "{length} of {whole:02x?}");
            }
        }
    }

    #[test]
    fn only_versions_before_1_2_are_too_old() {
        for (version, is_too_old) in [(0x0301, true), (0x0302, true), (0x0303, false)] {
            let answer = Answer::Chose { version, suite: 0 };
            assert_eq!(answer.is_too_old(), is_too_old);
        }
        assert!(!Answer::Refused { alert: 70 }.is_too_old());
    }

    #[tokio::test]
    async fn the_hello_is_one_record_and_the_only_thing_sent() {
        let (near, mut far) = tokio::io::duplex(1024);
        let asking = tokio::spawn(async move { ask(near, "host.example").await });
        let mut header = [0; 5];
        far.read_exact(&mut header).await.unwrap();
        assert_eq!(header[..3], [22, 3, 1]);
        let mut message = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
        far.read_exact(&mut message).await.unwrap();
        assert_eq!(
            usize::from(message[3]) + 256 * usize::from(message[2]) + 4,
            message.len()
        );
        let name = b"host.example";
        assert!(message.windows(name.len()).any(|window| window == name));
        far.write_all(&[21, 3, 1, 0, 2, 2, 40]).await.unwrap();
        let answer = asking.await.unwrap().unwrap();
        assert_eq!(answer, Answer::Refused { alert: 40 });
        assert_eq!(far.read(&mut header).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn an_end_is_silence() {
        let (near, mut far) = tokio::io::duplex(1024);
        far.shutdown().await.unwrap();
        assert_eq!(ask(near, "::1").await.unwrap(), Answer::Silent);
    }
}
