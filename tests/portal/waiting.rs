//! Waiting for an approval: at the pace that the profile says, and not for ever.

use std::time::Duration;

use serde_json::{Value, json};
use sspr::{Rejection, Sent, Step};
use tokio::time::Instant;

use crate::desk::choose;
use crate::script::{CODE_BOX, Reply, Script, USER_BOX, form, profile};

const METHODS: &str = "<input type=radio name=way value=call>";
const RINGING: &str = "<p id=ringing>We are calling.</p><button name=ask value=1>Next</button>\
    <button name=back value=1>Back</button>";

fn by_call(every: u64) -> Value {
    let mut profile = profile();
    let views = profile["views"].as_array_mut().unwrap();
    views[1]["after"] = json!(["call"]);
    views.push(json!({
        "name": "methods", "when": { "has": ["way"] }, "after": ["user", "call"],
        "means": { "methods": { "options": [{ "kind": "office-call", "choose": "way=call" }] } },
    }));
    views.push(json!({
        "name": "call", "when": { "shows": ["#ringing"] }, "after": ["methods"],
        "means": { "approval": { "press": "ask", "back": "back", "every": every } },
    }));
    profile
}

async fn ringing(every: u64) -> (Script, sspr::Reset) {
    let script = Script::new([
        Reply::page(form(USER_BOX)),
        Reply::page(form(METHODS)),
        Reply::page(form(RINGING)),
    ]);
    let mut reset = script.start(&by_call(every)).await;
    choose(&mut reset, "office-call").await;
    assert_eq!(reset.step().id(), "approve");
    (script, reset)
}

#[tokio::test(start_paused = true)]
async fn each_wait_asks_once_and_no_sooner_than_said() {
    let (script, mut reset) = ringing(7).await;
    for _ in 0..3 {
        let begin = Instant::now();
        script.then(Reply::page(form(RINGING)));
        reset.wait().await.unwrap();
        assert_eq!(begin.elapsed().as_secs(), 7);
        assert_eq!(reset.step().id(), "approve");
        assert_eq!(reset.step().rejection(), None);
        assert_eq!(script.last().body, "token=t1&ask=1");
    }
    // A question whose answer is lost is asked again, by the person's leave.
    script.then(Reply::Lost(Sent::Maybe));
    reset.wait().await.unwrap_err();
    script.then(Reply::page(form(CODE_BOX)));
    reset.wait().await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
}

#[tokio::test(start_paused = true)]
async fn it_is_not_waited_for_ever() {
    let (script, mut reset) = ringing(30).await;
    let begin = Instant::now();
    let mut asked = 0;
    while reset.step().rejection().is_none() {
        script.then(Reply::page(form(RINGING)));
        reset.wait().await.unwrap();
        asked += 1;
        assert!(asked < 20, "{:?}", begin.elapsed());
    }
    assert_eq!(begin.elapsed(), Duration::from_secs(300));
    let Step::Approve { rejection, .. } = reset.step() else {
        panic!("{:?}", reset.step())
    };
    assert_eq!(rejection, &Some(Rejection::NotApproved));
    // It can still be waited for, and left.
    reset.wait().await.unwrap();
    assert_eq!(reset.step().id(), "approve");
    script.then(Reply::page(form(METHODS)));
    reset.back().await.unwrap();
    assert_eq!(reset.step().id(), "choose-method");
    assert_eq!(script.last().body, "token=t1&back=1");
}
