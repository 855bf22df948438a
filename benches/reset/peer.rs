//! The mock tenant in a process of its own, and what a client process has to know of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread;

use sspr::mock::Tenant;

use crate::Result;

/// Whose password is reset.
pub(crate) const USER: &str = "adele@contoso.com";

/// What it is reset to.
pub(crate) const PASSWORD: &str = "Winter-Snow-9";

/// How often the client speaks in a TLS 1.3 handshake: the hello, and the end.
pub(crate) const HANDSHAKE_TURNS: u64 = 2;

/// Where the tenant is.
#[derive(Clone)]
pub(crate) struct Peer {
    pub address: SocketAddr,
    pub authority: String,
    pub client_id: String,
    pub root: Vec<u8>,
    /// Where the tenant's process tells the code that it has sent.
    pub codes: SocketAddr,
}

impl Peer {
    pub(crate) fn from_environment() -> Result<Self> {
        let address: SocketAddr = std::env::var("BENCH_ADDRESS")?.parse()?;
        Ok(Self {
            address,
            authority: authority(address),
            client_id: std::env::var("BENCH_CLIENT_ID")?,
            root: from_hex(&std::env::var("BENCH_ROOT")?)?,
            codes: std::env::var("BENCH_CODES")?.parse()?,
        })
    }

    /// Passes itself on to a client process.
    pub(crate) fn environment(&self, mut command: Command) -> Command {
        command
            .env("BENCH_ADDRESS", self.address.to_string())
            .env("BENCH_CLIENT_ID", &self.client_id)
            .env("BENCH_ROOT", to_hex(&self.root))
            .env("BENCH_CODES", self.codes.to_string());
        command
    }

    /// The code that the tenant has sent.
    pub(crate) fn code(&self) -> Result<String> {
        let mut code = String::new();
        TcpStream::connect(self.codes)?.read_to_string(&mut code)?;
        Ok(code)
    }

    /// The same tenant by another way.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self {
            address,
            authority: authority(address),
            ..self.clone()
        }
    }
}

/// The process of the tenant, as the benchmark holds it. It ends with its standard input.
pub(crate) struct Process {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    peer: Peer,
}

/// What has arrived at the tenant.
pub(crate) struct Traffic {
    pub connections: usize,
    pub requests: Vec<String>,
}

impl Process {
    pub(crate) fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("mock")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let line = read_line(&mut answers)?;
        let [address, codes, client_id, root] = words(&line)?;
        let address: SocketAddr = address.parse()?;
        let peer = Peer {
            address,
            authority: authority(address),
            client_id,
            root: from_hex(&root)?,
            codes: codes.parse()?,
        };
        Ok(Self {
            child,
            orders,
            answers,
            peer,
        })
    }

    pub(crate) fn peer(&self) -> &Peer {
        &self.peer
    }

    pub(crate) fn traffic(mut self) -> Result<Traffic> {
        let orders = self.orders.as_mut().ok_or("no input")?;
        writeln!(orders, "traffic")?;
        let line = read_line(&mut self.answers)?;
        let [connections, requests] = words(&line)?;
        let requests = requests.split(',').map(str::to_owned).collect();
        Ok(Traffic {
            connections: connections.parse()?,
            requests,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}

/// The tenant's process.
pub(crate) fn serve() -> Result<()> {
    let tenant = Arc::new(Tenant::start()?);
    let codes = TcpListener::bind("127.0.0.1:0")?;
    println!(
        "{} {} {} {}",
        tenant.address(),
        codes.local_addr()?,
        tenant.client_id(),
        to_hex(tenant.ca_der())
    );
    let teller = Arc::clone(&tenant);
    thread::spawn(move || {
        for asking in codes.incoming().flatten() {
            tell_code(&teller, asking);
        }
    });
    for order in std::io::stdin().lines() {
        if order? == "traffic" {
            let traffic = tenant.traffic();
            let paths = traffic
                .requests
                .iter()
                .filter_map(|request| request.path().rsplit('/').next());
            println!(
                "{} {}",
                traffic.connections,
                paths.collect::<Vec<_>>().join(",")
            );
        }
    }
    Ok(())
}

fn tell_code(tenant: &Tenant, mut asking: TcpStream) {
    if let Some(mail) = tenant.inbox().latest(USER) {
        let _ = asking.write_all(mail.code.as_bytes());
    }
}

/// What a client process said of itself.
pub(crate) struct Report {
    pub allocations: u64,
    pub resident: u64,
}

/// Runs a client process to its end.
pub(crate) fn run_client(who: &str, scenario: &str, peer: &Peer) -> Result<Report> {
    let output = peer
        .environment(Command::new(std::env::current_exe()?))
        .args([who, scenario])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{who} {scenario} failed").into());
    }
    let said = String::from_utf8(output.stdout)?;
    let number = |name: &str| -> Result<u64> {
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .ok_or("no such figure")?;
        Ok(line.trim().parse()?)
    };
    Ok(Report {
        allocations: number("allocations ")?,
        resident: number("resident ")?,
    })
}

fn authority(address: SocketAddr) -> String {
    format!(
        "https://localhost:{}/contoso.onmicrosoft.com",
        address.port()
    )
}

fn read_line(from: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line)
}

fn words<const N: usize>(line: &str) -> Result<[String; N]> {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    words
        .try_into()
        .map_err(|_| format!("not {N} words: {line:?}").into())
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Result<Vec<u8>> {
    let pairs = text
        .as_bytes()
        .chunks(2)
        .map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    pairs.collect()
}
