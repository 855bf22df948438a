//! A blocking HTTPS client on nothing but rustls: it writes requests by hand and reads to the byte.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use sspr::mock::Tenant;

pub(crate) const CORRELATION: &str = "7a2f3c1e-6b1d-4d5c-9a52-1f7e0f2b8f10";

/// One kept-alive connection to a tenant.
pub(crate) struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
    client_id: String,
    host: String,
}

/// A response, read by its `Content-Length` or its chunks.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(tenant: &Tenant) -> Self {
        Self::over(TcpStream::connect(tenant.address()).unwrap(), tenant)
    }

    pub(crate) fn over(tcp: TcpStream, tenant: &Tenant) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(tenant.ca_der().to_vec()))
            .unwrap();
        let config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        let authority = tenant.authority();
        let host = authority
            .host_str()
            .unwrap()
            .trim_matches(['[', ']'])
            .to_owned();
        let name = ServerName::try_from(host.clone()).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        Self {
            stream: StreamOwned::new(connection, tcp),
            client_id: tenant.client_id().to_owned(),
            host,
        }
    }

    pub(crate) fn start(&mut self, user: &str) -> Value {
        let id = self.client_id.clone();
        let form = [
            ("client_id", id.as_str()),
            ("username", user),
            ("challenge_type", "oob redirect"),
        ];
        self.call("resetpassword/v1.0/start", &form).json()
    }

    pub(crate) fn challenge(&mut self, after: &Value) -> Value {
        self.step(
            "resetpassword/v1.0/challenge",
            after,
            &[("challenge_type", "oob redirect")],
        )
        .json()
    }

    pub(crate) fn enter_code(&mut self, after: &Value, code: &str) -> Value {
        self.step(
            "resetpassword/v1.0/continue",
            after,
            &[("grant_type", "oob"), ("oob", code)],
        )
        .json()
    }

    pub(crate) fn submit(&mut self, after: &Value, password: &str) -> Value {
        self.step(
            "resetpassword/v1.0/submit",
            after,
            &[("new_password", password)],
        )
        .json()
    }

    pub(crate) fn poll(&mut self, after: &Value) -> Value {
        self.step("resetpassword/v1.0/poll_completion", after, &[])
            .json()
    }

    /// A call with the client id and the token of the answer before.
    pub(crate) fn step(&mut self, path: &str, after: &Value, more: &[(&str, &str)]) -> Answer {
        let token = after["continuation_token"]
            .as_str()
            .unwrap_or_else(|| panic!("no token in {after}"));
        let id = self.client_id.clone();
        let form = [
            &[("client_id", id.as_str()), ("continuation_token", token)],
            more,
        ]
        .concat();
        self.call(path, &form)
    }

    pub(crate) fn call(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.request(path, form);
        self.exchange(&request).unwrap()
    }

    /// The bytes of a form request.
    pub(crate) fn request(&self, path: &str, form: &[(&str, &str)]) -> Vec<u8> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        format!(
            "POST /contoso.onmicrosoft.com/{path} HTTP/1.1\r\nHost: {}\r\nclient-request-id: {CORRELATION}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        )
        .into_bytes()
    }

    pub(crate) fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request)?;
        self.stream.flush()?;
        self.read_answer()
    }

    /// Writes a request and returns every byte that comes back before the connection ends.
    pub(crate) fn drain(&mut self, request: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        // The tenant may have closed while this was written; what came back counts.
        let _ = self
            .stream
            .write_all(request)
            .and_then(|()| self.stream.flush());
        let _ = self.stream.read_to_end(&mut bytes);
        bytes
    }

    fn read_answer(&mut self) -> io::Result<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.byte()?);
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if answer.header("transfer-encoding").is_some() {
            self.read_chunks(&mut answer.body)?;
        } else {
            answer.body = vec![0; answer.header("content-length").unwrap().parse().unwrap()];
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                line.push(self.byte()?);
            }
            let length =
                usize::from_str_radix(std::str::from_utf8(&line).unwrap().trim(), 16).unwrap();
            let mut chunk = vec![0; length + 2];
            self.stream.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..length]);
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        Ok(byte[0])
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}
