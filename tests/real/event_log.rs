//! The logs as services of the world keep them: rsyslog on a socket of the test's own, and systemd's journal in a
//! namespace of mounts that has nothing of this computer's logs.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../event_log/entries.rs"]
mod entries;
mod namespace;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value as Json;
use sspr::event_log::{Entry, Journal, Syslog, SyslogForm, WriteFault};

use namespace::is_inside;

/// How long a service may take for what it has to do. Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

const JOURNALD: &str = "/lib/systemd/systemd-journald";

/// A service that ends with this value.
struct Service(Child);

impl Service {
    fn start(command: &mut Command) -> Self {
        let silent = command.stdin(Stdio::null()).stdout(Stdio::null());
        Self(silent.stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What `look` finds, which has to come.
fn awaited<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not come");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Writes as soon as somebody listens.
fn written(write: impl Fn() -> Result<(), WriteFault>) {
    awaited(|| match write() {
        Ok(()) => Some(()),
        Err(WriteFault::NoReceiver { .. }) => None,
        Err(other) => panic!("{other:?}"),
    });
}

/// Says what is missing. Fails where everything has to be there.
fn is_there(program: &str) -> bool {
    let folders = ["/usr/sbin", "/usr/bin", "/"];
    if folders
        .iter()
        .any(|folder| Path::new(folder).join(program).is_file())
    {
        return true;
    }
    let missing = format!("{program} is not there, run tests/real/install/event_log");
    assert!(
        env::var("SSPR_REAL").as_deref() != Ok("require"),
        "{missing}"
    );
    eprintln!("skipped: {missing}");
    false
}

/// Two sockets of rsyslog: one as it is delivered, one that is told to read RFC 5424.
#[tokio::test]
async fn rsyslog_keeps_each_form_as_one_message() {
    if !is_there("rsyslogd") {
        return;
    }
    let folder = env::temp_dir().join(format!("sspr-rsyslog-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let config = format!(
        "module(load=\"imuxsock\" SysSock.Use=\"off\")\n\
         template(name=\"all\" type=\"string\" string=\"%pri%|%timestamp:::date-rfc3339%|%app-name%|%procid%|%msgid%|%structured-data%|%msg%\\n\")\n\
         input(type=\"imuxsock\" Socket=\"{0}/local\")\n\
         input(type=\"imuxsock\" Socket=\"{0}/protocol\" UseSpecialParser=\"off\")\n\
         action(type=\"omfile\" file=\"{0}/log\" template=\"all\")\n",
        folder.display()
    );
    fs::write(folder.join("rsyslog.conf"), config).unwrap();
    let mut command = Command::new("rsyslogd");
    command
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .args(["-n", "-f"])
        .arg(folder.join("rsyslog.conf"))
        .arg("-i")
        .arg(folder.join("pid"));
    let service = Service::start(&mut command);

    let (record, problem) = (entries::record().await, entries::problem().await);
    let local = Syslog::at(folder.join("local")).unwrap();
    written(|| local.write(&record));
    // What comes by another socket may overtake.
    lines(&folder, 1);
    let protocol = |form| Syslog::at(folder.join("protocol")).unwrap().form(form);
    written(|| protocol(SyslogForm::Rfc5424).write(&record));
    written(|| protocol(SyslogForm::Structured { enterprise: 32473 }).write(&record));
    written(|| protocol(SyslogForm::Rfc5424).write(&problem));

    let log = lines(&folder, 4);
    let rows: Vec<Vec<_>> = log
        .lines()
        .map(|line| line.splitn(7, '|').collect())
        .collect();
    let (entry, process) = (Entry::from(&record), std::process::id().to_string());
    let line = entry.line();
    assert_eq!(rows[0][0], "84");
    assert_eq!(rows[0][2..6], ["sspr", &process, "-", "-"]);
    // Here the blank after the tag belongs to the message.
    assert_eq!(rows[0][6], format!(" {line}"));
    let time = Command::new("date")
        .args([
            "-u",
            "-d",
            &format!("@{}", record.time),
            "+%Y-%m-%dT%H:%M:%S",
        ])
        .output();
    let time = String::from_utf8(time.unwrap().stdout).unwrap();
    for row in &rows[1..3] {
        assert_eq!(row[0], "84");
        assert!(row[1].starts_with(time.trim()), "{row:?}");
        assert_eq!(row[2..5], ["sspr", &process, "failed"]);
        assert_eq!(row[6], line);
    }
    assert_eq!(rows[1][5], "-");
    assert!(
        rows[2][5].starts_with("[sspr@32473 event=\"102\" "),
        "{log}"
    );
    let problem = Entry::from(&problem);
    assert_eq!((rows[3][0], rows[3][4]), ("83", "blocks"));
    assert_eq!(rows[3][6], problem.line());
    drop(service);
    let _ = fs::remove_dir_all(folder);
}

/// What rsyslog wrote down: so many lines, which have to come.
fn lines(folder: &Path, count: usize) -> String {
    awaited(|| {
        let log = fs::read_to_string(folder.join("log")).ok()?;
        (log.lines().count() == count && log.ends_with('\n')).then_some(log)
    })
}

#[test]
fn the_journal_keeps_every_field() {
    if !is_there(&JOURNALD[1..]) || !is_there("journalctl") {
        return;
    }
    if !is_inside(&["--mount"], "the_journal_keeps_every_field") {
        return;
    }
    for (program, arguments) in [
        ("mount", ["-t", "tmpfs", "tmpfs", "/run"]),
        ("mount", ["-t", "tmpfs", "tmpfs", "/var/log"]),
    ] {
        assert!(
            Command::new(program)
                .args(arguments)
                .status()
                .unwrap()
                .success()
        );
    }
    fs::create_dir_all("/run/systemd/journal").unwrap();
    fs::create_dir("/var/log/journal").unwrap();
    let _service = Service::start(Command::new(JOURNALD).arg("sspr"));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (record, problem) = runtime
        .unwrap()
        .block_on(async { (entries::record().await, entries::problem().await) });
    let sockets = PathBuf::from("/run/systemd/journal.sspr");
    let journal = Journal::at(sockets.join("socket")).unwrap();
    written(|| journal.write(&record));
    written(|| journal.write(&problem));
    // What comes by another socket may overtake.
    kept(2);
    let syslog = Syslog::at(sockets.join("dev-log")).unwrap();
    written(|| syslog.write(&record));
    let kept = kept(3);
    for (kept, (entry, priority)) in kept
        .iter()
        .zip([(Entry::from(&record), "4"), (Entry::from(&problem), "3")])
    {
        assert_eq!(kept["MESSAGE"], entry.line());
        assert_eq!(kept["PRIORITY"], priority);
        assert_eq!(kept["_TRANSPORT"], "journal");
        let ours = kept.as_object().unwrap().keys();
        let ours = ours.filter(|name| name.starts_with("SSPR_")).count();
        assert_eq!(ours, entry.fields().count());
        for (name, value) in entry.fields() {
            let name = name.to_ascii_uppercase().replace('-', "_");
            assert_eq!(kept[format!("SSPR_{name}")], value);
        }
    }
    assert_eq!(kept[2]["MESSAGE"], Entry::from(&record).line());
    assert_eq!(kept[2]["SYSLOG_PID"], std::process::id().to_string());
    for entry in kept {
        assert_eq!(entry["SYSLOG_IDENTIFIER"], "sspr");
        assert_eq!(entry["SYSLOG_FACILITY"], "10");
    }
}

/// So many entries, which have to come.
fn kept(count: usize) -> Vec<Json> {
    awaited(|| Some(read()).filter(|kept| kept.len() == count))
}

/// The entries of `sspr`, oldest first.
fn read() -> Vec<Json> {
    let output = Command::new("journalctl")
        .args([
            "--file",
            "/var/log/journal/*/*.journal",
            "-o",
            "json",
            "-t",
            "sspr",
        ])
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let entries = text.lines().map(serde_json::from_str::<Json>);
    entries.map(Result::unwrap).collect()
}
