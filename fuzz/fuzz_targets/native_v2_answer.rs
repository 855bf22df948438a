//! Any bytes, as the server's answers of native authentication V2: nothing is sent anywhere but to the origin of the
//! authority, and nothing but a poll proves a new password.

#![no_main]

use std::time::Instant;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use libfuzzer_sys::fuzz_target;
use sspr::protocol::{Action, Answer, Attempt, Event, Protocol};
use sspr::{
    Body, Code, NativeV2, NewPassword, Outcome, Privacy, Request, Response, Step, Username,
};

const ORIGIN: &str = "https://login.contoso.example/";

/// Good answers, up to the one that is made up.
const GOOD: [(u16, &str); 5] = [
    (
        401,
        r#"{"error":"x","continuation_token":"t","reset_password":"/api/v2.0/resetpassword/start"}"#,
    ),
    (
        200,
        r#"{"action":"challenge","continuationToken":"t","_embedded":{"methods":[{"id":"1","type":"email","_links":{"challenge":{"href":"/api/v2.0/1/challenge"}}},{"id":"2","type":"sms","_links":{"challenge":{"href":"/api/v2.0/2/challenge"}}}]}}"#,
    ),
    (
        200,
        r#"{"action":"verify","type":"email","hint":"a","codeLength":8,"continuationToken":"t","_links":{"verify":{"href":"/api/v2.0/1/verify"},"resend":[{"href":"/api/v2.0/1/resend"}]}}"#,
    ),
    (
        200,
        r#"{"action":"update","continuationToken":"t","_links":{"update":{"href":"/api/v2.0/password/1"}}}"#,
    ),
    (
        200,
        r#"{"action":"poll","continuationToken":"t","_links":{"poll":{"href":"/api/v2.0/password/1/pollUpdate"}}}"#,
    ),
];

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (place, kind, body) = input;
    let statuses = [200, 200, 200, 400, 401, 202, 404, 429];
    let status = statuses[usize::from(kind % 8)];
    let protocol = NativeV2::new(ORIGIN, "id").unwrap();
    let mut attempt = Attempt::new(Username::parse("adele@contoso.com").unwrap(), "c");
    attempt.privacy = if kind & 8 == 0 {
        Privacy::Tell
    } else {
        Privacy::Hide
    };
    let mut flow = protocol.begin(attempt);
    let mut good = GOOD.into_iter().take(usize::from(place % 6));
    let (mut has_updated, mut is_poll) = (false, false);
    let mut event = Event::Begin;
    let now = Instant::now();
    for _ in 0..24 {
        event = match flow.handle(event, now) {
            Action::Send(request) => {
                check(&request);
                is_poll = has_updated && request.method == Method::POST;
                has_updated |= request.method == Method::PUT;
                match good.next() {
                    Some((status, body)) => response(status, body.as_bytes()),
                    None => response(status, body),
                }
            }
            Action::WaitUntil(_) => Event::Due,
            Action::Show(step) | Action::ShowBecause(step, _) => {
                let _ = (format!("{step:?}"), step.answers());
                if let Step::Finished(Outcome::PasswordChanged { .. }) = &step {
                    assert!(is_poll);
                }
                match answer(&step) {
                    Some(answer) => Event::Answer(answer),
                    None => return,
                }
            }
            Action::SignedIn(_) => return,
            Action::Fail(error) => {
                let _ = (error.to_string(), format!("{error:?}"), error.remedy());
                return;
            }
            _ => return,
        };
    }
    let _ = flow.server_correlation();
});

fn check(request: &Request) {
    assert!(request.url.as_str().starts_with(ORIGIN), "{}", request.url);
    assert!(request.url.fragment().is_none());
}

fn response(status: u16, body: &[u8]) -> Event {
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/hal+json"),
    );
    let status = StatusCode::from_u16(status).unwrap();
    Event::Response(Response::new(status, headers, Body::new(body.to_vec())))
}

fn answer(step: &Step) -> Option<Answer> {
    Some(match step {
        Step::ChooseMethod { methods, .. } => Answer::Method(methods.last()?.id.clone()),
        Step::EnterCode { .. } => Answer::Code(Code::new("12345678")),
        Step::NewPassword { .. } => Answer::Password(NewPassword::new("Winter-Snow-9")),
        Step::Applying { .. } => Answer::Wait,
        Step::Finished(Outcome::PasswordChanged { .. }) => Answer::SignIn {
            scope: "openid".to_owned(),
        },
        _ => return None,
    })
}
