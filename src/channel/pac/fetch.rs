//! Fetches a script from the host that its address names.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::channel::link::{Link, Prepared};
use crate::channel::timeouts::Timeouts;
use crate::error::{Error, Fault, PacError, PeerText};
use crate::exchange::{Request, Response};
use crate::ports::{
    FetchScript, FetchScriptFuture, FetchedScript, Network, Resolve, ScriptRequest,
};
use crate::tls::{KeyExchange, Roots, TlsClient, Trust, Wire, provider};
use crate::trail::Trail;
use crate::tunnel::{Destination, Dialer, SystemNetwork, SystemResolver, end_of};

/// The most redirects that are followed.
const REDIRECTS: usize = 3;

/// Fetches scripts over connections of its own, each used once.
///
/// An `https` host must show a certificate of a public root, of one that was added for proxies, or of a root of this
/// computer if [`Trust`] has them. Whether it was revoked is not checked: asking that may need the very proxy that is
/// sought.
pub struct ScriptFetch {
    dialer: Dialer,
    tls: Option<TlsClient>,
    roots: Arc<Roots>,
    timeouts: Timeouts,
}

impl ScriptFetch {
    /// A fetcher that trusts the roots of `trust` for proxies, and gives up within `timeouts`, of which the limits for
    /// the whole exchange and for polling do not matter here.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if a root of `trust` is not a certificate in DER.
    pub fn new(trust: &Trust, timeouts: Timeouts) -> Result<Self, Error> {
        Ok(Self {
            dialer: Dialer {
                resolver: Arc::new(SystemResolver),
                network: Arc::new(SystemNetwork),
                lookup_limit: timeouts.dns,
                connect_limit: timeouts.connect,
                trail: Trail::default(),
            },
            tls: provider().map(|provider| TlsClient {
                provider,
                require_ems: false,
                limit: timeouts.tls_handshake,
            }),
            roots: Arc::new(Roots::new(trust)?),
            timeouts,
        })
    }

    /// A fetcher that shares what a channel has.
    pub(in crate::channel) fn over(
        dialer: Dialer,
        tls: &TlsClient,
        roots: Arc<Roots>,
        timeouts: Timeouts,
    ) -> Self {
        Self {
            dialer,
            tls: Some(tls.clone()),
            roots,
            timeouts,
        }
    }

    /// Who finds the addresses of a name.
    #[must_use]
    pub fn resolver(mut self, resolver: impl Resolve + 'static) -> Self {
        self.dialer.resolver = Arc::new(resolver);
        self
    }

    /// Who knows whether there is a network.
    #[must_use]
    pub fn network(mut self, network: impl Network + 'static) -> Self {
        self.dialer.network = Arc::new(network);
        self
    }

    async fn follow(
        &self,
        request: &ScriptRequest,
        end: Instant,
    ) -> Result<FetchedScript, PacError> {
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS {
            let response = self
                .ask(request, &url, end)
                .await
                .map_err(|error| failure(&error, request.time_limit))?;
            match next(&url, &response)? {
                Some(further) => url = further,
                None => return Ok(fetched(response)),
            }
        }
        Err(PacError::Redirect {
            host: PeerText::new(url.host_str().unwrap_or_default()),
        })
    }

    async fn ask(
        &self,
        request: &ScriptRequest,
        url: &Url,
        end: Instant,
    ) -> Result<Response, Error> {
        let wire = self.connect(request.addresses.as_deref(), url).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut link = Link::open(wire, &host, None).await?;
        let mut question = Request::new(Method::GET, url.clone());
        question.response_limit = request.size_limit;
        let accept = HeaderValue::from_static("application/x-ns-proxy-autoconfig, */*;q=0.5");
        question.headers.insert(header::ACCEPT, accept);
        let prepared = Prepared::new(question, host)?;
        let answer = link.exchange(&prepared, &self.timeouts, end).await;
        answer.map_err(|broken| crate::exchange::ExchangeError::from(broken).error)
    }

