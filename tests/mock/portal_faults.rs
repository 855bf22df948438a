//! What a test can order at the portal's pages, in whole and in parts.

use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, PortalFault, Tenant};

use super::browser::Browser;
use super::client::Answer;
use super::delta::Delta;
use super::{ADELE, NEW};

const ELSEWHERE: &str = "https://evil.example/n/passwordreset";

fn order(tenant: &Tenant, fault: PortalFault) {
    tenant.order(Fault::at(Endpoint::Portal).portal(fault));
}

/// Someone at the choice of methods, after the whole page and after what has changed of it.
fn after(fault: &PortalFault) -> (Answer, Answer) {
    let tenant = Tenant::start().unwrap();
    let mut answers = [false, true].map(|partial| {
        let mut browser = Browser::open(&tenant, "/");
        browser.fill("TextBoxUserIdentifier", ADELE);
        order(&tenant, fault.clone());
        let answer = if partial {
            browser.partial = true;
            let form = browser.partial_form("ButtonNext");
            browser.post_partially(&form)
        } else {
            let form = browser.form("ButtonNext");
            browser.post(&form)
        };
        let seen = tenant.audit();
        let last = &seen.last().unwrap().detail;
        assert_eq!(
            last, "Presented with the verification options",
            "it has acted"
        );
        Some(answer)
    });
    (answers[0].take().unwrap(), answers[1].take().unwrap())
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

fn delta(answer: &Answer) -> Delta {
    Delta::read(&text(answer))
}

#[test]
fn a_view_gets_another_name() {
    let (whole, partial) = after(&PortalFault::View("ViewOfTheFuture".into()));
    assert!(text(&whole).contains("value=\"ViewOfTheFuture\""));
    let view = "ContentPlaceholderMainContent_CurrentViewName";
    assert_eq!(delta(&partial).field(view), Some("ViewOfTheFuture"));
    for answer in [&whole, &partial] {
        assert!(text(answer).contains("AltEmailRadio"), "the content stays");
    }
}

#[test]
fn a_field_is_left_out() {
    let (whole, partial) = after(&PortalFault::WithoutField("__VIEWSTATE".into()));
    assert!(!text(&whole).contains("\"__VIEWSTATE\""));
    assert!(text(&whole).contains("\"__EVENTVALIDATION\""));
    assert_eq!(delta(&partial).field("__VIEWSTATE"), None);
    assert!(delta(&partial).field("__EVENTVALIDATION").is_some());
}

#[test]
fn a_form_goes_elsewhere() {
    let (whole, partial) = after(&PortalFault::Action(ELSEWHERE.into()));
    assert!(text(&whole).contains(&format!("action=\"{ELSEWHERE}\"")));
    assert_eq!(delta(&partial).only("formAction"), ELSEWHERE);
}

#[test]
fn the_page_for_a_password_comes_too_early() {
    let (whole, partial) = after(&PortalFault::PasswordPage);
    let view = "ContentPlaceholderMainContent_CurrentViewName";
    assert_eq!(delta(&partial).field(view), Some("ViewNewPassword"));
    for answer in [&whole, &partial] {
        assert!(text(answer).contains("TextBoxNewPassword"));
    }
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    order(&tenant, PortalFault::PasswordPage);
    browser.press("ButtonNext");
    assert_eq!(browser.view(), "ViewNewPassword");
    browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW)
        .press("ButtonFinish");
    assert_eq!(browser.view(), "ViewUserIdentifierVerification");
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
}

#[test]
fn a_page_is_written_by_script() {
    let (whole, partial) = after(&PortalFault::ScriptOnly);
    let whole = text(&whole);
    assert!(!whole.contains("<form") && !whole.contains("<input"));
    assert!(whole.contains("<noscript>") && whole.contains("<script nonce="));
    let delta = delta(&partial);
    assert!(!delta.only("updatePanel").contains("<input"));
    assert!(delta.of_kind("hiddenField").is_empty());
    assert_eq!(delta.of_kind("scriptStartupBlock").len(), 1);
}

