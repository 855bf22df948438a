//! The process of the server and the proxies, and what a visitor has to know of it.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::Result;
use crate::proxy::{Proxy, start_relay};
use crate::scheme::{PASSWORD, Scheme, USER};
use crate::server::Server;

/// The process, as the benchmark holds it. It ends with its standard input.
pub(crate) struct Stand {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub(crate) map: Map,
}

/// Where everything is.
pub(crate) struct Map {
    pub(crate) servers: Vec<SocketAddr>,
    /// A relay to the first server.
    pub(crate) relay: SocketAddr,
    /// In the order of [`Scheme::ALL`].
    pub(crate) proxies: Vec<SocketAddr>,
    /// In PEM.
    pub(crate) root: String,
}

impl Stand {
    pub(crate) fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("stand")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let [servers, relay, proxies] =
            [(); 3].map(|()| -> Result<_> { addresses(&read_line(&mut answers)?) });
        let mut root = String::new();
        while !root.contains("-----END") {
            answers.read_line(&mut root)?;
        }
        let map = Map {
            servers: servers?,
            relay: *relay?.first().ok_or("no relay")?,
            proxies: proxies?,
            root,
        };
        Ok(Self {
            child,
            orders,
            answers,
            map,
        })
    }

    /// The requests of each tunnel that the proxy has opened since the last question.
    pub(crate) fn requests(&mut self, scheme: Scheme) -> Result<Vec<u32>> {
        writeln!(self.orders.as_mut().ok_or("no input")?, "{scheme}")?;
        let line = read_line(&mut self.answers)?;
        let numbers = line.split_whitespace().map(|word| Ok(word.parse()?));
        numbers.collect()
    }

    /// A program that finds here, in its environment, where to go.
    pub(crate) fn visitor(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("BENCH_SERVERS", words(&self.map.servers))
            .env("BENCH_RELAY", self.map.relay.to_string())
            .env("BENCH_PROXIES", words(&self.map.proxies))
            .env("BENCH_ROOT", &self.map.root)
            .env("BENCH_USER", USER)
            .env("BENCH_PASSWORD", PASSWORD);
        command
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}

impl Map {
    /// What a visitor was told.
    pub(crate) fn from_environment() -> Result<Self> {
        Ok(Self {
            servers: addresses(&std::env::var("BENCH_SERVERS")?)?,
            relay: std::env::var("BENCH_RELAY")?.parse()?,
            proxies: addresses(&std::env::var("BENCH_PROXIES")?)?,
            root: std::env::var("BENCH_ROOT")?,
        })
    }

    /// The proxy that demands a login by the scheme of this name, if it is one.
    pub(crate) fn proxy(&self, scheme: &str) -> Option<SocketAddr> {
        let index = Scheme::ALL
            .iter()
            .position(|known| known.name() == scheme)?;
        self.proxies.get(index).copied()
    }
}

/// The process of the stand.
pub(crate) fn serve() -> Result<()> {
    let server = Server::start()?;
    let relay = start_relay(*server.addresses.first().ok_or("no server")?)?;
    let proxies: Vec<_> = Scheme::ALL
        .into_iter()
        .map(Proxy::start)
        .collect::<Result<_>>()?;
    let addresses: Vec<_> = proxies.iter().map(|proxy| proxy.address).collect();
    println!(
        "{}\n{relay}\n{}",
        words(&server.addresses),
        words(&addresses)
    );
    print!("{}", server.root);
    for order in std::io::stdin().lines() {
        let order = order?;
        let asked = Scheme::ALL.iter().zip(&proxies);
        let (_, proxy) = asked
            .into_iter()
            .find(|(scheme, _)| scheme.name() == order)
            .ok_or("no such proxy")?;
        println!("{}", words(&proxy.requests()));
    }
    Ok(())
}

fn read_line(from: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line)
}

fn words(things: &[impl ToString]) -> String {
    let words: Vec<_> = things.iter().map(ToString::to_string).collect();
    words.join(" ")
}

fn addresses(line: &str) -> Result<Vec<SocketAddr>> {
    line.split_whitespace()
        .map(|word| Ok(word.parse()?))
        .collect()
}
