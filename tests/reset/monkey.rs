//! Any call at any step, dropped at any await, with any answer: what must never happen does not.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll as Polled;

use serde_json::{Map, Value, json};
use sspr::protocol::MethodId;
use sspr::{Code, Contact, NewPassword, Privacy, Reset, Sent, Step};
use tokio::task::yield_now;

use crate::desk::{is_changed, user};
use crate::script::{CHALLENGE, CONTINUE, POLL, Reply, START, SUBMIT, Script, Seen, TOKEN};

/// A small generator (xorshift64), so that a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    fn reply(&mut self) -> Reply {
        match self.roll(10) {
            0 => Reply::Lost(Sent::Nothing),
            1 => Reply::Lost(Sent::Maybe),
            2 => Reply::page(*self.pick(&[200, 204, 302, 400, 404, 429, 500, 503])),
            _ => {
                let status = *self.pick(&[200, 200, 200, 400, 400, 401, 503]);
                let reply = Reply::json(status, self.body());
                match self.roll(8) {
                    0 => reply.with("retry-after", "3"),
                    _ => reply,
                }
            }
        }
    }

    fn body(&mut self) -> Value {
        let fields = [
            ("continuation_token", vec![json!("t"), json!(""), json!(7)]),
            (
                "challenge_type",
                vec![json!("oob"), json!("redirect"), json!("pigeon")],
            ),
            (
                "status",
                vec![
                    json!("succeeded"),
                    json!("failed"),
                    json!("in_progress"),
                    json!("x"),
                    json!(1),
                ],
            ),
            (
                "poll_interval",
                vec![json!(0), json!(-1), json!(u64::MAX), json!("x")],
            ),
            ("expires_in", vec![json!(600), json!(u64::MAX), json!(-1)]),
            ("access_token", vec![json!("a"), json!(null)]),
            (
                "error",
                vec![
                    json!("invalid_grant"),
                    json!("expired_token"),
                    json!("user_not_found"),
                    json!("x"),
                    json!(1),
                ],
            ),
            (
                "suberror",
                vec![
                    json!("invalid_oob_value"),
                    json!("password_banned"),
                    json!("mfa_required"),
                ],
            ),
            (
                "error_codes",
                vec![json!([55200]), json!([500222]), json!([399246]), json!("x")],
            ),
        ];
        let mut body = Map::new();
        for (index, (name, values)) in fields.into_iter().enumerate() {
            // Tokens are usual, errors are not.
            if self.roll(8) < [7, 5, 5, 2, 2, 2, 2, 2, 1][index] {
                body.insert(name.to_owned(), self.pick(&values).clone());
            }
        }
        body.into()
    }
}

async fn any_call(reset: &mut Reset, call: usize) {
    // Whatever comes of it: the steps and the requests are looked at.
    let _ = match call {
        0 => reset.choose_method(MethodId::new("1")).await,
        1 => reset.confirm_contact(Contact::new("1")).await,
        2 => reset.resend_code().await,
        3 => reset.back().await,
        4 => reset.sign_in("openid").await.map(|_| ()),
        5 | 6 => reset.enter_code(Code::new("123456")).await,
        7 | 8 => reset.set_password(NewPassword::new("Winter-Snow-9")).await,
        _ => reset.wait().await,
    };
}

async fn poll_times(future: impl Future<Output = ()>, times: usize) {
    let mut future = pin!(future);
    for _ in 0..times {
        if poll_fn(|cx| Polled::Ready(future.as_mut().poll(cx).is_ready())).await {
            return;
        }
        yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_happens() {
    let (mut changed, mut submitted_again) = (0, 0);
    for seed in 1..=1500_u64 {
        let script = Script::new().pausing(2);
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let privacy = *dice.pick(&[Privacy::Hide, Privacy::Tell]);
        let client = script.builder().privacy(privacy).build().unwrap();
        let Ok(mut reset) = client.start(user()).await else {
            continue;
        };
        for _ in 0..24 {
            if dice.roll(3) == 0 {
                let path = *dice.pick(&[CHALLENGE, CONTINUE, SUBMIT, POLL, POLL, TOKEN]);
                script.order(path, dice.reply());
            }
            let call = dice.roll(12);
            match dice.roll(4) {
                0 => poll_times(any_call(&mut reset, call), dice.roll(5)).await,
                _ => any_call(&mut reset, call).await,
            }
            check(seed, reset.step(), &script.seen());
        }
        changed += usize::from(is_changed(reset.step()));
        submitted_again += usize::from(script.count(SUBMIT) > 1);
    }
    assert!(
        changed > 20 && submitted_again > 20,
        "the dice are loaded: {changed} {submitted_again}"
    );
}

fn check(seed: u64, step: &Step, seen: &[Seen]) {
    let of = |seen: &Seen, path: &str| seen.url.path().ends_with(path);
    assert!(serde_json::to_value(step).is_ok());
    assert_eq!(seen.iter().filter(|seen| of(seen, START)).count(), 1);
    // Success needs positive proof.
    let mut polls = seen.iter().rev().filter(|seen| of(seen, POLL));
    if is_changed(step) {
        assert!(
            polls.next().is_some_and(|poll| says(poll, "succeeded")),
            "seed {seed}: a false success"
        );
    }
    // A password follows another only where that one was refused.
    let mut open = false;
    for request in seen {
        if of(request, SUBMIT) {
            assert!(!open, "seed {seed}: sent twice");
            open = !matches!(
                request.reply,
                Reply::Lost(Sent::Nothing) | Reply::Answer(400..500, ..)
            ) && !has_error(request);
        } else if of(request, POLL) && (says(request, "failed") || has_error(request)) {
            open = false;
        }
    }
}

fn body(seen: &Seen) -> Option<Value> {
    match &seen.reply {
        Reply::Answer(200 | 400..500, _, body) => serde_json::from_slice(body).ok(),
        _ => None,
    }
}

fn says(seen: &Seen, status: &str) -> bool {
    body(seen).is_some_and(|body| body["status"] == status && body["error"].is_null())
}

fn has_error(seen: &Seen) -> bool {
    body(seen).is_some_and(|body| body["error"].is_string())
}
