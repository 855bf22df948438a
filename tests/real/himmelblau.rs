//! libhimmelblau, which signs people in to Linux computers, changes expired passwords in the mock tenant: the other
//! opinion about a protocol that no document describes.
//!
//! `tests/real/install/himmelblau` builds the program. Where it is missing, the tests say so and end; with
//! `SSPR_REAL=require` they fail. It is a package of its own, because the library is LGPL-3.0.
//!
//! Both read the same keys of the page, and send the same fields to Begin and to Poll. Where they differ:
//!
//! * libhimmelblau opens `/oauth2/authorize`, puts the page's paths behind another slash, and leaves out what only a
//!   browser sends along;
//! * it looks for an error after polls only: one that Begin gives already is a success to it;
//! * it ends with JSON and without the new password, and takes whatever page comes for success;
//! * it polls without a limit, and its thread does nothing else in the second between two polls;
//! * of an answer that was lost it says that the request failed, though the password may be changed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use serde_json::Value;
use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Poll, Request, Tenant, TenantBuilder, User};
use sspr::proxy::Explicit;
use sspr::{
    CurrentPassword, LoginChange, NewPassword, Outcome, Rejection, Reset, ResetClient, RootScope,
    Step, Trust, Username,
};

const USER: &str = "adele@contoso.com";
const NEW: &str = "Winter-Snow-12";
const NEXT: &str = "Spring-Rain-3";
const BANNED: &str = "Contoso-1";

#[tokio::test]
async fn both_change_an_expired_password() {
    let Some(program) = program() else { return };
    let tenant = tenant(Tenant::builder());
    let theirs = program.change(&tenant, INITIAL_PASSWORD, NEW);
    assert_eq!(theirs.outcome, "changed");
    assert!(tenant.password_is(USER, NEW));
    assert_eq!(tenant.password_changes(USER), 1);
    // The old password is one no longer, and the new one leads to the application.
    assert!(has_code(
        &program.change(&tenant, INITIAL_PASSWORD, NEXT),
        50126
    ));
    let theirs = program.change(&tenant, NEW, NEXT);
    assert_eq!(
        theirs.outcome,
        "refused: Authorization code received directly from login"
    );

    tenant.put_user(User::new(USER).password(NEW).password_expired());
    let ours = change(&tenant, NEW, NEXT).await;
    assert!(is_changed(ours.step()));
    assert!(tenant.password_is(USER, NEXT));
    assert!(has_code(&program.change(&tenant, NEW, NEXT), 50126));
    let theirs = program.change(&tenant, NEXT, NEW);
    assert!(theirs.outcome.contains("received directly"), "{theirs:?}");

    let log = tenant.audit();
    let changes: Vec<_> = log.iter().filter(|entry| entry.success).collect();
    assert_eq!(changes.len(), 2, "{log:?}");
    assert_eq!(changes[0].activity, changes[1].activity);
    assert_eq!(changes[0].client_type, changes[1].client_type);
}

#[tokio::test]
async fn both_are_told_that_a_poll_refuses() {
    let Some(program) = program() else { return };
    let polls = [Poll::InProgress, Poll::Refused("password_banned".into())];
    let tenant = tenant(Tenant::builder().polling(polls));
    let theirs = program.change(&tenant, INITIAL_PASSWORD, NEW);
    assert_eq!(
        theirs.outcome,
        "refused: General failure: Failed changing password: AADSTS120018: The password was not changed."
    );
    let mut ours = change(&tenant, INITIAL_PASSWORD, NEW).await;
    ours.wait().await.unwrap();
    assert_eq!(ours.step().rejection(), Some(&Rejection::PasswordBanned));
    assert!(tenant.password_is(USER, INITIAL_PASSWORD));
}

#[tokio::test]
async fn a_refusal_by_begin_is_a_success_to_libhimmelblau() {
    let Some(program) = program() else { return };
    let tenant = tenant(Tenant::builder());
    let theirs = program.change(&tenant, INITIAL_PASSWORD, BANNED);
    assert_eq!(theirs.outcome, "changed");
    assert_eq!(tenant.password_changes(USER), 0);
    assert!(tenant.password_is(USER, INITIAL_PASSWORD));
    assert_eq!(
        tenant.audit().iter().filter(|entry| entry.success).count(),
        0
    );

    let ours = change(&tenant, INITIAL_PASSWORD, BANNED).await;
    assert_eq!(ours.step().id(), "new-password");
    assert_eq!(ours.step().rejection(), Some(&Rejection::PasswordBanned));
}

#[tokio::test]
async fn both_are_told_of_a_wrong_present_password() {
    let Some(program) = program() else { return };
    let tenant = tenant(Tenant::builder());
    assert!(has_code(
        &program.change(&tenant, "Wrong-One-1", NEW),
        50126
    ));
    let ours = change(&tenant, "Wrong-One-1", NEW).await;
    assert_eq!(ours.step().rejection(), Some(&Rejection::WrongPassword));
    assert_eq!(tenant.password_changes(USER), 0);
}

