//! Whoever is not the view: rows P56 and P57.

use std::process::{Child, Command, Stdio};

use sspr::gateway::{Token, View};
use sspr::{Fault, GatewayFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::setup::{HOST, channel, refused, serve, serve_with, tells_processes, tenant};
use super::view::{ask, connect_head, field, status, status_of, token, tunnel, tunnel_status};

/// A process that ends with its input.
fn child() -> Child {
    let program = if cfg!(windows) { "cmd" } else { "cat" };
    Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn without_the_token_nothing_is_to_be_had() {
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    let target = format!("{HOST}:443");
    for credentials in [
        String::new(),
        field(Token::USER, "wrong"),
        field("other", running.token().expose_secret()),
        format!(
            "Proxy-Authorization: Bearer {}\r\n",
            running.token().expose_secret()
        ),
        token(&running).replace("Proxy-", ""),
    ] {
        let head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{credentials}\r\n");
        assert_eq!(status(&running, &head).await, 407);
    }
    let counts = running.counts();
    assert_eq!((counts.without_token, counts.wrong_token), (2, 3));
    // Told once, however often it is tried.
    let (host, error, _) = refused(&mut events).await;
    assert_eq!(host, None);
    assert_eq!(*error.fault(), Fault::Gateway(GatewayFault::WrongToken));
    assert_eq!(tunnel_status(&running, "evil.example:443").await, 403);
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(
        error.fault(),
        Fault::Gateway(GatewayFault::HostNotAllowed { .. })
    ));
}

#[tokio::test]
async fn a_foreign_process_hears_nothing_even_with_the_token() {
    if !tells_processes() {
        println!("skipped: this system does not say which process has a connection");
        return;
    }
    let tenant = tenant();
    let mut child = child();
    let (running, mut events) = serve_with(channel(&tenant), |builder| {
        builder.view(View::process(child.id()).unwrap())
    })
    .await;
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 0);
    let (_, error, page) = refused(&mut events).await;
    assert_eq!(*error.fault(), Fault::Gateway(GatewayFault::ForeignProcess));
    assert!(page.contains("Another program"), "{page}");
    assert_eq!(running.counts().foreign_processes, 1);

    // Named later, as one does with a browser that is started with the address of the gateway.
    running.set_view(View::this_process().unwrap());
    tunnel(&running, &format!("{HOST}:443")).await;
    drop(child.stdin.take());
    child.wait().unwrap();
}

/// Browsers open connections in advance and drop them. Then nobody has them, and nobody is to be warned of.
#[tokio::test]
async fn a_connection_that_has_ended_is_no_stranger_s() {
    if !tells_processes() {
        println!("skipped: this system does not say which process has a connection");
        return;
    }
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    for said in ["", "CONNECT reset.contoso.example:443 HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        drop(stream);
    }
    while running.counts().connections < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(tunnel_status(&running, "evil.example:443").await, 403);
    let (host, ..) = refused(&mut events).await;
    assert_eq!(host.as_deref(), Some("evil.example"));
    assert_eq!(running.counts().foreign_processes, 0);
}

#[tokio::test]
async fn the_gateway_ends_with_the_view() {
    if !tells_processes() {
        println!("skipped: this system does not say which process has a connection");
        return;
    }
    let tenant = tenant();
    let mut child = child();
    let (running, mut events) = serve(channel(&tenant)).await;
    running.set_view(View::process(child.id()).unwrap());
    drop(child.stdin.take());
    child.wait().unwrap();
    while events.next().await.is_some() {}
    assert!(TcpStream::connect(running.address()).await.is_err());
}

