//! Whole changes, against the mock tenant.

use std::time::Duration;

use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Poll, Tenant, TenantBuilder, User};
use sspr::protocol::SignInNext;
use sspr::proxy::Explicit;
use sspr::{
    CurrentPassword, LoginChange, NewPassword, Outcome, Privacy, Rejection, Reset, ResetClient,
    RootScope, Step, Trust, Username,
};

use crate::desk::{PASSWORD, USER, browser_reason, finish, is_changed, is_unknown, pass, password};

fn tenant(user: User) -> TenantBuilder {
    Tenant::builder().user(user)
}

fn adele() -> User {
    User::new(USER).password_expired()
}

fn client(tenant: &Tenant) -> ResetClient {
    let protocol = LoginChange::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(protocol).trust(trust);
    builder.way(Explicit::Direct).build().unwrap()
}

async fn start(tenant: &Tenant) -> Reset {
    let user = Username::parse(USER).unwrap();
    client(tenant).start(user).await.unwrap()
}

async fn signed_in(tenant: &Tenant) -> Reset {
    let mut reset = start(tenant).await;
    let current = CurrentPassword::new(INITIAL_PASSWORD);
    reset.enter_current_password(current).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    reset
}

#[tokio::test]
async fn an_expired_password_is_changed() {
    let tenant = tenant(adele()).start().unwrap();
    let mut reset = start(&tenant).await;
    let wrong = CurrentPassword::new("Wrong-One-1");
    reset.enter_current_password(wrong).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::WrongPassword));
    let current = CurrentPassword::new(INITIAL_PASSWORD);
    reset.enter_current_password(current).await.unwrap();
    for (text, rejection) in [
        ("all-too-weak", Rejection::PasswordTooWeak),
        ("Contoso-1", Rejection::PasswordBanned),
    ] {
        reset.set_password(NewPassword::new(text)).await.unwrap();
        assert_eq!(reset.step().rejection(), Some(&rejection), "{text}");
    }
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.password_changes(USER), 1);
    assert_eq!(tenant.traffic().handshakes, 1);
}

#[tokio::test]
async fn each_step_costs_one_round_trip() {
    let tenant = tenant(adele()).start().unwrap();
    let sent = || tenant.traffic().requests.len();
    let mut reset = start(&tenant).await;
    assert_eq!(sent(), 1);
    let current = CurrentPassword::new(INITIAL_PASSWORD);
    reset.enter_current_password(current).await.unwrap();
    assert_eq!(sent(), 2);
    reset.set_password(password()).await.unwrap();
    assert_eq!(sent(), 3);
    reset.wait().await.unwrap();
    assert_eq!(sent(), 5, "the poll that tells, and End");
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn what_follows_at_sign_in() {
    for (user, next) in [
        (adele(), SignInNext::Unknown),
        (adele().mfa_required(), SignInNext::SecondFactor),
        (adele().registration_required(), SignInNext::Enrolment),
    ] {
        let tenant = tenant(user).start().unwrap();
        let mut reset = signed_in(&tenant).await;
        finish(&mut reset).await.unwrap();
        let Step::Finished(Outcome::PasswordChanged { sign_in, .. }) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(*sign_in, next);
    }
}

#[tokio::test]
async fn those_who_need_no_change_and_those_who_cannot_have_one() {
    let outcome = |user: User| async {
        let tenant = tenant(user).start().unwrap();
        let mut reset = start(&tenant).await;
        finish(&mut reset).await.unwrap();
        reset.step().clone()
    };
    let step = outcome(User::new(USER)).await;
    let reason = browser_reason(&step).unwrap();
    assert!(reason.starts_with("localhost:"), "signed in: {reason}");
    let step = outcome(adele().locked()).await;
    assert!(matches!(step, Step::Finished(Outcome::Blocked { .. })));
    let step = outcome(adele().sign_in_error(50057)).await;
    assert!(matches!(
        step,
        Step::Finished(Outcome::NeedsAdministrator { .. })
    ));
    let step = outcome(adele().without_password()).await;
    assert_eq!(step, Step::Finished(Outcome::Declined));
    let step = outcome(adele().sign_in_error(50144)).await;
    assert_eq!(browser_reason(&step), Some("50144"));
}

#[tokio::test]
async fn a_refusal_on_the_poll() {
    let polls = [Poll::InProgress, Poll::Refused("password_banned".into())];
    let tenant = tenant(adele()).polling(polls).start().unwrap();
    let mut reset = signed_in(&tenant).await;
    reset.set_password(password()).await.unwrap();
    reset.wait().await.unwrap();
    pass(Duration::from_secs(2)).await;
    reset.wait().await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordBanned));
    assert_eq!(tenant.password_changes(USER), 0);
    tenant.set_polling([]);
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()) && tenant.password_is(USER, PASSWORD));
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_not_asked_for_again() {
    for endpoint in [Endpoint::SsprBegin, Endpoint::SsprEnd] {
        for bytes in [0, 20, 200] {
            let tenant = tenant(adele()).start().unwrap();
            tenant.order(Fault::at(endpoint).close_after_response_bytes(bytes));
            let mut reset = signed_in(&tenant).await;
            finish(&mut reset).await.unwrap();
            assert!(is_unknown(reset.step()), "{endpoint:?} {bytes}");
            assert_eq!(tenant.password_changes(USER), 1);
            let path = match endpoint {
                Endpoint::SsprBegin => "/common/SSPR/Begin",
                _ => "/common/SSPR/End",
            };
            let requests = tenant.traffic().requests;
            let sent = requests.iter().filter(|seen| seen.path() == path).count();
            assert_eq!(sent, 1, "{endpoint:?} {bytes}");
        }
    }
}

