//! Partial posts, their answers, and what can be wrong with them (S5).

use serde_json::{Value, json};
use sspr::mock::{Endpoint, Fault as MockFault, PortalFault, PortalPolicy, Tenant};
use sspr::{Code, Fault, Privacy, Reset, Step};

use crate::desk::{MANNERS, PASSWORD, client, finish, password, prove, start, tenant, user};
use crate::script::{CODE_BOX, Reply, Script, USER_BOX};

fn profile() -> Value {
    let mut profile = crate::script::profile();
    profile["partial"] = json!({ "manager": "Manager", "panel": "Main$Panel" });
    profile["view_name"] = json!("View");
    profile["needs"] = json!(["__VIEWSTATE"]);
    for view in profile["views"].as_array_mut().unwrap() {
        let press = match view["name"].as_str().unwrap() {
            "user" => "identify",
            "code" => "code",
            "password" => "new-password",
            _ => continue,
        };
        view["means"][press]["press"] = json!("Main$Next");
    }
    profile
}

const NEXT: &str = "<a id=Next href=\"javascript:__doPostBack('Main$Next','')\">Next</a>";

fn page(content: &str) -> Reply {
    Reply::page(format!(
        "<form method=post action='./'><input type=hidden name=__EVENTTARGET id=__EVENTTARGET>\
         <input type=hidden name=__EVENTARGUMENT id=__EVENTARGUMENT>\
         <input type=hidden name=__VIEWSTATE id=__VIEWSTATE value=v1>\
         <input type=hidden name=View id=View value=ViewFirst>\
         <div id=Main_Panel>{content}{NEXT}</div></form>"
    ))
}

fn delta(content: &str) -> Reply {
    let content = format!("{content}{NEXT}");
    Reply::delta(&[
        ("#", "", "4"),
        ("updatePanel", "Main_Panel", &content),
        ("hiddenField", "__VIEWSTATE", "v2"),
        ("hiddenField", "View", "ViewSecond"),
    ])
}

fn reason(reset: &Reset) -> &str {
    match reset.step() {
        Step::UseBrowser(handoff) => handoff.reason.as_deref().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_partial_post_carries_what_the_script_sends() {
    let script = Script::new([page(USER_BOX), delta(CODE_BOX)]);
    let mut reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "enter-code");
    let seen = script.last();
    assert_eq!(
        seen.body,
        "Manager=Main%24Panel%7CMain%24Next&__EVENTTARGET=Main%24Next&__EVENTARGUMENT=&__VIEWSTATE=v1\
         &View=ViewFirst&user=adele%40contoso.com&__ASYNCPOST=true"
    );
    assert_eq!(seen.header("x-microsoftajax"), Some("Delta=true"));
    assert_eq!(seen.header("cache-control"), Some("no-cache"));
    script.then(delta("<h1>?</h1>"));
    reset.enter_code(Code::new("1")).await.unwrap();
    let sent = script.last().body;
    assert!(sent.contains("__VIEWSTATE=v2&View=ViewSecond"), "{sent}");
    assert_eq!(reason(&reset), "ViewSecond");
}

/// S5: the raw name of the view that stood is kept.
#[tokio::test]
async fn what_a_delta_does_wrong_is_for_a_browser() {
    let panel = |id: &'static str| Reply::delta(&[("updatePanel", id, "x")]);
    for (reply, is_unreadable) in [
        (Reply::of("text/plain", "9|updatePanel|Main_Panel|x|"), true),
        (Reply::of("text/plain", "0|updatePanel|Main_Panel|x|"), true),
        (Reply::of("text/plain", "x|updatePanel|Main_Panel|x|"), true),
        (Reply::of("text/plain", "1|updatePanel"), true),
        (Reply::of("text/plain", ""), true),
        (
            Reply::of("text/plain", "1|updatePanel|Main_Panel|😀|"),
            true,
        ),
        (Reply::of("text/plain", b"\xff".as_slice()), true),
        (panel("Other_Panel"), true),
        (Reply::delta(&[("error", "500", "It broke.")]), false),
        (
            Reply::delta(&[("pageRedirect", "", "/reset/ended/")]),
            false,
        ),
        (
            Reply::delta(&[("pageRedirect", "", "https://evil.example/")]),
            false,
        ),
    ] {
        let script = Script::new([page(USER_BOX), reply.clone()]);
        let reset = script.start(&profile()).await;
        assert_eq!(reason(&reset), "ViewFirst", "{reply:?}");
        let fault = reset.cause().unwrap().fault();
        let is_found = matches!(fault, Fault::Unreadable { status: 200 });
        assert_eq!(is_found, is_unreadable, "{fault:?}");
        assert_eq!(script.count(), 2);
    }
}

#[tokio::test]
async fn a_whole_page_is_an_answer_to_a_partial_post_too() {
    let script = Script::new([page(USER_BOX), page(CODE_BOX)]);
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "enter-code");
}

