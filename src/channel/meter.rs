//! Counts what crosses a connection, in plain text.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::tls::Wire;

/// After how many bytes nothing more is read unless the head of an answer is complete: the head itself, and interim
/// answers (1xx). The same read may bring far more of the body.
const BEFORE_HEAD: u64 = 64 << 10;

/// The counters of one connection.
#[derive(Default)]
pub(super) struct Meter {
    /// Bytes written since the request began.
    written: AtomicU64,
    /// Bytes that may come before the head is complete or nothing more is read; nothing is limited outside of that time.
    allowance: AtomicU64,
    /// Ends of lines that came before the head was complete.
    lines: AtomicU64,
}

impl Meter {
    /// A request begins.
    pub(super) fn begin(&self) {
        self.written.store(0, Ordering::Relaxed);
        self.allowance.store(BEFORE_HEAD, Ordering::Relaxed);
        self.lines.store(0, Ordering::Relaxed);
    }

    /// The head of the answer is complete.
    pub(super) fn head_done(&self) {
        self.allowance.store(u64::MAX, Ordering::Relaxed);
    }

    /// How many lines came before the head was complete.
    pub(super) fn lines_of_head(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Whether any byte of an answer came whose head is not complete.
    pub(super) fn has_heard(&self) -> bool {
        self.allowance.load(Ordering::Relaxed) < BEFORE_HEAD
    }

    /// Whether any byte of the request was written.
    pub(super) fn has_written(&self) -> bool {
        self.written.load(Ordering::Relaxed) > 0
    }
}

/// A connection with a [`Meter`].
pub(super) struct Metered {
    pub(super) wire: Box<dyn Wire>,
    pub(super) meter: Arc<Meter>,
}

/// [`BEFORE_HEAD`] came, and more is wanted.
#[derive(Debug)]
pub(super) struct HeadFlood;

impl fmt::Display for HeadFlood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many bytes before the head of the answer was complete")
    }
}

impl std::error::Error for HeadFlood {}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let allowance = self.meter.allowance.load(Ordering::Relaxed);
        if allowance == 0 {
            return Poll::Ready(Err(io::Error::other(HeadFlood)));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.wire).poll_read(cx, buf))?;
        if allowance == u64::MAX {
            return Poll::Ready(Ok(()));
        }
        let filled = buf.filled().get(before..).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', filled).count() as u64;
        self.meter.lines.fetch_add(lines, Ordering::Relaxed);
        let left = allowance.saturating_sub(filled.len() as u64);
        self.meter.allowance.store(left, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.count(buf.len());
        Pin::new(&mut self.wire).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.count(bufs.iter().map(|buf| buf.len()).sum());
        Pin::new(&mut self.wire).poll_write_vectored(cx, bufs)
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

impl Metered {
    /// Counts what is handed over, whether or not the write succeeds: an encrypted write that fails may have sent part
    /// of it.
    fn count(&self, bytes: usize) {
        self.meter
            .written
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_body_may_come_with_its_head_but_heads_have_an_end() {
        let size = 2 * BEFORE_HEAD as usize;
        let (wire, mut peer) = tokio::io::duplex(size);
        let meter = Arc::new(Meter::default());
        let mut metered = Metered {
            wire: Box::new(wire),
            meter: Arc::clone(&meter),
        };
        let mut buffer = vec![0; size];
        for _ in 0..2 {
            meter.begin();
            peer.write_all(&vec![b'.'; size]).await.unwrap();
            assert_eq!(metered.read(&mut buffer).await.unwrap(), size);
            let flood = metered.read(&mut buffer).await.unwrap_err();
            assert!(flood.get_ref().unwrap().is::<HeadFlood>());
            meter.head_done();
            peer.write_all(b"more").await.unwrap();
            assert_eq!(metered.read(&mut buffer).await.unwrap(), 4);
        }
    }
}
