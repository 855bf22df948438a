//! An HTTP address that stands before what answers there does: certificates name it, responders come behind it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// An address that is open until this is dropped; from then on connections are refused.
pub(crate) struct Door {
    host: &'static str,
    port: u16,
    inside: Arc<Inside>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Inside {
    behind: Mutex<Behind>,
    asked: Mutex<Vec<String>>,
    is_closing: AtomicBool,
}

#[derive(Clone, Default)]
enum Behind {
    /// Whoever knocks hears nothing and is sent away.
    #[default]
    Nobody,
    Responder(u16),
    List(Vec<u8>),
}

impl Door {
    pub(crate) fn open(host: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::<Inside>::default();
        let thread = thread::spawn({
            let inside = Arc::clone(&inside);
            move || {
                for stream in listener.incoming() {
                    if inside.is_closing.load(Ordering::SeqCst) {
                        return;
                    }
                    // A client may hang up at any time.
                    let _ = inside.answer(stream.unwrap());
                }
            }
        });
        Self {
            host,
            port,
            inside,
            thread: Some(thread),
        }
    }

    /// Lets requests through to the responder at this port of the loopback.
    pub(crate) fn leads_to(&self, port: u16) {
        *self.inside.behind.lock().unwrap() = Behind::Responder(port);
    }

    /// Answers with this list of revoked certificates.
    pub(crate) fn shows(&self, list: Vec<u8>) {
        *self.inside.behind.lock().unwrap() = Behind::List(list);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}:{}{path}", self.host, self.port)
    }

    /// The request lines of everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.inside.asked.lock().unwrap().clone()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.inside.is_closing.store(true, Ordering::SeqCst);
        // Wakes the thread, which then drops the listener.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        let _ = self.thread.take().unwrap().join();
    }
}

impl Inside {
    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let request = read(&stream)?;
        let line = request.split(|&octet| octet == b'\r').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        self.asked.lock().unwrap().push(line);
        let behind = self.behind.lock().unwrap().clone();
        match behind {
            Behind::Nobody => Ok(()),
            Behind::Responder(port) => {
                let mut responder = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
                responder.write_all(&request)?;
                io::copy(&mut responder, &mut stream).map(drop)
            }
            Behind::List(list) => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/pkix-crl\r\ncontent-length: {}\r\n\r\n",
                    list.len()
                )?;
                stream.write_all(&list)
            }
        }
    }
}

/// One request, head and body.
fn read(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (Vec::new(), 0);
    while !request.ends_with(b"\r\n\r\n") {
        let start = request.len();
        if reader.read_until(b'\n', &mut request)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let field = String::from_utf8_lossy(&request[start..]).to_lowercase();
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.take(length).read_to_end(&mut request)?;
    Ok(request)
}