    async fn connect(
        &self,
        addresses: Option<&[IpAddr]>,
        url: &Url,
    ) -> Result<Box<dyn Wire>, Error> {
        let destination = Destination::of_script(url)?;
        let stream = match addresses {
            None => self.dialer.dial(&destination).await?,
            Some(addresses) => self.dial_one_of(addresses, &destination).await?,
        };
        if url.scheme() != "https" {
            return Ok(Box::new(stream));
        }
        let tls = self.tls.as_ref().ok_or(Fault::NoCryptoProvider)?;
        let secured = tls
            .connect(
                Box::new(stream),
                &destination.name(),
                self.roots.for_proxies(),
                KeyExchange::All,
            )
            .await?;
        Ok(secured.stream)
    }

    async fn dial_one_of(
        &self,
        addresses: &[IpAddr],
        destination: &Destination,
    ) -> Result<tokio::net::TcpStream, Error> {
        let mut failure = Error::new(Fault::NameNotFound {
            host: destination.name(),
        });
        for address in addresses {
            let host = match address {
                IpAddr::V4(address) => Host::Ipv4(*address),
                IpAddr::V6(address) => Host::Ipv6(*address),
            };
            let port = destination.port;
            match self.dialer.dial(&Destination { host, port }).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

impl FetchScript for ScriptFetch {
    fn fetch_script(&self, request: ScriptRequest) -> FetchScriptFuture<'_> {
        Box::pin(async move {
            let limit = request.time_limit;
            let end = end_of(limit);
            timeout_at(end, self.follow(&request, end))
                .await
                .unwrap_or(Err(PacError::FetchTimeout { limit }))
        })
    }
}

impl fmt::Debug for ScriptFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptFetch").finish_non_exhaustive()
    }
}

/// Where the answer leads, if it does not hold the script: to the same host, and not out of TLS.
fn next(url: &Url, response: &Response) -> Result<Option<Url>, PacError> {
    let status = response.status;
    if status == StatusCode::OK {
        return Ok(None);
    }
    let location = response
        .headers
        .get(header::LOCATION)
        .filter(|_| matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308))
        .and_then(|location| url.join(location.to_str().ok()?).ok());
    let Some(to) = location else {
        return Err(PacError::Status {
            status: status.as_u16(),
        });
    };
    let is_secure_enough = to.scheme() == "https" || to.scheme() == url.scheme();
    let is_bare = to.username().is_empty() && to.password().is_none();
    if to.host() == url.host() && is_secure_enough && is_bare {
        return Ok(Some(to));
    }
    Err(PacError::Redirect {
        host: PeerText::new(to.host_str().unwrap_or_default()),
    })
}

fn fetched(response: Response) -> FetchedScript {
    FetchedScript {
        charset: charset(&response.headers),
        body: Bytes::copy_from_slice(response.body.as_ref()),
    }
}

/// The parameter `charset` of the field `content-type` (RFC 9110, section 8.3).
fn charset(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = kind
        .split(';')
        .skip(1)
        .filter_map(|part| part.split_once('='));
    let (_, charset) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches('"').to_owned())
}

fn failure(error: &Error, limit: Duration) -> PacError {
    match error.fault() {
        Fault::TooLarge { limit, .. } => PacError::ScriptTooLarge { limit: *limit },
        Fault::TimedOut { after, .. } | Fault::ConnectTimedOut { after, .. } => {
            PacError::FetchTimeout {
                limit: (*after).min(limit),
            }
        }
        fault => PacError::Unreachable {
            detail: PeerText::new(&fault.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_is_a_parameter_of_the_type() {
        for (kind, expected) in [
            ("application/x-ns-proxy-autoconfig", None),
            ("text/plain; charset=utf-8", Some("utf-8")),
            (
                "text/plain;x=1; CHARSET = \"ISO-8859-1\" ",
                Some("ISO-8859-1"),
            ),
            ("charset=utf-8", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            assert_eq!(charset(&headers).as_deref(), expected, "{kind}");
        }
        assert_eq!(charset(&HeaderMap::new()), None);
    }
}
