//! The messages of SOCKS version 5 (RFC 1928, RFC 1929).

use url::Host;
use zeroize::Zeroizing;

use super::{Flaw, Progress};
use crate::error::SocksProblem;
use crate::tunnel::dial::Destination;

const VERSION: u8 = 5;

/// The number of the login by user name and password.
pub(super) const PASSWORD: u8 = 2;

/// How the proxy wants to be logged in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all.
    Nothing,
    /// By user name and password.
    Password,
}

/// The first message: the ways to log in. GSSAPI is not among them.
pub(super) const fn greeting(has_account: bool) -> &'static [u8] {
    match has_account {
        true => &[VERSION, 2, 0, PASSWORD],
        false => &[VERSION, 1, 0],
    }
}

/// Reads which of them the proxy chose.
pub(crate) fn chosen(answer: &[u8]) -> Result<Progress<Method>, Flaw> {
    match *answer {
        [version, ..] if version != VERSION => Err(Flaw::NotSocks),
        [_, 0, ..] => Ok(Progress::Done(Method::Nothing)),
        [_, PASSWORD, ..] => Ok(Progress::Done(Method::Password)),
        [_, 0xff, ..] => Err(SocksProblem::NoMethod.into()),
        [_, method, ..] => Err(SocksProblem::UnknownMethod { method }.into()),
        _ => Ok(Progress::Needs(2 - answer.len())),
    }
}

/// The message with user name and password, in memory that is wiped.
pub(super) fn login(user: &str, password: &str) -> Result<Zeroizing<Vec<u8>>, SocksProblem> {
    let mut message = Zeroizing::new(Vec::with_capacity(3 + user.len() + password.len()));
    message.push(1);
    for text in [user, password] {
        match u8::try_from(text.len()) {
            Ok(0) | Err(_) => return Err(SocksProblem::CredentialsUnusable),
            Ok(length) => message.push(length),
        }
        message.extend_from_slice(text.as_bytes());
    }
    Ok(message)
}

/// Reads whether the proxy accepts them.
pub(crate) fn logged_in(answer: &[u8]) -> Result<Progress<bool>, Flaw> {
    match *answer {
        [1, status, ..] => Ok(Progress::Done(status == 0)),
        [] | [1] => Ok(Progress::Needs(2 - answer.len())),
        [found, ..] => Err(malformed("version of the login", found)),
    }
}

/// The request for a connection. A name goes as it is.
pub(super) fn request(destination: &Destination) -> Result<Vec<u8>, SocksProblem> {
    let mut message = vec![VERSION, 1, 0];
    match &destination.host {
        Host::Ipv4(address) => {
            message.push(1);
            message.extend(address.octets());
        }
        Host::Ipv6(address) => {
            message.push(4);
            message.extend(address.octets());
        }
        Host::Domain(_) => {
            let name = destination.name();
            let length = u8::try_from(name.len()).map_err(|_| SocksProblem::NameTooLong)?;
            message.extend([3, length]);
            message.extend(name.as_bytes());
        }
    }
    message.extend(destination.port.to_be_bytes());
    Ok(message)
}

/// Reads whether the proxy is connected. The address from which it is so, it may keep for itself.
pub(crate) fn reply(answer: &[u8]) -> Result<Progress<()>, Flaw> {
    let address = match *answer {
        [version, ..] if version != VERSION => return Err(malformed("version", version)),
        [_, code, ..] if code != 0 => {
            let meaning = meaning(code);
            return Err(SocksProblem::Refused { code, meaning }.into());
        }
        [_, _, _, 1, ..] => 4,
        [_, _, _, 4, ..] => 16,
        [_, _, _, 3, length, ..] => 1 + usize::from(length),
        [_, _, _, 3] => 1,
        [_, _, _, found, ..] => return Err(malformed("type of address", found)),
        _ => return Ok(Progress::Needs(4 - answer.len())),
    };
    // The port is behind the address.
    match (4 + address + 2).checked_sub(answer.len()) {
        None | Some(0) => Ok(Progress::Done(())),
        Some(more) if answer.len() < 5 && address == 1 => Ok(Progress::Needs(more - 2)),
        Some(more) => Ok(Progress::Needs(more)),
    }
}

/// RFC 1928, section 6.
fn meaning(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "not allowed",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "type of address not supported",
        _ => "unknown code",
    }
}

