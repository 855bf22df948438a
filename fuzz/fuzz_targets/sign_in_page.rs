//! Any bytes, as the server's answers while a password is changed at sign-in: nothing is sent anywhere but to the origin
//! of the authority, and only the answer to End proves a new password.

#![no_main]

use std::time::Instant;

use http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use sspr::protocol::{Action, Answer, Attempt, Event, Protocol};
use sspr::{
    Body, CurrentPassword, LoginChange, NewPassword, Outcome, Privacy, Request, Response, Step,
    Username,
};

const ORIGIN: &str = "https://login.contoso.example/";

/// Good answers, up to the one that is made up.
const GOOD: [&str; 4] = [
    r#"<script>$Config={"pgid":"ConvergedSignIn","sFT":"f","sCtx":"c","canary":"n","urlPost":"/login"};</script>"#,
    r#"<script>$Config={"pgid":"ConvergedChangePassword","sFT":"f","sCtx":"c","canary":"n","urlPost":"/End","urlAsyncSsprBegin":"/Begin","urlAsyncSsprPoll":"/Poll"};</script>"#,
    r#"{"IsJobPending":true,"Ctx":"c","FlowToken":"f"}"#,
    r#"{"IsJobPending":false,"Ctx":"c","FlowToken":"f"}"#,
];

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (place, kind, body) = input;
    let statuses = [200, 200, 200, 302, 400, 404, 429, 500];
    let status = statuses[usize::from(kind % 8)];
    let protocol = LoginChange::new(ORIGIN, "id").unwrap();
    let mut attempt = Attempt::new(Username::parse("adele@contoso.com").unwrap(), "c");
    attempt.privacy = match kind & 8 {
        0 => Privacy::Tell,
        _ => Privacy::Hide,
    };
    let mut flow = protocol.begin(attempt);
    let mut good = GOOD.into_iter().take(usize::from(place % 5));
    let mut is_end = false;
    let mut event = Event::Begin;
    let now = Instant::now();
    for _ in 0..24 {
        event = match flow.handle(event, now) {
            Action::Send(request) => {
                assert!(request.url.as_str().starts_with(ORIGIN), "{}", request.url);
                is_end = is(&request, b"currentpasswd=");
                match good.next() {
                    Some(body) => response(200, body.as_bytes(), is_json(&request)),
                    None if kind & 16 == 0 => response(status, body, is_json(&request)),
                    None => response(status, &page(body), is_json(&request)),
                }
            }
            Action::WaitUntil(_) => Event::Due,
            Action::Show(step) | Action::ShowBecause(step, _) => {
                let _ = (format!("{step:?}"), step.answers());
                if let Step::Finished(Outcome::PasswordChanged { .. }) = &step {
                    assert!(is_end);
                }
                match answer(&step) {
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

fn is(request: &Request, beginning: &[u8]) -> bool {
    request.body.as_ref().starts_with(beginning)
}

fn is_json(request: &Request) -> bool {
    is(request, b"{")
}

fn page(config: &[u8]) -> Vec<u8> {
    [b"<script>$Config={", config, b"};</script>"].concat()
}

fn response(status: u16, body: &[u8], is_json: bool) -> Event {
    let mut headers = HeaderMap::new();
    let content_type = if is_json {
        "application/json"
    } else {
        "text/html"
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_bytes(body) {
        headers.insert(LOCATION, value.clone());
        headers.insert(SET_COOKIE, value);
    }
    let status = StatusCode::from_u16(status).unwrap();
    Event::Response(Response::new(status, headers, Body::new(body.to_vec())))
}

fn answer(step: &Step) -> Option<Answer> {
    Some(match step {
        Step::EnterCurrentPassword { .. } => {
            Answer::CurrentPassword(CurrentPassword::new("Autumn-Leaves-7"))
        }
        Step::NewPassword { .. } => Answer::Password(NewPassword::new("Winter-Snow-9")),
        Step::Applying { .. } => Answer::Wait,
        _ => return None,
    })
}
