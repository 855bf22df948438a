//! Every time limit of the crate, in one place.

use std::time::Duration;

/// The time limits. The defaults, all of them:
///
/// | field | default |
/// |---|---|
/// | [`dns`](Self::dns) | 5 s |
/// | [`connect`](Self::connect) | 10 s |
/// | [`proxy_answer`](Self::proxy_answer) | 20 s |
/// | [`proxy_question`](Self::proxy_question) | 300 s |
/// | [`tls_handshake`](Self::tls_handshake) | 10 s |
/// | [`revocation`](Self::revocation) | 8 s |
/// | [`revocation_fetch`](Self::revocation_fetch) | 4 s |
/// | [`response_head`](Self::response_head) | 30 s |
/// | [`response_body`](Self::response_body) | 30 s |
/// | [`exchange`](Self::exchange) | 60 s |
/// | [`poll_limit`](Self::poll_limit) | 300 s |
/// | [`network_wait`](Self::network_wait) | 30 s |
///
/// ```
/// # use std::time::Duration;
/// let mut timeouts = sspr::Timeouts::default();
/// timeouts.connect = Duration::from_secs(20);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// One name lookup.
    pub dns: Duration,
    /// TCP, all addresses of a host together: the server's, or those of one proxy.
    pub connect: Duration,
    /// One answer of a proxy that opens a tunnel: it has to connect to the server first.
    pub proxy_answer: Duration,
    /// How long a person may take to say how to log in to a proxy ([`AskCredentials`](crate::AskCredentials)); then there
    /// is no login.
    pub proxy_question: Duration,
    /// One TLS handshake, with the server or with a proxy.
    pub tls_handshake: Duration,
    /// Everything that is asked about the revocation of a server's certificates.
    pub revocation: Duration,
    /// One fetch of revocation data: the connection, by whichever way, and then each silence.
    pub revocation_fetch: Duration,
    /// From the first byte of the request to the head of the response.
    pub response_head: Duration,
    /// From the head of the response to its last byte.
    pub response_body: Duration,
    /// One exchange from the decision on the way to the last byte, whatever the other limits would allow. The time in
    /// which a person is asked for a login does not count.
    pub exchange: Duration,
    /// How long is asked, after a password was sent, whether it has been set.
    pub poll_limit: Duration,
    /// How long is waited for a network that is not there yet.
    pub network_wait: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            proxy_answer: Duration::from_secs(20),
            proxy_question: Duration::from_secs(300),
            tls_handshake: Duration::from_secs(10),
            revocation: Duration::from_secs(8),
            revocation_fetch: Duration::from_secs(4),
            response_head: Duration::from_secs(30),
            response_body: Duration::from_secs(30),
            exchange: Duration::from_secs(60),
            poll_limit: Duration::from_secs(300),
            network_wait: Duration::from_secs(30),
        }
    }
}
