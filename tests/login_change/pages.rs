//! Pages as a hostile server, or another one, may send them.

use serde_json::json;
use sspr::{Error, Fault, Privacy, Stage};

use crate::desk::{browser_reason, current, opened, user};
use crate::script::{LOGIN, OPEN, Reply, Script, change_page, refused, sign_in_page};

async fn start_with(reply: Reply) -> Result<(), Error> {
    let script = Script::with(OPEN, reply);
    let started = script.client(Privacy::Hide).start(user()).await;
    assert_eq!(script.seen().len(), 1, "nothing follows from it");
    started.map(|_| ())
}

#[tokio::test]
async fn pages_that_cannot_be_read() {
    let good = sign_in_page().to_string();
    let twice = good.replacen('{', "{\"sFT\":\"x\",", 1);
    let deep = format!(
        "{{\"pgid\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let scripts = "<script>$Config={".repeat(50_000);
    for page in [
        String::new(),
        "<html>".into(),
        good.clone(),
        format!("$Config={good};"),
        format!("<script>$Config={good};"),
        format!("<script>$Config = {good};</script>"),
        format!("<script>$Config={};</script>", &good[..good.len() - 1]),
        format!("<script>$Config={good};</script><script>$Config={good};</script>"),
        format!("<script>$Config={twice};</script>"),
        format!("<script>$Config={deep};</script>"),
        "<script>$Config=[];</script>".into(),
        "<script>$Config=document.cookie;</script>".into(),
        "<script>$Config={'sFT':1};</script>".into(),
        "<script>$Config={\"sFT\":\"\u{0}\"};</script>".into(),
        scripts,
        "<script".repeat(100_000),
    ] {
        let error = start_with(Reply::html(page.clone())).await.unwrap_err();
        let shown = &page[..page.len().min(99)];
        assert_eq!(error.fault(), &Fault::Unreadable { status: 200 }, "{shown}");
        assert_eq!(error.stage(), Stage::Protocol);
    }
    let mut broken = b"<script>$Config={\"pgid\":\"".to_vec();
    broken.extend([0xff, 0xfe]);
    broken.extend(b"\"};</script>");
    let error = start_with(Reply::html(broken)).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Protocol);
}

#[tokio::test]
async fn keys_of_the_first_page_that_are_missing_or_huge() {
    let huge = "x".repeat(1 << 20);
    for key in ["sFT", "sCtx", "canary", "urlPost"] {
        for value in [json!(null), json!([]), json!(huge)] {
            let mut config = sign_in_page();
            config[key] = value;
            let error = start_with(Reply::page(config)).await.unwrap_err();
            assert_eq!(error.stage(), Stage::Protocol, "{key}");
            assert!(error.to_string().len() < 1000);
        }
    }
}

#[tokio::test]
async fn huge_strings_that_nobody_asked_for() {
    let mut config = sign_in_page();
    config["sFooter"] = json!("</p>\u{2028}\"\\".repeat(100_000));
    config["pgid"] = json!("x".repeat(1 << 20));
    // As the page writes it, no string can end the script.
    let text = config.to_string().replace('<', "\\u003c");
    let page = format!("<script>$Config={text};//]]></script>");
    start_with(Reply::html(page)).await.unwrap();

    let mut config = refused("x".repeat(1 << 20));
    config["sErrTxt"] = json!("y".repeat(1 << 20));
    let script = Script::with(LOGIN, Reply::page(config));
    let mut reset = opened(&script, Privacy::Hide).await;
    reset.enter_current_password(current()).await.unwrap();
    assert_eq!(reset.step().id(), "use-browser");
    assert!(format!("{:?}", reset.step()).len() < 1000);
}

#[tokio::test]
async fn what_is_no_page() {
    for (reply, stage) in [
        (Reply::json(sign_in_page()), Stage::Http),
        (Reply::redirect("https://evil.example/"), Stage::Http),
        (Reply::redirect("/elsewhere"), Stage::Http),
        (Reply::html("<html></html>").status(404), Stage::Http),
        (Reply::html("<html></html>").status(429), Stage::Http),
        (Reply::html("<html></html>").status(503), Stage::Http),
    ] {
        let name = format!("{reply:?}");
        assert_eq!(
            start_with(reply).await.unwrap_err().stage(),
            stage,
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_error_page_has_its_route_whatever_its_status() {
    let page = json!({ "pgid": "ConvergedError", "iErrorCode": 90055 });
    let error = start_with(Reply::page(page).status(400)).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::TemporarilyRefused { .. }));

    // Nobody was named yet, so this is about the tenant.
    let page = json!({ "pgid": "ConvergedError", "iErrorCode": 50059 });
    let script = Script::with(OPEN, Reply::page(page));
    let reset = script.client(Privacy::Hide).start(user()).await.unwrap();
    assert_eq!(browser_reason(reset.step()), Some("50059"));
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_read_leaves_the_step() {
    for reply in [
        Reply::html("<html></html>"),
        Reply::html("").status(503),
        Reply::json(change_page()),
    ] {
        let script = Script::with(LOGIN, reply);
        let mut reset = opened(&script, Privacy::Hide).await;
        reset.enter_current_password(current()).await.unwrap_err();
        assert_eq!(reset.step().id(), "enter-current-password");
        reset.enter_current_password(current()).await.unwrap();
        assert_eq!(reset.step().id(), "new-password");
    }
}
