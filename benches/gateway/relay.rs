//! The least that can stand between: bytes from one side to the other.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Result;
use crate::process::wanted;

/// As much at once as the gateway moves.
const PIECE: usize = 128 << 10;

/// The relay's process.
pub(crate) async fn serve(site: &str) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    let site: Arc<str> = site.into();
    tokio::spawn(async move {
        while let Ok((view, _)) = listener.accept().await {
            tokio::spawn(pass(view, Arc::clone(&site)));
        }
    });
    wanted().await;
    Ok(())
}

async fn pass(view: TcpStream, site: Arc<str>) -> Result<()> {
    let server = TcpStream::connect(&*site).await?;
    view.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_view, to_view) = view.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::spawn(copy(from_view, to_server));
    copy(from_server, to_view).await
}

async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
) -> Result<()> {
    let mut piece = vec![0; PIECE];
    while let count @ 1.. = from.read(&mut piece).await? {
        to.write_all(piece.get(..count).unwrap_or_default()).await?;
    }
    Ok(to.shutdown().await?)
}
