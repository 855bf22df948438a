//! The server: a thread of its own that accepts, speaks TLS and answers.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::fault::{Due, Endpoint};
use super::http::{self, Incoming, NoRequest, Response};
use super::native_v1;
use super::state::Shared;
use super::traffic::Request;

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
            stream = next(&port) => {
                let number = {
                    let mut state = shared.lock();
                    state.traffic.connections += 1;
                    state.traffic.connections
                };
                let connection = Connection { number, ip: address.ip(), shared: shared.clone() };
                connections.spawn(connection.serve(stream, acceptor.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn next(port: &Option<Port>) -> TcpStream {
    let Some(Port::Open(listener)) = port else {
        return std::future::pending().await;
    };
    loop {
        // What fails here is one connection, given up by the client.
        if let Ok((stream, _)) = listener.accept().await {
            return stream;
        }
        tokio::task::yield_now().await;
    }
}

fn close(port: &mut Option<Port>, address: SocketAddr) -> io::Result<()> {
    if let Some(Port::Open(listener)) = port.take() {
        drop(listener);
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

/// One TCP connection.
struct Connection {
    number: usize,
    ip: IpAddr,
    shared: Shared,
}

impl Connection {
    async fn serve(self, mut stream: TcpStream, acceptor: TlsAcceptor) {
        // An answer in one piece is not kept back for the client's acknowledgements.
        let _ = stream.set_nodelay(true);
        let due = self.shared.lock().faults.due(Endpoint::Connect);
        if let Some(due) = due {
            due.happen().await;
            let answer = due.fault.spoil(None, |_, _, _| serde_json::Value::Null);
            if answer.close {
                if due.fault.is_raw() {
                    // The connection ends either way.
                    let _ = http::write(&mut stream, &answer.bytes).await;
                }
                return;
            }
        }
        let Ok(mut stream) = acceptor.accept(stream).await else {
            return;
        };
        self.shared.lock().traffic.handshakes += 1;
        let mut incoming = Incoming::default();
        while self
            .exchange(&mut stream, &mut incoming)
            .await
            .is_continue()
        {}
    }

    /// One request and its answer.
    async fn exchange(
        &self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        incoming: &mut Incoming,
    ) -> std::ops::ControlFlow<()> {
        const CLOSE: std::ops::ControlFlow<()> = std::ops::ControlFlow::Break(());
        let (request, due) = match self.read(io, incoming).await {
            Ok(read) => read,
            Err(no_request) => {
                self.end(io, no_request).await;
                return CLOSE;
            }
        };
        self.shared.lock().traffic.requests.push(request.clone());
        if !request.complete
            || due
                .as_ref()
                .is_some_and(|due| due.fault.request_limit.is_some())
        {
            if let Some(due) = due {
                due.happen().await;
            }
            return CLOSE;
        }
        let (bytes, close) = self.answer(&request, due).await;
        if http::write(io, &bytes).await.is_err() || close {
            return CLOSE;
        }
        if request
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
        {
            // The client may be gone already.
            let _ = io.shutdown().await;
            return CLOSE;
        }
        std::ops::ControlFlow::Continue(())
    }

    async fn read(
        &self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        incoming: &mut Incoming,
    ) -> Result<(Request, Option<Due>), NoRequest> {
        let head = incoming.head(io).await?;
        let path = head.target.split('?').next().unwrap_or_default();
        let due = self.shared.lock().faults.due(native_v1::endpoint(path));
        let limit = due.as_ref().and_then(|due| due.fault.request_limit);
        incoming.fill(io, &head, limit).await?;
        Ok((incoming.take(self.number, head, limit), due))
    }

    /// Acts and answers, as far as no fault forbids it.
    async fn answer(&self, request: &Request, due: Option<Due>) -> (Vec<u8>, bool) {
        let endpoint = native_v1::endpoint(request.path());
        let acts = due.as_ref().is_none_or(|due| due.fault.lets_act());
        let own =
            acts.then(|| native_v1::answer(&mut self.shared.lock(), endpoint, request, self.ip));
        let Some(due) = due else {
            return (own.map(|own| own.to_bytes()).unwrap_or_default(), false);
        };
        due.happen().await;
        let answer = due.fault.spoil(own, |error, suberror, codes| {
            native_v1::ordered_error(&self.shared.lock(), request, error, suberror, codes)
        });
        (answer.bytes, answer.close)
    }

    /// Records what came of a request that never became one.
    async fn end(&self, io: &mut (impl AsyncWrite + Unpin), no_request: NoRequest) {
        match no_request {
            NoRequest::Ended(raw) if raw.is_empty() => {}
            NoRequest::Ended(raw) => self
                .shared
                .lock()
                .traffic
                .requests
                .push(Request::cut_off(self.number, raw)),
            NoRequest::Refused(response) => self.refuse(io, response).await,
        }
    }

    async fn refuse(&self, io: &mut (impl AsyncWrite + Unpin), response: Response) {
        // The connection ends either way.
        let _ = http::write(io, &response.to_bytes()).await;
        let _ = io.shutdown().await;
    }
}