fn malformed(field: &'static str, found: u8) -> Flaw {
    SocksProblem::Malformed { field, found }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds an answer as it is asked for. How many bytes were taken, and what came of it; `None` if it ended too early.
    fn fed<T>(
        parse: fn(&[u8]) -> Result<Progress<T>, Flaw>,
        answer: &[u8],
    ) -> (usize, Option<Result<T, Flaw>>) {
        let mut taken = 0;
        loop {
            match parse(&answer[..taken]) {
                Ok(Progress::Needs(more)) => {
                    assert!(more > 0);
                    if taken + more > answer.len() {
                        return (taken, None);
                    }
                    taken += more;
                }
                Ok(Progress::Done(value)) => return (taken, Some(Ok(value))),
                Err(flaw) => return (taken, Some(Err(flaw))),
            }
        }
    }

    fn to(host: &str) -> Destination {
        Destination {
            host: Host::parse(host).unwrap(),
            port: 443,
        }
    }

    #[test]
    fn a_request_names_the_destination_by_its_kind() {
        for (host, expected) in [
            ("a.example", &b"\x05\x01\0\x03\x09a.example\x01\xbb"[..]),
            ("a.example.", b"\x05\x01\0\x03\x09a.example\x01\xbb"),
            ("192.0.2.1", b"\x05\x01\0\x01\xc0\0\x02\x01\x01\xbb"),
            (
                "[2001:db8::1]",
                b"\x05\x01\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x01\xbb",
            ),
        ] {
            assert_eq!(request(&to(host)).unwrap(), expected);
        }
        let mut long = to("a");
        long.host = Host::Domain("a".repeat(256));
        assert_eq!(request(&long), Err(SocksProblem::NameTooLong));
    }

    #[test]
    fn a_login_carries_255_bytes_and_no_more() {
        assert_eq!(*login("adele", "hush").unwrap(), b"\x01\x05adele\x04hush");
        let long = "x".repeat(256);
        for (user, password) in [("", "p"), ("u", ""), ("u", &long), (&long, "p")] {
            let unusable = login(user, password).map(|message| message.to_vec());
            assert_eq!(unusable, Err(SocksProblem::CredentialsUnusable));
        }
        assert_eq!(login(&long[1..], &long[1..]).unwrap().len(), 3 + 2 * 255);
    }

    #[test]
    fn a_reply_is_taken_to_its_last_byte_and_no_further() {
        for (answer, length) in [
            (&b"\x05\0\0\x01\0\0\0\0\0\0TLS"[..], 10),
            (b"\x05\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0TLS", 22),
            (b"\x05\0\0\x03\x03abc\0\0TLS", 10),
            (b"\x05\0\0\x03\0\0\0TLS", 7),
        ] {
            assert_eq!(fed(reply, answer), (length, Some(Ok(()))));
            for cut in 0..length {
                assert_eq!(fed(reply, &answer[..cut]).1, None, "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_refusal_is_read_from_its_code() {
        for (answer, code, meaning) in [
            (&b"\x05\x02\0\x01"[..], 2, "not allowed"),
            (b"\x05\x05\0\x01\0\0\0\0\0\0", 5, "connection refused"),
            (b"\x05\xf0\0\xff", 0xf0, "unknown code"),
        ] {
            let refused = SocksProblem::Refused { code, meaning };
            assert_eq!(fed(reply, answer).1, Some(Err(refused.into())));
        }
        let flaw = fed(reply, b"\x05\0\0\x02\0\0").1;
        assert_eq!(flaw, Some(Err(malformed("type of address", 2))));
        let flaw = fed(reply, b"\x04\x5a\0\0").1;
        assert_eq!(flaw, Some(Err(malformed("version", 4))));
    }

    #[test]
    fn the_method_is_one_that_was_offered() {
        let method = |answer| fed(chosen, answer).1;
        assert_eq!(method(b"\x05\0"), Some(Ok(Method::Nothing)));
        assert_eq!(method(b"\x05\x02"), Some(Ok(Method::Password)));
        let none = SocksProblem::NoMethod.into();
        assert_eq!(method(b"\x05\xff"), Some(Err(none)));
        let gssapi = SocksProblem::UnknownMethod { method: 1 }.into();
        assert_eq!(method(b"\x05\x01"), Some(Err(gssapi)));
        assert_eq!(method(b"HTTP"), Some(Err(Flaw::NotSocks)));
        assert_eq!(method(b"\x05"), None);
        assert_eq!(fed(logged_in, b"\x01\0"), (2, Some(Ok(true))));
        assert_eq!(fed(logged_in, b"\x01\x01"), (2, Some(Ok(false))));
        let wrong = malformed("version of the login", 5);
        assert_eq!(fed(logged_in, b"\x05\0").1, Some(Err(wrong)));
    }
}
