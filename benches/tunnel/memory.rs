//! The memory of a tunnel that stands.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::Stdio;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::scheme::Scheme;
use crate::server::PORTS;
use crate::stand::{Map, Stand};
use crate::{Result, ours};

static HELD: AtomicI64 = AtomicI64::new(0);

/// The system's allocator, which counts the bytes that are held.
pub(crate) struct Counting;

// SAFETY: every call is handed to the system's allocator unchanged.
#[allow(unsafe_code, reason = "an allocator is an unsafe trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size() as i64, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size() as i64, Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Says what a connection holds, direct and through each proxy.
pub(crate) fn compare(stand: &Stand) -> Result<()> {
    let direct = held(stand, "direct")?;
    println!("a connection holds {direct} bytes");
    for scheme in Scheme::ALL {
        let tunnel = held(stand, scheme.name())? - direct;
        println!("{scheme}: a tunnel holds {tunnel} bytes more");
    }
    Ok(())
}

/// A process of its own: prints how much each connection holds after the first, when all of them stand.
pub(crate) fn report(way: &str) -> Result<()> {
    let map = Map::from_environment()?;
    let channel = ours::builder(&map, way)?.build()?;
    let runtime = ours::runtime()?;
    runtime.block_on(channel.warm_up(&ours::server(&map, 0)?))?;
    let before = HELD.load(Ordering::Relaxed);
    for number in 1..PORTS {
        runtime.block_on(channel.warm_up(&ours::server(&map, number)?))?;
    }
    let after = HELD.load(Ordering::Relaxed);
    println!("{}", (after - before) / (PORTS as i64 - 1));
    Ok(())
}

fn held(stand: &Stand, way: &str) -> Result<i64> {
    let output = stand
        .visitor(&std::env::current_exe()?)
        .args(["memory", way])
        .stderr(Stdio::inherit())
        .output()?;
    let number = String::from_utf8(output.stdout)?;
    number
        .trim()
        .parse()
        .map_err(|_| format!("no figure for {way}").into())
}
