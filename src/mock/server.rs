//! The server: a thread of its own that takes connections in.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::connection::Connection;
use super::state::Shared;

const BACKLOG: u32 = 128;

/// The running server. Dropping it ends the thread and closes every connection.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    commands: Option<UnboundedSender<Command>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What the handle asks the thread to do; `done` answers once it is done.
#[derive(Debug)]
struct Command {
    task: Task,
    done: std::sync::mpsc::Sender<io::Result<()>>,
}

#[derive(Debug)]
enum Task {
    ClosePort,
    OpenPort,
    DropConnections,
}

impl Server {
    pub(super) fn start(ip: IpAddr, tls: Arc<ServerConfig>, shared: Shared) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            let socket = socket(ip)?;
            socket.bind(SocketAddr::new(ip, 0))?;
            socket.listen(BACKLOG)?
        };
        let address = listener.local_addr()?;
        let (commands, orders) = mpsc::unbounded_channel();
        let acceptor = TlsAcceptor::from(tls);
        let thread = thread::Builder::new()
            .name("mock tenant".into())
            .spawn(move || runtime.block_on(accept(listener, address, acceptor, shared, orders)))?;
        Ok(Self {
            address,
            commands: Some(commands),
            thread: Some(thread),
        })
    }

    pub(super) fn close_port(&self) -> io::Result<()> {
        self.ask(Task::ClosePort)
    }

    pub(super) fn open_port(&self) -> io::Result<()> {
        self.ask(Task::OpenPort)
    }

    pub(super) fn drop_connections(&self) -> io::Result<()> {
        self.ask(Task::DropConnections)
    }

    fn ask(&self, task: Task) -> io::Result<()> {
        let (done, answer) = std::sync::mpsc::channel();
        let gone = || io::Error::other("the tenant has stopped");
        let commands = self.commands.as_ref().ok_or_else(gone)?;
        commands.send(Command { task, done }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The accept loop ends when nobody can give commands any more.
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already.
            let _ = thread.join();
        }
    }
}

fn socket(ip: IpAddr) -> io::Result<TcpSocket> {
    let socket = if ip.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // So that the port can be opened again while old connections linger.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    Ok(socket)
}

/// Either open, or bound only, so that nobody else gets the number and connecting is refused.
enum Port {
    Open(TcpListener),
    Closed(TcpSocket),
}

async fn accept(
    listener: TcpListener,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    shared: Shared,
    mut commands: UnboundedReceiver<Command>,
) {
    let mut port = Some(Port::Open(listener));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            command = commands.recv() => {
                let Some(Command { task, done }) = command else { return };
                let result = match task {
                    Task::ClosePort => close(&mut port, address),
                    Task::OpenPort => open(&mut port),
                    Task::DropConnections => {
                        connections.shutdown().await;
                        Ok(())
                    }
                };
                // Whoever asked may have given up waiting.
                let _ = done.send(result);
            }
            (stream, peer) = next(&port) => {
                let number = {
                    let mut state = shared.lock();
                    state.traffic.connections += 1;
                    state.traffic.connections
                };
                let connection = Connection { number, peer: peer.ip(), shared: shared.clone() };
                connections.spawn(connection.serve(stream, acceptor.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn next(port: &Option<Port>) -> (TcpStream, SocketAddr) {
    let Some(Port::Open(listener)) = port else {
        return std::future::pending().await;
    };
    loop {
        // What fails here is one connection, given up by the client.
        if let Ok(accepted) = listener.accept().await {
            return accepted;
        }
        tokio::task::yield_now().await;
    }
}

fn close(port: &mut Option<Port>, address: SocketAddr) -> io::Result<()> {
    if matches!(port, Some(Port::Open(_))) {
        // The listener has to be gone before its address can be bound again.
        *port = None;
        let socket = socket(address.ip())?;
        socket.bind(address)?;
        *port = Some(Port::Closed(socket));
    }
    Ok(())
}

fn open(port: &mut Option<Port>) -> io::Result<()> {
    *port = match port.take() {
        Some(Port::Closed(socket)) => Some(Port::Open(socket.listen(BACKLOG)?)),
        other => other,
    };
    Ok(())
}
