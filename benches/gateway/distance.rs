//! Puts a server a round trip away.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::Result;

/// An address from which `server` is so far away.
pub(crate) async fn before(server: SocketAddr, round_trip: Duration) -> Result<SocketAddr> {
    if round_trip.is_zero() {
        return Ok(server);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(client, server, round_trip));
        }
    });
    Ok(address)
}

/// What the client says takes the time of both directions.
///
/// The system has accepted the connection before anyone could wait for it, so what comes first waits for that round trip
/// as well. What was said together arrives together.
async fn pass(client: TcpStream, server: SocketAddr, round_trip: Duration) -> Result<()> {
    let opened = Instant::now() + round_trip;
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (said, mut heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut piece = vec![0; 16 << 10];
        while let Ok(count @ 1..) = from_client.read(&mut piece).await {
            let arrival = Instant::now().max(opened) + round_trip;
            if said.send((arrival, piece[..count].to_vec())).is_err() {
                break;
            }
        }
    });
    tokio::spawn(async move {
        while let Some((arrival, bytes)) = heard.recv().await {
            sleep_until(arrival).await;
            if to_server.write_all(&bytes).await.is_err() {
                break;
            }
        }
    });
    tokio::io::copy(&mut from_server, &mut to_client).await?;
    Ok(())
}
