//! What it costs to know that a certificate is still good: `cargo bench --bench revocation` (Linux; needs valgrind and
//! OpenSSL).
//!
//! * The verdict on an OCSP response, against the signatures that it needs and against OpenSSL.
//! * Looking a certificate up in a list, against OpenSSL and `rustls-webpki`.
//! * A handshake with the check after it, against a bare one of rustls.
//!
//! Everything is made at run time and goes to OpenSSL as files, so that all judge the same bytes. Times are the best of
//! many in which all take turns; instructions are counted by callgrind.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

mod authority;
#[path = "../reset/callgrind.rs"]
mod callgrind;
#[path = "../reset/footprint.rs"]
#[expect(dead_code, reason = "the other benchmark measures a program's size")]
mod footprint;
mod handshake;
mod lists;
mod ocsp;
mod openssl;
mod signature;
mod site;
mod stopwatch;
mod visitor;

use std::error::Error;
use std::path::Path;

use openssl::Peer;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["site", kind] => site::serve(kind),
        ["visit", who, ports, root] => visitor::visit(who, ports, root),
        ["look-up", who, list, serial] => lists::look_up(who, list, serial),
        ["signatures"] => handshake::check_signatures(),
        _ => measure(),
    }
}

fn measure() -> Result<()> {
    callgrind::is_there()?;
    let program = openssl::build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("revocation");
    std::fs::create_dir_all(&folder)?;
    let mut peer = Peer::start(&program, &folder)?;

    ocsp::measure(&folder, &mut peer)?;
    lists::measure(&folder, &program, &mut peer)?;
    handshake::measure_hits()?;
    handshake::measure_cold()
}

/// What callgrind collects, by the name of this function.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    work()
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
