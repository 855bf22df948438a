//! Every method may be dropped at any await: what has begun belongs to the attempt.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use serde_json::json;
use sspr::mock::{Endpoint, Fault as Ordered};
use sspr::{Code, Fault, NewPassword, Rejection, Reset, Sent, SignIn, Step};
use tokio::time::{Instant, advance, timeout};

use crate::desk::{
    PASSWORD, Place, USER, at_new_password, client_for, code, finish, is_changed, is_unknown,
    mailed_code, password, patient_tenant, standing, user,
};
use crate::script::{CHALLENGE, CONTINUE, Gate, POLL, Reply, START, SUBMIT, Script, TOKEN};

/// Polls `future` so often, a tenth of a second apart, and drops it. Gives its output if it came to one.
async fn poll_times<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..times {
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
        advance(Duration::from_millis(100)).await;
    }
    None
}

/// A call, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    EnterCode,
    Resend,
    SetPassword,
    Wait,
    SignIn,
}

impl Call {
    fn place(self) -> Place {
        match self {
            Self::EnterCode | Self::Resend => Place::EnterCode,
            Self::SetPassword => Place::NewPassword,
            Self::Wait => Place::Applying,
            Self::SignIn => Place::Changed,
        }
    }

    async fn make(self, reset: &mut Reset) -> Result<(), sspr::Error> {
        match self {
            Self::EnterCode => reset.enter_code(code()).await,
            Self::Resend => reset.resend_code().await,
            Self::SetPassword => reset.set_password(password()).await,
            Self::Wait => reset.wait().await,
            Self::SignIn => reset.sign_in("openid").await.map(|_| ()),
        }
    }
}

/// For every call and every number of polls: drops the call, goes on as a frontend does, and comes to the end with every
/// request sent once.
#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_await_loses_nothing_and_sends_nothing_twice() {
    for call in [
        Call::EnterCode,
        Call::Resend,
        Call::SetPassword,
        Call::Wait,
        Call::SignIn,
    ] {
        let mut polls = 0;
        while is_dropped_without_harm(call, polls).await {
            polls += 1;
        }
        assert!(polls > 4, "{call:?} was done after {polls} polls");
    }
}

/// Whether so many polls were too few to end the call.
async fn is_dropped_without_harm(call: Call, polls: usize) -> bool {
    let place = format!("{call:?} after {polls} polls");
    let script = Script::new().pausing(4);
    let mut reset = standing(&script, call.place()).await;
    if call == Call::Wait {
        // So that there is a sleep to be dropped in, too.
        script.order(POLL, Reply::json(200, json!({ "status": "in_progress" })));
        reset.wait().await.unwrap();
    }
    let shown = reset.step().clone();
    let is_dropped = poll_times(call.make(&mut reset), polls).await.is_none();
    if is_dropped {
        if call == Call::SetPassword && polls > 0 {
            assert_eq!(reset.step(), &Step::Applying { polls: 0 }, "{place}");
        } else {
            assert_eq!(reset.step(), &shown, "{place}");
            call.make(&mut reset).await.expect(&place);
        }
    }
    finish(&mut reset, code).await.expect(&place);
    assert!(is_changed(reset.step()), "{place}");
    let expected = [
        (CHALLENGE, if call == Call::Resend { 2 } else { 1 }),
        (CONTINUE, 1),
        (SUBMIT, 1),
        (POLL, if call == Call::Wait { 2 } else { 1 }),
        (TOKEN, usize::from(call == Call::SignIn)),
    ];
    for (path, times) in expected {
        assert_eq!(script.count(path), times, "{place}: {path}");
    }
    is_dropped
}

/// The next call need not be the same one: a wait collects whatever is under way.
#[tokio::test(start_paused = true)]
async fn a_wait_collects_what_any_call_left_behind() {
    let script = Script::new().pausing(3);
    let mut reset = standing(&script, Place::EnterCode).await;
    assert!(poll_times(reset.resend_code(), 1).await.is_none());
    reset.wait().await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
    assert!(poll_times(reset.enter_code(code()), 1).await.is_none());
    reset.wait().await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    assert!(
        poll_times(reset.set_password(password()), 1)
            .await
            .is_none()
    );
    reset.wait().await.unwrap();
    assert_eq!(reset.step(), &Step::Applying { polls: 0 });
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(poll_times(reset.sign_in("openid"), 1).await.is_none());
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    let SignIn::Tokens(tokens) = reset.sign_in("openid").await.unwrap() else {
        panic!()
    };
    assert_eq!(
        tokens.access_token.expose_secret(),
        "hush-access",
        "collected, and not lost"
    );
    assert_eq!(script.count(TOKEN), 1);
    let error = reset.sign_in("openid").await.unwrap_err();
    assert!(
        matches!(error.fault(), Fault::Misuse { .. }),
        "the token is used up: {error:?}"
    );
}

/// An answer is for the step that the person saw.
#[tokio::test(start_paused = true)]
async fn an_answer_after_a_dropped_call_is_for_the_step_that_is_shown() {
    let script = Script::new().pausing(3);
    // The dropped code was wrong: the step stands, and the new code is checked.
    let mut reset = standing(&script, Place::EnterCode).await;
    script.order(
        CONTINUE,
        Reply::suberror("invalid_grant", "invalid_oob_value"),
    );
    assert!(
        poll_times(reset.enter_code(Code::new("11111111")), 1)
            .await
            .is_none()
    );
    reset.enter_code(Code::new("22222222")).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    let codes: Vec<_> = script
        .seen_at(CONTINUE)
        .iter()
        .map(|seen| seen.field("oob").unwrap())
        .collect();
    assert_eq!(codes, ["11111111", "22222222"]);
    // The dropped code was right: another code has nowhere to go.
    let script = Script::new().pausing(3);
    let mut reset = standing(&script, Place::EnterCode).await;
    assert!(poll_times(reset.enter_code(code()), 1).await.is_none());
    reset.enter_code(Code::new("22222222")).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    assert_eq!(script.count(CONTINUE), 1);
}