#[tokio::test]
async fn dropping_it_closes_the_port_and_every_tunnel() {
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    let mut open = tunnel(&running, &format!("{HOST}:443")).await;
    let address = running.address();
    drop(running);
    while events.next().await.is_some() {}
    let ended = open.read(&mut [0; 1]).await;
    assert!(matches!(ended, Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn only_the_one_method_is_known() {
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    let token = token(&running);
    for line in [
        format!("GET http://{HOST}/ HTTP/1.1"),
        format!("GET https://{HOST}/ HTTP/1.1"),
        "OPTIONS * HTTP/1.1".to_owned(),
        "GET / HTTP/1.1".to_owned(),
        "connect a:443 HTTP/1.1".to_owned(),
    ] {
        let (_, answer) = ask(&running, &format!("{line}\r\nHost: x\r\n{token}\r\n")).await;
        assert_eq!(status_of(&answer), 405, "{line}");
        assert!(answer.contains("\r\nAllow: CONNECT\r\n"));
        assert!(!answer.to_ascii_lowercase().contains("access-control"));
    }
    assert_eq!(running.counts().other_methods, 5);
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(
        error.fault(),
        Fault::Gateway(GatewayFault::MethodNotAllowed { .. })
    ));
}

#[tokio::test]
async fn smuggled_heads_are_refused() {
    let tenant = tenant();
    let (running, _events) = serve(channel(&tenant)).await;
    let token = token(&running);
    let good = format!("{HOST}:443");
    let heads = [
        format!("CONNECT {good} HTTP/1.1\r\nHost: evil.example:443\r\n{token}\r\n"),
        format!(
            "CONNECT {good} HTTP/1.1\r\nHost: {good}\r\nTransfer-Encoding: chunked\r\n{token}\r\n"
        ),
        format!("CONNECT {good} HTTP/1.1\r\nHost: {good}\r\nContent-Length: 4\r\n{token}\r\nevil"),
        format!("CONNECT {good} HTTP/1.1\nHost: {good}\n{token}\r\n\r\n"),
        format!("CONNECT user@{good} HTTP/1.1\r\nHost: user@{good}\r\n{token}\r\n"),
        format!(
            "CONNECT reset%2econtoso.example:443 HTTP/1.1\r\nHost: reset%2econtoso.example:443\r\n{token}\r\n"
        ),
        format!("CONNECT {good} HTTP/1.1\r\nHost: {good}\r\n{token}{token}\r\n"),
        format!("\r\nCONNECT {good} HTTP/1.1\r\nHost: {good}\r\n{token}\r\n"),
    ];
    for head in &heads {
        assert_eq!(status(&running, head).await, 400, "{head}");
    }
    assert_eq!(running.counts().malformed, heads.len() as u64);
    assert_eq!(running.counts().tunnels, 0);
}

/// What comes behind a request that was refused is no request.
#[tokio::test]
async fn one_request_is_heard_on_a_connection() {
    let tenant = tenant();
    let (running, _events) = serve(channel(&tenant)).await;
    let good = connect_head(&running, &format!("{HOST}:443"));
    let evil = connect_head(&running, "evil.example:443");
    let strange = good.replace(&token(&running), "");
    for (first, status) in [(&evil, 403), (&strange, 407)] {
        let (mut stream, answer) = ask(&running, &format!("{first}{good}")).await;
        assert_eq!(status_of(&answer), status);
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert_eq!(rest, b"", "{status}");
    }
    assert_eq!(running.counts().tunnels, 0);

    // Behind one that was granted, it is what goes through the tunnel: TLS or nothing.
    let (mut stream, answer) = ask(&running, &format!("{good}{good}")).await;
    assert_eq!(status_of(&answer), 200);
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
    assert_eq!(running.counts().tunnels, 1);
    // The connection of the gateway itself, and the one that nothing went through.
    let requests = tenant.traffic().requests;
    assert!(requests.iter().all(|request| request.method != "CONNECT"));
}

/// P57
#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let tenant = tenant();
    let (running, _events) = serve(channel(&tenant)).await;
    let head = connect_head(&running, &format!("{HOST}:443"));
    let large = head.replace(
        "\r\n\r\n",
        &format!("\r\nX: {}\r\n\r\n", "a".repeat(8 << 10)),
    );
    assert_eq!(status(&running, &large).await, 431);
}

/// P57. The time is not real: it goes on when nobody has anything to do.
#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_refused() {
    let tenant = tenant();
    let (running, _events) = serve_with(channel(&tenant), |builder| {
        builder.dangerously_without_process_check()
    })
    .await;
    let (_, answer) = ask(&running, "CONNECT reset.contoso.exam").await;
    assert_eq!(status_of(&answer), 408);
    // One that was opened in advance, as browsers do, is closed without a word.
    let (_, answer) = ask(&running, "").await;
    assert_eq!(answer, "");
    assert_eq!(running.counts().malformed, 1);
}

#[tokio::test]
async fn ten_thousand_connections_do_not_keep_the_view_out() {
    let tenant = tenant();
    let (running, mut events) = serve_with(channel(&tenant), |builder| {
        builder.dangerously_without_process_check()
    })
    .await;
    let silent: Vec<_> = {
        let mut silent = Vec::new();
        for _ in 0..32 {
            silent.push(TcpStream::connect(running.address()).await.unwrap());
        }
        silent
    };
    for number in 0..10_000 {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        if number % 2 == 0 {
            let _ = stream.write_all(b"\0\0nonsense\r\n\r\n").await;
        }
    }
    tunnel(&running, &format!("{HOST}:443")).await;
    drop(silent);
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(
        error.fault(),
        Fault::Gateway(GatewayFault::Malformed { .. })
    ));
    assert_eq!(running.counts().events_lost, 0);
    assert!(running.counts().connections > 10_000);
}
