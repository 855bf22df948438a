//! Hosts that are somewhere else when the view comes: the place that was looked at is the one that is used.

use std::sync::Arc;

use sspr::proxy::{Explicit, PacFuture, PacResolver, PacSource, SurveyOptions, ThisComputer, Ways};
use sspr::revocation::Policy;
use sspr::{Channel, ChannelBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::hello::{read, tls13};
use super::setup::{HOST, Lookups, channel_to, serve};
use super::site::{Identity, Site, identity};
use super::view::{tunnel, tunnel_status};

/// The beginning of a client's hello.
const CLIENT: &[u8] = &[22, 3, 1, 0, 1, 1];

/// Two places with the same port, where a system has more than one address for itself.
async fn two_places() -> Option<(TcpListener, TcpListener, u16)> {
    for _ in 0..16 {
        let one = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = one.local_addr().unwrap().port();
        if let Ok(other) = TcpListener::bind(("127.0.0.2", port)).await {
            return Some((one, other, port));
        }
    }
    println!("skipped: this system has no second address for itself");
    None
}

/// A channel for which the host is where its first lookup says, then where the second one does.
fn channel(port: u16, root: &[u8]) -> Channel {
    channel_to(format!("somewhere.example:{port}"), root)
        .resolver(Lookups::new([&["127.0.0.1"], &["127.0.0.2"]]))
        .revocation(Policy::Off)
        .build()
        .unwrap()
}

/// Says hello to the view.
async fn greet(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 64]).await;
    let _ = stream.write_all(&tls13()).await;
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

/// Is good once, and gone then.
async fn once(listener: TcpListener, (_, acceptor): Identity) {
    let (stream, _) = listener.accept().await.unwrap();
    drop(listener);
    if let Ok(mut stream) = acceptor.accept(stream).await {
        let _ = stream.read_u8().await;
    }
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_followed_to_where_it_led() {
    let Some((one, other, port)) = two_places().await else {
        return;
    };
    let identity = identity();
    let site = Site::at(one, identity.clone(), greet);
    let (running, _events) = serve(channel(port, &identity.0)).await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(CLIENT).await.unwrap();
    tokio::select! {
        hello = read(&mut stream, tls13().len()) => assert_eq!(hello, tls13()),
        _ = other.accept() => panic!("the view went where nobody had looked"),
    }
    assert_eq!(site.connections(), 2);
}

#[tokio::test]
async fn a_host_that_has_moved_is_looked_at_where_it_is_now() {
    let Some((one, other, port)) = two_places().await else {
        return;
    };
    let identity = identity();
    tokio::spawn(once(one, identity.clone()));
    let site = Site::at(other, identity.clone(), greet);
    let (running, _events) = serve(channel(port, &identity.0)).await;
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 200);
    assert_eq!(site.connections(), 2);
}

/// A script that names these proxies.
struct Script(String);

impl PacResolver for Script {
    fn resolve<'a>(&'a self, _source: &'a PacSource, _url: &'a Url) -> PacFuture<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// Passes tunnels on to wherever they are to lead, at most so many. Where it is, and who ends with the number of them.
async fn proxy(most: usize) -> (u16, tokio::task::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        for _ in 0..most {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let target = head.split(' ').nth(1).unwrap().to_owned();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(target).await.unwrap();
                client.write_all(b"HTTP/1.1 200 Yes\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
        most
    });
    (port, task)
}

fn by_script(builder: ChannelBuilder, answer: String) -> Channel {
    let script = Url::parse("http://127.0.0.1:1/proxy.pac").unwrap();
    let computer = ThisComputer::new(SurveyOptions::default()).explicit(Explicit::Script(script));
    let ways = Ways::new(computer).resolver(Arc::new(Script(answer)));
    builder.ways(ways).build().unwrap()
}

/// What was found good by one proxy is not said to be so by another one, which may look into everything.
#[tokio::test]
async fn another_way_is_looked_at_before_it_is_gone() {
    let site = Site::start(greet).await;
    let ((first, gone), (second, used)) = (proxy(1).await, proxy(2).await);
    let answer = format!("PROXY 127.0.0.1:{first}; PROXY 127.0.0.1:{second}");
    let channel = by_script(site.builder(), answer);
    let (running, _events) = serve(channel).await;
    let target = format!("{HOST}:443");
    // The site is good TLS once; the second look finds none, so no tunnel is given.
    assert_eq!(tunnel_status(&running, &target).await, 502);
    assert_eq!(gone.await.unwrap(), 1);
    assert_eq!(used.await.unwrap(), 2);
}
