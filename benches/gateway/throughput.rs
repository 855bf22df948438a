//! How fast bytes pass.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::process::Process;
use crate::site::{BULK, SIZE};
use crate::view::{Proxy, begin};
use crate::{Result, ratio, stand};

const ROUNDS: usize = 8;

/// What must deliver everything.
const OURS: [&str; 2] = ["direct", "gateway"];

/// The login at the other proxies.
const USER: &str = "kiosk";
const PASSWORD: &str = "a-long-password";

pub(crate) async fn measure(site: &str, root: &str) -> Result<()> {
    let (_gateway, line) = Process::start(&["gateway", site, root])?;
    let (address, token) = line.split_once(' ').ok_or("the gateway has not started")?;
    let mut racers = vec![
        ("direct", None),
        ("gateway", Some(Proxy::gateway(address, token))),
    ];
    let others = [
        ("tinyproxy", stand::tinyproxy::basic(USER, PASSWORD)),
        ("px", stand::px::basic(USER, PASSWORD)),
    ];
    for (name, proxy) in &others {
        if let Some(proxy) = proxy {
            let url = proxy.url();
            let address = format!("127.0.0.1:{}", url.port().unwrap_or_default());
            racers.push((name, Some(Proxy::new(&address, USER, PASSWORD, site))));
        }
    }

    let mut best = vec![Duration::MAX; racers.len()];
    for _ in 0..ROUNDS {
        for ((name, proxy), best) in racers.iter().zip(&mut best) {
            let stream = match proxy {
                Some(proxy) => proxy.tunnel().await?,
                None => TcpStream::connect(site).await?,
            };
            match fetch(stream).await {
                Ok(time) => *best = (*best).min(time),
                // Other proxies may lose what they like; it is told below.
                Err(_) if !OURS.contains(name) => {}
                Err(error) => return Err(format!("{name}: {error}").into()),
            }
        }
    }
    let ours = best.get(1).copied().unwrap_or(Duration::MAX);
    for ((name, _), time) in racers.iter().zip(best) {
        if time == Duration::MAX {
            println!("{name}: has delivered everything in none of {ROUNDS} rounds");
            continue;
        }
        let speed = SIZE as f64 / f64::from(1 << 20) / time.as_secs_f64();
        println!("{name}: {speed:.0} MiB/s");
        match *name {
            "gateway" => {}
            // 0.95 of its speed.
            "direct" => ratio("time-of-direct", ours.div_duration_f64(time), 1.0 / 0.95),
            name => ratio(&format!("time-of-{name}"), ours.div_duration_f64(time), 1.0),
        }
    }
    Ok(())
}

/// How long the bytes take once the tunnel stands.
async fn fetch(mut stream: TcpStream) -> Result<Duration> {
    let mut buffer = vec![0; 256 << 10];
    let mut missing = SIZE;
    let begun = Instant::now();
    begin(&mut stream, &BULK).await?;
    while missing > 0 {
        match stream.read(&mut buffer).await? {
            0 => return Err("not everything has arrived".into()),
            count => missing = missing.saturating_sub(count),
        }
    }
    Ok(begun.elapsed())
}
