//! The flow shares its thread: whatever the server sends, nothing else on the thread waits for it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use serde_json::json;
use sspr::Privacy;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::desk::{finish, is_changed, opened};
use crate::script::{LOGIN, OPEN, POLL, Reply, Script, change_page, job, sign_in_page};

const BEAT: Duration = Duration::from_millis(10);
const LATE: Duration = Duration::from_millis(50);

thread_local! {
    static IS_OVER: Cell<bool> = const { Cell::new(false) };
}

/// Beats every 10 ms on the thread of the test until it is over, and tells by how much the latest beat was late.
///
/// The time in which the thread was ready but had no processor does not count: that is the work of other programs on a
/// busy machine. All else counts, work and waiting alike.
fn heart() -> JoinHandle<Duration> {
    IS_OVER.with(|is_over| is_over.set(false));
    tokio::spawn(async {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.tick().await;
        let mut worst = Duration::ZERO;
        let mut last = (Instant::now(), queued());
        while !IS_OVER.with(Cell::get) {
            beats.tick().await;
            let now = (Instant::now(), queued());
            let took = (now.0 - last.0).saturating_sub(now.1 - last.1);
            worst = worst.max(took.saturating_sub(BEAT));
            last = now;
        }
        worst
    })
}

async fn stop(heart: JoinHandle<Duration>) -> Duration {
    IS_OVER.with(|is_over| is_over.set(true));
    heart.await.unwrap()
}

/// For how long this thread has been ready without a processor: the second number of `schedstat`, in nanoseconds.
fn queued() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let number = text
        .split(' ')
        .nth(1)
        .and_then(|number| number.parse().ok());
    Duration::from_nanos(number.unwrap_or_default())
}

#[tokio::test(flavor = "current_thread")]
async fn the_heart_notices_whoever_holds_the_thread() {
    let heart = heart();
    tokio::time::sleep(BEAT).await;
    std::thread::sleep(2 * LATE);
    tokio::time::sleep(BEAT).await;
    assert!(stop(heart).await > LATE);
}

async fn beating(script: &Script) -> (sspr::Reset, Duration) {
    let heart = heart();
    let mut reset = opened(script, Privacy::Hide).await;
    finish(&mut reset).await.unwrap();
    (reset, stop(heart).await)
}

#[tokio::test(flavor = "current_thread")]
async fn pages_as_large_as_they_may_be_do_not_hold_the_thread() {
    let script = Script::new();
    for (path, mut config) in [(OPEN, sign_in_page()), (LOGIN, change_page())] {
        config["sFooter"] = json!("x".repeat(1_000_000));
        script.order(path, Reply::page(config));
    }
    let (reset, worst) = beating(&script).await;
    assert!(is_changed(reset.step()));
    assert!(worst <= LATE, "{worst:?}");
}

#[tokio::test(flavor = "current_thread")]
async fn polling_waits_without_holding_the_thread() {
    let script = Script::new();
    for _ in 0..2 {
        script.order(POLL, Reply::json(job(true)));
    }
    let begun = Instant::now();
    let (reset, worst) = beating(&script).await;
    assert!(is_changed(reset.step()));
    assert!(
        begun.elapsed() >= Duration::from_secs(2),
        "it waits between two polls"
    );
    assert!(worst <= LATE, "{worst:?}");
}