#[tokio::test(start_paused = true)]
async fn what_failed_behind_a_dropped_call_is_told_by_the_next() {
    let script = Script::new().pausing(3);
    let mut reset = standing(&script, Place::EnterCode).await;
    script.order(CONTINUE, Reply::Lost(Sent::Maybe));
    assert!(poll_times(reset.enter_code(code()), 1).await.is_none());
    let error = reset.enter_code(code()).await.unwrap_err();
    assert_eq!(error.sent(), Sent::Maybe);
    assert_eq!(script.count(CONTINUE), 1);
    reset.enter_code(code()).await.unwrap();
    // A password that never left is asked for again; one that may have left is not.
    for (sent, step) in [(Sent::Nothing, "new-password"), (Sent::Maybe, "finished")] {
        script.order(SUBMIT, Reply::Lost(sent));
        assert!(
            poll_times(reset.set_password(password()), 1)
                .await
                .is_none()
        );
        assert_eq!(reset.step().id(), "applying");
        let result = reset.wait().await;
        assert_eq!(result.is_err(), sent == Sent::Nothing);
        assert_eq!(reset.step().id(), step);
    }
    assert!(is_unknown(reset.step()));
    assert_eq!(script.count(SUBMIT), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_behind_a_dropped_call_is_shown_by_the_next() {
    let script = Script::new().pausing(3);
    let mut reset = standing(&script, Place::NewPassword).await;
    script.order(SUBMIT, Reply::suberror("invalid_grant", "password_banned"));
    assert!(
        poll_times(reset.set_password(password()), 1)
            .await
            .is_none()
    );
    let error = reset
        .set_password(NewPassword::new("Another-Try-2"))
        .await
        .unwrap_err();
    assert!(matches!(
        error.fault(),
        Fault::Misuse {
            step: "applying",
            ..
        }
    ));
    reset.wait().await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordBanned));
    assert_eq!(script.count(SUBMIT), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_dropped_in_its_sleep_goes_on_and_does_not_begin_anew() {
    let script = Script::new();
    let mut reset = standing(&script, Place::Applying).await;
    script.order(POLL, Reply::json(200, json!({ "status": "in_progress" })));
    reset.wait().await.unwrap();
    let start = Instant::now();
    for _ in 0..3 {
        assert!(
            timeout(Duration::from_millis(600), reset.wait())
                .await
                .is_err()
        );
    }
    assert_eq!(script.count(POLL), 1);
    reset.wait().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(2));
    assert_eq!(script.count(POLL), 2);
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn a_dropped_attempt_leaves_nothing_running() {
    for path in [START, CHALLENGE, CONTINUE, SUBMIT] {
        let script = Script::new();
        let gate = Gate::new();
        script.order(path, gate.hold(Reply::page(500)));
        let client = script.client();
        let attempt = async {
            let mut reset = client.start(user()).await.unwrap();
            reset.enter_code(code()).await.unwrap();
            reset.set_password(password()).await.unwrap();
        };
        tokio::select! {
            () = attempt => panic!("{path} was to be held"),
            () = gate.arrived() => assert_eq!(script.under_way(), 1),
        }
        while script.under_way() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(script.count(SUBMIT), usize::from(path == SUBMIT));
    }
}

/// The same with a tenant that keeps its answer back, over a real connection.
#[tokio::test]
async fn the_tenants_answer_is_collected_later() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = client.start(user()).await.unwrap();

    let order = tenant.order(Ordered::at(Endpoint::Continue).hold());
    tokio::select! {
        _ = reset.enter_code(mailed_code(&tenant)) => panic!("held"),
        () = order.reached() => {}
    }
    assert_eq!(reset.step().id(), "enter-code");
    order.release();
    reset.enter_code(Code::new("00000000")).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");

    let order = tenant.order(Ordered::at(Endpoint::Submit).hold());
    tokio::select! {
        _ = reset.set_password(password()) => panic!("held"),
        () = order.reached() => {}
    }
    assert_eq!(reset.step(), &Step::Applying { polls: 0 });
    let error = reset.set_password(password()).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Misuse { .. }));
    order.release();
    reset.wait().await.unwrap();

    let order = tenant.order(Ordered::at(Endpoint::Poll).hold());
    tokio::select! {
        _ = reset.wait() => panic!("held"),
        () = order.reached() => {}
    }
    order.release();
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.password_changes(USER), 1);
    assert_eq!(tenant.traffic().requests.len(), 5);
}

/// Whoever leaves while the password is under way closes the connection; the password is not sent again.
#[tokio::test]
async fn an_attempt_dropped_while_the_password_is_under_way_is_over() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = at_new_password(&client, &tenant).await;
    let order = tenant.order(Ordered::at(Endpoint::Submit).hold());
    tokio::select! {
        _ = reset.set_password(password()) => panic!("held"),
        () = order.reached() => {}
    }
    drop(reset);
    order.release();
    let mut next = client.start(user()).await.unwrap();
    next.enter_code(mailed_code(&tenant)).await.unwrap();
    let submits = tenant
        .traffic()
        .requests
        .iter()
        .filter(|request| request.path().ends_with(SUBMIT))
        .count();
    assert_eq!(submits, 1);
    assert_eq!(tenant.traffic().connections, 2);
}
