//! What the gateway costs a web view: `cargo bench --bench gateway --features gateway` (Linux).
//!
//! * The round trips that a tunnel adds, with a server and a responder that are a round trip away.
//! * Throughput: against a direct connection over a network of 10 Gbit/s; and with no network between, where only the
//!   processor sets a limit, against a bare relay and against other proxies, if they are installed
//!   (`tests/real/install/{tinyproxy,px}`). The best of several rounds in which all take turns.
//! * The memory of a tunnel through which nothing passes, with 2,000 of them at once.
//!
//! Server, gateway and view are processes of their own, as they are in use.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

#[path = "../revocation/authority.rs"]
#[expect(dead_code, reason = "the other benchmark issues more")]
mod authority;
mod crowd;
mod descriptors;
mod distance;
mod gate;
mod pace;
mod process;
mod relay;
mod site;
#[path = "../../tests/real/proxies/stand/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::panic,
    reason = "it is made for tests, which need more of it and may stop at any surprise"
)]
mod stand;
mod throughput;
mod turns;
mod view;

use std::error::Error;

use process::Process;
use tokio::runtime::Builder;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    match arguments.as_slice() {
        ["site"] => runtime.block_on(site::serve()),
        ["gateway", site, root] => runtime.block_on(gate::serve(site, root)),
        ["relay", site] => runtime.block_on(relay::serve(site)),
        _ => runtime.block_on(measure()),
    }
}

async fn measure() -> Result<()> {
    descriptors::raise()?;
    turns::measure().await?;
    let (site, line) = Process::start(&["site"])?;
    let (address, root) = line.split_once(' ').ok_or("the site has not started")?;
    throughput::measure(address, root).await?;
    crowd::measure(address, root).await?;
    drop(site);
    Ok(())
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
