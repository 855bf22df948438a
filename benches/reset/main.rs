//! What a whole reset costs: `cargo bench --bench reset` (Linux; needs valgrind).
//!
//! The mock tenant runs in a process of its own. The client side is compared with a bare loop of hyper and rustls that
//! sends the same requests over the same kind of connection. Instructions are counted by callgrind, since wall time is
//! noise on a shared machine; allocations by a counting allocator; round trips by a relay on the way.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

mod allocations;
mod bare;
mod callgrind;
mod footprint;
mod ours;
mod peer;
mod relay;

use std::error::Error;

use peer::Peer;
use tokio::runtime::Runtime;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How often a client's instructions are counted.
const RUNS: usize = 5;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// What a client process does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scenario {
    /// It opens the connection.
    Handshake,
    /// It resets a password over an open connection.
    Steps,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("mock") => peer::serve(),
        Some(who @ ("ours" | "bare")) => client(who, &arguments[2..]),
        _ => measure(),
    }
}

/// The client process: prints its allocations and its peak memory.
fn client(who: &str, arguments: &[String]) -> Result<()> {
    let scenario = match arguments.first().map(String::as_str) {
        Some("handshake") => Scenario::Handshake,
        _ => Scenario::Steps,
    };
    let peer = Peer::from_environment()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match who {
        "ours" => run(&runtime, scenario, ours::connect(&peer), async |client| {
            ours::steps(client, &peer).await
        }),
        _ => run(&runtime, scenario, bare::connect(&peer), async |client| {
            bare::steps(client, &peer).await
        }),
    }?;
    println!("allocations {}", allocations::counted());
    println!("resident {}", footprint::peak_resident()?);
    Ok(())
}

/// Opens the connection, then does the steps; the one that the scenario names is measured.
fn run<C>(
    runtime: &Runtime,
    scenario: Scenario,
    connect: impl Future<Output = Result<C>>,
    steps: impl AsyncFnOnce(&mut C) -> Result<()>,
) -> Result<()> {
    match scenario {
        Scenario::Handshake => measured(|| runtime.block_on(connect)).map(drop),
        Scenario::Steps => {
            let mut connection = runtime.block_on(connect)?;
            measured(|| runtime.block_on(steps(&mut connection)))
        }
    }
}

/// What callgrind collects, by the name of this function.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    allocations::begin();
    let done = work();
    allocations::end();
    done
}

fn measure() -> Result<()> {
    callgrind::is_there()?;

    let tenant = peer::Process::start()?;
    let relay = relay::Relay::to(tenant.peer().address)?;
    let through_relay = tenant.peer().at(relay.address());
    peer::run_client("ours", "steps", &through_relay)?;
    let traffic = tenant.traffic()?;
    println!("requests of a reset: {}", traffic.requests.join(", "));
    println!("connections: {}", traffic.connections);
    let after_warm_up = relay.turns().saturating_sub(peer::HANDSHAKE_TURNS);
    ratio("connections", traffic.connections as f64, 1.0);
    ratio(
        "round-trips-per-request",
        after_warm_up as f64 / traffic.requests.len() as f64,
        1.0,
    );

    let tenant = peer::Process::start()?;
    let report = peer::run_client("ours", "steps", tenant.peer())?;
    ratio(
        "resident-mib",
        report.resident as f64 / f64::from(1 << 20),
        16.0,
    );

    for scenario in ["handshake", "steps"] {
        let [ours, bare] = ["ours", "bare"].map(|who| -> Result<_> {
            let tenant = peer::Process::start()?;
            let allocations = peer::run_client(who, scenario, tenant.peer())?.allocations;
            Ok((instructions(who, scenario)?, allocations))
        });
        let ((ours, allocations), (bare, bare_allocations)) = (ours?, bare?);
        println!(
            "{scenario}: {ours} instructions (bare {bare}), {allocations} allocations (bare {bare_allocations})"
        );
        ratio(
            &format!("{scenario}-instructions"),
            ours as f64 / bare as f64,
            1.3,
        );
    }

    let size = footprint::minimal_program()?;
    println!("minimal program, stripped: {size} bytes");
    ratio("stripped-mib", size as f64 / f64::from(1 << 20), 4.0);
    Ok(())
}

/// The fewest of some runs: what comes in one read at one time comes in two at another.
fn instructions(who: &str, scenario: &str) -> Result<u64> {
    let mut fewest = u64::MAX;
    for _ in 0..RUNS {
        let tenant = peer::Process::start()?;
        let counted = callgrind::count(&peer::client(who, scenario, tenant.peer())?)?;
        fewest = fewest.min(counted);
    }
    Ok(fewest)
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
