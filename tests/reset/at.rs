//! Every call that comes to an endpoint of the protocol.

use sspr::mock::Endpoint;
use sspr::{Code, Error, Reset};

use crate::desk::{Place, password};
use crate::script::{CHALLENGE, CONTINUE, POLL, START, SUBMIT, TOKEN};

/// The endpoints, as an attempt comes to them: the challenge does so twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Start,
    Challenge,
    Resend,
    Continue,
    Submit,
    Poll,
    Token,
}

impl At {
    pub(crate) const ALL: [Self; 7] = [
        Self::Start,
        Self::Challenge,
        Self::Resend,
        Self::Continue,
        Self::Submit,
        Self::Poll,
        Self::Token,
    ];

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Start => START,
            Self::Challenge | Self::Resend => CHALLENGE,
            Self::Continue => CONTINUE,
            Self::Submit => SUBMIT,
            Self::Poll => POLL,
            Self::Token => TOKEN,
        }
    }

    pub(crate) fn endpoint(self) -> Endpoint {
        match self {
            Self::Start => Endpoint::Start,
            Self::Challenge | Self::Resend => Endpoint::Challenge,
            Self::Continue => Endpoint::Continue,
            Self::Submit => Endpoint::Submit,
            Self::Poll => Endpoint::Poll,
            Self::Token => Endpoint::Token,
        }
    }

    pub(crate) fn place(self) -> Place {
        match self {
            Self::Start | Self::Challenge | Self::Resend | Self::Continue => Place::EnterCode,
            Self::Submit => Place::NewPassword,
            Self::Poll => Place::Applying,
            Self::Token => Place::Changed,
        }
    }

    pub(crate) async fn call(self, reset: &mut Reset, code: Code) -> Result<(), Error> {
        match self {
            Self::Start | Self::Challenge => panic!("there is no attempt yet"),
            Self::Resend => reset.resend_code().await,
            Self::Continue => reset.enter_code(code).await,
            Self::Submit => reset.set_password(password()).await,
            Self::Poll => reset.wait().await,
            Self::Token => reset.sign_in("openid").await.map(|_| ()),
        }
    }
}
