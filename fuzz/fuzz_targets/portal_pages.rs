//! Any bytes, as an answer of a portal: nothing is sent anywhere but to its origin, the password goes out only after a code
//! and as what it is, and only a page behind it proves a success.

#![no_main]

use std::time::Instant;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use libfuzzer_sys::fuzz_target;
use sspr::protocol::portal::Profile;
use sspr::protocol::{Action, Answer, Attempt, Event, Goal, Protocol};
use sspr::{
    Body, CaptchaSolution, Code, Contact, Effect, NewPassword, Outcome, Portal, Privacy, Request,
    Response, SecurityAnswer, Step, Username,
};

const ORIGIN: &str = "https://reset.contoso.example/";
const PASSWORD: &str = "Winter-Snow-9";

const PROFILE: &str = r##"{
    "version": 1, "name": "fuzz", "partial": { "manager": "M", "panel": "P" },
    "views": [
        { "name": "u", "when": { "has": ["u"] }, "after": ["start"],
          "refused": [{ "in": "alert", "words": ["no"], "means": "unknown-account" }],
          "means": { "identify": { "user": "u", "picture": { "image": "#i", "solution": "s", "another": "o" } } } },
        { "name": "g", "when": { "has": ["g"] }, "after": ["u"],
          "means": { "goal": { "reset": "g=1", "unlock": "g=2" } } },
        { "name": "m", "when": { "has": ["m"] }, "after": ["u", "g", "c"],
          "means": { "methods": { "options": [
              { "kind": "email", "choose": "m=1", "hint": ".h" }, { "kind": "app-notification", "choose": "m=2" },
              { "kind": "security-questions", "choose": "m=3" }, { "kind": "mobile-call", "choose": "m=4" }
          ], "back": "b" } } },
        { "name": "t", "when": { "has": ["t"] }, "after": ["m"],
          "means": { "contact": { "contact": "t", "send": [{ "kind": "mobile-call", "press": "x" }], "back": "b" } } },
        { "name": "q", "when": { "has": ["q1"] }, "after": ["m"], "means": { "questions": { "answers": "q*" } } },
        { "name": "a", "when": { "has": ["a"] }, "after": ["m", "t"],
          "means": { "approval": { "press": "a", "back": "b", "every": 1 } } },
        { "name": "c", "when": { "has": ["c"] }, "after": ["u", "m", "n"],
          "means": { "code": { "code": "c", "resend": "r", "back": "b" } } },
        { "name": "p", "when": { "has": ["p"] }, "after": ["c"],
          "means": { "new-password": { "password": "p", "confirm": "p2" } } },
        { "name": "n", "when": { "has": ["n"] }, "after": ["u", "p", "n"], "means": { "next": { "press": "n" } } },
        { "name": "d", "when": { "shows": [".d"] }, "after": "any", "means": { "end": { "outcome": "password-changed" } } },
        { "name": "l", "when": { "shows": [".l"] }, "after": "any", "means": { "end": { "outcome": "unlocked" } } }
    ]
}"##;

/// Good answers, up to the one that is made up.
const GOOD: [&str; 3] = [
    "<form method=post><input name=u><button name=x>",
    "<form method=post><input name=c><button name=x>",
    "<form method=post><input type=password name=p><input type=password name=p2><button name=x>",
];

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (place, kind, body) = input;
    let profile = Profile::from_json(PROFILE).unwrap();
    let mut portal = Portal::new(ORIGIN, profile).unwrap();
    if kind & 1 == 0 {
        portal = portal.whole_pages();
    }
    let mut attempt = Attempt::new(Username::parse("adele@contoso.com").unwrap(), "c");
    attempt.privacy = match kind & 2 {
        0 => Privacy::Tell,
        _ => Privacy::Hide,
    };
    let mut flow = portal.begin(attempt);
    let mut good = GOOD.into_iter().take(usize::from(place % 4));
    let (mut codes, mut passwords) = (0, 0);
    let mut goal = None;
    let mut event = Event::Begin;
    let now = Instant::now();
    for _ in 0..24 {
        event = match flow.handle(event, now) {
            Action::Send(request) => {
                let has_password = check(&request);
                assert!(!has_password || codes > 0);
                passwords += usize::from(has_password);
                match good.next() {
                    Some(page) => response("text/html; charset=utf-8", page.as_bytes()),
                    None => response(content_type(kind), body),
                }
            }
            Action::Show(step) | Action::ShowBecause(step, _) => {
                let _ = (format!("{step:?}"), step.answers());
                match &step {
                    Step::Finished(Outcome::PasswordChanged { .. }) => assert!(passwords > 0),
                    Step::Finished(Outcome::Unlocked) => assert_eq!(goal, Some(Goal::Unlock)),
                    _ => {}
                }
                let answer = answer(&step, kind);
                codes += usize::from(matches!(answer, Some(Answer::Code(_))));
                if let Some(Answer::Goal(wanted)) = answer {
                    goal = Some(wanted);
                }
                match answer {
                    Some(answer) => Event::Answer(answer),
                    None => return,
                }
            }
            Action::Fail(error) => {
                let _ = (error.to_string(), format!("{error:?}"), error.remedy());
                return;
            }
            _ => return,
        };
    }
});

/// Whether the password is in it.
fn check(request: &Request) -> bool {
    assert!(request.url.as_str().starts_with(ORIGIN), "{}", request.url);
    assert!(request.url.fragment().is_none());
    let body = String::from_utf8_lossy(request.body.as_ref()).into_owned();
    let has_password = body.contains(PASSWORD);
    let sets = request.effect == Effect::SetsPassword;
    assert_eq!(has_password, sets);
    has_password
}

fn content_type(kind: u8) -> &'static str {
    match kind & 12 {
        0 => "text/plain; charset=utf-8",
        4 => "image/png",
        _ => "text/html; charset=utf-8",
    }
}

fn response(content_type: &'static str, body: &[u8]) -> Event {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
    Event::Response(Response::new(
        StatusCode::OK,
        headers,
        Body::new(body.to_vec()),
    ))
}

fn answer(step: &Step, kind: u8) -> Option<Answer> {
    Some(match step {
        Step::Captcha { .. } => Answer::Captcha(CaptchaSolution::new("123")),
        Step::ResetOrUnlock { .. } if kind & 16 == 0 => Answer::Goal(Goal::Reset),
        Step::ResetOrUnlock { .. } => Answer::Goal(Goal::Unlock),
        Step::ChooseMethod { methods, .. } => Answer::Method(methods.last()?.id.clone()),
        Step::ConfirmContact { .. } => Answer::Contact(Contact::new("+1 5550100")),
        Step::EnterCode { .. } if kind & 32 == 0 => Answer::Code(Code::new("12345678")),
        Step::EnterCode { .. } => Answer::Back,
        Step::Questions { questions, .. } => {
            let answers = questions.iter().map(|_| SecurityAnswer::new("Rex"));
            Answer::Questions(answers.collect())
        }
        Step::Approve { .. } => Answer::Wait,
        Step::NewPassword { .. } => Answer::Password(NewPassword::new(PASSWORD)),
        Step::Applying { .. } => Answer::Wait,
        _ => return None,
    })
}
