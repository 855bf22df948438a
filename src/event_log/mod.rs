//! Writers for the logs of operating systems: the journal and syslog on Unix, the event log on Windows.
//!
//! They write down what this crate tells anyway: an [`AuditRecord`](crate::AuditRecord) for each attempt, and the
//! [`Problem`](crate::diagnosis::Problem)s of a diagnosis. Either becomes an [`Entry`], which holds nothing secret.
//!
//! ```no_run
//! # #[cfg(unix)] fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sspr::event_log::Journal;
//! use sspr::{NativeV1, ResetClient};
//!
//! let protocol = NativeV1::new("https://contoso.ciamlogin.com/contoso.onmicrosoft.com", "your-client-id")?;
//! let journal = Journal::new()?;
//! let client = ResetClient::builder(protocol)
//!     .audit(move |record| {
//!         if let Err(fault) = journal.write(record) {
//!             eprintln!("not written down: {fault}");
//!         }
//!     })
//!     .build()?;
//! # Ok(()) }
//! # #[cfg(not(unix))] fn main() {}
//! ```
//!
//! # Events
//! The numbers and names are stable. The number is the event id on Windows, and the field `event` elsewhere.
//!
//! | id | name | level | when |
//! |---|---|---|---|
//! | 100 | `finished` | information | an attempt came to its end: the field `outcome` tells which |
//! | 101 | `use-browser` | information | an attempt was left to a browser |
//! | 102 | `failed` | warning | something was in the way of an attempt: fields `stage` and `fault` |
//! | 103 | `abandoned` | information | an attempt was given up: field `step` |
//! | 200 | `remark` | information | a diagnosis found something that is worth knowing |
//! | 201 | `degrades` | warning | a diagnosis found something that a reset works in spite of |
//! | 202 | `blocks` | error | a diagnosis found something in the way |
//!
//! # Limits
//! Writing never waits: what a log does not take at once is not written, and that is told ([`WriteFault::Busy`]). An entry
//! has at most 10 KiB. What others said cannot begin a line or a field of its own.

mod entry;
#[cfg(unix)]
mod journal;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod syslog;
#[cfg(windows)]
mod windows;

use std::path::PathBuf;

pub use self::entry::{Entry, Event};
#[cfg(unix)]
pub use self::journal::Journal;
#[cfg(unix)]
pub use self::syslog::{Syslog, SyslogForm};
#[cfg(windows)]
pub use self::windows::EventLog;

/// Why an entry was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteFault {
    /// Nobody takes entries there: the service does not run, or it is another one.
    #[error("nobody takes entries at {}", place.display())]
    NoReceiver {
        /// The socket, or the name of the source.
        place: PathBuf,
    },
    /// The log takes no more at present.
    #[error("the log takes no more at present")]
    Busy,
    /// This process may not write there.
    #[error("this process may not write to {}", place.display())]
    Denied {
        /// The socket, or the name of the source.
        place: PathBuf,
    },
    /// The system refused it.
    #[error("the system refused the entry (code {code:?})")]
    Refused {
        /// The code of the operating system, if it gave one.
        code: Option<i32>,
    },
}

#[cfg(unix)]
impl WriteFault {
    fn of(error: &std::io::Error, place: &std::path::Path) -> Self {
        use std::io;

        let place = || place.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::NotConnected => Self::NoReceiver { place: place() },
            io::ErrorKind::WouldBlock => Self::Busy,
            io::ErrorKind::PermissionDenied => Self::Denied { place: place() },
            // What some systems say where a queue is full.
            _ if error.raw_os_error() == Some(libc::ENOBUFS) => Self::Busy,
            _ => Self::Refused {
                code: error.raw_os_error(),
            },
        }
    }
}
