//! TLS servers that others wrote: `openssl s_server`, and tlslite-ng with the limits that OpenSSL does not have.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, io};

use http::Method;
use sspr::probe::{self, Answer};
use sspr::proxy::Explicit;
use sspr::{
    Channel, Exchange, Fault, Network, Request, Resolve, ResolveFuture, RootScope, TlsFault, Trust,
};
use tokio::net::TcpStream;
use url::Url;

pub(crate) const NAME: &str = "login.contoso.example";

/// A folder with a root and a server's certificate.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
}

impl Place {
    /// `None`, with a word about it, if one of the components is missing.
    pub(crate) fn new(name: &str, components: &[&str]) -> Option<Self> {
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

    pub(crate) fn run(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "openssl {arguments}: {output:?}");
    }

    /// `openssl s_server` with these options.
    pub(crate) fn openssl(&self, options: &[&str]) -> Server {
        let mut command = Command::new("openssl");
        command
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args(["-cert", "server.pem", "-key", "server.key"])
            .args(options)
            .current_dir(&self.folder);
        Server::start(command, "ACCEPT 127.0.0.1:")
    }

    pub(crate) fn tlslite(&self, limit: &str) -> Server {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/tls/server.py");
        let mut command = Command::new(python());
        command
            .arg(script)
            .args(["server.pem", "server.key", limit])
            .current_dir(&self.folder);
        Server::start(command, "PORT ")
    }

    pub(crate) fn channel(
        &self,
        adjust: impl FnOnce(sspr::ChannelBuilder) -> sspr::ChannelBuilder,
    ) -> Channel {
        channel(&self.folder, adjust)
    }

    /// The status of a GET.
    pub(crate) async fn ask(
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

    pub(crate) async fn tls_fault(&self, server: &Server) -> TlsFault {
        match self.ask(server, |builder| builder).await {
            Err(Fault::Tls(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }
}

/// A server in a process of its own, which ends with this value.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
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

    pub(crate) fn url(&self) -> Url {
        url(self.port)
    }

    pub(crate) async fn probe(&self) -> Answer {
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

pub(crate) fn url(port: u16) -> Url {
    Url::parse(&format!("https://{NAME}:{port}/")).unwrap()
}

pub(crate) fn channel(
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
pub(crate) struct Here;

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
