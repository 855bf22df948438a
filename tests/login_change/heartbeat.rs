//! The flow shares its thread: whatever the server sends, nothing else on the thread waits for it.

use std::time::{Duration, Instant};

use serde_json::json;
use sspr::Privacy;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::desk::{finish, is_changed, is_unknown, opened};
use crate::script::{LOGIN, OPEN, POLL, Reply, Script, change_page, job, sign_in_page};

const BEAT: Duration = Duration::from_millis(10);
const LATE: Duration = Duration::from_millis(50);

/// Beats every 10 ms on the thread of the test, and knows by how much the latest beat was late.
///
/// What is measured is processor time of this thread where the system tells it, so that other programs on a busy
/// machine do not count: between two beats nothing may have worked for longer than the tolerance.
fn heart() -> JoinHandle<Duration> {
    tokio::spawn(async {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut worst = Duration::ZERO;
        let mut last = worked();
        loop {
            beats.tick().await;
            let now = worked();
            worst = worst.max(now - last);
            last = now;
            if worst > LATE || STOP.with(std::cell::Cell::get) {
                return worst;
            }
        }
    })
}

thread_local! {
    static STOP: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// How long this thread has worked.
#[cfg(target_os = "linux")]
fn worked() -> Duration {
    // "/proc/thread-self/schedstat": nanoseconds on a processor, nanoseconds in the queue, turns.
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

#[cfg(not(target_os = "linux"))]
fn worked() -> Duration {
    thread_local! {
        static BEGAN: Instant = Instant::now();
    }
    BEGAN.with(Instant::elapsed)
}

async fn beating(script: &Script) -> (sspr::Reset, Duration) {
    STOP.with(|stop| stop.set(false));
    let heart = heart();
    let mut reset = opened(script, Privacy::Hide).await;
    finish(&mut reset).await.unwrap();
    STOP.with(|stop| stop.set(true));
    (reset, heart.await.unwrap())
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
    assert!(is_changed(reset.step()) && !is_unknown(reset.step()));
    assert!(
        begun.elapsed() >= Duration::from_secs(2),
        "it waits between two polls"
    );
    assert!(worst <= LATE, "{worst:?}");
}
