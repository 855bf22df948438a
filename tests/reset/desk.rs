//! How the tests stand at the desk.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use sspr::mock::{Tenant, TenantBuilder};
use sspr::proxy::Explicit;
use sspr::{
    Code, Error, NativeV1, NewPassword, Outcome, Reset, ResetClient, ResetClientBuilder, RootScope,
    Step, Trust, Username,
};

use crate::script::Script;

pub(crate) const USER: &str = "adele@contoso.com";
pub(crate) const PASSWORD: &str = "Winter-Snow-9";

pub(crate) fn user() -> Username {
    Username::parse(USER).unwrap()
}

pub(crate) fn code() -> Code {
    Code::new("12345678")
}

pub(crate) fn password() -> NewPassword {
    NewPassword::new(PASSWORD)
}

/// A tenant that lets a test ask for as many codes as it likes.
pub(crate) fn patient_tenant() -> TenantBuilder {
    Tenant::builder().codes_per_hour(usize::MAX)
}

pub(crate) fn builder_for(tenant: &Tenant) -> ResetClientBuilder {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust)
}

pub(crate) fn client_for(tenant: &Tenant) -> ResetClient {
    builder_for(tenant).build().unwrap()
}

/// The code that the tenant sent last.
pub(crate) fn mailed_code(tenant: &Tenant) -> Code {
    Code::new(tenant.inbox().latest(USER).unwrap().code)
}

/// An attempt that asks for the new password.
pub(crate) async fn at_new_password(client: &ResetClient, tenant: &Tenant) -> Reset {
    let mut reset = client.start(user()).await.unwrap();
    reset.enter_code(mailed_code(tenant)).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    reset
}

/// The output of a future that waits for nothing.
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Lets time pass for the client, while nothing is under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Where an attempt against a [`Script`] stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    EnterCode,
    NewPassword,
    Applying,
    Changed,
}

/// An attempt that has come as far as `place`.
pub(crate) async fn standing(script: &Script, place: Place) -> Reset {
    standing_with(&script.client(), place).await
}

pub(crate) async fn standing_with(client: &ResetClient, place: Place) -> Reset {
    let mut reset = client.start(user()).await.unwrap();
    if place != Place::EnterCode {
        reset.enter_code(code()).await.unwrap();
    }
    if matches!(place, Place::Applying | Place::Changed) {
        reset.set_password(password()).await.unwrap();
    }
    if place == Place::Changed {
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()), "{:?}", reset.step());
    }
    reset
}

/// Answers what is asked until the attempt has ended.
pub(crate) async fn finish(reset: &mut Reset, code: impl Fn() -> Code) -> Result<(), Error> {
    loop {
        match reset.step() {
            Step::EnterCode { .. } => reset.enter_code(code()).await?,
            Step::NewPassword { .. } => reset.set_password(password()).await?,
            Step::Applying { .. } => reset.wait().await?,
            _ => return Ok(()),
        }
    }
}

pub(crate) fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}

pub(crate) fn is_unknown(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::Unknown { .. }))
}
