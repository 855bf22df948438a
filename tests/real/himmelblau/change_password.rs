//! libhimmelblau changes an expired password: `libhimmelblau-change AUTHORITY CLIENT_ID USER PRESENT NEW`.
//!
//! The first line tells how it went, `changed` or `refused: ` and its words, the second for how many milliseconds it
//! kept everything else on its thread from running.

use std::env;
use std::time::{Duration, Instant};

use himmelblau::PublicClientApplication;

const BEAT: Duration = Duration::from_millis(10);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [authority, client_id, user, present, new] = arguments.as_slice() else {
        panic!("libhimmelblau-change AUTHORITY CLIENT_ID USER PRESENT NEW");
    };
    // Its own limit is one second for a connection, which is little on a busy machine.
    let patience = Duration::from_secs(30);
    let client = PublicClientApplication::new(client_id, Some(authority), patience)
        .unwrap_or_else(|error| panic!("{error}"));
    let (told, longest) = beside_a_heart(client.handle_password_change(user, present, new)).await;
    match told {
        Ok(()) => println!("changed"),
        Err(error) => println!("refused: {}", error.to_string().replace('\n', " ")),
    }
    println!("{}", longest.as_millis());
}

/// What a future comes to, and the longest time between two beats on its thread.
async fn beside_a_heart<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let mut longest = Duration::ZERO;
    let mut last = Instant::now();
    let mut beats = tokio::time::interval(BEAT);
    tokio::pin!(future);
    let told = loop {
        tokio::select! {
            told = &mut future => break told,
            _ = beats.tick() => {
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
        }
    };
    (told, longest.max(last.elapsed()))
}
