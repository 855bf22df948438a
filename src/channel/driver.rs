//! The half of a hyper connection that does the work.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::Connection;
use hyper::rt::{Read, Write};

/// Drives a connection for as long as someone waits for something of it, until it ends.
pub(super) struct Driver<I: Read + Write>(Option<Connection<I, Full<Bytes>>>);

impl<I: Read + Write + Unpin> Driver<I> {
    pub(super) fn new(connection: Connection<I, Full<Bytes>>) -> Self {
        Self(Some(connection))
    }

    /// Awaits `future`, which depends on the connection.
    pub(super) async fn until<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            let _ = self.poll(cx);
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Lets the connection do what it can. Its errors reach the exchange that they belong to; where there is none, they
    /// are returned.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> hyper::Result<()> {
        let Some(connection) = &mut self.0 else {
            return Ok(());
        };
        match Pin::new(connection).poll(cx) {
            Poll::Ready(outcome) => {
                self.0 = None;
                outcome
            }
            Poll::Pending => Ok(()),
        }
    }

    /// Whether the connection has not ended.
    pub(super) fn is_running(&self) -> bool {
        self.0.is_some()
    }
}
