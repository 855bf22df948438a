//! A relay that counts how often the client speaks after the server: the round trips.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::Result;

pub(crate) struct Relay {
    address: SocketAddr,
    count: Arc<Count>,
}

#[derive(Default)]
struct Count {
    turns: AtomicU64,
    client_spoke_last: AtomicBool,
}

impl Relay {
    /// Listens on loopback and passes everything on to `target`.
    pub(crate) fn to(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let count = Arc::new(Count::default());
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(target) else {
                    continue;
                };
                counted.client_spoke_last.store(false, Ordering::SeqCst);
                let _ = client.set_nodelay(true);
                let _ = server.set_nodelay(true);
                pass(&client, &server, Arc::clone(&counted), true);
                pass(&server, &client, Arc::clone(&counted), false);
            }
        });
        Ok(Self { address, count })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often the client spoke after the server had, or first.
    pub(crate) fn turns(&self) -> u64 {
        self.count.turns.load(Ordering::SeqCst)
    }
}

fn pass(from: &TcpStream, to: &TcpStream, count: Arc<Count>, is_client: bool) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else {
        return;
    };
    thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            // The goodbye of TLS (an alert record of 24 bytes at most) is no question.
            let is_goodbye = is_client && read <= 31 && buffer[0] == 0x17 && buffer[4] < 24;
            if !is_goodbye
                && count.client_spoke_last.swap(is_client, Ordering::SeqCst) != is_client
                && is_client
            {
                count.turns.fetch_add(1, Ordering::SeqCst);
            }
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
