//! Requests and answers on one connection to a proxy.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::body::{Body, Endless};
use super::head::{Flaw, Head, HeadReader};
use crate::tls::Wire;

/// The most interim answers (1xx) before the final one.
const INTERIM: usize = 5;

/// One connection to a proxy, with what was read from it and not yet used.
pub(super) struct Talk {
    pub(super) wire: Box<dyn Wire>,
    buffer: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum NoAnswer {
    /// The connection ended before the first byte of it.
    Ended,
    /// The connection ended in its head.
    Cut,
    /// It is not what an answer must be.
    Flawed(Flaw),
}

impl From<io::Error> for NoAnswer {
    fn from(_: io::Error) -> Self {
        Self::Ended
    }
}

impl From<Flaw> for NoAnswer {
    fn from(flaw: Flaw) -> Self {
        Self::Flawed(flaw)
    }
}

impl Talk {
    pub(super) fn new(wire: Box<dyn Wire>) -> Self {
        Self {
            wire,
            buffer: Vec::new(),
        }
    }

    /// Sends a request and reads the head of its final answer.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<Head, NoAnswer> {
        self.wire.write_all(request).await?;
        self.wire.flush().await?;
        for _ in 0..=INTERIM {
            let head = self.head().await?;
            match head.status {
                101 => return Err(Flaw::Malformed("an upgrade that nobody asked for").into()),
                100..=199 => {}
                _ => return Ok(head),
            }
        }
        Err(Flaw::Malformed("too many interim answers").into())
    }

    async fn head(&mut self) -> Result<Head, NoAnswer> {
        let mut reader = HeadReader::default();
        loop {
            let mut unread = self.buffer.as_slice();
            let head = reader.read(&mut unread)?;
            let used = self.buffer.len() - unread.len();
            self.buffer.drain(..used);
            if let Some(head) = head {
                return Ok(head);
            }
            self.fill().await.map_err(|_| match reader.has_begun() {
                true => NoAnswer::Cut,
                false => NoAnswer::Ended,
            })?;
        }
    }

    /// Reads past the body of an answer.
    pub(super) async fn skip_body(&mut self, mut body: Body) -> Result<(), Endless> {
        loop {
            let mut unread = self.buffer.as_slice();
            let is_over = body.skip(&mut unread)?;
            let used = self.buffer.len() - unread.len();
            self.buffer.drain(..used);
            if is_over {
                return Ok(());
            }
            self.fill().await.map_err(|_| Endless::Unframed)?;
        }
    }

    /// Whether something came that belongs to no answer.
    pub(super) fn has_more(&self) -> bool {
        !self.buffer.is_empty()
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.wire.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
