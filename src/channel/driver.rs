//! The half of a hyper connection that does the work.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::Connection;
use hyper::rt::{Read, Write};

/// Drives a connection for as long as someone waits for something of it, until it ends.
pub(super) struct Driver<I: Read + Write> {
    /// It is large, and a driver is often moved.
    running: Option<Box<Connection<I, Full<Bytes>>>>,
    failure: Option<hyper::Error>,
}

impl<I: Read + Write + Unpin> Driver<I> {
    pub(super) fn new(connection: Connection<I, Full<Bytes>>) -> Self {
        Self {
            running: Some(Box::new(connection)),
            failure: None,
        }
    }

    /// Awaits `future`, which depends on the connection.
    pub(super) async fn until<F: Future>(&mut self, mut future: Pin<&mut F>) -> F::Output {
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            self.poll(cx);
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Lets the connection do what it can at once.
    pub(super) async fn advance(&mut self) {
        poll_fn(|cx| {
            self.poll(cx);
            Poll::Ready(())
        })
        .await;
    }

    /// As [`advance`](Self::advance), within a poll.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) {
        let Some(connection) = &mut self.running else {
            return;
        };
        if let Poll::Ready(outcome) = Pin::new(connection).poll(cx) {
            self.running = None;
            self.failure = outcome.err();
        }
    }

    /// Whether the connection has not ended.
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What ended the connection between two exchanges. The error of an exchange is the exchange's own.
    pub(super) fn failure(&self) -> Option<&hyper::Error> {
        self.failure.as_ref()
    }
}
