//! Bytes from one side to the other, as they are, once the beginning was as it must be.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

use super::event::TunnelEnd;
use super::hello::{Sight, Watch, may_be_client_hello};
use crate::error::{Fault, GatewayFault, PeerText, TlsFault};

/// How much is moved at once.
const PIECE: usize = 128 << 10;

/// The most buffers that wait for use.
const SPARE: usize = 8;

/// How long a tunnel may be silent after one side has said that it is done.
const HALF_CLOSED: Duration = Duration::from_secs(30);

/// No tunnel is silent for longer: a point in time must exist.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What all tunnels share.
pub(super) struct Traffic {
    /// How many bytes may pass in all.
    limit: u64,
    passed: AtomicU64,
    begun: Instant,
    /// When something passed last, in milliseconds since `begun`.
    last: AtomicU64,
    buffers: Mutex<Vec<Box<[u8]>>>,
}

impl Traffic {
    pub(super) fn new(limit: u64) -> Self {
        Self {
            limit,
            passed: AtomicU64::new(0),
            begun: Instant::now(),
            last: AtomicU64::new(0),
            buffers: Mutex::default(),
        }
    }

    /// For how long nothing has passed.
    pub(super) fn quiet(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(last)
    }

    /// Whether no more may pass.
    pub(super) fn check(&self) -> Result<(), GatewayFault> {
        let limit = self.limit;
        match self.passed.load(Ordering::Relaxed) > limit {
            true => Err(GatewayFault::TrafficLimit { limit }),
            false => Ok(()),
        }
    }

    fn note(&self, bytes: usize) -> Result<(), GatewayFault> {
        self.passed.fetch_add(bytes as u64, Ordering::Relaxed);
        let now = self.begun.elapsed().as_millis() as u64;
        self.last.store(now, Ordering::Relaxed);
        self.check()
    }

    /// A tunnel borrows a buffer only while something is in it: one that is idle costs none.
    fn borrow(&self) -> Box<[u8]> {
        let spare = self.spare().pop();
        spare.unwrap_or_else(|| vec![0; PIECE].into_boxed_slice())
    }