#[tokio::test]
async fn a_page_without_its_state_is_not_answered() {
    let Reply::Answer(_, _, html) = page(USER_BOX) else {
        unreachable!()
    };
    let html = String::from_utf8(html).unwrap();
    for gone in ["name=__VIEWSTATE", "name=__EVENTTARGET"] {
        let script = Script::new([Reply::page(html.replace(gone, "name=x"))]);
        let reset = script.start(&profile()).await;
        assert_eq!(reason(&reset), "ViewFirst", "{gone}");
        assert_eq!(script.count(), 1);
    }
}

/// What the mock can spoil, as an answer to the user name.
#[tokio::test]
async fn spoiled_pages_of_the_mock_are_for_a_browser() {
    let state = |name: &str| PortalFault::WithoutField(name.to_owned());
    for manner in MANNERS {
        for fault in [
            PortalFault::View("ViewOfTomorrow".to_owned()),
            PortalFault::Redirect("https://evil.example/".to_owned()),
            PortalFault::ScriptOnly,
            PortalFault::PasswordPage,
        ] {
            let tenant = tenant(PortalPolicy::default());
            let client = client(&tenant, manner, Privacy::Hide);
            tenant.order(at_second(fault.clone()));
            let reset = client.start(user()).await.unwrap();
            assert_eq!(reset.step().id(), "use-browser", "{fault:?} {manner:?}");
        }
        for fault in [state("__VIEWSTATE"), state("__EVENTVALIDATION")] {
            let tenant = tenant(PortalPolicy::default());
            tenant.order(MockFault::at(Endpoint::Portal).portal(fault.clone()));
            let reset = start(&tenant, manner).await;
            assert_eq!(reset.step().id(), "use-browser", "{fault:?} {manner:?}");
            assert_eq!(tenant.traffic().requests.len(), 1);
        }
    }
}

/// The form for the new password goes elsewhere, or the delta that follows it is spoiled.
#[tokio::test]
async fn a_password_on_a_spoiled_page() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let mut reset = start(&tenant, manner).await;
        spoil_answer_to_code(&tenant, &mut reset).await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step().id(), "use-browser", "{manner:?}");
        assert!(!tenant.password_is(crate::desk::USER, PASSWORD));
    }
    for fault in [PortalFault::DeltaCut(3), PortalFault::DeltaLength(2)] {
        let tenant = tenant(PortalPolicy::default());
        let mut reset = start(&tenant, MANNERS[0]).await;
        prove(&tenant, &mut reset, "email").await;
        tenant.order(MockFault::at(Endpoint::Portal).portal(fault));
        reset.set_password(password()).await.unwrap();
        let Step::Finished(sspr::Outcome::Unknown { .. }) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert!(tenant.password_is(crate::desk::USER, PASSWORD));
        assert_eq!(tenant.password_changes(crate::desk::USER), 1);
    }
}

async fn spoil_answer_to_code(tenant: &Tenant, reset: &mut Reset) {
    crate::desk::choose(reset, "email").await;
    let away = PortalFault::Action("https://evil.example/".to_owned());
    tenant.order(MockFault::at(Endpoint::Portal).portal(away));
    crate::desk::type_code(tenant, reset).await;
    assert_eq!(reset.step().id(), "new-password");
}

#[tokio::test]
async fn the_buttons_may_be_links() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default().link_buttons());
        let mut reset = start(&tenant, manner).await;
        prove(&tenant, &mut reset, "email").await;
        finish(&tenant, &mut reset).await;
    }
}

fn at_second(fault: PortalFault) -> MockFault {
    MockFault::at(Endpoint::Portal).nth(2).portal(fault)
}
