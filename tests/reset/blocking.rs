//! The desk without an async runtime.

use std::thread;
use std::time::Duration;

use serde_json::json;
use sspr::blocking::{Reset, ResetClient};
use sspr::{Error, Fault, Network, SignIn, Stage, Step};

use crate::desk::{
    PASSWORD, USER, at_once, client_for, code, is_changed, is_unknown, mailed_code, password,
    patient_tenant, user,
};
use crate::script::{POLL, Reply, SUBMIT, Script};

fn drive(reset: &mut Reset, code: impl Fn() -> sspr::Code) -> Result<(), Error> {
    loop {
        match reset.step() {
            Step::EnterCode { .. } => reset.enter_code(code())?,
            Step::NewPassword { .. } => reset.set_password(password())?,
            Step::Applying { .. } => reset.wait()?,
            _ => return Ok(()),
        }
    }
}

#[test]
fn a_whole_reset_without_a_runtime() {
    let tenant = patient_tenant().start().unwrap();
    let client = ResetClient::new(client_for(&tenant)).unwrap();
    client.warm_up().unwrap();
    let mut reset = client.start(user()).unwrap();
    reset.resend_code().unwrap();
    drive(&mut reset, || mailed_code(&tenant)).unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert!(matches!(
        reset.sign_in("openid").unwrap(),
        SignIn::Tokens(_)
    ));
    assert!(reset.cause().is_none());
    assert!(reset.correlation().client.is_some());
    assert_eq!(tenant.traffic().connections, 1);
}

#[test]
fn attempts_outlive_their_client_and_cross_threads() {
    fn is_send<T: Send + 'static>() {}
    is_send::<Reset>();
    is_send::<ResetClient>();
    is_send::<sspr::Reset>();
    let tenant = patient_tenant().start().unwrap();
    let client = ResetClient::new(client_for(&tenant)).unwrap();
    let mut reset = client.start(user()).unwrap();
    drop(client);
    let code = mailed_code(&tenant);
    let mut reset = thread::spawn(move || reset.enter_code(code).map(|()| reset).unwrap())
        .join()
        .unwrap();
    drive(&mut reset, || mailed_code(&tenant)).unwrap();
    assert!(is_changed(reset.step()));
}

fn assert_no_runtime(result: Result<(), Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.fault(), &Fault::NoRuntime);
    assert_eq!(error.stage(), Stage::Configuration);
}

/// A thread that drives a runtime must not block: the calls say so, and everything may be dropped there.
#[test]
fn calls_inside_a_runtime_are_a_fault_and_no_panic() {
    let script = Script::new();
    let client = ResetClient::new(script.client()).unwrap();
    let mut reset = client.start(user()).unwrap();
    let (step, seen) = (reset.step().clone(), script.seen().len());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        assert_no_runtime(reset.enter_code(code()));
        assert_no_runtime(reset.resend_code());
        assert_no_runtime(reset.sign_in("openid").map(|_| ()));
        assert_no_runtime(client.start(user()).map(|_| ()));
        assert_no_runtime(client.warm_up());
        assert_no_runtime(client.wait_for_network(None));
    });
    assert_eq!((reset.step(), script.seen().len()), (&step, seen));
    reset.enter_code(code()).unwrap();
    runtime.block_on(async {
        // Made, and dropped last, on a thread that drives another runtime.
        let inside = ResetClient::new(script.client()).unwrap();
        drop(inside);
        drop(client);
        drop(reset);
    });
}

#[test]
fn outside_of_a_runtime_the_async_desk_says_so() {
    let script = Script::new();
    let client = script.client();
    assert_no_runtime(at_once(client.start(user())).map(|_| ()));
    assert_no_runtime(at_once(client.wait_for_network(None)));
    assert!(script.seen().is_empty());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut reset = runtime.block_on(client.start(user())).unwrap();
    let step = reset.step().clone();
    assert_no_runtime(at_once(reset.enter_code(code())));
    assert_eq!(reset.step(), &step);
    runtime.block_on(reset.enter_code(code())).unwrap();
}

struct Unplugged;

impl Network for Unplugged {
    fn is_up(&self) -> bool {
        false
    }
}

#[test]
fn waiting_for_a_network_ends() {
    let client = Script::new().builder().network(Unplugged).build().unwrap();
    let client = ResetClient::new(client).unwrap();
    let error = client
        .wait_for_network(Some(Duration::from_millis(1)))
        .unwrap_err();
    assert_eq!(error.fault(), &Fault::NoNetwork);
}

#[test]
fn a_lost_submit_is_unknown_here_too() {
    let script = Script::new();
    let client = ResetClient::new(script.client()).unwrap();
    let mut reset = client.start(user()).unwrap();
    script.order(SUBMIT, Reply::Lost(sspr::Sent::Maybe));
    drive(&mut reset, code).unwrap();
    assert!(is_unknown(reset.step()));
    assert!(reset.cause().is_some());
    assert!(matches!(
        reset.wait().unwrap_err().fault(),
        Fault::Misuse { .. }
    ));
    // And a success needs its proof.
    let mut reset = client.start(user()).unwrap();
    script.order(POLL, Reply::json(200, json!({ "status": "whatever" })));
    assert!(drive(&mut reset, code).is_err());
    assert_eq!(reset.step().id(), "applying");
}
