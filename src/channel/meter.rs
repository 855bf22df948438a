//! Counts what crosses a connection, in plain text.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::tls::Wire;

/// What may come before the head of an answer is complete: the head itself, interim answers (1xx), and what the same
/// read brings of the body.
const BEFORE_HEAD: u64 = 64 << 10;

/// The counters of one connection.
#[derive(Default)]
pub(super) struct Meter {
    /// Bytes written since the request began.
    written: AtomicU64,
    /// Bytes that may still come before the head is complete; nothing is limited outside of that time.
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

/// More than [`BEFORE_HEAD`] came.
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
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.wire).poll_read(cx, buf))?;
        let new = (buf.filled().len() - before) as u64;
        let allowance = self.meter.allowance.load(Ordering::Relaxed);
        if allowance == u64::MAX {
            return Poll::Ready(Ok(()));
        }
        let filled = buf.filled().get(before..).unwrap_or_default();
        let lines = filled.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.meter.lines.fetch_add(lines, Ordering::Relaxed);
        match allowance.checked_sub(new) {
            Some(left) => self.meter.allowance.store(left, Ordering::Relaxed),
            None => return Poll::Ready(Err(io::Error::other(HeadFlood))),
        }
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