    fn give_back(&self, buffer: Box<[u8]>) {
        let mut spare = self.spare();
        if spare.len() < SPARE {
            spare.push(buffer);
        }
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Box<[u8]>>> {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a tunnel went.
pub(super) struct Relayed {
    pub(super) end: TunnelEnd,
    /// Bytes of the view.
    pub(super) sent: u64,
    /// Bytes for the view.
    pub(super) received: u64,
    /// Why it was cut, if it was.
    pub(super) fault: Option<Fault>,
}

/// Relays between the view and `host`, until both are done or something is wrong. `rest` is what the view has said
/// already.
pub(super) async fn relay<V, W>(
    view: V,
    wire: W,
    host: &str,
    rest: &[u8],
    traffic: &Traffic,
    idle: Duration,
) -> Relayed
where
    V: AsyncRead + AsyncWrite + Unpin,
    W: AsyncRead + AsyncWrite + Unpin,
{
    let (mut view, mut wire, idle) = (view, wire, idle.min(LONGEST));
    let mut up = Pump::new(Gate::View, traffic, rest);
    let mut down = Pump::new(Gate::Server(Watch::default()), traffic, &[]);
    let mut last = Instant::now();
    let mut moved = 0;
    let mut alarm = pin!(sleep_until(last + idle));
    let outcome = poll_fn(|cx| {
        let sent = up.poll(cx, &mut view, &mut wire)?;
        let received = down.poll(cx, &mut wire, &mut view)?;
        if sent.is_ready() && received.is_ready() {
            return Poll::Ready(Ok(TunnelEnd::Finished));
        }
        if moved != up.moved + down.moved {
            moved = up.moved + down.moved;
            last = Instant::now();
        }
        let limit = match sent.is_ready() || received.is_ready() {
            true => idle.min(HALF_CLOSED),
            false => idle,
        };
        // Set anew only when it is due, or must be earlier: most tunnels move often and end otherwise.
        while alarm.deadline() > last + limit || alarm.as_mut().poll(cx).is_ready() {
            if last.elapsed() >= limit {
                return Poll::Ready(Ok(TunnelEnd::Idle));
            }
            alarm.as_mut().reset(last + limit);
        }
        Poll::Pending
    })
    .await;
    let (end, fault) = match outcome {
        Ok(end) => (end, None),
        Err(Halt::Broken) => (TunnelEnd::Broken, None),
        Err(Halt::Cut(cut)) => (TunnelEnd::Cut, Some(cut.fault(host))),
    };
    Relayed {
        end,
        sent: up.moved,
        received: down.moved,
        fault,
    }
}

/// Why a tunnel ends early.
enum Halt {
    Broken,
    Cut(Cut),
}

/// What was wrong with the bytes.
enum Cut {
    View,
    TooOld(u16),
    NotTls(Vec<u8>),
    Misbehaved(&'static str),
    Limit(GatewayFault),
}

impl Cut {
    fn fault(self, host: &str) -> Fault {
        let host = host.to_owned();
        match self {
            Self::View => Fault::Gateway(GatewayFault::Malformed {
                rule: "a tunnel carries TLS",
            }),
            Self::TooOld(version) => Fault::Tls(TlsFault::TooOld {
                host,
                chosen: Some(version),
            }),
            Self::NotTls(first_bytes) => Fault::Tls(TlsFault::NotTls { host, first_bytes }),
            Self::Misbehaved(detail) => Fault::Tls(TlsFault::Misbehaved {
                host,
                detail: PeerText::new(detail),
            }),
            Self::Limit(fault) => Fault::Gateway(fault),
        }
    }
}

impl From<io::Error> for Halt {
    fn from(_: io::Error) -> Self {
        Self::Broken
    }
}

/// Looks at the beginning of one direction.
enum Gate {
    View,
    Server(Watch),
    Open,
}

impl Gate {
    /// How many of the bytes that are held may pass.
    fn judge(&mut self, held: &[u8]) -> Result<usize, Cut> {
        match self {
            Self::View if !may_be_client_hello(held) => return Err(Cut::View),
            Self::View if held.len() < 2 => return Ok(0),
            Self::View | Self::Open => {}
            Self::Server(watch) => {
                let mut clear = 0;
                while let Some(rest) = held.get(clear..).filter(|rest| !rest.is_empty()) {
                    match watch.look(rest) {
                        Sight::Unclear => return Ok(clear),
                        Sight::Pass(count) => clear += count,
                        Sight::Fine => {
                            *self = Self::Open;
                            return Ok(held.len());
                        }
                        Sight::TooOld(version) => return Err(Cut::TooOld(version)),
                        Sight::NotTls => {
                            return Err(Cut::NotTls(held.iter().take(16).copied().collect()));
                        }
                        Sight::Misbehaved(detail) => return Err(Cut::Misbehaved(detail)),
                    }
                }
                return Ok(clear);
            }
        }
        *self = Self::Open;
        Ok(held.len())
    }
}

/// One direction.
struct Pump<'a> {
    traffic: &'a Traffic,
    gate: Gate,
    buffer: Option<Box<[u8]>>,
    /// What is written, may be written, and was read, in the buffer.
    written: usize,
    clear: usize,
    read: usize,
    has_ended: bool,
    is_done: bool,
    must_flush: bool,
    moved: u64,
}

impl<'a> Pump<'a> {
    /// `first` was read already.
    fn new(gate: Gate, traffic: &'a Traffic, first: &[u8]) -> Self {
        let mut pump = Self {
            traffic,
            gate,
            buffer: None,
            written: 0,
            clear: 0,
            read: 0,
            has_ended: false,
            is_done: false,
            must_flush: false,
            moved: 0,
        };
        if !first.is_empty() {
            let mut buffer = traffic.borrow();
            // A head is read in pieces far smaller than a buffer.
            if let Some(start) = buffer.get_mut(..first.len()) {
                start.copy_from_slice(first);
                pump.read = first.len();
            }
            pump.buffer = Some(buffer);
        }
        pump
    }

    /// Moves what can be moved at once. Ready when the reader's side is done and the writer's side knows.
    fn poll<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Result<Poll<()>, Halt> {
        if self.is_done {
            return Ok(Poll::Ready(()));
        }
        loop {
            self.judge().map_err(Halt::Cut)?;
            if self.poll_write(cx, writer)?.is_pending() {
                return Ok(Poll::Pending);
            }
            if self.has_ended {
                // What is still held back was the beginning of a hello.
                let shut = Pin::new(writer).poll_shutdown(cx)?;
                self.is_done = shut.is_ready();
                return Ok(shut);
            }
            if self.poll_read(cx, reader)?.is_pending() {
                if self.must_flush && Pin::new(writer).poll_flush(cx)?.is_ready() {
                    self.must_flush = false;
                }
                return Ok(Poll::Pending);
            }
        }
    }

    fn judge(&mut self) -> Result<(), Cut> {
        let held = self.buffer.as_deref();
        let held = held.and_then(|buffer| buffer.get(self.clear..self.read));
        if let Some(held) = held.filter(|held| !held.is_empty()) {
            self.clear += self.gate.judge(held)?;
        }
        Ok(())
    }

    fn poll_write<W: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        writer: &mut W,
    ) -> io::Result<Poll<()>> {
        while let Some(bytes) = self
            .buffer
            .as_deref()
            .and_then(|buffer| buffer.get(self.written..self.clear))
            .filter(|bytes| !bytes.is_empty())
        {
            match Pin::new(&mut *writer).poll_write(cx, bytes)? {
                Poll::Ready(0) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(count) => {
                    self.written += count;
                    self.moved += count as u64;
                    self.must_flush = true;
                }
                Poll::Pending => return Ok(Poll::Pending),
            }
        }
        if self.written == self.read {
            (self.written, self.clear, self.read) = (0, 0, 0);
        }
        Ok(Poll::Ready(()))
    }

    fn poll_read<R: AsyncRead + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
    ) -> Result<Poll<()>, Halt> {
        let buffer = self.buffer.get_or_insert_with(|| self.traffic.borrow());
        let mut space = ReadBuf::new(buffer.get_mut(self.read..).unwrap_or_default());
        match Pin::new(reader).poll_read(cx, &mut space)? {
            Poll::Ready(()) => {
                let count = space.filled().len();
                self.read += count;
                self.has_ended = count == 0;
                self.traffic
                    .note(count)
                    .map_err(|fault| Halt::Cut(Cut::Limit(fault)))?;
                Ok(Poll::Ready(()))
            }
            Poll::Pending => {
                if self.read == 0
                    && let Some(buffer) = self.buffer.take()
                {
                    self.traffic.give_back(buffer);
                }
                Ok(Poll::Pending)
            }
        }
    }
}