#[tokio::test]
async fn what_each_of_them_sends() {
    let Some(program) = program() else { return };
    let (theirs, ours) = (tenant(Tenant::builder()), tenant(Tenant::builder()));
    program.change(&theirs, INITIAL_PASSWORD, NEW);
    change(&ours, INITIAL_PASSWORD, NEW).await;
    assert_eq!(
        sent(&theirs),
        [
            "/contoso.onmicrosoft.com/oauth2/authorize",
            "//common/login: canary client-request-id client_id ctx flowToken login passwd",
            "//common/SSPR/Begin: Ctx FlowToken NewPassword OldPassword",
            "//common/SSPR/Poll: CoupledDataCenter CoupledScaleUnit Ctx FlowToken",
            "//common/SSPR/End: Ctx FlowToken canary confirmnewpasswd currentpasswd",
        ]
    );
    assert_eq!(
        sent(&ours),
        [
            "/contoso.onmicrosoft.com/oauth2/v2.0/authorize",
            "/common/login: LoginOptions canary ctx flowToken hpgrequestid login loginfmt passwd ps type",
            "/common/SSPR/Begin: Ctx FlowToken NewPassword OldPassword",
            "/common/SSPR/Poll: CoupledDataCenter CoupledScaleUnit Ctx FlowToken",
            "/common/SSPR/End: canary confirmnewpasswd ctx currentpasswd flowToken hpgrequestid newpasswd",
        ]
    );
}

#[tokio::test]
async fn the_answer_to_begin_is_lost() {
    let Some(program) = program() else { return };
    for is_ours in [false, true] {
        let tenant = tenant(Tenant::builder());
        tenant.order(Fault::at(Endpoint::SsprBegin).close_after_response_bytes(0));
        if is_ours {
            let ours = change(&tenant, INITIAL_PASSWORD, NEW).await;
            let unknown = matches!(ours.step(), Step::Finished(Outcome::Unknown { .. }));
            assert!(unknown, "{:?}", ours.step());
        } else {
            let theirs = program.change(&tenant, INITIAL_PASSWORD, NEW);
            assert!(theirs.outcome.starts_with("refused: "), "{theirs:?}");
        }
        assert!(tenant.password_is(USER, NEW));
        assert_eq!(tenant.password_changes(USER), 1);
    }
}

/// That ours never does is in `tests/login_change/heartbeat.rs`.
#[test]
fn libhimmelblau_holds_its_thread_for_a_second() {
    let Some(program) = program() else { return };
    let tenant = tenant(Tenant::builder());
    let theirs = program.change(&tenant, INITIAL_PASSWORD, NEW);
    assert!(theirs.held >= 1000, "{theirs:?}");
}

fn tenant(builder: TenantBuilder) -> Tenant {
    let adele = User::new(USER).password_expired();
    builder.user(adele).start().unwrap()
}

/// The path of each request, and the fields of its body in the order of the alphabet.
fn sent(tenant: &Tenant) -> Vec<String> {
    let tell = |request: &Request| {
        let mut fields: Vec<String> = match serde_json::from_slice(&request.body) {
            Ok(Value::Object(body)) => body.into_iter().map(|(name, _)| name).collect(),
            _ => url::form_urlencoded::parse(&request.body)
                .map(|(name, _)| name.into_owned())
                .collect(),
        };
        fields.sort();
        match fields.is_empty() {
            true => request.path().to_owned(),
            false => format!("{}: {}", request.path(), fields.join(" ")),
        }
    };
    tenant.traffic().requests.iter().map(tell).collect()
}

/// Our own change, as far as it goes.
async fn change(tenant: &Tenant, present: &str, new: &str) -> Reset {
    let protocol = LoginChange::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(protocol).trust(trust);
    let client = builder.way(Explicit::Direct).build().unwrap();
    let mut reset = client.start(Username::parse(USER).unwrap()).await.unwrap();
    let present = CurrentPassword::new(present);
    reset.enter_current_password(present).await.unwrap();
    if reset.step().id() == "new-password" {
        reset.set_password(NewPassword::new(new)).await.unwrap();
    }
    if reset.step().id() == "applying" {
        reset.wait().await.unwrap();
    }
    reset
}

fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}

fn has_code(told: &Told, code: u32) -> bool {
    told.outcome.starts_with("refused: ") && told.outcome.contains(&code.to_string())
}

/// What the program said.
#[derive(Debug)]
struct Told {
    outcome: String,
    /// For how long nothing else ran on its thread, in milliseconds.
    held: u128,
}

struct Program(PathBuf);

/// The program, where it was built.
fn program() -> Option<Program> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug");
    let path = target.join("libhimmelblau-change");
    if path.is_file() {
        return Some(Program(path));
    }
    let missing = "libhimmelblau is not there, run tests/real/install/himmelblau";
    if env::var("SSPR_REAL").is_ok_and(|value| value == "require") {
        panic!("{missing}");
    }
    // Past the capture of the test harness: a test that does nothing has to say so.
    let mut terminal = io::stderr();
    writeln!(terminal, "skipped: {missing}").unwrap();
    None
}

impl Program {
    /// Has the password of [`USER`] changed, by a client that trusts the tenant's root alone.
    fn change(&self, tenant: &Tenant, present: &str, new: &str) -> Told {
        let name = format!("himmelblau-{}.pem", tenant.address().port());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&root, tenant.ca_pem()).unwrap();
        let output = Command::new(&self.0)
            .args([tenant.authority().as_str(), tenant.client_id()])
            .args([USER, present, new])
            .env_clear()
            .env("SSL_CERT_FILE", &root)
            .output()
            .unwrap();
        fs::remove_file(&root).unwrap();
        assert!(output.status.success(), "{output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        // Before them it may have printed errors of its own.
        let mut lines = printed.lines().rev();
        let held = lines.next().unwrap().parse().unwrap();
        let outcome = lines.next().unwrap().to_owned();
        Told { outcome, held }
    }
}
