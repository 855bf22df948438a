//! How the tests stand at the desk.

use std::time::Duration;

use sspr::mock::Tenant;
use sspr::protocol::MethodId;
use sspr::proxy::Explicit;
use sspr::{
    Code, Error, NativeV2, NewPassword, Outcome, Privacy, Reset, ResetClient, RootScope, Step,
    Trust, Username,
};

use crate::script::{CHALLENGE, POLL, RESEND, START, Script, UPDATE, VERIFY};

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

pub(crate) fn client_for(tenant: &Tenant, privacy: Privacy) -> ResetClient {
    let protocol = NativeV2::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust);
    builder.privacy(privacy).build().unwrap()
}

/// The code that the tenant sent last.
pub(crate) fn sent_code(tenant: &Tenant) -> Code {
    Code::new(tenant.inbox().latest(USER).unwrap().code)
}

/// Answers what is asked until the attempt has ended; of several methods, the one with this word.
pub(crate) async fn finish(
    reset: &mut Reset,
    method: &str,
    code: impl Fn() -> Code,
) -> Result<(), Error> {
    loop {
        match reset.step() {
            Step::ChooseMethod { .. } => {
                let id = method_id(reset.step(), method);
                reset.choose_method(id).await?;
            }
            Step::EnterCode { .. } => reset.enter_code(code()).await?,
            Step::NewPassword { .. } => reset.set_password(password()).await?,
            Step::Applying { .. } => reset.wait().await?,
            _ => return Ok(()),
        }
    }
}

/// The id of the method that serializes to this word: `email`, `mobile-sms`.
pub(crate) fn method_id(step: &Step, word: &str) -> MethodId {
    let Step::ChooseMethod { methods, .. } = step else {
        panic!("{step:?}")
    };
    let is_meant =
        |method: &&sspr::protocol::Method| serde_json::to_value(&method.kind).unwrap() == word;
    methods.iter().find(is_meant).unwrap().id.clone()
}

/// Lets time pass for the client, while nothing is under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

pub(crate) fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}

pub(crate) fn is_unknown(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::Unknown { .. }))
}

/// Every call of an attempt that is answered through a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Start,
    Challenge,
    Resend,
    Verify,
    Update,
    Poll,
}

impl At {
    pub(crate) const ALL: [Self; 6] = [
        Self::Start,
        Self::Challenge,
        Self::Resend,
        Self::Verify,
        Self::Update,
        Self::Poll,
    ];

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Start => START,
            Self::Challenge => CHALLENGE,
            Self::Resend => RESEND,
            Self::Verify => VERIFY,
            Self::Update => UPDATE,
            Self::Poll => POLL,
        }
    }

    /// An attempt that stands before the call; none has begun before the first two.
    pub(crate) async fn standing(self, client: &ResetClient) -> Option<Reset> {
        if matches!(self, Self::Start | Self::Challenge) {
            return None;
        }
        let mut reset = client.start(user()).await.unwrap();
        if matches!(self, Self::Update | Self::Poll) {
            reset.enter_code(code()).await.unwrap();
        }
        if self == Self::Poll {
            reset.set_password(password()).await.unwrap();
        }
        Some(reset)
    }

    /// Makes the call, whose answer has been ordered, from wherever it is made.
    pub(crate) async fn call(self, script: &Script, privacy: Privacy) -> Called {
        let client = script.client(privacy);
        self.call_with(&client, |_| {}).await
    }

    pub(crate) async fn call_with(self, client: &ResetClient, before: impl FnOnce(Self)) -> Called {
        let standing = self.standing(client).await;
        before(self);
        let Some(mut reset) = standing else {
            return match client.start(user()).await {
                Ok(reset) => (Some(reset), None, Ok(())),
                Err(error) => (None, None, Err(error)),
            };
        };
        let step = reset.step().clone();
        let result = match self {
            Self::Start | Self::Challenge => Ok(()),
            Self::Resend => reset.resend_code().await,
            Self::Verify => reset.enter_code(code()).await,
            Self::Update => reset.set_password(password()).await,
            Self::Poll => reset.wait().await,
        };
        (Some(reset), Some(step), result)
    }
}

/// The attempt, if it began; the step before the call, if there was one; and what came of the call.
pub(crate) type Called = (Option<Reset>, Option<Step>, Result<(), Error>);
