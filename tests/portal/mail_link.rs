//! A flow that begins behind the link in a person's mail, and one that ends with the mail.

use serde_json::{Value, json};
use sspr::{NewPassword, Privacy, Rejection, Step};

use crate::desk::{is_changed, password, user};
use crate::script::{PASSWORD_BOXES, Reply, Script, USER_BOX, form, profile};

/// The new password comes first: the profile has to say so.
fn behind_the_link() -> Value {
    let mut profile = profile();
    profile["views"][2]["after"] = json!(["start"]);
    profile
}

#[tokio::test]
async fn the_link_in_a_mail_leads_straight_to_the_new_password() {
    let set_cookie = "sessionid=abc; path=/; HttpOnly; Secure; SameSite=Lax";
    let script = Script::new([
        Reply::redirect("/reset/MQ/set-password/").with("set-cookie", set_cookie),
        Reply::page(form(PASSWORD_BOXES)),
    ]);
    let mut reset = script.start(&behind_the_link()).await;
    assert_eq!(reset.step().id(), "new-password");
    let refused = format!("<ul class=errorlist><li>It is too common.</ul>{PASSWORD_BOXES}");
    script.then(Reply::page(form(&refused)));
    let weak = NewPassword::new("password1");
    reset.set_password(weak).await.unwrap();
    let banned = Some(&Rejection::PasswordBanned);
    assert_eq!(reset.step().rejection(), banned);
    script.then(Reply::redirect("/reset/done/"));
    script.then(Reply::page("<h1>Done</h1>"));
    reset.set_password(password()).await.unwrap();
    assert!(is_changed(reset.step()));
    let seen = script.seen();
    assert!(
        seen[1..]
            .iter()
            .all(|seen| seen.header("cookie") == Some("sessionid=abc"))
    );
    assert_eq!(seen[2].url.path(), "/reset/MQ/set-password/");
}

#[tokio::test]
async fn an_attempt_whose_code_comes_as_a_link_is_left_to_a_browser() {
    let mut profile = profile();
    profile["views"][4] = json!({
        "name": "mail is on its way", "when": { "path": "/reset/sent/" }, "after": ["user"],
        "means": "browser",
    });
    let script = Script::new([
        Reply::page(form(USER_BOX)),
        Reply::redirect("/reset/sent/"),
        Reply::page("<h1>Look into your mail</h1>"),
    ]);
    let client = script.client(&profile, Privacy::Hide);
    let reset = client.start(user()).await.unwrap();
    let Step::UseBrowser(handoff) = reset.step() else {
        panic!("{:?}", reset.step())
    };
    assert_eq!(handoff.reason.as_deref(), Some("/reset/sent/"));
}
