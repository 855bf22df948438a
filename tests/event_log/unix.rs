//! The sockets of the journal and of syslog.

use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

use sspr::event_log::{Entry, Journal, Syslog, SyslogForm, WriteFault};

use crate::entries;

/// A service that receives, in a folder that goes with it.
struct Service {
    folder: PathBuf,
    socket: UnixDatagram,
}

impl Service {
    fn start() -> Self {
        let folder = folder();
        let socket = UnixDatagram::bind(folder.join("socket")).unwrap();
        Self { folder, socket }
    }

    fn place(&self) -> PathBuf {
        self.folder.join("socket")
    }

    fn received(&self) -> Vec<u8> {
        let mut datagram = vec![0; 64 << 10];
        let length = self.socket.recv(&mut datagram).unwrap();
        datagram.truncate(length);
        datagram
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("sspr-event-log-{}-{count}", process::id()));
    fs::create_dir(&folder).unwrap();
    folder
}

/// The fields of an entry, read as the protocol says.
fn fields(mut datagram: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut fields = BTreeMap::new();
    while let Some(end) = datagram.iter().position(|byte| *byte == b'\n') {
        let (line, rest) = datagram.split_at(end);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (name, value) = match line.iter().position(|byte| *byte == b'=') {
            Some(at) => {
                datagram = &rest[1..];
                (text(&line[..at]), line[at + 1..].to_vec())
            }
            None => {
                let (length, rest) = rest[1..].split_at(8);
                let length = u64::from_le_bytes(length.try_into().unwrap()) as usize;
                let (value, rest) = rest.split_at(length);
                datagram = rest.strip_prefix(b"\n").unwrap();
                (text(line), value.to_vec())
            }
        };
        assert!(fields.insert(name, value).is_none());
    }
    assert!(datagram.is_empty());
    fields
}

#[tokio::test]
async fn the_journal_gets_every_field_and_no_other() {
    let (record, problem) = (entries::record().await, entries::problem().await);
    let service = Service::start();
    let journal = Journal::at(service.place()).unwrap();
    journal.write(&record).unwrap();
    journal.write(&problem).unwrap();
    for (entry, priority) in [(Entry::from(&record), "4"), (Entry::from(&problem), "3")] {
        let mut received = fields(&service.received());
        let mut take = |name: &str| String::from_utf8(received.remove(name).unwrap()).unwrap();
        assert_eq!(take("MESSAGE"), entry.line());
        assert_eq!(take("PRIORITY"), priority);
        assert_eq!(take("SYSLOG_FACILITY"), "10");
        assert_eq!(take("SYSLOG_IDENTIFIER"), "sspr");
        for (name, value) in entry.fields() {
            let name = name.to_ascii_uppercase().replace('-', "_");
            assert_eq!(take(&format!("SSPR_{name}")), value);
        }
        assert_eq!(received, BTreeMap::new());
    }
}

#[tokio::test]
async fn syslog_gets_one_line_in_each_form() {
    let problem = entries::problem().await;
    let service = Service::start();
    let forms = [
        SyslogForm::Local,
        SyslogForm::Rfc5424,
        SyslogForm::Structured { enterprise: 32473 },
    ];
    for form in forms {
        let syslog = Syslog::at(service.place()).unwrap().form(form);
        syslog.write(&problem).unwrap();
        let line = String::from_utf8(service.received()).unwrap();
        let head = match form {
            SyslogForm::Local => format!("<83>sspr[{}]: diagnosis: ", process::id()),
            _ => "<83>1 ".to_owned(),
        };
        assert!(line.starts_with(&head), "{line}");
        assert!(line.ends_with(&Entry::from(&problem).line()), "{line}");
        assert!(!line.chars().any(char::is_control), "{line}");
    }
}

#[tokio::test]
async fn a_log_that_takes_nothing_is_told_and_not_waited_for() {
    let record = entries::record().await;
    let service = Service::start();
    let journal = Journal::at(service.place()).unwrap();
    journal.write(&record).unwrap();
    let mut faults = (0..10_000).filter_map(|_| journal.write(&record).err());
    assert_eq!(faults.next(), Some(WriteFault::Busy));

    let place = service.place();
    drop(service);
    let nobody = WriteFault::NoReceiver {
        place: place.clone(),
    };
    assert_eq!(journal.write(&record), Err(nobody.clone()));
    assert_eq!(
        Syslog::at(&place).unwrap().write(&record),
        Err(nobody.clone())
    );

    // A service that comes back is found again.
    fs::create_dir(place.parent().unwrap()).unwrap();
    let socket = UnixDatagram::bind(&place).unwrap();
    journal.write(&record).unwrap();
    // The socket is still there, and nobody behind it.
    drop(socket);
    assert_eq!(journal.write(&record), Err(nobody));
    fs::remove_dir_all(place.parent().unwrap()).unwrap();
}
