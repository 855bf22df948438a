//! What a script may learn about the world around it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::PeerText;

/// What a script may learn about the world around it, and nothing else. It is asked on the caller's thread, and must not
/// ask the same engine in its turn.
pub trait PacWorld: Send + Sync {
    /// The addresses of `host`, which is an ASCII name; empty if it has none. An answer that takes longer than `within`
    /// counts as [`PacError::DnsBudget`](super::PacError::DnsBudget).
    fn resolve(&self, host: &str, within: Duration) -> Vec<IpAddr>;

    /// The addresses by which this computer reaches the network; the most important first.
    fn local_addresses(&self) -> Vec<IpAddr>;

    /// The time that the script sees.
    fn clock(&self) -> Clock {
        Clock::System
    }

    /// The script called `alert`. At most 2048 bytes in each call of the script arrive here.
    fn alert(&self, _text: &PeerText) {}
}

/// The time that a script sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clock {
    /// The clock and the time zone of this computer.
    System,
    /// A moment that does not pass, in a zone that has this one offset at all times.
    Fixed {
        /// The moment.
        utc: SystemTime,
        /// How far local time is ahead of UTC, in seconds; negative to the west.
        offset: i32,
    },
}

/// The world as the operating system sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsWorld;

impl PacWorld for OsWorld {
    fn resolve(&self, host: &str, within: Duration) -> Vec<IpAddr> {
        // The resolver of the operating system cannot be interrupted: it gets threads of its own, but not without end.
        static BUSY: AtomicUsize = AtomicUsize::new(0);
        const MOST: usize = 8;

        if BUSY.fetch_add(1, Ordering::AcqRel) >= MOST {
            BUSY.fetch_sub(1, Ordering::AcqRel);
            return Vec::new();
        }
        let (sender, receiver) = mpsc::channel();
        let host = host.to_owned();
        let started = thread::Builder::new()
            .name("sspr-pac-dns".to_owned())
            .spawn(move || {
                let addresses = (host.as_str(), 0).to_socket_addrs();
                BUSY.fetch_sub(1, Ordering::AcqRel);
                // The caller may have stopped waiting.
                let _ = sender.send(addresses);
            });
        if started.is_err() {
            BUSY.fetch_sub(1, Ordering::AcqRel);
            return Vec::new();
        }
        let mut found = Vec::new();
        if let Ok(Ok(addresses)) = receiver.recv_timeout(within) {
            for address in addresses.map(|address| address.ip()) {
                if !found.contains(&address) {
                    found.push(address);
                }
            }
        }
        found
    }

    fn local_addresses(&self) -> Vec<IpAddr> {
        [route_from(PROBE_V4), route_from(PROBE_V6)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Addresses of documentation blocks (RFC 5737, RFC 3849): they lie behind the default route, and nobody has them.
const PROBE_V4: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9);
const PROBE_V6: SocketAddr = SocketAddr::new(
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 1)),
    9,
);

/// The local address of the route to `target`. Connecting a datagram socket sends nothing.
fn route_from(target: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = match target {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(target).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

/// A world that is made up: for tests, and to ask what a script would say elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedWorld {
    /// Names (in lower case) and their addresses; every other name has none.
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// The addresses of this computer.
    pub local: Vec<IpAddr>,
    /// The time.
    pub clock: Clock,
}

impl Default for FixedWorld {
    /// No names, no addresses, and midnight of 1 January 1970 in UTC.
    fn default() -> Self {
        Self {
            hosts: BTreeMap::new(),
            local: Vec::new(),
            clock: Clock::Fixed {
                utc: SystemTime::UNIX_EPOCH,
                offset: 0,
            },
        }
    }
}

impl PacWorld for FixedWorld {
    fn resolve(&self, host: &str, _within: Duration) -> Vec<IpAddr> {
        self.hosts
            .get(&host.to_ascii_lowercase())
            .cloned()
            .unwrap_or_default()
    }

    fn local_addresses(&self) -> Vec<IpAddr> {
        self.local.clone()
    }

    fn clock(&self) -> Clock {
        self.clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_world_knows_localhost_and_stops_waiting() {
        let addresses = OsWorld.resolve("localhost", Duration::from_secs(10));
        assert!(addresses.iter().all(IpAddr::is_loopback));
        assert!(!addresses.is_empty());
        assert!(OsWorld.resolve("localhost", Duration::ZERO).len() <= addresses.len());
    }

    #[test]
    fn own_addresses_are_never_loopback() {
        assert!(
            OsWorld
                .local_addresses()
                .iter()
                .all(|address| !address.is_loopback())
        );
    }
}
