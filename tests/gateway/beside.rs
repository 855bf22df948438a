//! While the host is looked at, the way for the view is opened.

use sspr::gateway::{Event, Events, Running};
use sspr::revocation::Policy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::hello::{read, tls13};
use super::setup::{HOST, channel_to, next, serve};
use super::site::identity;
use super::view::{connect_head, status_of};

/// A host that has been asked for, and both connections to it: on the first one it was not answered yet.
struct Beside {
    looked: TcpStream,
    way: TcpStream,
    acceptor: TlsAcceptor,
    /// What the view gets.
    view: JoinHandle<(TcpStream, String)>,
    events: Events,
    _running: Running,
}

impl Beside {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (root, acceptor) = identity();
        let channel = channel_to(listener.local_addr().unwrap(), &root).revocation(Policy::Off);
        let (running, events) = serve(channel.build().unwrap()).await;
        let head = connect_head(&running, &format!("{HOST}:443"));
        let address = running.address();
        let view = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let answer = super::view::answer(&mut stream).await;
            (stream, answer)
        });
        let (looked, _) = listener.accept().await.unwrap();
        let (way, _) = listener.accept().await.unwrap();
        assert!(!view.is_finished());
        Self {
            looked,
            way,
            acceptor,
            view,
            events,
            _running: running,
        }
    }
}

#[tokio::test]
async fn a_good_host_gets_the_view_on_it() {
    let mut beside = Beside::start().await;
    let _looked = beside.acceptor.accept(beside.looked).await.unwrap();
    let (mut view, answer) = beside.view.await.unwrap();
    assert_eq!(status_of(&answer), 200);
    view.write_all(&[22, 3, 1, 0, 1, 1]).await.unwrap();
    assert_eq!(read(&mut beside.way, 6).await, [22, 3, 1, 0, 1, 1]);
    beside.way.write_all(&tls13()).await.unwrap();
    assert_eq!(read(&mut view, tls13().len()).await, tls13());
}

#[tokio::test]
async fn another_host_hears_nothing_on_it() {
    let mut beside = Beside::start().await;
    beside
        .looked
        .write_all(b"HTTP/1.1 400 No\r\n\r\n")
        .await
        .unwrap();
    let (_, answer) = beside.view.await.unwrap();
    assert_eq!(status_of(&answer), 502);
    let mut heard = Vec::new();
    beside.way.read_to_end(&mut heard).await.unwrap();
    assert!(heard.is_empty(), "{heard:?}");
    let event = next(&mut beside.events).await;
    assert!(matches!(event, Event::Refused { .. }), "{event:?}");
}
