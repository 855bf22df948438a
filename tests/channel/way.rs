//! Names, addresses, ports, and no network at all.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use sspr::{
    AuthorityProblem, Channel, Exchange, Fault, Request, Resolve, ResolveFuture, Stage, Timeouts,
};
use tokio::net::TcpListener;

use crate::get;
use crate::server::{
    Authority, Cable, Everywhere, NAME, Peer, Server, channel, channel_with, config,
};

/// Answers every question in the same way.
struct Always(fn() -> io::Result<Vec<IpAddr>>);

impl Resolve for Always {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        assert_eq!(host, NAME);
        Box::pin(async { (self.0)() })
    }
}

struct Never;

impl Resolve for Never {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(std::future::pending())
    }
}

async fn fault(channel: &Channel, request: Request) -> Fault {
    channel
        .exchange(request)
        .await
        .unwrap_err()
        .error
        .fault()
        .clone()
}

fn anywhere() -> Request {
    get(format!("https://{NAME}/").parse().unwrap())
}

/// A port that nobody listens on.
async fn free_port(ip: IpAddr) -> u16 {
    TcpListener::bind((ip, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

#[tokio::test]
async fn a_name_without_an_address_is_told() {
    let authority = Authority::new();
    let nothing: [fn() -> _; 2] = [|| Ok(Vec::new()), || Err(io::ErrorKind::NotFound.into())];
    for nothing in nothing {
        for (up, expected) in [
            (true, Fault::NameNotFound { host: NAME.into() }),
            (false, Fault::NoNetwork),
        ] {
            let channel = channel_with(&authority, |builder| {
                builder.resolver(Always(nothing)).network(Cable(up))
            });
            assert_eq!(fault(&channel, anywhere()).await, expected);
            assert_eq!(
                *channel.warm_up(&anywhere().url).await.unwrap_err().fault(),
                expected
            );
        }
    }
}

#[tokio::test]
async fn a_lookup_has_its_time() {
    let authority = Authority::new();
    let mut timeouts = Timeouts::default();
    timeouts.dns = Duration::from_millis(20);
    let expected = Fault::NameTimedOut {
        host: NAME.into(),
        after: timeouts.dns,
    };
    let channel = channel_with(&authority, |builder| {
        builder.resolver(Never).timeouts(timeouts)
    });
    assert_eq!(fault(&channel, anywhere()).await, expected);
    let gave_up = Always(|| Err(io::ErrorKind::TimedOut.into()));
    let channel = channel_with(&authority, |builder| {
        builder.resolver(gave_up).timeouts(timeouts)
    });
    assert_eq!(fault(&channel, anywhere()).await, expected);
}

#[tokio::test]
async fn a_refused_port_is_told_even_without_a_network() {
    let authority = Authority::new();
    let port = free_port(Ipv4Addr::LOCALHOST.into()).await;
    for up in [true, false] {
        let channel = channel_with(&authority, |builder| builder.network(Cable(up)));
        let request = get(format!("https://{NAME}:{port}/").parse().unwrap());
        assert_eq!(
            fault(&channel, request).await,
            Fault::ConnectionRefused {
                host: NAME.into(),
                port
            }
        );
    }
}

#[tokio::test]
async fn a_host_outside_is_no_news_without_a_network() {
    let authority = Authority::new();
    let mut timeouts = Timeouts::default();
    timeouts.connect = Duration::ZERO;
    // Set aside for documentation (RFC 5737): whatever this computer makes of it, there is nobody.
    let outside = || Everywhere(vec![Ipv4Addr::new(192, 0, 2, 1).into()]);
    let channel = channel_with(&authority, |builder| {
        builder
            .resolver(outside())
            .timeouts(timeouts)
            .network(Cable(false))
    });
    assert_eq!(fault(&channel, anywhere()).await, Fault::NoNetwork);
    let channel = channel_with(&authority, |builder| {
        builder.resolver(outside()).timeouts(timeouts)
    });
    assert_eq!(fault(&channel, anywhere()).await.stage(), Stage::Connect);
}

/// Linux answers no further connection once the queue of those not yet accepted is full.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_has_its_time() {
    use tokio::net::{TcpSocket, TcpStream};
    use tokio::time::timeout;

    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut queue = Vec::new();
    let patience = Duration::from_millis(100);
    while let Ok(connected) = timeout(patience, TcpStream::connect(address)).await {
        queue.push(connected.unwrap());
        assert!(queue.len() < 16, "the queue never fills");
    }
    let mut timeouts = Timeouts::default();
    timeouts.connect = Duration::from_millis(20);
    let authority = Authority::new();
    let channel = channel_with(&authority, |builder| builder.timeouts(timeouts));
    let (host, port, after) = (NAME.into(), address.port(), timeouts.connect);
    let request = get(format!("https://{NAME}:{port}/").parse().unwrap());
    assert_eq!(
        fault(&channel, request).await,
        Fault::ConnectTimedOut { host, port, after }
    );
}

#[tokio::test]
async fn the_second_address_is_taken_when_the_first_refuses() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    // All of 127.0.0.0/8 is this computer, but the server listens at one address of it.
    let addresses = Everywhere(vec![
        Ipv4Addr::new(127, 0, 0, 2).into(),
        Ipv4Addr::LOCALHOST.into(),
    ]);
    let channel = channel_with(&authority, |builder| builder.resolver(addresses));
    channel.exchange(get(server.url())).await.unwrap();
}

#[tokio::test]
async fn a_host_with_ipv6_only_is_reached_by_name_and_by_address() {
    let authority = Authority::new();
    if let Err(error) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await {
        println!("skipped: this computer has no IPv6 ({error})");
        return;
    }
    let acceptor = authority.issue(&[NAME, "::1"], |_| {}).acceptor();
    let server = Server::tcp(Ipv6Addr::LOCALHOST.into(), move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            Peer(acceptor.accept(stream).await.unwrap())
                .answer_all("hello")
                .await
        }
    })
    .await;
    let channel = channel_with(&authority, |builder| {
        builder.resolver(Everywhere(vec![Ipv6Addr::LOCALHOST.into()]))
    });
    channel.exchange(get(server.url())).await.unwrap();
    let address = format!("https://[::1]:{}/", server.address.port());
    channel
        .exchange(get(address.parse().unwrap()))
        .await
        .unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn only_https_without_credentials_is_gone_to() {
    let channel = channel(&Authority::new());
    for (url, problem) in [
        ("http://login.contoso.example/", AuthorityProblem::NotHttps),
        ("ftp://login.contoso.example/", AuthorityProblem::NotHttps),
        ("data:,x", AuthorityProblem::NotHttps),
        (
            "https://adele@login.contoso.example/",
            AuthorityProblem::HasCredentials,
        ),
        (
            "https://:secret@login.contoso.example/",
            AuthorityProblem::HasCredentials,
        ),
    ] {
        let told = fault(&channel, get(url.parse().unwrap())).await;
        assert_eq!(told, Fault::InvalidAuthority { problem }, "{url}");
    }
}

#[test]
fn without_a_runtime_nothing_panics() {
    let channel = channel(&Authority::new());
    let mut exchange = channel.exchange(anywhere());
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match exchange.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(Err(error)) => assert_eq!(*error.error.fault(), Fault::NoRuntime),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_system_resolves_is_reached() {
    let authority = Authority::new();
    let server = Server::tls(
        authority.issue(&["localhost"], |_| {}).config(),
        |_, peer| peer.answer_all("hello"),
    )
    .await;
    let channel = channel_with(&authority, |builder| builder.resolver(sspr::SystemResolver));
    let url = format!("https://localhost:{}/", server.address.port());
    channel.exchange(get(url.parse().unwrap())).await.unwrap();
}
