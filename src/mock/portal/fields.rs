//! What a browser posts: the names of the controls.
//!
//! Seen are the prefix and the names in the [module's table](super); the others are *invented* in the same style.

use super::super::traffic::Request;

/// The prefix of every control of a view.
pub(super) const CONTENT: &str = "ctl00$ContentPlaceholderMainContent$";

/// The panel that views are in, and what a partial post names it by; both seen.
pub(super) const PANEL: &str = "ctl00$ContentPlaceholderMainContent$UpdatePanelMain";
const SCRIPT_MANAGER: &str = "ctl00$ScriptManagerMain";

pub(super) const EVENT_TARGET: &str = "__EVENTTARGET";
pub(super) const VIEW_STATE: &str = "__VIEWSTATE";
pub(super) const EVENT_VALIDATION: &str = "__EVENTVALIDATION";
pub(super) const PAGE_CHECK: &str = "WorkflowConsistencyCheck";
pub(super) const VIEW_NAME: &str = "CurrentViewName";
pub(super) const CAPTCHA_MODE: &str = "LiveCaptchaMode";

pub(super) const USER_ID: &str = "TextBoxUserIdentifier";
/// Seen as an id, without the prefix.
pub(super) const CAPTCHA_ANSWER: &str = "RepMapChallengeSolution";
pub(super) const GOAL: &str = "ResetOrUnlock";
pub(super) const METHOD: &str = "AuthenticationMethod";
pub(super) const PHONE: &str = "TextBoxPhoneNumber";
pub(super) const CODE: &str = "TextBoxVerificationCode";
pub(super) const ANSWER: &str = "TextBoxAnswer";
pub(super) const NEW_PASSWORD: &str = "TextBoxNewPassword";
pub(super) const CONFIRM_PASSWORD: &str = "TextBoxConfirmPassword";

/// What a person can press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Button {
    Next,
    Cancel,
    Back,
    OtherPicture,
    Email,
    Text,
    Call,
    Send,
    Finish,
    Contact,
}

impl Button {
    const ALL: [Self; 10] = [
        Self::Next,
        Self::Cancel,
        Self::Back,
        Self::OtherPicture,
        Self::Email,
        Self::Text,
        Self::Call,
        Self::Send,
        Self::Finish,
        Self::Contact,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Next => "ButtonNext",
            Self::Cancel => "ButtonCancel",
            Self::Back => "ButtonBack",
            Self::OtherPicture => "ButtonOtherPicture",
            Self::Email => "ButtonEmail",
            Self::Text => "ButtonText",
            Self::Call => "ButtonCall",
            Self::Send => "ButtonSend",
            Self::Finish => "ButtonFinish",
            Self::Contact => "ButtonContactAdministrator",
        }
    }
}

/// A posted form.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(request: &Request) -> Self {
        Self(request.form())
    }

    /// The value of a field outside of the view; empty if it is missing.
    pub(super) fn get(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    /// The value of a control of the view.
    pub(super) fn control(&self, name: &str) -> &str {
        self.get(&format!("{CONTENT}{name}"))
    }

    /// Whether what has changed is asked for, not the whole page. Seen are both fields and the header field; that all of
    /// them are needed is *invented*.
    pub(super) fn are_partial(&self, request: &Request) -> bool {
        request.header("x-microsoftajax") == Some("Delta=true")
            && self.get("__ASYNCPOST") == "true"
            && !self.get(SCRIPT_MANAGER).is_empty()
    }

    /// Whether a partial post is about the panel and about what was pressed. That anything else is an error is
    /// *invented*.
    pub(super) fn name_panel(&self) -> bool {
        self.get(SCRIPT_MANAGER)
            .split_once('|')
            .is_some_and(|(panel, target)| {
                let pressed = self
                    .button()
                    .map(|button| format!("{CONTENT}{}", button.name()));
                panel == PANEL && pressed.is_none_or(|pressed| pressed == target)
            })
    }

    /// What was pressed: named by the event target, as a script does, or by the button's own field, as a browser does.
    pub(super) fn button(&self) -> Option<Button> {
        let target = self.get(EVENT_TARGET);
        Button::ALL.into_iter().find(|button| {
            let name = format!("{CONTENT}{}", button.name());
            if target.is_empty() {
                self.0.iter().any(|(present, _)| *present == name)
            } else {
                target == name
            }
        })
    }
}