#[tokio::test]
async fn a_poll_that_is_cut_off_is_asked_again() {
    let tenant = tenant(adele()).start().unwrap();
    tenant.order(Fault::at(Endpoint::SsprPoll).status(503));
    let mut reset = signed_in(&tenant).await;
    reset.set_password(password()).await.unwrap();
    reset.wait().await.unwrap_err();
    pass(Duration::from_secs(2)).await;
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn a_page_beyond_the_limit_is_not_read() {
    let tenant = tenant(adele()).start().unwrap();
    tenant.order(Fault::at(Endpoint::Authorize).padded_to(10 << 20));
    let user = Username::parse(USER).unwrap();
    let started = client(&tenant).start(user).await;
    let error = started.map(|_| ()).unwrap_err();
    assert!(matches!(error.fault(), sspr::Fault::TooLarge { .. }));
}

#[tokio::test]
async fn a_session_that_has_ended() {
    let tenant = tenant(adele()).start().unwrap();
    let mut reset = start(&tenant).await;
    tenant.advance(Duration::from_secs(601));
    let current = CurrentPassword::new(INITIAL_PASSWORD);
    reset.enter_current_password(current).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));
}

#[tokio::test]
async fn an_unknown_user_looks_like_a_wrong_password() {
    let tenant = tenant(adele()).start().unwrap();
    let mut reset = (client(&tenant).start(Username::parse("nobody@contoso.com").unwrap()))
        .await
        .unwrap();
    finish(&mut reset).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
    let protocol = LoginChange::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(protocol).trust(trust);
    let client = builder
        .way(Explicit::Direct)
        .privacy(Privacy::Tell)
        .build()
        .unwrap();
    let mut reset = (client.start(Username::parse("nobody@contoso.com").unwrap()))
        .await
        .unwrap();
    let error = finish(&mut reset).await.unwrap_err();
    assert!(matches!(error.fault(), sspr::Fault::AccountNotFound { .. }));
}

#[test]
fn without_a_runtime() {
    let tenant = tenant(adele()).start().unwrap();
    let client = sspr::blocking::ResetClient::new(client(&tenant)).unwrap();
    let mut reset = client.start(Username::parse(USER).unwrap()).unwrap();
    let current = CurrentPassword::new(INITIAL_PASSWORD);
    reset.enter_current_password(current).unwrap();
    reset.set_password(password()).unwrap();
    reset.wait().unwrap();
    assert!(is_changed(reset.step()));
}
