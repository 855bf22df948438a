//! The head of a request to the gateway (RFC 9112, sections 2, 3 and 5), read strictly: what two readers could read in two
//! ways is refused. Sans-IO.

use zeroize::{Zeroize, Zeroizing};

use crate::error::GatewayFault;

/// The most bytes of a head, its empty line included.
pub(super) const BYTES: usize = 8 << 10;

/// The most fields of a head.
const FIELDS: usize = 64;

/// The most bytes of a body. Only questions to an OCSP responder have one.
const BODY: usize = 4 << 10;

const END: &[u8] = b"\r\n\r\n";

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// A tunnel to `host:port`, both as they were written.
    Tunnel(String),
    /// A resource by plain HTTP, whose body has this many bytes if it is a `POST`.
    Plain { url: String, body: Option<usize> },
    /// Anything else: the method.
    Other(String),
}

/// A request, as far as the gateway is concerned.
pub(super) struct Head {
    pub(super) wish: Wish,
    /// The field `proxy-authorization`. The head keeps no other field.
    pub(super) credentials: Option<Zeroizing<Vec<u8>>>,
    /// What came behind the head.
    pub(super) rest: Vec<u8>,
}

/// Reads one head, in pieces of any size. The bytes are wiped, since they hold the token.
#[derive(Default)]
pub(super) struct HeadReader {
    bytes: Vec<u8>,
}

impl HeadReader {
    /// Takes the next piece. `None` if the head is not complete yet.
    ///
    /// # Errors
    /// [`GatewayFault::HeadTooLarge`], or [`GatewayFault::Malformed`] with the rule that was broken.
    pub(super) fn read(&mut self, piece: &[u8]) -> Result<Option<Head>, GatewayFault> {
        // The end may begin in what came before.
        let seen = self.bytes.len().saturating_sub(END.len() - 1);
        self.append(piece);
        let fresh = self.bytes.get(seen..).unwrap_or_default();
        let end = memchr::memmem::find(fresh, END).map(|at| seen + at + END.len());
        match end {
            Some(end) if end <= BYTES => {
                let (head, rest) = self.bytes.split_at_checked(end).unwrap_or_default();
                let mut head = parse(head)?;
                head.rest = rest.to_vec();
                Ok(Some(head))
            }
            None if self.bytes.len() < BYTES => Ok(None),
            _ => Err(GatewayFault::HeadTooLarge),
        }
    }

    /// Whether nothing came at all: a connection that was opened in advance and not needed.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Grows by hand: `Vec` would free the old memory without wiping it.
    fn append(&mut self, piece: &[u8]) {
        let needed = self.bytes.len() + piece.len();
        if needed > self.bytes.capacity() {
            let mut larger = Vec::with_capacity(needed.max(2 * self.bytes.capacity()).max(1024));
            larger.extend_from_slice(&self.bytes);
            self.bytes.zeroize();
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(piece);
    }
}

impl Drop for HeadReader {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

fn malformed(rule: &'static str) -> GatewayFault {
    GatewayFault::Malformed { rule }
}

fn parse(head: &[u8]) -> Result<Head, GatewayFault> {
    let text = head.strip_suffix(END).unwrap_or(head);
    let mut lines = Lines(Some(text));
    let line = lines.next().unwrap_or(Ok(b""))?;
    let (method, target, is_1_0) = request_line(line)?;
    let fields = Fields::read(lines)?;
    let wish = match method {
        "CONNECT" => {
            fields.check_host(target, is_1_0)?;
            if fields.length.is_some_and(|length| length != 0) {
                return Err(malformed("a request for a tunnel has no body"));
            }
            Wish::Tunnel(target.to_owned())
        }
        "GET" if fields.length.is_none_or(|length| length == 0) => Wish::Plain {
            url: target.to_owned(),
            body: None,
        },
        "POST" => match fields.length {
            Some(length) if length <= BODY => Wish::Plain {
                url: target.to_owned(),
                body: Some(length),
            },
            _ => return Err(malformed("a body has a length, of 4 KiB at most")),
        },
        other => Wish::Other(other.to_owned()),
    };
    Ok(Head {
        wish,
        credentials: fields.credentials,
        rest: Vec::new(),
    })
}

/// Lines that end with CRLF, and hold neither a CR nor an LF otherwise.
struct Lines<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Lines<'a> {
    type Item = Result<&'a [u8], GatewayFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0.take()?;
        let line = match memchr::memmem::find(text, b"\r\n") {
            Some(at) => {
                let (line, rest) = text.split_at_checked(at)?;
                self.0 = rest.get(2..);
                line
            }
            None => text,
        };
        let is_clean = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
        Some(match line.iter().all(is_clean) {
            true => Ok(line),
            false => Err(malformed(
                "a line ends with CRLF and holds no control character",
            )),
        })
    }
}

