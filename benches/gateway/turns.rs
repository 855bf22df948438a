//! The round trips that a tunnel adds to the view's own.

use std::sync::Arc;
use std::time::Duration;

use sspr::Channel;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::site::Site;
use crate::view::{Proxy, secure};
use crate::{Result, gate, ratio};

/// So long that what a busy machine adds is far less than half of it.
const ROUND_TRIP: Duration = Duration::from_millis(200);

const ROUNDS: usize = 3;

/// All times are the best of some, and begin with the view's wish and end with its handshake.
pub(crate) async fn measure() -> Result<()> {
    let site = Site::open(ROUND_TRIP).await?;
    let mut direct = Duration::MAX;
    let mut through = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        secure(TcpStream::connect(site.address).await?, &site.root).await?;
        direct = direct.min(begun.elapsed());
        for (best, time) in through.iter_mut().zip(tunnels(&site).await?) {
            *best = (*best).min(time);
        }
    }
    let direct = turns(direct);
    println!("round trips of a direct connection: {direct}");
    let names = [
        ("cold", 3.0),
        ("revocation-cached", 1.0),
        ("host-known", 0.0),
    ];
    for ((name, goal), time) in names.into_iter().zip(through) {
        ratio(
            &format!("added-round-trips-{name}"),
            turns(time) - direct,
            goal,
        );
    }
    Ok(())
}

/// The times of a tunnel of which nothing is known, of one of which only revocation is, and of a second one.
async fn tunnels(site: &Site) -> Result<[Duration; 3]> {
    let channel = gate::channel(&site.address.to_string(), &site.root)?;
    let channel: Arc<Channel> = Arc::new(channel);
    let gateway = gate::builder(channel).build()?;
    let (first, _events) = gateway.serve(&gate::handoff()?).await?;
    let cold = visit(&Proxy::running(&first), site).await?;
    // Another run looks at the host anew.
    let (second, _events) = gateway.serve(&gate::handoff()?).await?;
    let second = Proxy::running(&second);
    Ok([
        cold,
        visit(&second, site).await?,
        visit(&second, site).await?,
    ])
}

async fn visit(proxy: &Proxy, site: &Site) -> Result<Duration> {
    let begun = Instant::now();
    secure(proxy.tunnel().await?, &site.root).await?;
    Ok(begun.elapsed())
}

fn turns(time: Duration) -> f64 {
    time.div_duration_f64(ROUND_TRIP).round()
}
