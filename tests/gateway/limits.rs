//! How much may pass.

use std::time::Duration;

use sspr::gateway::{Event, TunnelEnd};
use sspr::{Fault, GatewayFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::hello::{read, tls13};
use super::setup::{HOST, next, refused, serve_with};
use super::site::Site;
use super::view::{tunnel, tunnel_status};

#[tokio::test]
async fn beyond_the_limit_nothing_passes_any_more() {
    let site = Site::start(|mut stream| async move {
        let _ = stream.read_exact(&mut [0; 6]).await;
        let _ = stream.write_all(&tls13()).await;
        let _ = stream.write_all(&vec![0; 1 << 20]).await;
    })
    .await;
    let (running, mut events) =
        serve_with(site.channel(), |builder| builder.traffic(256 << 10)).await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(&[22, 3, 1, 0, 1, 1]).await.unwrap();
    let mut arrived = Vec::new();
    let _ = stream.read_to_end(&mut arrived).await;
    assert!(arrived.len() <= 256 << 10);
    let limit = Fault::Gateway(GatewayFault::TrafficLimit { limit: 256 << 10 });
    next(&mut events).await;
    assert_eq!(*refused(&mut events).await.1.fault(), limit);
    match next(&mut events).await {
        Event::Closed { end, .. } => assert_eq!(end, TunnelEnd::Cut),
        other => panic!("{other:?}"),
    }
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 403);
    assert_eq!(*refused(&mut events).await.1.fault(), limit);
}

/// A limit so long that no clock has its end.
#[tokio::test]
async fn there_may_be_no_limit() {
    let site = Site::answering(tls13(), 1000).await;
    let (running, _events) = serve_with(site.channel(), |builder| {
        builder
            .tunnels(usize::MAX)
            .idle(Duration::MAX)
            .idle_notice(Duration::MAX)
            .traffic(u64::MAX)
    })
    .await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(&[22, 3, 1, 0, 1, 1]).await.unwrap();
    assert_eq!(read(&mut stream, tls13().len()).await, tls13());
}

#[tokio::test]
async fn that_nothing_passes_is_told() {
    let site = Site::answering(tls13(), 1000).await;
    let (_running, mut events) = serve_with(site.channel(), |builder| {
        builder.idle_notice(Duration::from_millis(1))
    })
    .await;
    match next(&mut events).await {
        Event::Idle { quiet } => assert!(quiet >= Duration::from_millis(1)),
        other => panic!("{other:?}"),
    }
}
