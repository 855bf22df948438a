//! One connection of a fetch, and what is said on it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::channel::driver::Driver;
use crate::channel::link::{has_too_many_fields, speak};
use crate::channel::meter::{HeadFlood, Meter, Metered};
use crate::error::{FetchFault, FetchPhase};
use crate::tls::{Wire, cause};

pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver<TokioIo<Metered>>,
    meter: Arc<Meter>,
    /// How long nothing may come.
    silence: Duration,
}

impl Line {
    pub(super) async fn over(wire: Box<dyn Wire>, silence: Duration) -> Result<Self, FetchFault> {
        let meter = Arc::new(Meter::default());
        let (sender, driver) = speak(wire, &meter).await.map_err(|error| fault(&error))?;
        Ok(Self {
            sender,
            driver,
            meter,
            silence,
        })
    }

    /// Sends a question and waits for the head of the answer.
    pub(super) async fn ask(
        &mut self,
        question: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, FetchFault> {
        self.meter.begin();
        let answer = pin!(self.sender.send_request(question));
        let answer = timeout(self.silence, self.driver.until(answer)).await;
        let answer = answer.map_err(|_| SILENCE)?;
        let answer = answer.map_err(|error| match fault(&error) {
            FetchFault::NotHttp if has_too_many_fields(&self.meter) => FetchFault::HeadTooLarge,
            fault => fault,
        })?;
        self.meter.head_done();
        Ok(answer)
    }

    /// Whether the answer that did not come had begun.
    pub(super) fn has_heard(&self) -> bool {
        self.meter.has_heard()
    }

    /// Reads the body of an answer, all of it.
    pub(super) async fn body(
        &mut self,
        mut body: Incoming,
        limit: usize,
    ) -> Result<Bytes, FetchFault> {
        let announced = hyper::body::Body::size_hint(&body).lower();
        if announced > limit as u64 {
            return Err(FetchFault::TooLarge { limit });
        }
        let mut whole = BytesMut::new();
        loop {
            let frame = pin!(body.frame());
            let frame = timeout(self.silence, self.driver.until(frame)).await;
            let Some(frame) = frame.map_err(|_| SILENCE)? else {
                break;
            };
            let Ok(data) = frame.map_err(|error| fault(&error))?.into_data() else {
                continue;
            };
            if data.len() > limit - whole.len() {
                return Err(FetchFault::TooLarge { limit });
            }
            whole.extend_from_slice(&data);
        }
        self.driver.advance().await;
        // More bytes came than the head announces, so what was read is a part. A connection that only broke off
        // afterwards has an error of the operating system.
        let has_more = |error: &hyper::Error| cause::<std::io::Error>(error).is_none();
        if self.driver.failure().is_some_and(has_more) {
            return Err(FetchFault::Truncated);
        }
        Ok(whole.freeze())
    }

    /// Whether another question could be asked now, as far as is known.
    pub(super) fn is_open(&self) -> bool {
        self.driver.is_running() && self.sender.is_ready()
    }
}

const SILENCE: FetchFault = FetchFault::Timeout {
    phase: FetchPhase::Read,
};

fn fault(error: &hyper::Error) -> FetchFault {
    if cause::<HeadFlood>(error).is_some() {
        return FetchFault::HeadTooLarge;
    }
    if error.is_parse() {
        return FetchFault::NotHttp;
    }
    match cause::<std::io::Error>(error).map(std::io::Error::kind) {
        // A chunk whose size or end is not as it must be (RFC 9112, section 7.1).
        Some(std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData) => {
            FetchFault::NotHttp
        }
        _ => FetchFault::Truncated,
    }
}