#[test]
fn a_browser_is_sent_elsewhere() {
    let (whole, partial) = after(&PortalFault::Redirect(ELSEWHERE.into()));
    assert_eq!(whole.status, 302);
    assert_eq!(whole.header("location"), Some(ELSEWHERE));
    let delta = delta(&partial);
    assert_eq!(delta.kinds(), ["#", "pageRedirect"]);
    let encoded = "https%3a%2f%2fevil.example%2fn%2fpasswordreset";
    assert_eq!(delta.only("pageRedirect"), encoded);
}

#[test]
fn a_cookie_is_not_set() {
    let (whole, partial) = after(&PortalFault::WithoutCookies);
    assert_eq!(whole.header("set-cookie"), None);
    assert_eq!(partial.header("set-cookie"), None);
    let tenant = Tenant::start().unwrap();
    order(&tenant, PortalFault::WithoutCookies);
    let mut browser = Browser::open(&tenant, "/");
    browser.press("ButtonNext");
    assert_eq!(browser.view(), "ViewCookiesNotEnabled");
}

#[test]
fn a_record_is_about_another_panel() {
    let (whole, partial) = after(&PortalFault::DeltaPanel("UpdatePanel1".into()));
    assert!(text(&whole).contains("_UpdatePanelMain"));
    assert_eq!(delta(&partial).of_kind("updatePanel")[0].id, "UpdatePanel1");
}

#[test]
fn a_record_is_longer_than_it_says() {
    let length = |answer: &Answer| {
        let text = text(answer);
        let (before, _) = text.split_once("|updatePanel|").unwrap();
        before.rsplit('|').next().unwrap().parse::<usize>().unwrap()
    };
    let (_, right) = after(&PortalFault::DeltaLength(0));
    for by in [-1, 1, 100_000] {
        let (whole, wrong) = after(&PortalFault::DeltaLength(by));
        assert!(text(&whole).contains("AltEmailRadio"));
        assert!(Delta::try_read(&text(&wrong)).is_none());
        assert_eq!(
            length(&wrong),
            length(&right).saturating_add_signed(by as isize)
        );
    }
    let (_, none) = after(&PortalFault::DeltaLength(i32::MIN));
    assert_eq!(length(&none), 0);
}

#[test]
fn a_delta_ends_too_early() {
    let (_, right) = after(&PortalFault::DeltaCut(0));
    assert!(text(&right).ends_with("|pageTitle||Reset your password|"));
    for (missing, end) in [(1, "password"), (8, " your p"), (23, "|pageTitl")] {
        let (_, cut) = after(&PortalFault::DeltaCut(missing));
        assert!(text(&cut).ends_with(end), "{}", text(&cut));
        assert!(Delta::try_read(&text(&cut)).is_none());
    }
    let (_, nothing) = after(&PortalFault::DeltaCut(usize::MAX));
    assert!(nothing.body.is_empty());
}

#[test]
fn a_record_is_added() {
    let fault = |kind: &str, content: &str| PortalFault::DeltaRecord {
        kind: kind.into(),
        id: "𠮷".into(),
        content: content.into(),
    };
    let (_, partial) = after(&fault("somethingNew", "日|🔑"));
    let partial = delta(&partial);
    assert_eq!(partial.of_kind("somethingNew")[0].id, "𠮷");
    assert_eq!(partial.only("somethingNew"), "日|🔑");
    assert_eq!(partial.kinds().last(), Some(&"somethingNew"));
}

#[test]
fn several_faults_combine() {
    let tenant = Tenant::start().unwrap();
    tenant.order(
        Fault::at(Endpoint::Portal)
            .portal(PortalFault::View("ViewX".into()))
            .portal(PortalFault::Action(ELSEWHERE.into()))
            .status(429)
            .retry_after(7)
            .after_effect(),
    );
    let browser = Browser::open(&tenant, "/");
    assert_eq!(browser.status, 429);
    assert!(browser.head.contains("Retry-After: 7"));
}
