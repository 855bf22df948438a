//! Many tunnels at once, and what one costs while nothing passes.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::process::Process;
use crate::site::ECHO;
use crate::view::{Proxy, begin};
use crate::{Result, ratio};

const TUNNELS: usize = 2000;

/// How many are opened at the same time: fewer than connections that have not shown the token yet may be.
const TOGETHER: usize = 32;

pub(crate) async fn measure(site: &str, root: &str) -> Result<()> {
    let (gateway, line) = Process::start(&["gateway", site, root])?;
    let (address, token) = line.split_once(' ').ok_or("the gateway has not started")?;
    let proxy = Proxy::gateway(address, token);
    // What only the first one needs: the check of the host, buffers, threads.
    let first = open(proxy.clone()).await?;

    let before = gateway.resident()?;
    let begun = Instant::now();
    let mut tunnels = Vec::new();
    while tunnels.len() < TUNNELS {
        let mut together = JoinSet::new();
        for _ in 0..TOGETHER.min(TUNNELS - tunnels.len()) {
            together.spawn(open(proxy.clone()));
        }
        while let Some(tunnel) = together.join_next().await {
            tunnels.push(tunnel??);
        }
    }
    println!(
        "{TUNNELS} tunnels in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let grown = gateway.resident()?.saturating_sub(before);
    let each = grown as f64 / TUNNELS as f64 / 1024.0;
    ratio("idle-tunnel-kib", each, 64.0);

    let mut silent = 0;
    for tunnel in &mut tunnels {
        if echo(tunnel).await.is_err() {
            silent += 1;
        }
    }
    ratio("tunnels-lost", f64::from(silent), 0.0);
    drop(first);
    Ok(())
}

/// A tunnel that has begun and is silent.
async fn open(proxy: Proxy) -> Result<TcpStream> {
    let mut stream = proxy.tunnel().await?;
    begin(&mut stream, &ECHO).await?;
    Ok(stream)
}

async fn echo(stream: &mut TcpStream) -> Result<()> {
    let said = *b"\x17\x03\x03\x00\x01?";
    stream.write_all(&said).await?;
    let mut heard = [0; 6];
    stream.read_exact(&mut heard).await?;
    match heard == said {
        true => Ok(()),
        false => Err("something else came back".into()),
    }
}
