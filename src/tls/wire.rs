//! The stream beneath a handshake, and what it saw: the evidence when no handshake comes about.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A two-way stream of bytes: TCP, a tunnel through a proxy, or TLS itself.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// What came from the other side so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// The first bytes, at most 16.
    pub(crate) first_bytes: Vec<u8>,
    /// How many bytes there were.
    pub(crate) received: u64,
    /// How the stream failed, if it did.
    pub(crate) failure: Option<io::ErrorKind>,
}

impl Seen {
    const FIRST: usize = 16;

    fn note(&mut self, bytes: &[u8]) {
        let missing = Self::FIRST.saturating_sub(self.first_bytes.len());
        self.first_bytes.extend(bytes.iter().take(missing));
        self.received += bytes.len() as u64;
    }
}

/// Reads [`Seen`] while, and after, a handshake owns the stream.
#[derive(Clone, Default)]
pub(crate) struct Witness(Arc<Mutex<Seen>>);

impl Witness {
    /// What came so far.
    pub(crate) fn seen(&self) -> Seen {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn with(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A stream with a [`Witness`].
pub(crate) struct Observed<W> {
    wire: W,
    witness: Witness,
}

impl<W> Observed<W> {
    pub(crate) fn new(wire: W, witness: Witness) -> Self {
        Self { wire, witness }
    }

    fn noting<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| self.witness.with(|seen| seen.failure = Some(error.kind())))
    }
}

impl<W: Wire> AsyncRead for Observed<W> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.wire).poll_read(cx, buf));
        self.noting(read)?;
        let new = buf.filled().get(before..).unwrap_or_default();
        self.witness.with(|seen| seen.note(new));
        Poll::Ready(Ok(()))
    }
}

impl<W: Wire> AsyncWrite for Observed<W> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.wire).poll_write(cx, buf));
        Poll::Ready(self.noting(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.wire).poll_write_vectored(cx, bufs));
        Poll::Ready(self.noting(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.wire.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

impl<W> Connection for Observed<W> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