/// The method, the target, and whether the version is 1.0.
fn request_line(line: &[u8]) -> Result<(&str, &str, bool), GatewayFault> {
    let line = std::str::from_utf8(line)
        .ok()
        .filter(|line| line.bytes().all(|byte| matches!(byte, b' '..=b'~')))
        .ok_or_else(|| malformed("the first line is ASCII"))?;
    let mut parts = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("the first line has three parts"));
    };
    let is_method = !method.is_empty() && method.len() <= 32 && method.bytes().all(is_of_token);
    if !is_method || target.is_empty() {
        return Err(malformed(
            "the first line begins with a method and a target",
        ));
    }
    match version {
        "HTTP/1.1" => Ok((method, target, false)),
        "HTTP/1.0" => Ok((method, target, true)),
        _ => Err(malformed("the version is HTTP/1.1 or HTTP/1.0")),
    }
}

/// What the fields say.
#[derive(Default)]
struct Fields<'a> {
    host: Option<&'a [u8]>,
    length: Option<usize>,
    credentials: Option<Zeroizing<Vec<u8>>>,
}

impl<'a> Fields<'a> {
    fn read(lines: Lines<'a>) -> Result<Self, GatewayFault> {
        let mut fields = Self::default();
        for (number, line) in lines.enumerate() {
            if number == FIELDS {
                return Err(GatewayFault::HeadTooLarge);
            }
            fields.add(line?)?;
        }
        Ok(fields)
    }

    fn add(&mut self, line: &'a [u8]) -> Result<(), GatewayFault> {
        let colon = memchr::memchr(b':', line).ok_or_else(|| malformed("a field has a colon"))?;
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        // This refuses a blank before the colon, and a line that goes on with the one before.
        if name.is_empty() || !name.iter().copied().all(is_of_token) {
            return Err(malformed("the name of a field is a token"));
        }
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is_first = match name.to_ascii_lowercase().as_slice() {
            b"host" => self.host.replace(value).is_none(),
            b"content-length" => self.length.replace(length(value)?).is_none(),
            b"proxy-authorization" => {
                let value = Zeroizing::new(value.to_vec());
                self.credentials.replace(value).is_none()
            }
            b"transfer-encoding" => {
                return Err(malformed("a request has no transfer coding"));
            }
            _ => true,
        };
        match is_first {
            true => Ok(()),
            false => Err(malformed("this field stands once")),
        }
    }

    /// RFC 9112, section 3.2: the field is there, and says what the target says. Some leave the port out.
    fn check_host(&self, target: &str, is_1_0: bool) -> Result<(), GatewayFault> {
        let named = target.rsplit_once(':').map_or(target, |(host, _)| host);
        let fits = |host: &[u8]| {
            host.eq_ignore_ascii_case(target.as_bytes())
                || host.eq_ignore_ascii_case(named.as_bytes())
        };
        match self.host {
            Some(host) if fits(host) => Ok(()),
            None if is_1_0 => Ok(()),
            _ => Err(malformed("the field Host names the target")),
        }
    }
}

fn length(value: &[u8]) -> Result<usize, GatewayFault> {
    let digits = std::str::from_utf8(value).ok();
    digits
        .filter(|digits| !digits.is_empty() && digits.len() <= 9)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| malformed("a length is a number"))
}

