//! What looking costs: `cargo bench --bench diagnosis` (Linux).
//!
//! * The time in which readiness is told of a map, of the text of an export, and of a hive: the best of several rounds.
//! * The round trips of a healthy diagnosis, with servers, a resolver and responders that are far away.
//! * The size of reports: of a healthy one, and of one with everything in the way.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed. A running
//! Windows is measured by `tests/windows_readiness.rs`.

#[path = "../gateway/distance.rs"]
mod distance;
mod readiness;
mod reports;
mod turns;
#[path = "../../src/machine/hive/writer.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "it is made for tests, which need more of it and may stop at any surprise"
)]
mod writer;

use std::error::Error;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    readiness::measure()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(turns::measure())?;
    runtime.block_on(reports::measure())
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
