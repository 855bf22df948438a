//! A connection whose other side says what it was told to, in the pieces it was told to.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What happens next on the reading side.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// These bytes come, in one read.
    Bytes(Vec<u8>),
    /// Nothing comes yet; the reader is woken later.
    Later,
    /// Nothing ever comes.
    Never,
    /// The connection ends.
    End,
    /// The connection breaks.
    Reset,
}

/// What was written, one entry for each message.
pub(super) type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// One side of the connection. Each message that is written brings the next answer; when none is left, the connection
/// ends.
pub(super) struct Script {
    answers: VecDeque<Vec<Piece>>,
    current: VecDeque<Piece>,
    heard: Heard,
    reader: Option<Waker>,
}

impl Script {
    pub(super) fn new(answers: impl IntoIterator<Item = Vec<Piece>>) -> (Self, Heard) {
        let heard = Heard::default();
        let script = Self {
            answers: answers.into_iter().collect(),
            current: VecDeque::new(),
            heard: Arc::clone(&heard),
            reader: None,
        };
        (script, heard)
    }
}

/// `answer` at once.
pub(super) fn whole(answer: &[u8]) -> Vec<Piece> {
    vec![Piece::Bytes(answer.to_vec())]
}

/// `answer` in every pair of pieces, the second one late, and byte by byte, each of them late.
pub(super) fn torn(answer: &[u8]) -> impl Iterator<Item = Vec<Piece>> {
    let split = (0..=answer.len()).map(|at| {
        let (first, second) = answer.split_at(at);
        vec![
            Piece::Bytes(first.to_vec()),
            Piece::Later,
            Piece::Bytes(second.to_vec()),
        ]
    });
    let dripping = answer
        .iter()
        .flat_map(|byte| [Piece::Later, Piece::Bytes(vec![*byte])])
        .collect();
    split.chain([dripping])
}

/// `answer` cut off at every position, by its end and by a reset.
pub(super) fn cut(answer: &[u8]) -> impl Iterator<Item = (usize, Vec<Piece>)> {
    (0..answer.len()).flat_map(|at| {
        [Piece::End, Piece::Reset].map(|end| (at, vec![Piece::Bytes(answer[..at].to_vec()), end]))
    })
}

impl AsyncRead for Script {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            return match self.current.pop_front() {
                Some(Piece::Bytes(bytes)) if bytes.is_empty() => continue,
                Some(Piece::Bytes(mut bytes)) => {
                    let rest = bytes.split_off(bytes.len().min(buf.remaining()));
                    buf.put_slice(&bytes);
                    self.current.push_front(Piece::Bytes(rest));
                    Poll::Ready(Ok(()))
                }
                Some(Piece::Later) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                Some(Piece::Never) => {
                    self.current.push_front(Piece::Never);
                    Poll::Pending
                }
                Some(Piece::End) => {
                    self.current.push_front(Piece::End);
                    Poll::Ready(Ok(()))
                }
                Some(Piece::Reset) => {
                    self.current.push_front(Piece::Reset);
                    Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
                }
                None if self.answers.is_empty() => Poll::Ready(Ok(())),
                None => {
                    self.reader = Some(cx.waker().clone());
                    Poll::Pending
                }
            };
        }
    }
}

impl AsyncWrite for Script {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if matches!(self.current.front(), Some(Piece::End | Piece::Reset)) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        self.heard.lock().unwrap().push(buf.to_vec());
        let answer = self.answers.pop_front();
        self.current.extend(answer.unwrap_or_default());
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
