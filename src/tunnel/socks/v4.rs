//! The messages of SOCKS version 4, and of its extension 4A for names.

use url::Host;

use super::{Flaw, Progress};
use crate::error::SocksProblem;
use crate::tunnel::dial::Destination;

/// The request for a connection, with an empty user name.
pub(super) fn request(destination: &Destination) -> Result<Vec<u8>, SocksProblem> {
    let mut message = vec![4, 1];
    message.extend(destination.port.to_be_bytes());
    match &destination.host {
        Host::Ipv4(address) => {
            message.extend(address.octets());
            message.push(0);
        }
        Host::Domain(_) => {
            let name = destination.name();
            if name.len() > 255 {
                return Err(SocksProblem::NameTooLong);
            }
            // An address that cannot be says that a name follows.
            message.extend([0, 0, 0, 1, 0]);
            message.extend(name.as_bytes());
            message.push(0);
        }
        Host::Ipv6(_) => return Err(SocksProblem::NeedsIpv4),
    }
    Ok(message)
}

/// Reads whether the proxy is connected.
pub(crate) fn reply(answer: &[u8]) -> Result<Progress<()>, Flaw> {
    match *answer {
        [version, ..] if version != 0 => Err(Flaw::NotSocks),
        [_, 0x5a, ..] => Ok(match 8_usize.saturating_sub(answer.len()) {
            0 => Progress::Done(()),
            more => Progress::Needs(more),
        }),
        [_, code, ..] => {
            let meaning = meaning(code);
            Err(SocksProblem::Refused { code, meaning }.into())
        }
        _ => Ok(Progress::Needs(2 - answer.len())),
    }
}

fn meaning(code: u8) -> &'static str {
    match code {
        0x5b => "rejected or failed",
        0x5c => "no identity service on this computer",
        0x5d => "another user by the identity service",
        _ => "unknown code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(host: &str) -> Result<Vec<u8>, SocksProblem> {
        request(&Destination {
            host: Host::parse(host).unwrap(),
            port: 443,
        })
    }

    #[test]
    fn a_request_has_an_address_or_a_name() {
        assert_eq!(
            to("192.0.2.1").unwrap(),
            b"\x04\x01\x01\xbb\xc0\0\x02\x01\0"
        );
        let named = b"\x04\x01\x01\xbb\0\0\0\x01\0a.example\0";
        assert_eq!(to("a.example").unwrap(), named);
        assert_eq!(to("[::1]"), Err(SocksProblem::NeedsIpv4));
        assert_eq!(to(&"a".repeat(256)), Err(SocksProblem::NameTooLong));
    }

    #[test]
    fn a_reply_has_eight_bytes() {
        let granted = b"\0\x5a\0\0\0\0\0\0";
        assert_eq!(reply(granted), Ok(Progress::Done(())));
        assert_eq!(reply(&granted[..3]), Ok(Progress::Needs(5)));
        assert_eq!(reply(&granted[..1]), Ok(Progress::Needs(1)));
        assert_eq!(reply(b""), Ok(Progress::Needs(2)));
        assert_eq!(reply(b"HT"), Err(Flaw::NotSocks));
        let refused = SocksProblem::Refused {
            code: 0x5b,
            meaning: "rejected or failed",
        };
        assert_eq!(reply(b"\0\x5b\0\0\0\0\0\0"), Err(refused.into()));
    }
}
