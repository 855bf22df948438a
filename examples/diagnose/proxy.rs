//! Servers for demonstrations: each answers every connection in one way.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// How a server answers.
#[derive(Clone, Copy)]
pub(crate) enum Behaviour {
    /// With these bytes after each head of HTTP.
    Says(&'static str),
    /// As a proxy whose tunnels all lead here.
    LeadsTo(SocketAddr),
    /// With these bytes after the first record of TLS, and nothing more.
    SaysInTls(&'static [u8]),
}

/// Starts a server on this computer; it ends with the runtime.
pub(crate) async fn start(behaviour: Behaviour) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, behaviour));
        }
    });
    Ok(address)
}

/// Until the client has had enough.
async fn serve(mut stream: TcpStream, behaviour: Behaviour) -> std::io::Result<()> {
    match behaviour {
        Behaviour::Says(answer) => loop {
            read_head(&mut stream).await?;
            stream.write_all(answer.as_bytes()).await?;
        },
        Behaviour::LeadsTo(address) => {
            read_head(&mut stream).await?;
            let mut server = TcpStream::connect(address).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            copy_bidirectional(&mut stream, &mut server).await?;
            Ok(())
        }
        Behaviour::SaysInTls(answer) => {
            let mut head = [0; 5];
            stream.read_exact(&mut head).await?;
            let mut hello = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
            stream.read_exact(&mut hello).await?;
            stream.write_all(answer).await?;
            stream.shutdown().await?;
            // Until the client is gone, so that the answer is not lost to a reset.
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
            Ok(())
        }
    }
}

async fn read_head(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(())
}
