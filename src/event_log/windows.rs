//! The event log of Windows.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::path::PathBuf;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, HANDLE};
use windows_sys::Win32::System::EventLog::{
    DeregisterEventSource, EVENTLOG_ERROR_TYPE, EVENTLOG_INFORMATION_TYPE, EVENTLOG_WARNING_TYPE,
    RegisterEventSourceW, ReportEventW,
};

use super::WriteFault;
use super::entry::{Entry, Level};

/// The most entries that wait to be written.
const WAITING: usize = 64;

/// How long the service may take when it is asked for the source, and for what still waits when the writer is dropped.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes to the log *Application* of Windows.
///
/// The entry's [line](Entry::line) is the only insertion string; the event id is [`Event::id`](super::Event::id), the
/// category 0. A thread of its own talks to the service, and at most 64 entries wait for it; dropping the writer waits up
/// to two seconds for those.
///
/// Without a message file the viewer shows the line after a remark that the description is missing. An administrator
/// can register one that comes with Windows and holds nothing but the insertion string for ids up to 1000:
///
/// ```text
/// reg add HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\sspr /v EventMessageFile /t REG_EXPAND_SZ /d %SystemRoot%\System32\EventCreate.exe
/// reg add HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\sspr /v TypesSupported /t REG_DWORD /d 7
/// ```
#[derive(Debug)]
pub struct EventLog {
    source: String,
    queue: Option<SyncSender<Entry>>,
    ended: Receiver<()>,
    /// The code of an entry that could not be written.
    failed: Arc<AtomicI32>,
}

impl EventLog {
    /// The usual name of the source.
    pub const SOURCE: &str = "sspr";

    /// Opens the source `sspr`. It waits up to two seconds for the service: not for an async task.
    ///
    /// # Errors
    /// The service does not answer, or refuses.
    pub fn new() -> Result<Self, WriteFault> {
        Self::source(Self::SOURCE)
    }

    /// Opens a source of another name, that of the embedding program.
    ///
    /// # Errors
    /// As [`EventLog::new`].
    pub fn source(name: impl Into<String>) -> Result<Self, WriteFault> {
        let source = name.into();
        let wide: Vec<u16> = source.encode_utf16().chain([0]).collect();
        let (queue, entries) = sync_channel::<Entry>(WAITING);
        let (opened, answer) = sync_channel(1);
        let (end, ended) = sync_channel(1);
        let failed = Arc::new(AtomicI32::new(0));
        let code = Arc::clone(&failed);
        let write = move || {
            let source = match Source::open(&wide) {
                Ok(source) => source,
                Err(code) => {
                    let _ = opened.send(Err(code));
                    return;
                }
            };
            let _ = opened.send(Ok(()));
            for entry in entries {
                if let Err(error) = source.report(&entry) {
                    code.store(error, Ordering::Relaxed);
                }
            }
            let _ = end.send(());
        };
        let thread = thread::Builder::new().name("sspr-event-log".to_owned());
        if let Err(error) = thread.spawn(write) {
            let code = error.raw_os_error();
            return Err(WriteFault::Refused { code });
        }
        match answer.recv_timeout(PATIENCE) {
            Ok(Ok(())) => Ok(Self {
                source,
                queue: Some(queue),
                ended,
                failed,
            }),
            Ok(Err(code)) => Err(fault(code, &source)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(WriteFault::NoReceiver {
                    place: PathBuf::from(source),
                })
            }
        }
    }

    /// Hands an entry over to be written. It does not wait.
    ///
    /// # Errors
    /// [`WriteFault::Busy`] if too many wait. Any other fault is that of an earlier entry: this one was handed over.
    pub fn write(&self, entry: impl Into<Entry>) -> Result<(), WriteFault> {
        let place = || PathBuf::from(&self.source);
        let Some(queue) = &self.queue else {
            return Err(WriteFault::NoReceiver { place: place() });
        };
        match queue.try_send(entry.into()) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(WriteFault::Busy),
            Err(TrySendError::Disconnected(_)) => {
                return Err(WriteFault::NoReceiver { place: place() });
            }
        }
        match self.failed.swap(0, Ordering::Relaxed) {
            0 => Ok(()),
            code => Err(fault(code, &self.source)),
        }
    }
}

impl Drop for EventLog {
    fn drop(&mut self) {
        self.queue = None;
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

fn fault(code: i32, source: &str) -> WriteFault {
    match code {
        code if code == ERROR_ACCESS_DENIED as i32 => WriteFault::Denied {
            place: PathBuf::from(source),
        },
        code => WriteFault::Refused { code: Some(code) },
    }
}

/// A percent sign before a digit would stand for an insertion string, in what is inserted as well: a space parts them.
fn literal(line: &str) -> String {
    let mut literal = String::with_capacity(line.len());
    for c in line.chars() {
        if c.is_ascii_digit() && literal.ends_with('%') {
            literal.push(' ');
        }
        literal.push(c);
    }
    literal
}

fn last_error() -> i32 {
    let error = std::io::Error::last_os_error();
    error.raw_os_error().unwrap_or_default()
}

/// An open source of events.
struct Source(HANDLE);

impl Source {
    /// `name` ends with a NUL.
    fn open(name: &[u16]) -> Result<Self, i32> {
        // SAFETY: null is this computer; the name ends with a NUL.
        let handle = unsafe { RegisterEventSourceW(ptr::null(), name.as_ptr()) };
        match handle.is_null() {
            true => Err(last_error()),
            false => Ok(Self(handle)),
        }
    }

    fn report(&self, entry: &Entry) -> Result<(), i32> {
        let kind = match entry.event().level() {
            Level::Information => EVENTLOG_INFORMATION_TYPE,
            Level::Warning => EVENTLOG_WARNING_TYPE,
            Level::Error => EVENTLOG_ERROR_TYPE,
        };
        let line: Vec<u16> = literal(&entry.line()).encode_utf16().chain([0]).collect();
        let strings = [line.as_ptr()];
        // SAFETY: the source is open; the one string ends with a NUL and outlives the call; there is no SID and no data.
        let is_written = unsafe {
            ReportEventW(
                self.0,
                kind,
                0,
                u32::from(entry.event().id()),
                ptr::null_mut(),
                1,
                0,
                strings.as_ptr(),
                ptr::null(),
            )
        };
        match is_written {
            0 => Err(last_error()),
            _ => Ok(()),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // SAFETY: the source is open, and nobody uses it any more.
        unsafe { DeregisterEventSource(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_line_is_taken_for_an_insertion_string() {
        assert_eq!(
            literal("50%1 %% a%b fe80::1%12"),
            "50% 1 %% a%b fe80::1% 12"
        );
    }
}
