//! What a tunnel costs: `cargo bench --bench tunnel` (Linux; needs valgrind and libcurl4-openssl-dev).
//!
//! A server and proxies run in a process of their own. libcurl does the same work in one run, by the program `curl_peer`
//! of the package `benches/peers/curl`: both open connection after connection to the same server, through a proxy that
//! demands a login by one scheme and is known already.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

#[path = "../reset/callgrind.rs"]
mod callgrind;
mod curl;
mod memory;
mod ours;
mod proxy;
mod scheme;
mod server;
mod stand;
mod throughput;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use scheme::Scheme;
use stand::Stand;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How many connections are counted, after one that is not.
const CONNECTIONS: u32 = 100;

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match arguments.as_slice() {
        ["stand"] => stand::serve(),
        ["visit", way, times] => ours::connect_repeatedly(way, times.parse()?),
        ["memory", way] => memory::report(way),
        _ => measure(),
    }
}

fn measure() -> Result<()> {
    callgrind::is_there()?;
    let us = std::env::current_exe()?;
    let curl = curl::build()?;
    let mut stand = Stand::start()?;

    for scheme in Scheme::ALL {
        let ours = round_trips(&mut stand, scheme, &us)?;
        let theirs = round_trips(&mut stand, scheme, &curl)?;
        println!(
            "{scheme}: requests per CONNECT {} at first, then {} (libcurl: {}, then {})",
            ours.first, ours.later, theirs.first, theirs.later
        );
        let needed = scheme.round_trips();
        ratio(
            &format!("{scheme}-first-round-trips"),
            ours.first,
            needed.first,
        );
        ratio(&format!("{scheme}-round-trips"), ours.later, needed.later);
    }

    throughput::compare(&stand)?;
    memory::compare(&stand)?;

    let [ours_direct, theirs_direct] = [&us, &curl].map(|program| cost(&stand, "direct", program));
    let (ours_direct, theirs_direct) = (ours_direct?, theirs_direct?);
    println!("direct: {ours_direct:.0} instructions per connection (libcurl: {theirs_direct:.0})");
    for scheme in Scheme::ALL {
        let ours = cost(&stand, scheme.name(), &us)? - ours_direct;
        let theirs = cost(&stand, scheme.name(), &curl)? - theirs_direct;
        println!("{scheme}: {ours:.0} instructions more than direct (libcurl: {theirs:.0})");
        ratio(&format!("{scheme}-instructions"), ours / theirs, 1.0);
    }
    Ok(())
}

/// Requests to the proxy for each tunnel: the first, and the most for any later one.
struct RoundTrips {
    first: f64,
    later: f64,
}

fn round_trips(stand: &mut Stand, scheme: Scheme, program: &Path) -> Result<RoundTrips> {
    let done = visitor(stand, scheme.name(), 5, program).status()?;
    if !done.success() {
        return Err(format!("{} failed with {scheme}", program.display()).into());
    }
    let requests = stand.requests(scheme)?;
    let (first, later) = requests.split_first().ok_or("no tunnel")?;
    let most = later.iter().max().ok_or("one tunnel only")?;
    Ok(RoundTrips {
        first: f64::from(*first),
        later: f64::from(*most),
    })
}

/// Instructions of a connection by `way`.
fn cost(stand: &Stand, way: &str, program: &Path) -> Result<f64> {
    let counted = callgrind::count(&visitor(stand, way, CONNECTIONS, program))?;
    Ok(counted as f64 / f64::from(CONNECTIONS))
}

/// The program of either side, which opens one connection more than `times`.
fn visitor(stand: &Stand, way: &str, times: u32, program: &Path) -> Command {
    let mut command = stand.visitor(program);
    command
        .args(["visit", way, &times.to_string()])
        .stdout(Stdio::null());
    command
}

/// What callgrind collects, by the name of this function.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    work()
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
