//! HTTP/1.1 (RFC 9112) on the tenant's side, as much as the tenant needs of it.
//!
//! It is written by hand so that a fault can be exact to the byte, and so that the tenant has no framing code in
//! common with a client under test.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::traffic::Request;

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 1024 * 1024;
const MAX_FIELDS: usize = 100;

/// The incoming half of a connection.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    buffer: Vec<u8>,
}

/// The head of a request, and where its body begins.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    body_starts: usize,
    body_length: usize,
}

/// Why there is no request.
#[derive(Debug)]
pub(super) enum NoRequest {
    /// The connection ended before it was complete.
    Ended,
    /// The request is not one the tenant can read.
    Refused(Response),
}

impl Incoming {
    /// Reads until a head is complete. Its bytes stay in the buffer until [`Incoming::take`].
    pub(super) async fn head(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
    ) -> Result<Head, NoRequest> {
        loop {
            if let Some(head) = parse_head(&self.buffer)? {
                return Ok(head);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(NoRequest::Refused(Response::page(431)));
            }
            self.more(io).await?;
        }
    }

    /// Reads on until the request is complete, or `limit` bytes of it are there.
    pub(super) async fn fill(
        &mut self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        head: &Head,
        limit: Option<usize>,
    ) -> Result<(), NoRequest> {
        let end = head.body_starts + head.body_length;
        let wanted = limit.map_or(end, |limit| limit.min(end));
        let expects = head.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("expect") && value.eq_ignore_ascii_case("100-continue")
        });
        if expects && self.buffer.len() < wanted {
            let interim = io.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await;
            if interim.and(io.flush().await).is_err() {
                return Err(NoRequest::Ended);
            }
        }
        while self.buffer.len() < wanted {
            self.more(io).await?;
        }
        Ok(())
    }

    /// Takes the request out of the buffer, or its first `limit` bytes.
    pub(super) fn take(&mut self, connection: usize, head: Head, limit: Option<usize>) -> Request {
        let end = head.body_starts + head.body_length;
        let taken = limit
            .map_or(end, |limit| limit.min(end))
            .min(self.buffer.len());
        let raw: Vec<u8> = self.buffer.drain(..taken).collect();
        let complete = raw.len() == end && limit.is_none_or(|limit| limit >= end);
        let body = raw.get(head.body_starts..).unwrap_or_default().to_vec();
        Request {
            connection,
            method: head.method,
            target: head.target,
            headers: head.headers,
            body,
            raw,
            complete,
        }
    }

    /// Whatever has come and belongs to no request.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    async fn more(&mut self, io: &mut (impl AsyncRead + Unpin)) -> Result<(), NoRequest> {
        match io.read_buf(&mut self.buffer).await {
            Ok(1..) => Ok(()),
            Ok(0) | Err(_) => Err(NoRequest::Ended),
        }
    }
}

fn parse_head(bytes: &[u8]) -> Result<Option<Head>, NoRequest> {
    let bad = |status| Err(NoRequest::Refused(Response::page(status)));
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let body_starts = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return bad(431),
        Err(_) => return bad(400),
    };
    let headers: Vec<(String, String)> = parsed
        .headers
        .iter()
        .map(|field| {
            (
                field.name.to_owned(),
                String::from_utf8_lossy(field.value).into_owned(),
            )
        })
        .collect();
    let values = |wanted: &'static str| {
        headers
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    };
    if values("transfer-encoding").next().is_some() {
        return bad(411);
    }
    let lengths: Vec<&str> = values("content-length").collect();
    let body_length = match lengths.as_slice() {
        [] => 0,
        [length] => match length.parse() {
            Ok(length) if length <= MAX_BODY => length,
            Ok(_) => return bad(413),
            Err(_) => return bad(400),
        },
        _ => return bad(400),
    };
    let (method, target) = (
        parsed.method.unwrap_or_default().to_owned(),
        parsed.path.unwrap_or_default().to_owned(),
    );
    Ok(Some(Head {
        method,
        target,
        headers,
        body_starts,
        body_length,
    }))
}

/// An answer before it is written.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Written in chunks instead of with a length.
    pub(super) chunked: bool,
}

impl Response {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// A page as gateways and proxies write it.
    pub(super) fn page(status: u16) -> Self {
        let text = reason(status);
        let body = format!("<!DOCTYPE html>\n<html><body><h1>{status} {text}</h1></body></html>\n")
            .into_bytes();
        Self::new(status, "text/html", body)
    }

    pub(super) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![
            ("Cache-Control".to_owned(), "no-store".to_owned()),
            ("Content-Type".to_owned(), content_type.to_owned()),
        ];
        Self {
            status,
            headers,
            body,
            chunked: false,
        }
    }

    /// Takes the place of every header field of that name.
    pub(super) fn set_header(&mut self, name: &str, value: &str) {
        self.headers
            .retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The head as it is written, blank line included.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.chunked {
            head.push_str("Transfer-Encoding: chunked\r\n");
        } else if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// Head and body as they are written.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.chunked {
            for chunk in self.body.chunks(1000) {
                bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                bytes.extend_from_slice(chunk);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// Writes everything and sees it off.
pub(super) async fn write(io: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    io.write_all(bytes).await?;
    io.flush().await
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(head: &str) -> Result<Option<usize>, u16> {
        match parse_head(format!("POST /x HTTP/1.1\r\n{head}\r\n").as_bytes()) {
            Ok(head) => Ok(head.map(|head| head.body_length)),
            Err(NoRequest::Refused(response)) => Err(response.status),
            Err(NoRequest::Ended) => Err(0),
        }
    }

    #[test]
    fn a_body_has_one_length() {
        assert_eq!(length(""), Ok(Some(0)));
        assert_eq!(length("Content-Length: 12\r\n"), Ok(Some(12)));
        assert_eq!(
            length("Content-Length: 1\r\nContent-Length: 1\r\n"),
            Err(400)
        );
        assert_eq!(length("Content-Length: -1\r\n"), Err(400));
        assert_eq!(length("Content-Length: 1048577\r\n"), Err(413));
        assert_eq!(length("Transfer-Encoding: chunked\r\n"), Err(411));
        assert_eq!(length(&"A: b\r\n".repeat(101)), Err(431));
    }

    #[test]
    fn a_head_may_come_in_pieces() {
        let whole = b"POST /x?y HTTP/1.1\r\nHost: h\r\n\r\nbody";
        let head_length = whole.len() - 4;
        for end in 0..head_length {
            assert!(matches!(parse_head(&whole[..end]), Ok(None)), "{end}");
        }
        let head = parse_head(whole).ok().flatten();
        let found = head.map(|head| (head.target, head.body_starts));
        assert_eq!(found, Some(("/x?y".to_owned(), head_length)));
    }

    #[test]
    fn responses_are_framed() {
        let mut response = Response::new(200, "text/plain", b"hello".to_vec());
        let plain = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\n";
        let bytes = response.to_bytes();
        assert_eq!(
            bytes,
            format!("{plain}Content-Length: 5\r\n\r\nhello").as_bytes()
        );
        response.set_header("content-length", "50");
        assert!(response.head().ends_with(b"content-length: 50\r\n\r\n"));
        response = Response::new(200, "text/plain", vec![b'x'; 1001]);
        response.chunked = true;
        let bytes = response.to_bytes();
        assert!(bytes.ends_with(b"x\r\n1\r\nx\r\n0\r\n\r\n"));
    }
}
