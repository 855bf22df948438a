//! TLS against servers that others wrote: OpenSSL with the limits of old days, tlslite-ng without extended master secret.
//!
//! `tests/real/install/tls` installs them. Where something is missing, the tests say so and end; with `SSPR_REAL=require`
//! they fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, io};

use http::Method;
use sspr::probe::{self, Answer};
use sspr::proxy::Explicit;
use sspr::{
    Channel, ClockFault, Effect, Exchange, Fault, Network, Request, Resolve, ResolveFuture,
    RootScope, TlsFault, Trust, TrustFault,
};
use tokio::net::TcpStream;
use url::Url;

const NAME: &str = "login.contoso.example";

#[tokio::test]
async fn servers_of_old_versions_are_told_and_the_probe_agrees() {
    let Some(place) = Place::new("old-versions", &["openssl"]) else {
        return;
    };
    for (version, chosen) in [("-tls1", 0x0301), ("-tls1_1", 0x0302)] {
        let server = place.openssl(&[version, "-cipher", "ALL:@SECLEVEL=0", "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(matches!(fault, TlsFault::TooOld { .. }), "{fault:?}");
        match server.probe().await {
            Answer::Chose { version, .. } => assert_eq!(version, chosen),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn servers_of_old_suites_have_nothing_in_common_and_the_probe_says_that_they_are_not_old() {
    let Some(place) = Place::new("old-suites", &["openssl"]) else {
        return;
    };
    for (cipher, chosen) in [
        ("ECDHE-RSA-AES128-SHA256", 0xc027), // CBC
        ("AES128-GCM-SHA256", 0x009c),       // RSA key exchange
        ("DHE-RSA-AES128-GCM-SHA256", 0x009e),
    ] {
        let server = place.openssl(&["-tls1_2", "-cipher", cipher, "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(
            matches!(fault, TlsFault::NoCommonParameters { .. }),
            "{cipher}: {fault:?}"
        );
        match server.probe().await {
            Answer::Chose { version, suite } => assert_eq!((version, suite), (0x0303, chosen)),
            other => panic!("{cipher}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn servers_of_today_answer() {
    let Some(place) = Place::new("today", &["openssl"]) else {
        return;
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let server = place.openssl(&[version, "-www"]);
        let status = place
            .ask(&server, |builder| builder.require_ems(true))
            .await;
        assert_eq!(status.unwrap(), 200, "{version}");
    }
}

#[tokio::test]
async fn a_wanted_certificate_is_told_in_both_versions() {
    let Some(place) = Place::new("wanted", &["openssl"]) else {
        return;
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let server = place.openssl(&[version, "-Verify", "1", "-verify_return_error", "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(
            matches!(fault, TlsFault::ClientCertificateWanted { .. }),
            "{version}: {fault:?}"
        );
        // Where it is only wished for, none will do.
        let server = place.openssl(&[version, "-verify", "1", "-www"]);
        let status = place.ask(&server, |builder| builder).await;
        assert_eq!(status.unwrap(), 200, "{version}");
    }
}

#[tokio::test]
async fn no_handshake_begins_again_on_an_open_connection() {
    let Some(place) = Place::new("renegotiation", &["openssl"]) else {
        return;
    };
    let mut server = place.openssl(&["-tls1_2"]);
    let channel = place.channel(|builder| builder);
    let url = server.url();
    channel.warm_up(&url).await.unwrap();
    // On the command `r` the server sends a HelloRequest. The client declines, which OpenSSL takes for the end.
    let mut commands = server.child.stdin.take().unwrap();
    commands.write_all(b"r\n").unwrap();
    let mut request = Request::new(Method::POST, url);
    request.effect = Effect::SetsPassword;
    let error = channel.exchange(request).await.unwrap_err();
    match error.error.fault() {
        Fault::Closed { .. } | Fault::Tls(TlsFault::Alert { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_without_extended_master_secret_is_accepted_unless_it_is_required() {
    let Some(place) = Place::new("no-ems", &["openssl", "tlslite"]) else {
        return;
    };
    let server = place.tlslite("NO-EMS");
    let status = place.ask(&server, |builder| builder).await;
    assert_eq!(status.unwrap(), 200);
    match place
        .ask(&server, |builder| builder.require_ems(true))
        .await
    {
        Err(Fault::Tls(TlsFault::EmsMissing { .. })) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_probe_tells_an_old_version_behind_an_alert_that_does_not() {
    let Some(place) = Place::new("tlslite-old", &["openssl", "tlslite"]) else {
        return;
    };
    let server = place.tlslite("TLS1.1");
    let fault = place.tls_fault(&server).await;
    assert!(
        matches!(
            fault,
            TlsFault::NoCommonParameters { .. } | TlsFault::TooOld { .. }
        ),
        "{fault:?}"
    );
    let answer = server.probe().await;
    assert!(answer.is_too_old(), "{answer:?}");
}

/// Runs itself again under `faketime`, which sets the clock of a whole process.
#[test]
fn a_wrong_clock_is_told_with_both_times() {
    const INSIDE: &str = "SSPR_TEST_PLACE";
    if let Some(folder) = env::var_os(INSIDE) {
        let port = env::var("SSPR_TEST_PORT").unwrap().parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(under_a_wrong_clock(&PathBuf::from(folder), port));
        return;
    }
    let Some(place) = Place::new("clock", &["openssl", "faketime"]) else {
        return;
    };
    let server = place.openssl(&["-tls1_3", "-www"]);
    for (clock, expected) in [
        ("2010-01-01 00:00:00", "before-build"),
        ("-5d", "not-yet-valid"),
        ("2090-01-01 00:00:00", "expired"),
    ] {
        let told = Command::new("faketime")
            .args(["-f", clock])
            .arg(env::current_exe().unwrap())
            .args([
                "--exact",
                "a_wrong_clock_is_told_with_both_times",
                "--nocapture",
            ])
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env(INSIDE, &place.folder)
            .env("SSPR_TEST_PORT", server.port.to_string())
            .output()
            .unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains(&format!("told: {expected}")), "{told}");
    }
}

async fn under_a_wrong_clock(folder: &Path, port: u16) {
    let channel = channel(folder, |builder| builder);
    let error = channel
        .exchange(Request::new(Method::GET, url(port)))
        .await
        .unwrap_err();
    match error.error.fault() {
        Fault::Trust(TrustFault::NotYetValid {
            not_before, now, ..
        }) => {
            assert!(now < not_before);
            println!("told: not-yet-valid");
        }
        Fault::Trust(TrustFault::Expired { not_after, now, .. }) => {
            assert!(now > not_after);
            println!("told: expired");
        }
        Fault::Clock(ClockFault::BeforeBuild { .. }) => println!("told: before-build"),
        other => panic!("{other:?}"),
    }
}

/// A folder with a root and a server's certificate.
struct Place {
    folder: PathBuf,
}

impl Place {
    /// `None`, with a word about it, if one of the components is missing.
    fn new(name: &str, components: &[&str]) -> Option<Self> {
        let missing = components.iter().find(|component| !is_there(component));
        if let Some(missing) = missing {
            if env::var("SSPR_REAL").is_ok_and(|value| value == "require") {
                panic!("{missing} is missing: run tests/real/install/tls");
            }
            // Past the capture of the test harness: a test that does nothing has to say so.
            let mut terminal = io::stderr();
            writeln!(terminal, "skipped: {missing} is missing").unwrap();
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tls-{name}"));
        fs::create_dir_all(&folder).unwrap();
        let place = Self { folder };
        place.make_certificates();
        Some(place)
    }

    fn make_certificates(&self) {
        fs::write(
            self.folder.join("extensions"),
            format!("subjectAltName=DNS:{NAME}\nextendedKeyUsage=serverAuth\n"),
        )
        .unwrap();
        self.run("req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root");
        self.run(
            "req -newkey rsa:2048 -nodes -keyout server.key -out request.pem -subj /CN=Server",
        );
        self.run("x509 -req -in request.pem -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile extensions -out server.pem");
        self.run("x509 -in root.pem -outform DER -out root.der");
    }

    fn run(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "openssl {arguments}: {output:?}");
    }

    /// `openssl s_server` with these options.
    fn openssl(&self, options: &[&str]) -> Server {
        let mut command = Command::new("openssl");
        command
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args(["-cert", "server.pem", "-key", "server.key"])
            .args(options)
            .current_dir(&self.folder);
        Server::start(command, "ACCEPT 127.0.0.1:")
    }

    fn tlslite(&self, limit: &str) -> Server {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/tls/server.py");
        let mut command = Command::new(python());
        command
            .arg(script)
            .args(["server.pem", "server.key", limit])
            .current_dir(&self.folder);
        Server::start(command, "PORT ")
    }

    fn channel(
        &self,
        adjust: impl FnOnce(sspr::ChannelBuilder) -> sspr::ChannelBuilder,
    ) -> Channel {
        channel(&self.folder, adjust)
    }

    /// The status of a GET.
    async fn ask(
        &self,
        server: &Server,
        adjust: impl FnOnce(sspr::ChannelBuilder) -> sspr::ChannelBuilder,
    ) -> Result<u16, Fault> {
        let request = Request::new(Method::GET, server.url());
        match self.channel(adjust).exchange(request).await {
            Ok(response) => Ok(response.status.as_u16()),
            Err(error) => Err(error.error.fault().clone()),
        }
    }

    async fn tls_fault(&self, server: &Server) -> TlsFault {
        match self.ask(server, |builder| builder).await {
            Err(Fault::Tls(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }
}

/// A server in a process of its own, which ends with this value.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it and waits until it says `announcement` and its port.
    fn start(mut command: Command, announcement: &str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix(announcement)?.trim().parse().ok());
        // What it says from now on must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            port: port.unwrap(),
            child,
        }
    }

    fn url(&self) -> Url {
        url(self.port)
    }

    async fn probe(&self) -> Answer {
        let wire = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await;
        probe::ask(wire.unwrap(), NAME).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn url(port: u16) -> Url {
    Url::parse(&format!("https://{NAME}:{port}/")).unwrap()
}

fn channel(
    folder: &Path,
    adjust: impl FnOnce(sspr::ChannelBuilder) -> sspr::ChannelBuilder,
) -> Channel {
    let root = fs::read(folder.join("root.der")).unwrap();
    let builder = Channel::builder()
        .way(Explicit::Direct)
        .resolver(Here)
        .network(Here)
        .trust(Trust::new().added_root(RootScope::Authorities, root));
    adjust(builder).build().unwrap()
}

/// Every name is this computer, whose network is up.
struct Here;

impl Resolve for Here {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) })
    }
}

impl Network for Here {
    fn is_up(&self) -> bool {
        true
    }
}

fn is_there(component: &str) -> bool {
    let mut command = match component {
        "tlslite" => {
            let mut command = Command::new(python());
            command.args(["-c", "import tlslite"]);
            command
        }
        "faketime" => {
            let mut command = Command::new("faketime");
            command.args(["2030-01-01", "true"]);
            command
        }
        other => {
            let mut command = Command::new(other);
            command.arg("version");
            command
        }
    };
    command.output().is_ok_and(|output| output.status.success())
}

/// The interpreter of the virtual environment that the installer makes beside the build's other files.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("real/tls/bin/python")
}
