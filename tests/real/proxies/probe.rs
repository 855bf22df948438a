//! The plainest client of a proxy: it says what it is told to, and judges nothing.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use url::Url;

trait Wire: Read + Write {}
impl<W: Read + Write> Wire for W {}

/// A connection to a proxy, or through it.
pub(crate) struct Probe(BufReader<Box<dyn Wire>>);

/// What a proxy, or who is behind it, answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) version: String,
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Probe {
    pub(crate) fn new(proxy: &Url) -> Self {
        let addresses = proxy.socket_addrs(|| None).unwrap();
        let stream = TcpStream::connect(&addresses[..]).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        Self(BufReader::new(Box::new(stream)))
    }

    /// Goes on over TLS, with `localhost` and a certificate that ends at `root`. Whoever has another one will be found
    /// out when something is said.
    pub(crate) fn over_tls(self, root: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(root.into()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        assert!(self.0.buffer().is_empty());
        let stream = StreamOwned::new(connection, self.0.into_inner());
        Self(BufReader::new(Box::new(stream)))
    }

    /// Asks for a tunnel to `target`, a host with a port.
    pub(crate) fn connect(&mut self, target: &str, authorization: Option<&str>) -> Answer {
        self.ask("CONNECT", target, target, authorization)
    }

    /// Asks for a whole URL, as one asks a proxy.
    pub(crate) fn get(&mut self, url: &str, authorization: Option<&str>) -> Answer {
        let host = Url::parse(url).unwrap();
        self.ask("GET", url, host.authority(), authorization)
    }

    /// Asks whoever is at the other end of the tunnel.
    pub(crate) fn get_inside(&mut self, url: &str) -> Answer {
        let url = Url::parse(url).unwrap();
        self.ask("GET", url.path(), url.authority(), None)
    }

    fn ask(
        &mut self,
        method: &str,
        target: &str,
        host: &str,
        authorization: Option<&str>,
    ) -> Answer {
        let authorization = authorization.map_or(String::new(), |credentials| {
            format!("Proxy-Authorization: {credentials}\r\n")
        });
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nProxy-Connection: keep-alive\r\n{authorization}\r\n"
        );
        self.say(request.as_bytes());
        let mut first = self.line();
        let reason = first.split_off(first.find(' ').unwrap());
        let mut answer = Answer {
            version: first,
            status: reason[1..4].parse().unwrap(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let value = value.trim().to_owned();
            answer.headers.push((name.to_ascii_lowercase(), value));
        }
        let is_tunnel = method == "CONNECT" && answer.status == 200;
        if !is_tunnel {
            answer.body = self.body(answer.header("content-length"));
        }
        answer
    }

    /// As long as it is told to be, or up to the end.
    fn body(&mut self, length: Option<&str>) -> Vec<u8> {
        match length {
            Some(length) => self.hear(length.parse().unwrap()),
            None => {
                let mut body = Vec::new();
                self.0.read_to_end(&mut body).unwrap();
                body
            }
        }
    }

    pub(crate) fn say(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
        self.0.get_mut().flush().unwrap();
    }

    pub(crate) fn hear(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Whether the other side has closed the connection. If not, this takes as long as the patience of a socket.
    pub(crate) fn is_closed(&mut self) -> bool {
        match self.0.fill_buf() {
            Ok(rest) => rest.is_empty(),
            Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
        }
    }
}

impl Answer {
    /// The first word of each challenge, in order.
    pub(crate) fn schemes(&self) -> Vec<&str> {
        let challenges = self.challenges();
        challenges
            .filter_map(|value| value.split(' ').next())
            .collect()
    }

    /// What stands behind the scheme in its challenge, decoded.
    pub(crate) fn token(&self, scheme: &str) -> Vec<u8> {
        let mut challenges = self.challenges();
        let token = challenges.find_map(|value| value.strip_prefix(scheme)?.strip_prefix(' '));
        STANDARD.decode(token.unwrap()).unwrap()
    }

    fn challenges(&self) -> impl Iterator<Item = &str> {
        let all = self.headers.iter();
        all.filter(|(name, _)| name == "proxy-authenticate")
            .map(|(_, value)| value.as_str())
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The credentials of Basic.
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}
