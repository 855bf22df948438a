//! Visits under way, each behind a cookie.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::super::random;
use super::captcha::Captcha;
use super::error::PortalError;
use super::fields::{EVENT_VALIDATION, Fields, PAGE_CHECK, VIEW_NAME, VIEW_STATE};
use super::language::{Language, Text};
use super::method::Way;
use super::seal::Seal;
use super::view;

/// What the portal remembers between two requests of one browser.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// The cookie. It changes when the visitor is identified and again when the visitor is verified, so that nobody who
    /// knew it before profits from that.
    pub(super) id: String,
    /// What every page is sealed with, so that no other site can post for the visitor.
    pub(super) seal: Seal,
    /// The seal of the page shown last.
    pub(super) view_state: String,
    /// As `view_state`. WebForms has two of them.
    pub(super) event_validation: String,
    /// Another one for every page, so that none is used twice.
    pub(super) page: String,
    /// The support code.
    pub(super) correlation: String,
    pub(super) language: Language,
    pub(super) step: Step,
    pub(super) person: Option<Person>,
    /// What the next page has to say besides its own words.
    pub(super) note: Option<Note>,
    expires: SystemTime,
}

/// Who is being helped, once the user ID is known.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) unlock_only: bool,
    pub(super) passed: Vec<Way>,
}

/// Where the visitor is.
#[derive(Clone, Debug)]
pub(super) enum Step {
    UserId {
        typed: String,
        captcha: Option<Captcha>,
    },
    ResetOrUnlock,
    Choose,
    Prove(Way, Sent),
    NewPassword,
    End(End),
}

/// What has been sent out to the person for the chosen method.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    Nothing,
    Code(String),
    /// A call or a notification, until its time is over.
    Question {
        until: SystemTime,
        answer: Option<bool>,
    },
}

/// How a visit ends. Nothing leads on from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Reset,
    Unlocked,
    Cancelled,
    Contacted,
    Refused(PortalError),
    Throttled { until: SystemTime },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    Error(Text),
    Notice(Text),
}

/// All visits.
#[derive(Debug)]
pub(super) struct Sessions {
    lifetime: Duration,
    sessions: HashMap<String, Session>,
    /// The answer to the picture shown last.
    pub(super) last_captcha: Option<String>,
}

impl Sessions {
    pub(super) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            sessions: HashMap::new(),
            last_captcha: None,
        }
    }

    /// A session under a name that nobody else has chosen.
    pub(super) fn begin(&mut self, language: Language, step: Step, now: SystemTime) -> Session {
        self.sessions.retain(|_, session| session.expires > now);
        let mut session = Session {
            id: random::token(),
            seal: Seal::new(),
            view_state: String::new(),
            event_validation: String::new(),
            page: String::new(),
            correlation: random::guid(),
            language,
            step,
            person: None,
            note: None,
            expires: now + self.lifetime,
        };
        session.turn_page();
        session
    }

    /// Takes the session of a cookie out; nothing if there is none, or no longer.
    pub(super) fn take(&mut self, id: &str, now: SystemTime) -> Option<Session> {
        self.sessions
            .remove(id)
            .filter(|session| session.expires > now)
    }

    /// Puts a session back, with a lifetime from now on.
    pub(super) fn put(&mut self, mut session: Session, now: SystemTime) {
        session.expires = now + self.lifetime;
        if let Some(captcha) = session.captcha() {
            self.last_captcha = Some(captcha.answer.clone());
        }
        self.sessions.insert(session.id.clone(), session);
    }

    pub(super) fn peek(&self, id: &str, now: SystemTime) -> Option<&Session> {
        self.sessions
            .get(id)
            .filter(|session| session.expires > now)
    }

    /// Answers every call and notification that the person has not answered yet; false if there is none.
    pub(super) fn answer(&mut self, user: &str, yes: bool, now: SystemTime) -> bool {
        let mut any = false;
        for session in self.sessions.values_mut() {
            let theirs = session
                .person
                .as_ref()
                .is_some_and(|person| person.name.eq_ignore_ascii_case(user));
            if let Step::Prove(_, Sent::Question { until, answer }) = &mut session.step
                && theirs
                && answer.is_none()
                && *until > now
            {
                *answer = Some(yes);
                any = true;
            }
        }
        any
    }

    pub(super) fn expire_all(&mut self) {
        self.sessions.clear();
    }
}

impl Session {
    /// Another page is to be shown: what is posted from the present one is no longer current.
    pub(super) fn turn_page(&mut self) {
        self.view_state = self.seal.issue(VIEW_STATE);
        self.event_validation = self.seal.issue(EVENT_VALIDATION);
        self.page = random::guid();
    }

    /// Whether it was this visit that got the page.
    pub(super) fn has_sealed(&self, fields: &Fields) -> bool {
        [VIEW_STATE, EVENT_VALIDATION]
            .iter()
            .all(|field| self.seal.is_on(field, fields.get(field)))
    }

    /// Whether the page is the one shown last.
    pub(super) fn is_showing(&self, fields: &Fields) -> bool {
        fields.get(VIEW_STATE) == self.view_state
            && fields.get(EVENT_VALIDATION) == self.event_validation
            && fields.control(PAGE_CHECK) == self.page
            && fields.control(VIEW_NAME) == view::name(self)
    }

    /// From now on under another name.
    pub(super) fn rename(&mut self) {
        self.id = random::token();
    }

    pub(super) fn captcha(&self) -> Option<&Captcha> {
        match &self.step {
            Step::UserId { captcha, .. } => captcha.as_ref(),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        self.person
            .as_ref()
            .map(|person| person.name.as_str())
            .unwrap_or_default()
    }

    /// Stays where it is and says why.
    pub(super) fn object(&mut self, text: Text) {
        self.note = Some(Note::Error(text));
    }

    pub(super) fn end(&mut self, end: End) {
        self.step = Step::End(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;
    const LIFE: Duration = Duration::from_secs(60);

    #[test]
    fn each_request_prolongs_a_session() {
        let mut sessions = Sessions::new(LIFE);
        let session = sessions.begin(Language::English, Step::Choose, START);
        let id = session.id.clone();
        sessions.put(session, START);
        let late = START + LIFE - Duration::from_secs(1);
        let session = sessions.take(&id, late).unwrap();
        sessions.put(session, late);
        assert!(sessions.peek(&id, START + LIFE).is_some());
        assert!(sessions.take(&id, late + LIFE).is_none());
    }

    #[test]
    fn only_the_asked_person_answers_and_once() {
        let mut sessions = Sessions::new(LIFE);
        let question = Sent::Question {
            until: START + LIFE,
            answer: None,
        };
        let step = Step::Prove(Way::AppApproval, question);
        let mut session = sessions.begin(Language::English, step, START);
        session.person = Some(Person {
            name: "a@b".into(),
            unlock_only: false,
            passed: Vec::new(),
        });
        sessions.put(session, START);
        assert!(!sessions.answer("c@d", true, START));
        assert!(!sessions.answer("a@b", true, START + LIFE), "too late");
        assert!(sessions.answer("A@B", true, START));
        assert!(!sessions.answer("a@b", false, START));
    }
}
