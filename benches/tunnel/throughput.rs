//! How fast a response comes through a tunnel.

use std::time::{Duration, Instant};

use sspr::Channel;
use tokio::runtime::Runtime;
use url::Url;

use crate::stand::Stand;
use crate::{Result, ours, ratio};

/// How often each way is gone; the best time counts, since others share the machine.
const ROUNDS: usize = 8;

/// What is fetched in one round: so many bodies of so many bytes, each over a connection that stands already.
const BODIES: usize = 4;
const BODY: usize = 64 << 20;

/// Compares a tunnel with a direct connection to a relay, which moves the bytes exactly as the proxy does: forwarding them
/// once more takes its time on this computer, but that is not this crate's.
pub(crate) fn compare(stand: &Stand) -> Result<()> {
    let runtime = ours::runtime()?;
    let url = ours::server(&stand.map, 0)?.join(&BODY.to_string())?;
    let ways = ["none", "relay", "direct"];
    let channels = ways.map(|way| -> Result<_> { Ok(ours::builder(&stand.map, way)?.build()?) });
    let mut best = [Duration::MAX; 3];
    let [tunnel, relay, direct] = channels;
    let channels = [tunnel?, relay?, direct?];
    for _ in 0..ROUNDS {
        for (channel, best) in channels.iter().zip(&mut best) {
            *best = fetch(&runtime, channel, &url)?.min(*best);
        }
    }
    let [tunnel, relay, direct] = best.map(|time| time.as_secs_f64());
    for (name, time) in [
        ("a tunnel", tunnel),
        ("a relay", relay),
        ("nothing", direct),
    ] {
        let rate = (BODIES * BODY) as f64 / time / f64::from(1 << 20);
        println!("through {name}: {rate:.0} MiB/s");
    }
    ratio("tunnel-transfer-time", tunnel / relay, 1.0 / 0.97);
    Ok(())
}

fn fetch(runtime: &Runtime, channel: &Channel, url: &Url) -> Result<Duration> {
    let mut time = Duration::ZERO;
    for _ in 0..BODIES {
        runtime.block_on(channel.warm_up(url))?;
        let begun = Instant::now();
        runtime.block_on(ours::get(channel, url.clone(), BODY))?;
        time += begun.elapsed();
    }
    Ok(time)
}
