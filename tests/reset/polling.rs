//! Waiting for a new password to be applied: rows N16 and N17. Time is held by the tests.

use std::time::Duration;

use serde_json::{Value, json};
use sspr::protocol::Advice;
use sspr::{Outcome, Reset, Sent, Step, Timeouts};
use tokio::time::{Instant, advance};

use crate::desk::{Place, is_changed, password, standing, standing_with};
use crate::script::{POLL, Reply, SUBMIT, Script};

const UNKNOWN: Outcome = Outcome::Unknown {
    advice: Advice::TryNewPasswordFirst,
};

fn in_progress() -> Reply {
    Reply::json(200, json!({ "status": "in_progress" }))
}

/// Waits until the attempt has ended, whatever the calls return. Says how long it took.
async fn wait_out(reset: &mut Reset) -> Duration {
    let start = Instant::now();
    while let Step::Applying { .. } = reset.step() {
        // What is in the way is tried again.
        let _ = reset.wait().await;
        assert!(
            start.elapsed() < Duration::from_secs(3600),
            "an unbounded wait"
        );
    }
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn n16_a_poll_that_never_ends() {
    let replies = [
        in_progress(),
        Reply::json(200, json!({ "status": "not_started" })),
        Reply::json(200, json!({ "status": "whatever" })),
        Reply::Lost(Sent::Maybe),
        Reply::Lost(Sent::Nothing),
        Reply::page(503),
        Reply::page(429).with("retry-after", "86400"),
        Reply::error("authorization_pending"),
    ];
    for reply in replies {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        script.always(POLL, reply);
        assert_eq!(wait_out(&mut reset).await, Duration::from_secs(300));
        assert_eq!(reset.step(), &Step::Finished(UNKNOWN));
        let polls = script.count(POLL);
        assert!((1..=151).contains(&polls), "{polls} polls");
        assert_eq!(script.count(SUBMIT), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn n17_an_interval_that_no_server_should_give() {
    let rows: [(Value, u64); 14] = [
        (json!(2), 2),
        (json!(5), 5),
        (json!(0), 2),
        (Value::Null, 2),
        (json!(-1), 2),
        (json!(i64::MIN), 2),
        (json!(2.5), 2),
        (json!("5"), 2),
        (json!([5]), 2),
        (json!({}), 2),
        (json!(31), 30),
        (json!(u64::MAX), 30),
        (json!(1e300), 2),
        (json!(true), 2),
    ];
    for (interval, expected) in rows {
        let script = Script::new();
        let mut reset = standing(&script, Place::NewPassword).await;
        let body = json!({ "continuation_token": "t", "poll_interval": interval });
        script.order(SUBMIT, Reply::json(200, body));
        reset.set_password(password()).await.unwrap();
        script.order(POLL, in_progress());
        let start = Instant::now();
        reset.wait().await.unwrap();
        assert_eq!(
            start.elapsed(),
            Duration::ZERO,
            "the first poll goes out at once"
        );
        assert_eq!(reset.step(), &Step::Applying { polls: 1 });
        reset.wait().await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_secs(expected), "{interval}");
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_interval_is_two_seconds() {
    let script = Script::new();
    let mut reset = standing(&script, Place::NewPassword).await;
    script.order(
        SUBMIT,
        Reply::json(200, json!({ "continuation_token": "t" })),
    );
    reset.set_password(password()).await.unwrap();
    script.order(POLL, in_progress());
    assert_eq!(wait_out(&mut reset).await, Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn the_server_may_ask_for_a_longer_wait() {
    for status in [429, 503] {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        script.order(POLL, Reply::page(status).with("retry-after", "20"));
        assert_eq!(wait_out(&mut reset).await, Duration::from_secs(20));
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_newest_token_is_polled_with() {
    let script = Script::new();
    let mut reset = standing(&script, Place::NewPassword).await;
    script.order(
        SUBMIT,
        Reply::json(200, json!({ "continuation_token": "first" })),
    );
    script.order(POLL, Reply::json(200, json!({ "status": "not_started" })));
    script.order(
        POLL,
        Reply::json(
            200,
            json!({ "status": "in_progress", "continuation_token": "second" }),
        ),
    );
    script.order(
        POLL,
        Reply::json(
            200,
            json!({ "status": "in_progress", "continuation_token": 7 }),
        ),
    );
    reset.set_password(password()).await.unwrap();
    wait_out(&mut reset).await;
    assert!(is_changed(reset.step()));
    let tokens: Vec<_> = script
        .seen_at(POLL)
        .iter()
        .map(|seen| seen.field("continuation_token").unwrap())
        .collect();
    assert_eq!(tokens, ["first", "first", "second", "second"]);
}

async fn applying_within(script: &Script, poll_limit: Duration) -> Reset {
    let mut timeouts = Timeouts::default();
    timeouts.poll_limit = poll_limit;
    let client = script.builder().timeouts(timeouts).build().unwrap();
    standing_with(&client, Place::Applying).await
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_the_callers() {
    let script = Script::new();
    script.always(POLL, in_progress());
    let mut reset = applying_within(&script, Duration::from_secs(7)).await;
    assert_eq!(wait_out(&mut reset).await, Duration::from_secs(7));
    assert_eq!(reset.step(), &Step::Finished(UNKNOWN));
}

#[tokio::test(start_paused = true)]
async fn a_limit_beyond_all_time_is_a_long_one() {
    let script = Script::new();
    script.order(POLL, in_progress());
    script.order(POLL, in_progress());
    let mut reset = applying_within(&script, Duration::MAX).await;
    wait_out(&mut reset).await;
    assert!(is_changed(reset.step()), "{:?}", reset.step());
}

/// The computer slept, or the frontend was busy: what the server knows is asked for before giving up.
#[tokio::test(start_paused = true)]
async fn who_comes_late_still_asks_once() {
    for late in [299, 300, 10_000] {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        advance(Duration::from_secs(late)).await;
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()), "{late} s: {:?}", reset.step());
    }
    let script = Script::new();
    let mut reset = applying_within(&script, Duration::ZERO).await;
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
}
