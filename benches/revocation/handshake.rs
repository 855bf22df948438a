//! A handshake with the revocation check after it.

use std::process::Command;
use std::time::{Duration, Instant};

use sspr::revocation::Policy;

use crate::authority::Authority;
use crate::signature::Signature;
use crate::site::{Kind, ROUND_TRIP, Site};
use crate::stopwatch::{multiple, race};
use crate::visitor::{channel, from_hex, parse_ports, url};
use crate::{Result, callgrind, measured, ratio};

/// How many connections a client makes, and how many signatures are checked to know what one costs.
const TIMES: u64 = 20;

/// Certificates below the root of a distant site.
const CERTIFICATES: usize = 2;

/// What an answer at hand adds, in instructions.
pub(crate) fn measure_hits() -> Result<()> {
    let (plain, stapled) = (Site::start(Kind::Plain)?, Site::start(Kind::Stapled)?);
    let bare = count("bare", &plain)?;
    let off = count("off", &plain)?;
    let signature =
        callgrind::count(Command::new(std::env::current_exe()?).arg("signatures"))? / TIMES;
    println!("handshake of bare rustls: {bare} instructions, one signature: {signature}");
    println!("handshake of a channel without a check: {off}");
    for (name, site) in [("staple", &stapled), ("cache", &plain)] {
        let checked = count("checked", site)?;
        let added = checked as f64 - off as f64 - signature as f64;
        println!("with a check from {name}: {checked}");
        ratio(
            &format!("{name}-adds-to-handshake"),
            added / bare as f64,
            0.05,
        );
    }
    Ok(())
}

/// What a responder adds that nobody has asked before, in time.
pub(crate) fn measure_cold() -> Result<()> {
    let mut site = Site::start(Kind::Distant)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (root, ports) = (from_hex(&site.root)?, parse_ports(&site.ports)?);
    let url = url(*ports.first().ok_or("no port")?)?;
    let connect = |policy| -> Result<Duration> {
        let channel = channel(policy, root.clone())?;
        let start = Instant::now();
        runtime.block_on(channel.warm_up(&url))?;
        Ok(start.elapsed())
    };
    connect(Policy::Strict)?;
    let (connections, requests) = site.traffic()?;
    let [cold, off] = race(
        10,
        [&mut || connect(Policy::Strict), &mut || {
            connect(Policy::Off)
        }],
    )?;
    println!(
        "cold responder, {ROUND_TRIP:?} away, for {CERTIFICATES} certificates: {connections} connections, \
         {requests} requests, {cold:?} (without a check {off:?})"
    );
    ratio(
        "cold-turns-per-certificate",
        (connections + requests) as f64 / CERTIFICATES as f64,
        2.0,
    );
    ratio("cold-round-trips", multiple(cold - off, ROUND_TRIP), 2.2);
    Ok(())
}

/// The process that checks signatures like that of a staple.
pub(crate) fn check_signatures() -> Result<()> {
    let authority = Authority::root()?;
    let signature = Signature::of_ocsp(&authority.ocsp(None)?, &authority.der)?;
    signature.verify()?;
    measured(|| (0..TIMES).try_for_each(|_| signature.verify()))
}

/// The instructions of one connection to a site.
fn count(who: &str, site: &Site) -> Result<u64> {
    let mut client = Command::new(std::env::current_exe()?);
    client.args(["visit", who, &site.ports, &site.root]);
    Ok(callgrind::count(&client)? / TIMES)
}
