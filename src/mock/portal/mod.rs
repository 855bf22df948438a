//! The web portal of workforce accounts: pages at `/` and `/n/passwordreset`, for browsers with and without script.
//!
//! ```text
//!             unknown ID, wrong picture
//!                ┌──┐
//!  GET ──▶ ViewUserIdentifierVerification ──▶ one page for each PortalError, ViewThrottled
//!                 │
//!                 ├──▶ ViewResetOrUnlock (if offered) ──┐
//!                 ▼                                     │
//!          ViewMultigateUserControl ◀───────────────────┘
//!           choose a method ◀─────────────┐
//!                 ▼                       │ second method, another method
//!           send, type, answer, approve ──┘
//!                 │
//!                 ├──▶ ViewUnlocked
//!                 ▼
//!          ViewNewPassword ◀─┐ refused
//!                 │       └──┘
//!                 ▼
//!          ViewFinished, or the pages of SSPR_0029, SSPR_0030 and OnPremisesSuccessCloudFailure
//! ```
//!
//! Documented: both addresses, `mkt` and `whr`, the journey, the methods, the errors, the throttle's numbers, the
//! outcomes in the audit log. Seen in public source: `username` and `ru`; the cookies `SessionId`, `DisplayCulture` and
//! `CookiesSupportedCookie`; the hidden fields; status 429; and these names, after the prefix
//! `ctl00$ContentPlaceholderMainContent$` for controls:
//!
//! | seen | *invented* |
//! |---|---|
//! | `TextBoxUserIdentifier`, `ButtonNext`, `ButtonCancel`, both of them links ([`PortalPolicy::link_buttons`]) | every other box and button, and that buttons submit the form by default |
//! | `CurrentViewName`, `WorkflowConsistencyCheck`, `LiveCaptchaMode` | what the second is for: a page is good for one post |
//! | the ids of the picture, of its box, of the radio buttons, of their table, of the first page's error | what the radio buttons are called and say |
//! | the views of the user ID, of the methods, of 9, 11 and 13, and those of [`error`] without a number; `ViewThrottled` | every other view |
//!
//! ***Invented*** is everything else: all markup and words, when a session ends and what its cookie and tokens are bound
//! to, how a call or a notification is waited for, where an error comes out.
//!
//! # Partial posts
//!
//! A browser's script may post by itself and take over what has changed (ASP.NET's UpdatePanel). [`delta`] writes the
//! reply; [`seal`] says what `__VIEWSTATE` and `__EVENTVALIDATION` are made of.
//!
//! * Public, as a part of ASP.NET: the records, their lengths in UTF-16 units, their order, the version record, that
//!   `hiddenField` names the id of an element, that with a version the address in `pageRedirect` is encoded.
//! * Seen: `__ASYNCPOST`, the header field `X-MicrosoftAjax: Delta=true`, the names `ctl00$ScriptManagerMain` and
//!   `ctl00$ContentPlaceholderMainContent$UpdatePanelMain`; that a panel, a `CurrentViewName` or a `pageRedirect` may come.
//!   No element of a page was seen to carry the first name: the script adds it to what it posts. So the pages have none.
//! * ***Invented***: the id of the panel; which hidden fields are told; that a session that is gone is a `pageRedirect`
//!   and its address, that a forged state is an `error` and missing cookies a view; that only the newest state counts;
//!   that panel and target have to be the right ones; that status 429 comes with a delta.
//!
//! Pages are the same by either post, but for what stands outside of the panel: a partial post leaves the header alone.
//!
//! [`PortalFault`] is what a test can order: pages and replies that the service itself might never write.

mod call;
mod captcha;
mod control;
mod delta;
mod error;
mod fields;
mod finish;
mod html;
mod identify;
mod language;
mod limits;
mod method;
mod ordered;
mod page;
mod place;
mod png;
mod policy;
mod seal;
mod session;
mod tenant;
mod text;
mod totp;
mod verify;
mod view;

use std::collections::HashMap;

pub use error::PortalError;
pub use method::Method;
pub(super) use ordered::Ordered;
pub use ordered::PortalFault;
pub use policy::PortalPolicy;

use super::fault::Endpoint;
pub(super) use call::answer;
use limits::Limits;
use session::Sessions;

/// What the portal keeps between requests.
#[derive(Debug)]
pub(super) struct Portal {
    policy: PortalPolicy,
    sessions: Sessions,
    limits: Limits,
    /// The time step of the last app code of each user, which is not taken again (RFC 6238, section 5.2).
    last_app_step: HashMap<String, u64>,
}

impl Portal {
    pub(super) fn new(policy: PortalPolicy) -> Self {
        Self {
            sessions: Sessions::new(policy.session_lifetime),
            limits: Limits::new(policy.attempts_per_hour),
            last_app_step: HashMap::new(),
            policy,
        }
    }
}

/// What a request names by its path; nothing if that is no page of the portal.
pub(super) fn endpoint(target: &str) -> Option<Endpoint> {
    match target.split(['?', '#']).next().unwrap_or_default() {
        "/" | place::PASSWORD_RESET => Some(Endpoint::Portal),
        path if place::is_ended(path) => Some(Endpoint::Portal),
        place::PICTURE => Some(Endpoint::PortalPicture),
        _ => None,
    }
}
