//! What arrived at the tenant.

/// Everything that has reached the tenant, in order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Traffic {
    /// TCP connections accepted.
    pub connections: usize,
    /// TLS handshakes completed.
    pub handshakes: usize,
    /// Requests, whole or cut off.
    pub requests: Vec<Request>,
    /// Bytes that have come out of TLS: whatever a client has said after the handshake, requests or not.
    pub application_bytes: usize,
    /// TCP connections that the responder for OCSP and lists has accepted.
    pub revocation_connections: usize,
    /// Requests to the responder, whole or cut off.
    pub revocation: Vec<Request>,
}

/// One request as it was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// Which connection it came over; the first is 1, and the responder counts for itself.
    pub connection: usize,
    /// The method; empty if the head was cut off.
    pub method: String,
    /// The request target, path and query; empty if the head was cut off.
    pub target: String,
    /// The header fields as sent, in order.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// Every byte that was read, head included.
    pub raw: Vec<u8>,
    /// Whether the whole request was read.
    pub complete: bool,
}

impl Request {
    /// The first header field of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or_default()
    }

    /// Whether the body is said to be of this media type.
    pub(super) fn is_of_type(&self, media_type: &str) -> bool {
        let said = self.header("content-type").unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case(media_type)
    }

    /// Whether this is the last request on its connection.
    pub(super) fn wants_close(&self) -> bool {
        self.header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// The first form parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.form()
            .into_iter()
            .find(|(parameter, _)| parameter == name)
            .map(|(_, value)| value)
    }

    /// What came of a request before the connection ended.
    pub(super) fn cut_off(connection: usize, raw: Vec<u8>) -> Self {
        let (method, target, headers, body) = Default::default();
        Self {
            connection,
            method,
            target,
            headers,
            body,
            raw,
            complete: false,
        }
    }

    /// The body read as a form.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }
}
