//! Ports that nobody else gets.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A port of the loopback, kept for one program.
///
/// The socket is bound and does not listen: the program, which has to set `SO_REUSEADDR` as servers do, can listen on
/// the port, the system gives it to nobody else, and until the program listens a connection to it is refused. So there
/// is no moment at which a foreign server could be taken for the proxy.
pub(crate) struct Port {
    _socket: TcpSocket,
    number: u16,
}

impl Port {
    pub(crate) fn reserve() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(any).unwrap();
        Self {
            number: socket.local_addr().unwrap().port(),
            _socket: socket,
        }
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}
