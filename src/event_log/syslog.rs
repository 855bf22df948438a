//! Syslog, by the socket of this computer.

use std::path::PathBuf;
use std::process;

use super::WriteFault;
use super::entry::Entry;
use super::socket::Socket;

/// `security` (RFC 5424, table 1), which is kept where few may read.
const FACILITY: u8 = 10;

/// The last second that has a year of four digits.
const LAST: u64 = 253_402_300_799;

/// Writes to the syslog service of this computer, as facility 10 (security) and application `sspr`.
#[derive(Debug)]
pub struct Syslog {
    socket: Socket,
    form: SyslogForm,
}

/// How a message is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyslogForm {
    /// As services expect it from programs on the same computer: `<priority>sspr[pid]: `, then the entry as one
    /// [line](Entry::line). The default, as the journal and rsyslog, as they are delivered, read nothing else on this
    /// socket. The time is that of the service; that of the entry is a field.
    #[default]
    Local,
    /// The syslog protocol (RFC 5424), for services that are told to read it there. The event's name is the message id;
    /// the fields are in the message.
    Rfc5424,
    /// The same, with the fields as structured data as well. Their identifier has to hold a number of an enterprise
    /// (RFC 5424, section 7.2.2), that of the embedding program: `sspr@32473`.
    Structured {
        /// The private enterprise number, as IANA registered it.
        enterprise: u32,
    },
}

impl Syslog {
    /// Where the service listens on Linux.
    pub const SOCKET: &str = "/dev/log";

    /// Writes to [`Syslog::SOCKET`]. Whether a service runs is found out when something is written.
    ///
    /// # Errors
    /// [`WriteFault::Refused`] if the system gives no socket.
    pub fn new() -> Result<Self, WriteFault> {
        Self::at(Self::SOCKET)
    }

    /// Writes to another socket, for datagrams.
    ///
    /// # Errors
    /// As [`Syslog::new`].
    pub fn at(socket: impl Into<PathBuf>) -> Result<Self, WriteFault> {
        Ok(Self {
            socket: Socket::to(socket.into())?,
            form: SyslogForm::default(),
        })
    }

    /// In another form.
    #[must_use]
    pub fn form(mut self, form: SyslogForm) -> Self {
        self.form = form;
        self
    }

    /// Writes an entry. It does not wait.
    ///
    /// # Errors
    /// The entry was not written.
    pub fn write(&self, entry: impl Into<Entry>) -> Result<(), WriteFault> {
        let message = message(&entry.into(), self.form, process::id());
        self.socket.send(message.as_bytes())
    }
}

fn message(entry: &Entry, form: SyslogForm, process: u32) -> String {
    let priority = FACILITY * 8 + entry.event().level().severity();
    let line = entry.line();
    let data = match form {
        SyslogForm::Local => return format!("<{priority}>sspr[{process}]: {line}"),
        SyslogForm::Rfc5424 => "-".to_owned(),
        SyslogForm::Structured { enterprise } => structured(entry, enterprise),
    };
    let (time, name) = (timestamp(entry.time()), entry.event().name());
    // The name of the host is left to the service.
    format!("<{priority}>1 {time} - sspr {process} {name} {data} {line}")
}

/// The fields as one element (RFC 5424, section 6.3).
fn structured(entry: &Entry, enterprise: u32) -> String {
    let mut element = format!("[sspr@{enterprise}");
    for (name, value) in entry.fields() {
        let value = value.replace('\\', r"\\");
        let value = value.replace('"', r#"\""#).replace(']', r"\]");
        element += &format!(" {name}=\"{value}\"");
    }
    element + "]"
}

/// The time in UTC (RFC 5424, section 6.2.3).
fn timestamp(time: u64) -> String {
    if time > LAST {
        return "-".to_owned();
    }
    let (days, second) = (time / 86_400, time % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day since 1970. Years are counted from March on, so that the day that some of them have is
/// their last.
const fn date(days: u64) -> (u64, u64, u64) {
    // From 1 March of the year 0 on; 400 years have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months have 153 days, again and again.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year;
    match month {
        0..=9 => (year, month + 3, day),
        _ => (year + 1, month - 9, day),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::tests::record;
    use super::*;
    use crate::reset::AuditResult;

    fn written(form: SyslogForm) -> String {
        message(&Entry::from(&record(AuditResult::UseBrowser)), form, 7)
    }

    #[test]
    fn each_form_has_one_line_and_its_head() {
        let line = Entry::from(&record(AuditResult::UseBrowser)).line();
        assert_eq!(written(SyslogForm::Local), format!("<86>sspr[7]: {line}"));
        assert_eq!(
            written(SyslogForm::Rfc5424),
            format!("<86>1 2026-12-01T00:53:48Z - sspr 7 use-browser - {line}")
        );
        let told = written(SyslogForm::Structured { enterprise: 32473 });
        assert!(
            told.contains(r#" [sspr@32473 event="101" activity="#),
            "{told}"
        );
        assert!(
            told.contains(r#"-correlation="a\"\] b\\ <0>root: c=d" ms="#),
            "{told}"
        );
        assert!(!told.contains(['\n', '\r']), "{told}");
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (time, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (LAST, "9999-12-31T23:59:59Z"),
            (LAST + 1, "-"),
            (u64::MAX, "-"),
        ] {
            assert_eq!(timestamp(time), expected);
        }
    }
}
