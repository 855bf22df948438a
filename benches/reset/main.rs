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

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// What a client process does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// It opens the connection and ends.
    Handshake,
    /// It opens the connection and resets a password.
    Reset,
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
        _ => Scenario::Reset,
    };
    let peer = Peer::from_environment()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match who {
        "ours" => runtime.block_on(ours::run(&peer, scenario))?,
        _ => runtime.block_on(bare::run(&peer, scenario))?,
    }
    println!("allocations {}", allocations::steps());
    println!("resident {}", footprint::peak_resident()?);
    Ok(())
}

fn measure() -> Result<()> {
    callgrind::is_there()?;

    let tenant = peer::Process::start()?;
    let relay = relay::Relay::to(tenant.peer().address)?;
    let through_relay = tenant.peer().at(relay.address());
    peer::run_client("ours", "reset", &through_relay)?;
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

    let mut instructions = [[0; 2]; 2];
    let mut allocations = [0; 2];
    for (row, who) in ["ours", "bare"].into_iter().enumerate() {
        for (column, scenario) in ["handshake", "reset"].into_iter().enumerate() {
            let tenant = peer::Process::start()?;
            instructions[row][column] = callgrind::count(who, scenario, tenant.peer())?;
        }
        let tenant = peer::Process::start()?;
        let report = peer::run_client(who, "reset", tenant.peer())?;
        allocations[row] = report.allocations;
        if who == "ours" {
            ratio(
                "resident-mib",
                report.resident as f64 / f64::from(1 << 20),
                16.0,
            );
        }
    }
    let steps = instructions.map(|[handshake, reset]| reset.saturating_sub(handshake));
    println!(
        "instructions, start and handshake: {} (bare {})",
        instructions[0][0], instructions[1][0]
    );
    println!("instructions, steps: {} (bare {})", steps[0], steps[1]);
    println!(
        "allocations, steps: {} (bare {})",
        allocations[0], allocations[1]
    );
    ratio(
        "handshake-instructions",
        instructions[0][0] as f64 / instructions[1][0] as f64,
        1.3,
    );
    ratio("steps-instructions", steps[0] as f64 / steps[1] as f64, 1.3);

    let size = footprint::minimal_program()?;
    println!("minimal program, stripped: {size} bytes");
    ratio("stripped-mib", size as f64 / f64::from(1 << 20), 4.0);
    Ok(())
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
