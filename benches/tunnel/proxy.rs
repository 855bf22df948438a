//! A proxy that opens tunnels to the server, whatever is asked for, and counts the requests for each.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::Result;
use crate::scheme::Scheme;

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    count: Arc<Mutex<Count>>,
}

/// Connections come one after the other.
#[derive(Default)]
struct Count {
    /// Those since the last tunnel.
    requests: u32,
    /// Those of each tunnel.
    tunnels: Vec<u32>,
}

impl Proxy {
    pub(crate) fn start(scheme: Scheme) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let count = Arc::<Mutex<Count>>::default();
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counted = Arc::clone(&counted);
                thread::spawn(move || serve(client, scheme, &counted));
            }
        });
        Ok(Self { address, count })
    }

    /// The requests of each tunnel since the last question.
    pub(crate) fn requests(&self) -> Vec<u32> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *count).tunnels
    }
}

/// Passes everything on to `target`, unasked.
pub(crate) fn start_relay(target: SocketAddr) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if let Ok(server) = TcpStream::connect(target) {
                thread::spawn(move || join(client, server));
            }
        }
    });
    Ok(address)
}

fn serve(mut client: TcpStream, scheme: Scheme, count: &Mutex<Count>) -> Result<()> {
    client.set_nodelay(true)?;
    loop {
        let head = read_head(&mut client)?;
        let mut counted = count.lock().unwrap_or_else(PoisonError::into_inner);
        counted.requests += 1;
        if let Some(challenge) = scheme.challenge(login(&head)) {
            drop(counted);
            let answer = format!(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: {challenge}\r\n\
                 Content-Length: 0\r\n\r\n"
            );
            client.write_all(answer.as_bytes())?;
            continue;
        }
        let requests = std::mem::take(&mut counted.requests);
        counted.tunnels.push(requests);
        drop(counted);
        let server = TcpStream::connect(target(&head)?)?;
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        return join(client, server);
    }
}

fn target(head: &str) -> Result<SocketAddr> {
    let target = head.strip_prefix("CONNECT ").ok_or("no CONNECT")?;
    let (target, _) = target.split_once(' ').ok_or("no version")?;
    Ok(target.parse()?)
}

fn login(head: &str) -> Option<&str> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization")
            .then_some(value)
    })
}

/// Reads up to the empty line, and nothing behind it.
pub(crate) fn read_head(stream: &mut impl Read) -> Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8(head)?)
}

fn join(client: TcpStream, server: TcpStream) -> Result<()> {
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (client_too, server_too) = (client.try_clone()?, server.try_clone()?);
    let upward = thread::spawn(move || pass(client_too, server_too));
    pass(server, client);
    upward.join().map_err(|_| "a thread has panicked".into())
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 256 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
