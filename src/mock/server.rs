//! The server: a thread of its own that takes connections in.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::connection::{Connection, Service};
use super::pki::Chain;
use super::state::Shared;
use super::waiting::wait;

const BACKLOG: u32 = 128;

/// The running server. Dropping it ends the thread and closes every connection.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    commands: Option<UnboundedSender<Command>>,
    thread: Option<thread::JoinHandle<()>>,
    open: watch::Sender<usize>,
}

/// What the handle asks the thread to do; `done` answers once it is done.
#[derive(Debug)]
struct Command {
    task: Task,
    done: std::sync::mpsc::Sender<io::Result<()>>,
}

#[derive(Debug)]
enum Task {
    ClosePort(Port),
    OpenPort(Port),
    DropConnections,
}

/// One of the two ports.
#[derive(Clone, Copy, Debug)]
pub(super) enum Port {
    Tenant,
    Responder,
}

/// Both ports, taken: their numbers are known before anything is served.
#[derive(Debug)]
pub(super) struct Bound {
    runtime: Runtime,
    tenant: TcpListener,
    responder: TcpListener,
}

impl Bound {
    pub(super) fn bind(ip: IpAddr) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (tenant, responder) = {
            let _inside = runtime.enter();
            (listen(ip)?, listen(ip)?)
        };
        Ok(Self {
            runtime,
            tenant,
            responder,
        })
    }

    pub(super) fn responder(&self) -> io::Result<SocketAddr> {
        self.responder.local_addr()
    }

    pub(super) fn serve(
        self,
        tls: Arc<ServerConfig>,
        chain: Arc<Chain>,
        shared: Shared,
    ) -> io::Result<Server> {
        let address = self.tenant.local_addr()?;
        let (commands, orders) = mpsc::unbounded_channel();
        let open = watch::Sender::new(0);
        let runtime = self.runtime;
        let doorman = Doorman {
            tenant: Door::open(self.tenant, Service::Tenant(TlsAcceptor::from(tls)))?,
            responder: Door::open(self.responder, Service::Responder(chain))?,
            connections: JoinSet::new(),
            open: open.clone(),
            shared,
        };
        let thread = thread::Builder::new()
            .name("mock tenant".into())
            .spawn(move || runtime.block_on(doorman.serve(orders)))?;
        Ok(Server {
            address,
            commands: Some(commands),
            thread: Some(thread),
            open,
        })
    }
}

impl Server {
    pub(super) fn close_port(&self, port: Port) -> io::Result<()> {
        self.ask(Task::ClosePort(port))
    }

    pub(super) fn open_port(&self, port: Port) -> io::Result<()> {
        self.ask(Task::OpenPort(port))
    }

    /// Whether every connection to the tenant has ended within `limit`.
    pub(super) fn idle_within(&self, limit: Duration) -> bool {
        let mut open = self.open.subscribe();
        // The sender is alive as long as `self` is.
        let idle = async { open.wait_for(|open| *open == 0).await.is_ok() };
        wait(idle, limit).unwrap_or(false)
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

fn listen(ip: IpAddr) -> io::Result<TcpListener> {
    let socket = socket(ip)?;
    socket.bind(SocketAddr::new(ip, 0))?;
    socket.listen(BACKLOG)
}

fn socket(ip: IpAddr) -> io::Result<TcpSocket> {
    let socket = if ip.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // So that the port can be opened again while old connections linger, and shut without giving its number away.
    #[cfg(unix)]
    {
        socket.set_reuseaddr(true)?;
        socket.set_reuseport(true)?;
    }
    Ok(socket)
}

/// Takes connections in at both ports.
struct Doorman {
    tenant: Door,
    responder: Door,
    connections: JoinSet<()>,
    open: watch::Sender<usize>,
    shared: Shared,
}

impl Doorman {
    async fn serve(mut self, mut commands: UnboundedReceiver<Command>) {
        loop {
            tokio::select! {
                command = commands.recv() => {
                    let Some(Command { task, done }) = command else { return };
                    // Whoever asked may have given up waiting.
                    let _ = done.send(self.obey(task).await);
                }
                (stream, peer) = self.tenant.next() => {
                    let number = {
                        let traffic = &mut self.shared.lock().traffic;
                        traffic.connections += 1;
                        traffic.connections
                    };
                    let ending = Ending::begin(&self.open);
                    let connection = self.connection(&self.tenant, number, peer);
                    self.connections.spawn(async move {
                        connection.serve(stream).await;
                        drop(ending);
                    });
                }
                (stream, peer) = self.responder.next() => {
                    let number = {
                        let traffic = &mut self.shared.lock().traffic;
                        traffic.revocation_connections += 1;
                        traffic.revocation_connections
                    };
                    let connection = self.connection(&self.responder, number, peer);
                    self.connections.spawn(connection.serve(stream));
                }
                Some(_) = self.connections.join_next() => {}
            }
        }
    }

    fn connection(&self, door: &Door, number: usize, peer: SocketAddr) -> Connection {
        Connection {
            number,
            peer: peer.ip(),
            shared: self.shared.clone(),
            service: door.service.clone(),
        }
    }

    async fn obey(&mut self, task: Task) -> io::Result<()> {
        match task {
            Task::ClosePort(port) => self.door(port).shut(),
            Task::OpenPort(port) => self.door(port).reopen(),
            Task::DropConnections => {
                self.connections.shutdown().await;
                Ok(())
            }
        }
    }

    fn door(&mut self, port: Port) -> &mut Door {
        match port {
            Port::Tenant => &mut self.tenant,
            Port::Responder => &mut self.responder,
        }
    }
}

/// Counts an open connection for as long as it lives, however it ends.
struct Ending(watch::Sender<usize>);

impl Ending {
    fn begin(open: &watch::Sender<usize>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(open.clone())
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

/// One port, and who is behind it.
struct Door {
    address: SocketAddr,
    service: Service,
    state: Option<DoorState>,
}

/// Either open, or bound only, so that nobody else gets the number and connecting is refused.
enum DoorState {
    Open(TcpListener),
    Shut(TcpSocket),
}

impl Door {
    fn open(listener: TcpListener, service: Service) -> io::Result<Self> {
        Ok(Self {
            address: listener.local_addr()?,
            service,
            state: Some(DoorState::Open(listener)),
        })
    }

    async fn next(&self) -> (TcpStream, SocketAddr) {
        let Some(DoorState::Open(listener)) = &self.state else {
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

    fn shut(&mut self) -> io::Result<()> {
        if matches!(self.state, Some(DoorState::Open(_))) {
            // Where two sockets cannot share an address, the listener has to be gone first.
            if cfg!(not(unix)) {
                self.state = None;
            }
            let socket = socket(self.address.ip())?;
            socket.bind(self.address)?;
            self.state = Some(DoorState::Shut(socket));
        }
        Ok(())
    }

    fn reopen(&mut self) -> io::Result<()> {
        self.state = match self.state.take() {
            Some(DoorState::Shut(socket)) => Some(DoorState::Open(socket.listen(BACKLOG)?)),
            other => other,
        };
        Ok(())
    }
}