/// RFC 9110, section 5.6.2.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Head, GatewayFault> {
        HeadReader::default()
            .read(text.as_bytes())
            .map(Option::unwrap)
    }

    fn rule(text: &str) -> &'static str {
        match read(text).err() {
            Some(GatewayFault::Malformed { rule }) => rule,
            other => panic!("{other:?} for {text:?}"),
        }
    }

    const PLAIN: &str = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\
                         Proxy-Authorization: Basic eDp5\r\n\r\n";

    #[test]
    fn a_head_is_read_at_any_cut_and_what_follows_is_kept() {
        let text = format!("{PLAIN}\x16\x03\x01");
        for cut in 0..text.len() {
            let (one, two) = text.as_bytes().split_at(cut);
            let mut reader = HeadReader::default();
            let mut head = reader.read(one).unwrap();
            let mut rest = two.to_vec();
            match &mut head {
                Some(head) => rest = [head.rest.as_slice(), two].concat(),
                None => head = reader.read(two).unwrap(),
            }
            let head = head.unwrap();
            assert_eq!(head.wish, Wish::Tunnel("a.example:443".into()));
            assert_eq!(head.credentials.unwrap().as_slice(), b"Basic eDp5");
            assert!(rest.ends_with(b"\x16\x03\x01"));
        }
    }

    #[test]
    fn browsers_and_tools_of_all_kinds_are_understood() {
        for text in [
            // Chromium
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nProxy-Connection: keep-alive\r\n\
             User-Agent: Mozilla/5.0\r\n\r\n",
            // WinINet
            "CONNECT a.example:443 HTTP/1.0\r\nUser-Agent: x\r\nHost: a.example\r\n\
             Content-Length: 0\r\nPragma: no-cache\r\n\r\n",
            "CONNECT a.example:443 HTTP/1.0\r\n\r\n",
            "CONNECT A.example:443 HTTP/1.1\r\nhost:\ta.EXAMPLE:443 \r\n\r\n",
        ] {
            assert!(
                matches!(read(text).unwrap().wish, Wish::Tunnel(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let connect = |fields: &str| format!("CONNECT a.example:443 HTTP/1.1\r\n{fields}\r\n");
        let host = "Host: a.example:443\r\n";
        for text in [
            "CONNECT a.example:443 HTTP/1.1\nHost: a.example:443\r\n\r\n".to_owned(),
            "\r\nCONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT  a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT\ta.example:443\tHTTP/1.1\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT a.example:443 HTTP/2.0\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT a.example:443 http/1.1\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT a.example:443\r\nHost: a.example:443\r\n\r\n".to_owned(),
            "CONNECT パ.example:443 HTTP/1.1\r\nHost: パ.example:443\r\n\r\n".to_owned(),
            " CONNECT a.example:443 HTTP/1.1\r\n\r\n".to_owned(),
            "\r\n\r\n".to_owned(),
            connect(""),
            connect("Host: b.example:443\r\n"),
            connect("Host: a.example:443\r\nHost: a.example:443\r\n"),
            connect(&format!("{host}Host : x\r\n")),
            connect(&format!("{host} folded\r\n")),
            connect(&format!("{host}X: a\rb\r\n")),
            connect(&format!("{host}X: a\nY: b\r\n")),
            connect(&format!("{host}X: a\0b\r\n")),
            connect(&format!("{host}no colon\r\n")),
            connect(&format!("{host}: no name\r\n")),
            connect(&format!("{host}Content-Length: 5\r\n")),
            connect(&format!("{host}Content-Length: +0\r\n")),
            connect(&format!("{host}Content-Length: 0\r\nContent-Length: 0\r\n")),
            connect(&format!("{host}Transfer-Encoding: chunked\r\n")),
            connect(&format!("{host}Transfer-Encoding: identity\r\n")),
            connect(&format!(
                "{host}Proxy-Authorization: Basic a\r\nproxy-authorization: Basic b\r\n"
            )),
        ] {
            assert!(!rule(&text).is_empty());
        }
    }

    #[test]
    fn a_head_that_never_ends_is_given_up_at_8_kib() {
        let mut reader = HeadReader::default();
        reader
            .read(b"CONNECT a.example:443 HTTP/1.1\r\nX: ")
            .unwrap();
        let mut bytes = 0;
        let fault = loop {
            bytes += 1;
            match reader.read(b"a") {
                Ok(head) => assert!(head.is_none()),
                Err(fault) => break fault,
            }
        };
        assert_eq!(fault, GatewayFault::HeadTooLarge);
        assert!(bytes < BYTES);

        let long = format!(
            "{}X: {}\r\n\r\n",
            &PLAIN[..PLAIN.len() - 2],
            "a".repeat(BYTES)
        );
        assert_eq!(read(&long).err(), Some(GatewayFault::HeadTooLarge));
        let many = format!(
            "{}{}\r\n",
            &PLAIN[..PLAIN.len() - 2],
            "X: a\r\n".repeat(FIELDS)
        );
        assert_eq!(read(&many).err(), Some(GatewayFault::HeadTooLarge));
    }

    #[test]
    fn a_long_rest_does_not_make_a_head_too_large() {
        let text = format!("{PLAIN}{}", "a".repeat(2 * BYTES));
        assert_eq!(read(&text).unwrap().rest.len(), 2 * BYTES);
    }

    #[test]
    fn other_methods_are_told_and_bodies_are_bounded() {
        let wish = |text: &str| read(text).unwrap().wish;
        assert_eq!(
            wish("GET http://o.example/MFI HTTP/1.1\r\nHost: o.example\r\n\r\n"),
            Wish::Plain {
                url: "http://o.example/MFI".into(),
                body: None
            }
        );
        assert_eq!(
            wish("POST http://o.example/ HTTP/1.1\r\nContent-Length: 70\r\n\r\n"),
            Wish::Plain {
                url: "http://o.example/".into(),
                body: Some(70)
            }
        );
        assert_eq!(wish("PUT / HTTP/1.1\r\n\r\n"), Wish::Other("PUT".into()));
        assert_eq!(
            wish("connect a:443 HTTP/1.1\r\n\r\n"),
            Wish::Other("connect".into())
        );
        rule("POST http://o.example/ HTTP/1.1\r\n\r\n");
        rule("POST http://o.example/ HTTP/1.1\r\nContent-Length: 4097\r\n\r\n");
    }
}
