//! The requests as they leave: fields, headers, effects; and what is refused before anything leaves.

use http::Method;
use serde_json::Value;
use sspr::{CurrentPassword, Effect, NewPassword, Privacy, Rejection};
use url::form_urlencoded;

use crate::desk::{CURRENT, PASSWORD, USER, finish, is_changed, opened, signed_in};
use crate::script::{BEGIN, CLIENT_ID, END, LOGIN, OPEN, ORIGIN, POLL, Script, Seen};

fn form(seen: &Seen) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(seen.body.as_bytes())
        .into_owned()
        .collect();
    pairs.sort();
    pairs
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = (pairs.iter())
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn a_whole_change_request_by_request() {
    let script = Script::new();
    let mut reset = opened(&script, Privacy::Hide).await;
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()));
    let seen = script.seen();
    let paths: Vec<&str> = seen.iter().map(|seen| seen.url.path()).collect();
    assert_eq!(paths, [OPEN, LOGIN, BEGIN, POLL, END]);
    let effects: Vec<Effect> = seen.iter().map(|seen| seen.effect).collect();
    let sets = Effect::SetsPassword;
    assert_eq!(
        effects,
        [Effect::None, Effect::Counts, sets, Effect::None, sets]
    );
    let id = reset.correlation().client.unwrap();
    let session = "aaaabbbb-0000-cccc-1111-dddd2222eeee";

    let [open, login, begin, poll, end] = &seen[..] else {
        panic!()
    };
    assert_eq!(open.method, Method::GET);
    let query: Vec<_> = open.url.query_pairs().into_owned().collect();
    let expected = [
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        (
            "redirect_uri",
            "https://login.contoso.example/common/oauth2/nativeclient",
        ),
        ("scope", "openid"),
        ("state", &id),
    ];
    assert_eq!(query, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(
        form(login),
        pairs(&[
            ("login", USER),
            ("loginfmt", USER),
            ("passwd", CURRENT),
            ("type", "11"),
            ("LoginOptions", "3"),
            ("ps", "2"),
            ("ctx", "ctx-1"),
            ("flowToken", "flow-1"),
            ("canary", "canary-1"),
            ("hpgrequestid", session),
        ])
    );
    let json: Value = serde_json::from_str(&begin.body).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "Ctx": "ctx-2", "FlowToken": "flow-2", "OldPassword": CURRENT, "NewPassword": PASSWORD,
        })
    );
    let json: Value = serde_json::from_str(&poll.body).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "Ctx": "ctx-3", "FlowToken": "flow-3",
            "CoupledDataCenter": "WEULR1", "CoupledScaleUnit": "unit-7",
        })
    );
    assert_eq!(
        form(end),
        pairs(&[
            ("ctx", "ctx-3"),
            ("flowToken", "flow-3"),
            ("currentpasswd", CURRENT),
            ("newpasswd", PASSWORD),
            ("confirmnewpasswd", PASSWORD),
            ("canary", "canary-2"),
            ("hpgrequestid", session),
        ])
    );
    for post in [login, begin, poll, end] {
        let header = |name: &str| post.headers[name].to_str().unwrap();
        assert_eq!(post.method, Method::POST);
        assert_eq!(header("origin"), ORIGIN);
        assert_eq!(header("client-request-id"), id);
        assert!(header("referer").starts_with(ORIGIN));
    }
    for call in [begin, poll] {
        let header = |name: &str| call.headers[name].to_str().unwrap();
        assert_eq!(header("content-type"), "application/json; charset=UTF-8");
        assert_eq!(header("accept"), "application/json");
        assert_eq!((header("hpgact"), header("hpgid")), ("2000", "1116"));
        assert_eq!(header("hpgrequestid"), session);
        assert_eq!(header("referer"), format!("{ORIGIN}{LOGIN}"));
    }
}

#[tokio::test]
async fn the_user_name_stands_in_no_address() {
    let script = Script::new();
    let mut reset = opened(&script, Privacy::Hide).await;
    finish(&mut reset).await.unwrap();
    for seen in script.seen() {
        assert!(!seen.url.as_str().contains("adele"), "{}", seen.url);
    }
}

#[tokio::test]
async fn what_cannot_be_a_password_is_not_sent() {
    let script = Script::new();
    let mut reset = opened(&script, Privacy::Hide).await;
    for text in [String::new(), "x".repeat(1025)] {
        let typed = CurrentPassword::new(text);
        reset.enter_current_password(typed).await.unwrap();
        assert_eq!(reset.step().rejection(), Some(&Rejection::WrongPassword));
    }
    assert_eq!(script.seen().len(), 1);
    let mut reset = signed_in(&script).await;
    reset.set_password(NewPassword::new("short")).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordTooShort));
    assert!(script.seen_at(BEGIN).is_empty());
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let script = Script::new();
    let mut reset = opened(&script, Privacy::Hide).await;
    let mut shown = String::new();
    while !is_changed(reset.step()) {
        shown += &format!("{reset:?} {}", serde_json::to_string(reset.step()).unwrap());
        match reset.step().id() {
            "enter-current-password" => {
                let typed = CurrentPassword::new(CURRENT);
                shown += &format!("{typed:?}");
                reset.enter_current_password(typed).await.unwrap();
            }
            "new-password" => reset
                .set_password(NewPassword::new(PASSWORD))
                .await
                .unwrap(),
            _ => reset.wait().await.unwrap(),
        }
    }
    for secret in [CURRENT, PASSWORD, USER, "flow-", "ctx-", "canary-"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
