//! What is said to a proxy that does not write down enough of it itself.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use url::Url;

use super::proxy::Proxy;

/// Passes on what is said, and keeps what clients say. Its threads end with the connections; the one that waits for more
/// ends with the process.
pub(crate) struct Tap {
    url: Url,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    pub(crate) fn before(proxy: &Proxy) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut url = proxy.url();
        let port = listener.local_addr().unwrap().port();
        url.set_port(Some(port)).unwrap();
        let (said, behind) = (Arc::<Mutex<Vec<u8>>>::default(), proxy.port());
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                // The proxy may have ended with its test.
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, behind)) else {
                    return;
                };
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let heard = Arc::clone(&heard);
                thread::spawn(move || {
                    pass(from, to, |bytes| heard.lock().unwrap().extend(bytes));
                });
                thread::spawn(move || pass(server, client, |_| ()));
            }
        });
        Self { url, said }
    }

    /// Where it stands, as the address of the proxy.
    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }

    /// How often clients said this.
    pub(crate) fn count(&self, words: &str) -> usize {
        let said = self.said.lock().unwrap();
        let windows = said.windows(words.len());
        windows.filter(|window| *window == words.as_bytes()).count()
    }
}

/// Passes on in one direction, up to its end.
fn pass(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        keep(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
