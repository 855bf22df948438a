//! A datagram socket to a service on this computer that never waits for it.

use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

use super::WriteFault;

#[derive(Debug)]
pub(super) struct Socket {
    socket: UnixDatagram,
    /// Whoever listens there is found anew for each datagram, since services are started again.
    place: PathBuf,
}

impl Socket {
    pub(super) fn to(place: PathBuf) -> Result<Self, WriteFault> {
        let opened = UnixDatagram::unbound().and_then(|socket| {
            socket.set_nonblocking(true)?;
            Ok(socket)
        });
        match opened {
            Ok(socket) => Ok(Self { socket, place }),
            Err(error) => Err(WriteFault::of(&error, &place)),
        }
    }

    pub(super) fn send(&self, datagram: &[u8]) -> Result<(), WriteFault> {
        let sent = self.socket.send_to(datagram, &self.place);
        sent.map(drop)
            .map_err(|error| WriteFault::of(&error, &self.place))
    }
}
