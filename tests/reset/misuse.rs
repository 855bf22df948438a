//! A call that does not fit the step is refused and changes nothing.

use sspr::protocol::MethodId;
use sspr::{Contact, Error, Fault, Remedy, Reset, Sent, Stage, Step};

use crate::desk::{Place, at_once, code, password, standing, user};
use crate::script::{CHALLENGE, Gate, Reply, START, Script};

const CALLS: [&str; 8] = [
    "choose_method",
    "confirm_contact",
    "enter_code",
    "resend_code",
    "set_password",
    "wait",
    "back",
    "sign_in",
];

async fn call(reset: &mut Reset, name: &str) -> Result<(), Error> {
    match name {
        "choose_method" => reset.choose_method(MethodId::new("1")).await,
        "confirm_contact" => reset.confirm_contact(Contact::new("+1 5550100")).await,
        "enter_code" => reset.enter_code(code()).await,
        "resend_code" => reset.resend_code().await,
        "set_password" => reset.set_password(password()).await,
        "wait" => reset.wait().await,
        "back" => reset.back().await,
        "sign_in" => reset.sign_in("openid").await.map(|_| ()),
        other => panic!("no such call: {other}"),
    }
}

fn assert_misuse(reset: &mut Reset, script: &Script, fitting: &[&str]) {
    for name in CALLS.into_iter().filter(|name| !fitting.contains(name)) {
        let (step, sent) = (reset.step().clone(), script.seen().len());
        let error = at_once(call(reset, name)).expect_err(name);
        let expected = Fault::Misuse {
            call: name,
            step: step.id(),
        };
        assert_eq!(error.fault(), &expected);
        assert_eq!(error.stage(), Stage::Local);
        assert_eq!(error.remedy(), Remedy::CorrectSettings);
        assert_eq!(error.sent(), Sent::Nothing);
        assert!(error.correlation().client.is_some());
        assert_eq!(reset.step(), &step, "{name}");
        assert_eq!(script.seen().len(), sent, "{name} sent something");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_do_not_fit_are_refused_at_every_step() {
    let script = Script::new();
    let rows: [(Place, &[&str]); 4] = [
        (Place::EnterCode, &["enter_code", "resend_code"]),
        (Place::NewPassword, &["set_password"]),
        (Place::Applying, &["wait"]),
        (Place::Changed, &["sign_in"]),
    ];
    for (place, fitting) in rows {
        let mut reset = standing(&script, place).await;
        assert_misuse(&mut reset, &script, fitting);
        call(&mut reset, fitting[0]).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_fits_where_the_attempt_is_over() {
    for (path, reply, step) in [
        (START, Reply::redirect(), "use-browser"),
        (CHALLENGE, Reply::error("expired_token"), "finished"),
    ] {
        let script = Script::new();
        script.order(path, reply);
        let mut reset = script.client().start(user()).await.unwrap();
        assert_eq!(reset.step().id(), step);
        assert!(reset.step().answers().is_empty());
        assert_misuse(&mut reset, &script, &[]);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_fits_after_a_sign_in() {
    let script = Script::new();
    let mut reset = standing(&script, Place::Changed).await;
    reset.sign_in("openid").await.unwrap();
    assert_misuse(&mut reset, &script, &[]);
}

/// What is under way is left alone by a call that does not fit.
#[tokio::test]
async fn a_misuse_does_not_touch_what_is_under_way() {
    let script = Script::new();
    let mut reset = standing(&script, Place::EnterCode).await;
    let gate = Gate::new();
    script.order(CHALLENGE, gate.hold(Reply::error("brand_new")));
    tokio::select! {
        _ = reset.resend_code() => panic!("held"),
        () = gate.arrived() => {}
    }
    // None of these may wait for the gate.
    assert_misuse(&mut reset, &script, &["enter_code", "resend_code", "wait"]);
    gate.open();
    let error = reset.wait().await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Refused { .. }));
    assert!(matches!(
        reset.step(),
        Step::EnterCode {
            rejection: None,
            ..
        }
    ));
}
