//! The journal of systemd, in its native protocol: one datagram for each entry, with fields.
//! <https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>

use std::path::PathBuf;

use super::entry::Entry;
use super::socket::Socket;
use super::{Event, WriteFault};

/// Writes to the journal of systemd.
///
/// An entry has `MESSAGE` (its [line](Entry::line)), `PRIORITY`, `SYSLOG_FACILITY` 10 (security), `SYSLOG_IDENTIFIER`
/// `sspr`, and each field of its own with `SSPR_` before its name: `SSPR_EVENT`, `SSPR_CORRELATION`, so that
/// `journalctl SSPR_RESULT=failed` finds it. The journal adds process, user and unit by itself.
#[derive(Debug)]
pub struct Journal(Socket);

impl Journal {
    /// Where the journal listens.
    pub const SOCKET: &str = "/run/systemd/journal/socket";

    /// Writes to [`Journal::SOCKET`]. Whether the journal runs is found out when something is written.
    ///
    /// # Errors
    /// [`WriteFault::Refused`] if the system gives no socket.
    pub fn new() -> Result<Self, WriteFault> {
        Self::at(Self::SOCKET)
    }

    /// Writes to another socket, such as that of a journal namespace: `/run/systemd/journal.NAME/socket`.
    ///
    /// # Errors
    /// As [`Journal::new`].
    pub fn at(socket: impl Into<PathBuf>) -> Result<Self, WriteFault> {
        Socket::to(socket.into()).map(Self)
    }

    /// Writes an entry. It does not wait.
    ///
    /// # Errors
    /// The entry was not written.
    pub fn write(&self, entry: impl Into<Entry>) -> Result<(), WriteFault> {
        self.0.send(&datagram(&entry.into()))
    }
}

fn datagram(entry: &Entry) -> Vec<u8> {
    let priority = |event: Event| event.level().severity().to_string();
    let mut datagram = Vec::new();
    field(&mut datagram, "MESSAGE", &entry.line());
    field(&mut datagram, "PRIORITY", &priority(entry.event()));
    field(&mut datagram, "SYSLOG_FACILITY", "10");
    field(&mut datagram, "SYSLOG_IDENTIFIER", "sspr");
    for (name, value) in entry.fields() {
        let name = name.to_ascii_uppercase().replace('-', "_");
        field(&mut datagram, &format!("SSPR_{name}"), value);
    }
    datagram
}

/// `NAME=value` and a line feed; a value that has one itself goes with its length before it, or it would end there and
/// what follows would be a field.
fn field(datagram: &mut Vec<u8>, name: &str, value: &str) {
    datagram.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        datagram.push(b'\n');
        datagram.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        datagram.push(b'=');
    }
    datagram.extend_from_slice(value.as_bytes());
    datagram.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::entry::tests::record;
    use super::*;
    use crate::reset::AuditResult;

    #[test]
    fn a_value_of_several_lines_goes_with_its_length() {
        let mut datagram = Vec::new();
        field(&mut datagram, "ONE", "plain");
        field(&mut datagram, "TWO", "a\nPRIORITY=0");
        let mut expected = b"ONE=plain\nTWO\n".to_vec();
        expected.extend([12, 0, 0, 0, 0, 0, 0, 0]);
        expected.extend(b"a\nPRIORITY=0\n");
        assert_eq!(datagram, expected);
    }

    #[test]
    fn words_of_others_stay_in_their_fields() {
        let datagram = datagram(&Entry::from(&record(AuditResult::UseBrowser)));
        let text = String::from_utf8(datagram).unwrap();
        let names: Vec<_> = text
            .lines()
            .map(|line| line.split_once('=').unwrap().0)
            .collect();
        assert_eq!(
            names,
            [
                "MESSAGE",
                "PRIORITY",
                "SYSLOG_FACILITY",
                "SYSLOG_IDENTIFIER",
                "SSPR_EVENT",
                "SSPR_ACTIVITY",
                "SSPR_PROTOCOL",
                "SSPR_RESULT",
                "SSPR_WAY",
                "SSPR_CORRELATION",
                "SSPR_SERVER_CORRELATION",
                "SSPR_MS",
                "SSPR_TIME"
            ]
        );
        assert!(text.contains("\nPRIORITY=6\n"), "{text}");
    }
}
