//! How fast bytes pass.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::process::Process;
use crate::site::{BULK, PACED, SIZE};
use crate::view::{Proxy, begin};
use crate::{Result, ratio, stand};

const ROUNDS: usize = 16;

/// The login at the other proxies.
const USER: &str = "kiosk";
const PASSWORD: &str = "a-long-password";

/// One way to the site.
struct Racer {
    name: &'static str,
    way: Way,
    /// Whether it may lose bytes: the others have to deliver everything.
    may_fail: bool,
}

enum Way {
    /// To this address, at which the site is or seems to be.
    To(String),
    Through(Proxy),
}

impl Racer {
    fn to(name: &'static str, address: &str) -> Self {
        Self {
            name,
            way: Way::To(address.to_owned()),
            may_fail: false,
        }
    }

    async fn open(&self) -> Result<TcpStream> {
        match &self.way {
            Way::To(address) => Ok(TcpStream::connect(address).await?),
            Way::Through(proxy) => proxy.tunnel().await,
        }
    }
}

pub(crate) async fn measure(site: &str, root: &str) -> Result<()> {
    let (_gateway, line) = Process::start(&["gateway", site, root])?;
    let (address, token) = line.split_once(' ').ok_or("the gateway has not started")?;
    let (_relay, relay) = Process::start(&["relay", site])?;
    let mut racers = vec![
        Racer {
            name: "gateway",
            way: Way::Through(Proxy::gateway(address, token)),
            may_fail: false,
        },
        Racer::to("direct", site),
    ];
    println!("over a network of 10 Gbit/s:");
    race(&racers, &PACED, |_| Some(1.0 / 0.95)).await?;

    racers.push(Racer::to("relay", &relay));
    let others = [
        ("tinyproxy", stand::tinyproxy::basic(USER, PASSWORD)),
        ("px", stand::px::basic(USER, PASSWORD)),
    ];
    for (name, proxy) in &others {
        if let Some(proxy) = proxy {
            let address = format!("127.0.0.1:{}", proxy.url().port().unwrap_or_default());
            racers.push(Racer {
                name,
                way: Way::Through(Proxy::new(&address, USER, PASSWORD, site)),
                may_fail: true,
            });
        }
    }
    println!("with no network between:");
    race(&racers, &BULK, |name| match name {
        // Where all share the processor, what is one process more cannot be as fast.
        "direct" => None,
        "relay" => Some(1.05),
        _ => Some(1.0),
    })
    .await
}

/// The first one is compared with each of the others, for which `goal` says what may come out.
async fn race(
    racers: &[Racer],
    first: &[u8],
    goal: impl Fn(&'static str) -> Option<f64>,
) -> Result<()> {
    let mut best = vec![Duration::MAX; racers.len()];
    for _ in 0..ROUNDS {
        for (racer, best) in racers.iter().zip(&mut best) {
            match fetch(racer.open().await?, first).await {
                Ok(time) => *best = (*best).min(time),
                // It is told below.
                Err(_) if racer.may_fail => {}
                Err(error) => return Err(format!("{}: {error}", racer.name).into()),
            }
        }
    }
    let ours = best.first().copied().unwrap_or(Duration::MAX);
    for (number, (Racer { name, .. }, time)) in racers.iter().zip(best).enumerate() {
        if time == Duration::MAX {
            println!("{name}: has delivered everything in none of {ROUNDS} rounds");
            continue;
        }
        let speed = SIZE as f64 / f64::from(1 << 20) / time.as_secs_f64();
        let times = ours.div_duration_f64(time);
        match goal(name) {
            _ if number == 0 => println!("{name}: {speed:.0} MiB/s"),
            Some(goal) => {
                println!("{name}: {speed:.0} MiB/s");
                ratio(&format!("time-of-{name}"), times, goal);
            }
            None => println!("{name}: {speed:.0} MiB/s, of whose time the first takes {times:.3}"),
        }
    }
    Ok(())
}

/// How long the bytes take once the tunnel stands.
async fn fetch(mut stream: TcpStream, first: &[u8]) -> Result<Duration> {
    let mut buffer = vec![0; 256 << 10];
    let mut missing = SIZE;
    let begun = Instant::now();
    begin(&mut stream, first).await?;
    while missing > 0 {
        match stream.read(&mut buffer).await? {
            0 => return Err("not everything has arrived".into()),
            count => missing = missing.saturating_sub(count),
        }
    }
    Ok(begun.elapsed())
}
