//! Connections that break: a password is sent once, whatever happens, and nobody loses their place.

use sspr::mock::{Endpoint, Fault as Ordered, Tenant};
use sspr::{Effect, Fault, NewPassword, Privacy, Sent};

use crate::desk::{
    At, USER, client_for, finish, is_changed, is_unknown, password, sent_code, user,
};
use crate::script::{ENTRY, POLL, Reply, Script, TOKEN, UPDATE};

#[tokio::test(start_paused = true)]
async fn a_lost_answer_at_every_step() {
    for at in At::ALL {
        for sent in [Sent::Nothing, Sent::Maybe] {
            let script = Script::new();
            script.order(at.path(), Reply::Lost(sent));
            let (reset, step, result) = at.call(&script, Privacy::Tell).await;
            let place = format!("{at:?} {sent:?}");
            if (at, sent) == (At::Update, Sent::Maybe) {
                let reset = reset.unwrap();
                assert!(is_unknown(reset.step()), "{place}");
                assert_eq!(reset.cause().unwrap().sent(), Sent::Maybe);
                assert_eq!(script.seen_at(UPDATE).len(), 1, "{place}");
                assert!(script.seen_at(POLL).is_empty(), "{place}");
                continue;
            }
            let error = result.unwrap_err();
            assert!(matches!(error.fault(), Fault::Closed { .. }), "{place}");
            assert_eq!(error.sent(), sent, "{place}");
            assert_eq!(reset.as_ref().map(|reset| reset.step()), step.as_ref());
            assert_eq!(script.seen_at(at.path()).len(), 1, "not by itself: {place}");
            if let Some(mut reset) = reset {
                let code = || sspr::Code::new("12345678");
                finish(&mut reset, "", code).await.unwrap();
                assert!(is_changed(reset.step()), "{place}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_sign_in_leaves_the_success() {
    for at in [ENTRY, TOKEN] {
        let script = Script::new();
        let (reset, ..) = At::Poll.call(&script, Privacy::Hide).await;
        let mut reset = reset.unwrap();
        script.order(at, Reply::Lost(Sent::Maybe));
        let error = reset.sign_in("openid").await.unwrap_err();
        assert!(matches!(error.fault(), Fault::Closed { .. }));
        assert!(is_changed(reset.step()));
    }
}

/// Every poll that says nothing is bounded by the limit of the attempt.
#[tokio::test(start_paused = true)]
async fn a_poll_that_never_ends() {
    for reply in [
        Reply::json(200, crate::script::polling("t")),
        Reply::Lost(Sent::Maybe),
        Reply::hal("brandNew", ""),
        Reply::body(429, "").with("retry-after", "86400"),
    ] {
        let script = Script::new();
        script.always(POLL, reply);
        let client = script.client(Privacy::Hide);
        let mut reset = At::Poll.standing(&client).await.unwrap();
        let start = tokio::time::Instant::now();
        while reset.step().id() == "applying" {
            let _ = reset.wait().await;
        }
        assert!(is_unknown(reset.step()));
        assert_eq!(start.elapsed().as_secs(), 300);
        let polls = script.seen_at(POLL);
        assert!((1..=151).contains(&polls.len()), "{} polls", polls.len());
        assert!(polls.iter().all(|poll| poll.effect == Effect::None));
        assert_eq!(script.seen_at(UPDATE).len(), 1);
    }
}

fn updates(tenant: &Tenant) -> usize {
    let requests = tenant.traffic().requests;
    requests
        .iter()
        .filter(|request| request.raw.starts_with(b"PUT"))
        .count()
}

#[tokio::test]
async fn a_connection_closed_within_the_answer_to_the_password() {
    let tenant = Tenant::builder()
        .codes_per_hour(usize::MAX)
        .start()
        .unwrap();
    let client = client_for(&tenant, Privacy::Hide);
    let mut round = 0;
    loop {
        let cut = round * 7;
        let mut reset = client.start(user()).await.unwrap();
        reset.enter_code(sent_code(&tenant)).await.unwrap();
        tenant.order(Ordered::at(Endpoint::V2Update).close_after_response_bytes(cut));
        let fresh = NewPassword::new(format!("Winter-Snow-{round}"));
        reset.set_password(fresh).await.unwrap();
        round += 1;
        assert_eq!(updates(&tenant), round, "sent once");
        assert_eq!(tenant.password_changes(USER), round, "the tenant has acted");
        if !is_unknown(reset.step()) {
            // The answer was whole.
            reset.wait().await.unwrap();
            assert!(is_changed(reset.step()));
            break;
        }
        let cause = reset.cause().unwrap();
        assert!(matches!(cause.fault(), Fault::Closed { .. }), "{cause:?}");
    }
    assert!(round > 20, "an answer has more than {round} times 7 bytes");
}

#[tokio::test]
async fn a_connection_closed_within_the_password() {
    let tenant = Tenant::start().unwrap();
    let client = client_for(&tenant, Privacy::Hide);
    let mut reset = client.start(user()).await.unwrap();
    reset.enter_code(sent_code(&tenant)).await.unwrap();
    tenant.order(Ordered::at(Endpoint::V2Update).close_after_request_bytes(50));
    reset.set_password(password()).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert_eq!((updates(&tenant), tenant.password_changes(USER)), (1, 0));
}
