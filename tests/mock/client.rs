//! A blocking HTTPS client on nothing but rustls: it writes requests by hand and reads to the byte.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use sspr::mock::Tenant;

pub(crate) const START: &str = "resetpassword/v1.0/start";
pub(crate) const CHALLENGE: &str = "resetpassword/v1.0/challenge";
pub(crate) const CONTINUE: &str = "resetpassword/v1.0/continue";
pub(crate) const SUBMIT: &str = "resetpassword/v1.0/submit";
pub(crate) const POLL: &str = "resetpassword/v1.0/poll_completion";
pub(crate) const TOKEN: &str = "oauth2/v2.0/token";
/// The `client-request-id` of every request.
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
        let authority = tenant.authority();
        Self::connect_as(
            tenant,
            authority.host_str().unwrap().trim_matches(['[', ']']),
        )
    }

    /// Connects under another of the tenant's names.
    pub(crate) fn connect_as(tenant: &Tenant, name: &str) -> Self {
        Self::over(TcpStream::connect(tenant.address()).unwrap(), tenant, name)
    }

    /// Trusts `tenant`, whoever answers on `tcp`.
    pub(crate) fn over(tcp: TcpStream, tenant: &Tenant, name: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(tenant.ca_der().to_vec()))
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let server = ServerName::try_from(name.to_owned()).unwrap();
        let connection = ClientConnection::new(Arc::new(config), server).unwrap();
        Self {
            stream: StreamOwned::new(connection, tcp),
            client_id: tenant.client_id().to_owned(),
            host: name.to_owned(),
        }
    }

    pub(crate) fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        self.stream.conn.protocol_version()
    }

    pub(crate) fn start(&mut self, user: &str) -> Value {
        self.try_start(user).json()
    }

    pub(crate) fn try_start(&mut self, user: &str) -> Answer {
        let request = self.start_request(user);
        self.exchange(&request).unwrap()
    }

    pub(crate) fn challenge(&mut self, after: &Value) -> Value {
        self.step(CHALLENGE, after, &[("challenge_type", "oob redirect")])
            .json()
    }

    pub(crate) fn enter_code(&mut self, after: &Value, code: &str) -> Value {
        self.step(CONTINUE, after, &[("grant_type", "oob"), ("oob", code)])
            .json()
    }

    pub(crate) fn submit(&mut self, after: &Value, password: &str) -> Value {
        self.step(SUBMIT, after, &[("new_password", password)])
            .json()
    }

    pub(crate) fn poll(&mut self, after: &Value) -> Value {
        self.step(POLL, after, &[]).json()
    }

    /// The first three steps with the right code.
    pub(crate) fn verified(&mut self, tenant: &Tenant) -> Value {
        let started = self.start(super::ADELE);
        let challenged = self.challenge(&started);
        let code = tenant.inbox().latest(super::ADELE).unwrap().code;
        self.enter_code(&challenged, &code)
    }

    /// A call with the client id and the token of the answer before.
    pub(crate) fn step(&mut self, path: &str, after: &Value, more: &[(&str, &str)]) -> Answer {
        let request = self.step_request(path, after, more);
        self.exchange(&request).unwrap()
    }

    pub(crate) fn call(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.request(path, form);
        self.exchange(&request).unwrap()
    }

    pub(crate) fn start_request(&self, user: &str) -> Vec<u8> {
        let form = [
            ("client_id", self.client_id.as_str()),
            ("username", user),
            ("challenge_type", "oob redirect"),
        ];
        self.request(START, &form)
    }

    pub(crate) fn step_request(&self, path: &str, after: &Value, more: &[(&str, &str)]) -> Vec<u8> {
        let token = after["continuation_token"].as_str();
        let token = token.unwrap_or_else(|| panic!("no token in {after}"));
        let form = [
            ("client_id", self.client_id.as_str()),
            ("continuation_token", token),
        ];
        self.request(path, &[&form, more].concat())
    }

    fn request(&self, path: &str, form: &[(&str, &str)]) -> Vec<u8> {
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

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    /// Sends these bytes and no more, and waits until the tenant has noticed.
    pub(crate) fn abandon(mut self, bytes: &[u8]) {
        self.send(bytes);
        self.stream.conn.send_close_notify();
        self.stream.flush().unwrap();
        self.stream.sock.shutdown(Shutdown::Write).unwrap();
        assert_eq!(self.drain(b""), b"");
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

    pub(crate) fn read_answer(&mut self) -> io::Result<Answer> {
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
