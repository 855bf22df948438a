//! An exchange over the embedding program's own `reqwest`.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, Url, redirect, retry};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::link::{append, content_coding};
use super::{FRESH, Timeouts};
use crate::error::{Error, Fault, Sent, TimedPhase};
use crate::exchange::{Exchange, ExchangeError, ExchangeFuture, Request, Response};

/// Sends requests through `reqwest`, with the TLS, the trust and the proxies that the caller gave it.
///
/// What this crate promises about trust, revocation and proxies ends here: the caller provides them.
#[derive(Debug)]
pub struct ReqwestExchange {
    client: Client,
    limit: Duration,
}

impl ReqwestExchange {
    /// Builds a client from `builder`, after switching off what would resend or redirect a request on its own: redirects,
    /// retries, plain HTTP, and the proxies of the environment. Connections are kept for 5 seconds only. Proxies that
    /// were added to `builder` are kept.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if `reqwest` cannot build the client.
    pub fn new(builder: ClientBuilder) -> Result<Self, Error> {
        let client = builder
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .https_only(true)
            .pool_idle_timeout(FRESH)
            // Proxies are asked in order, and with any of them the environment is not: so this one, which never answers,
            // only keeps the environment out.
            .proxy(Proxy::custom(|_| None::<Url>))
            .build()
            .map_err(|error| {
                Error::new(Fault::InvalidSetting { setting: "reqwest" }).with_source(error)
            })?;
        Ok(Self {
            client,
            limit: Timeouts::default().exchange,
        })
    }

    /// How long one exchange may take, from the name lookup to the last byte. The default is 60 seconds.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn run(&self, request: Request) -> Result<Response, ExchangeError> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let exchange = timeout(self.limit, self.round_trip(request, &host));
        exchange.await.unwrap_or_else(|_| {
            let (phase, after) = (TimedPhase::Whole, self.limit);
            Err(ExchangeError::new(
                Sent::Maybe,
                Fault::TimedOut { host, phase, after },
            ))
        })
    }

    async fn round_trip(&self, request: Request, host: &str) -> Result<Response, ExchangeError> {
        let limit = request.response_limit;
        let too_large = || {
            ExchangeError::new(
                Sent::Maybe,
                Fault::TooLarge {
                    host: host.to_owned(),
                    limit,
                },
            )
        };
        let mut response = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body.into_bytes())
            .send()
            .await
            .map_err(|error| failed(host, error))?;
        if let Some(coding) = content_coding(response.headers()) {
            return Err(ExchangeError::new(
                Sent::Maybe,
                Fault::Encoded {
                    host: host.to_owned(),
                    coding,
                },
            ));
        }
        if response
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large());
        }
        let mut whole = Zeroizing::new(Vec::new());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| failed(host, error))?
        {
            if chunk.len() > limit - whole.len() {
                return Err(too_large());
            }
            append(&mut whole, &chunk);
        }
        Ok(Response::new(
            response.status(),
            std::mem::take(response.headers_mut()),
            whole.into(),
        ))
    }
}

impl Exchange for ReqwestExchange {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        Box::pin(self.run(request))
    }
}

/// `reqwest` knows of two failures before a request leaves: no connection, and a request that cannot be built.
fn failed(host: &str, error: reqwest::Error) -> ExchangeError {
    let sent = if error.is_connect() || error.is_builder() {
        Sent::Nothing
    } else {
        Sent::Maybe
    };
    // The text of the error repeats the URL, which the caller's logs need not hold.
    let error = error.without_url();
    ExchangeError::new(
        sent,
        Error::new(Fault::ExchangeFailed {
            host: host.to_owned(),
        })
        .with_source(error),
    )
}
