//! The pages themselves: languages, what the address says, escaping, and what a screen reader needs.

use std::collections::HashSet;

use sspr::mock::{Method, PortalError, PortalPolicy, Tenant, User};

use super::ADELE;
use super::browser::Browser;
use super::document::Document;

const PAGE: &str = "/n/passwordreset";

fn language(browser: &Browser) -> &str {
    let html = browser.page.first("html").unwrap();
    html.attribute("lang").unwrap()
}

fn user_id(browser: &Browser) -> &str {
    let mut nodes = browser.page.nodes();
    let user_id = nodes.find(|node| node.attribute("type") == Some("text"));
    user_id.unwrap().attribute("value").unwrap()
}

#[test]
fn the_language_is_forced_by_mkt() {
    let tenant = Tenant::start().unwrap();
    for (mkt, expected, heading) in [
        ("ja-JP", "ja-JP", "アカウントの確認"),
        ("JA", "ja-JP", "アカウントの確認"),
        ("en-GB", "en-US", "Who are you?"),
        ("tlh", "en-US", "Who are you?"),
    ] {
        let mut browser = Browser::open(&tenant, &format!("{PAGE}?mkt={mkt}"));
        assert_eq!(language(&browser), expected);
        assert_eq!(browser.page.first("h2").unwrap().text(), heading);
        browser.press("ButtonNext");
        assert_eq!(language(&browser), expected, "on every page");
    }
}

#[test]
fn a_visit_in_japanese() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/?mkt=ja");
    browser.press("ButtonNext");
    assert_eq!(browser.alert(), "ユーザー ID を入力してください。");
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext")
        .method("AltEmailRadio")
        .press("ButtonEmail");
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    browser
        .fill("TextBoxVerificationCode", &code)
        .press("ButtonNext");
    browser
        .fill("TextBoxNewPassword", super::NEW)
        .fill("TextBoxConfirmPassword", super::NEW)
        .press("ButtonFinish");
    assert!(
        browser
            .page
            .text()
            .contains("パスワードがリセットされました")
    );
    browser.go(PAGE);
    assert_eq!(language(&browser), "ja-JP", "the cookie remembers it");
}

#[test]
fn the_address_fills_in_and_brands() {
    let tenant = Tenant::start().unwrap();
    let address = format!("{PAGE}?whr=contoso.com&username=adele%40contoso.com&mkt=en-US");
    let mut browser = Browser::open(&tenant, &address);
    assert_eq!(user_id(&browser), ADELE);
    assert_eq!(browser.page.first("header").unwrap().text(), "contoso.com");
    assert_eq!(browser.target(), address, "the form keeps the query");
    browser.press("ButtonNext");
    assert_eq!(browser.view(), "ViewMultigateUserControl");
    assert_eq!(browser.hidden("ctl00$OrgIdUserName"), ADELE);
    assert_eq!(browser.hidden("ctl00$OrgIdTenantDomain"), "contoso.com");
}

#[test]
fn the_sign_in_page_is_returned_to() {
    let tenant = Tenant::start().unwrap();
    let links = |ru: &str| {
        let ru: String = url::form_urlencoded::byte_serialize(ru.as_bytes()).collect();
        let mut browser = Browser::open(&tenant, &format!("/?ru={ru}"));
        browser.press("ButtonCancel");
        let anchors = browser.page.nodes().filter(|node| node.name == "a");
        let targets = anchors.filter_map(|node| node.attribute("href"));
        targets
            .filter(|target| !target.starts_with("./"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let login = "https://login.microsoftonline.com/common/reprocess?ctx=a%26b";
    assert_eq!(links(login), [login]);
    for evil in [
        "javascript:alert(1)",
        "https://evil.example/",
        "//login.x",
        "data:,x",
    ] {
        assert!(links(evil).is_empty(), "{evil}");
    }
}

const SCRIPT: &str = "\"'><script>alert(1)</script>&lt;";

#[test]
fn nothing_from_outside_becomes_markup() {
    let evil_name = format!("{SCRIPT}@contoso.com");
    let user = User::new(&evil_name)
        .method(Method::email(format!("{SCRIPT}@x.{SCRIPT}")))
        .method(Method::security_questions([(SCRIPT, "a")]));
    let tenant = Tenant::builder()
        .user(user)
        .portal(PortalPolicy::default().questions(1))
        .start()
        .unwrap();
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    for raw in [encoded.as_str(), "\"'><script>alert(1)</script>"] {
        let address = format!("{PAGE}?mkt={raw}&whr={raw}&username={raw}&ru={raw}&{raw}={raw}");
        let mut browser = Browser::open(&tenant, &address);
        assert_clean(&browser.page);
        browser
            .fill("TextBoxUserIdentifier", SCRIPT)
            .press("ButtonNext");
        assert_clean(&browser.page);
        assert_eq!(user_id(&browser), SCRIPT);
        browser
            .fill("TextBoxUserIdentifier", &evil_name)
            .press("ButtonNext");
        assert_eq!(browser.view(), "ViewMultigateUserControl");
        assert_clean(&browser.page);
        browser.method("AltEmailRadio");
        assert_clean(&browser.page);
        browser.press("ButtonBack").method("SecurityQuestionsRadio");
        assert_clean(&browser.page);
        assert!(
            browser.page.text().contains(SCRIPT),
            "{}",
            browser.page.text()
        );
        browser.cookies.clear();
        browser.press("ButtonNext");
        assert_clean(&browser.page);
    }
}

fn assert_clean(page: &Document) {
    assert!(!page.source().contains("<script"), "{}", page.source());
    for node in page.nodes() {
        assert!(node.attributes().all(|(name, _)| !name.starts_with("on")));
    }
}

/// A page of every kind.
fn pages() -> Vec<Browser> {
    let user = User::new(ADELE)
        .method(Method::email("a@fabrikam.example"))
        .method(Method::mobile_phone("+1 4255550100"))
        .method(Method::office_phone("+1 4255550199"))
        .method(Method::app_code("secret"))
        .method(Method::app_approval())
        .method(Method::security_questions([
            ("Where?", "Here"),
            ("Who?", "Me"),
        ]));
    let refused = User::new("refused@contoso.com").portal_error(PortalError::UserNotLicensed);
    let policy = PortalPolicy::default()
        .gates(2)
        .captcha()
        .offer_unlock()
        .questions(2)
        .attempts_per_hour(99);
    let tenant = Tenant::builder()
        .user(user)
        .user(refused)
        .portal(policy)
        .start()
        .unwrap();
    let identified = |name: &str| {
        let mut browser = Browser::open(&tenant, PAGE);
        browser
            .fill("TextBoxUserIdentifier", name)
            .fill("RepMapChallengeSolution", &tenant.captcha_answer().unwrap())
            .press("ButtonNext");
        browser
    };
    let choosing = || {
        let mut browser = identified(ADELE);
        browser
            .choose("ContentPlaceholderMainContent_RadioReset")
            .press("ButtonNext");
        browser
    };
    let mut pages = vec![
        Browser::open(&tenant, "/"),
        identified("nobody@contoso.com"),
        identified("refused@contoso.com"),
        identified(ADELE),
        choosing(),
    ];
    for (radio, button) in [
        ("AltEmailRadio", "ButtonEmail"),
        ("OfficePhoneRadio", "ButtonCall"),
        ("MobileAppNotificationRadio", "ButtonSend"),
        ("AppCodeRadio", "ButtonNext"),
        ("SecurityQuestionsRadio", "ButtonNext"),
        ("PhoneRadio", "ButtonText"),
    ] {
        let mut before = choosing();
        before.method(radio);
        pages.push(before);
        let mut after = choosing();
        after.method(radio).press(button);
        pages.push(after);
    }
    let mut last = choosing();
    last.method("AppCodeRadio")
        .fill("TextBoxVerificationCode", &tenant.app_code(ADELE).unwrap())
        .press("ButtonNext");
    last.method("OfficePhoneRadio").press("ButtonCall");
    assert!(tenant.approve(ADELE));
    last.press("ButtonNext");
    assert_eq!(last.view(), "ViewNewPassword");
    pages.push(last);
    pages
}

#[test]
fn every_page_can_be_read_aloud() {
    for browser in pages() {
        let page = &browser.page;
        let words = page.text();
        assert_eq!(page.nodes().filter(|node| node.name == "h1").count(), 1);
        assert_eq!(page.nodes().filter(|node| node.name == "h2").count(), 1);
        assert!(page.first("main").is_some() && page.first("title").is_some());
        let ids: Vec<&str> = page
            .nodes()
            .filter_map(|node| node.attribute("id"))
            .collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{words}");
        let labelled: Vec<&str> = page
            .nodes()
            .filter_map(|node| node.attribute("for"))
            .collect();
        for node in page.nodes().filter(|node| node.name == "input") {
            if node.attribute("type") != Some("hidden") {
                assert!(labelled.contains(&node.attribute("id").unwrap()), "{words}");
            }
        }
        for node in page.nodes() {
            let described = node.attribute("aria-describedby").unwrap_or_default();
            assert!(
                described
                    .split(' ')
                    .all(|id| id.is_empty() || ids.contains(&id))
            );
        }
        for radio in page
            .visible()
            .filter(|node| node.attribute("type") == Some("radio"))
        {
            assert!(page.first("legend").is_some(), "{radio:?}");
        }
    }
}

#[test]
fn no_page_needs_anything_from_elsewhere() {
    let mut scripts = 0;
    for browser in pages() {
        for node in browser.page.nodes() {
            for (name, value) in node.attributes() {
                if ["src", "href", "action"].contains(&name) {
                    let own = value.starts_with("./") || value.starts_with("/captcha?");
                    assert!(own || value == "data:,", "{value}");
                }
            }
        }
        let header = |name: &str| {
            let mut lines = browser.head.lines();
            lines
                .find(|line| line.starts_with(name))
                .unwrap()
                .to_owned()
        };
        let policy = header("Content-Security-Policy: ");
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"));
        assert_eq!(header("Cache-Control"), "Cache-Control: no-store");
        assert_eq!(
            header("X-Content-Type-Options"),
            "X-Content-Type-Options: nosniff"
        );
        if let Some(script) = browser.page.first("script") {
            scripts += 1;
            let nonce = script.attribute("nonce").unwrap();
            assert!(policy.contains(&format!("'nonce-{nonce}'")));
            assert!(
                browser.has_button("ButtonNext"),
                "it works without the script, too"
            );
        }
    }
    assert_eq!(scripts, 2, "a call and a notification are waited for");
}

#[test]
fn the_seen_names_are_there() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    let names: HashSet<String> = browser
        .page
        .nodes()
        .filter_map(|node| node.attribute("name"))
        .map(str::to_owned)
        .collect();
    for seen in [
        "__EVENTTARGET",
        "__EVENTARGUMENT",
        "__LASTFOCUS",
        "__VIEWSTATE",
        "__VIEWSTATEGENERATOR",
        "__VIEWSTATEENCRYPTED",
        "__EVENTVALIDATION",
        "ctl00$ContentPlaceholderMainContent$WorkflowConsistencyCheck",
        "ctl00$ContentPlaceholderMainContent$TextBoxUserIdentifier",
        "ctl00$ContentPlaceholderMainContent$CurrentViewName",
        "ctl00$ContentPlaceholderMainContent$LiveCaptchaMode",
        "ctl00$ContentPlaceholderMainContent$ButtonNext",
        "ctl00$CorrelationID",
        "ctl00$OrgIdUserName",
        "ctl00$OrgIdTenantDomain",
        "ctl00$NameCoexistenceAccount",
    ] {
        assert!(names.contains(seen), "{seen}");
    }
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    let ids: HashSet<&str> = browser
        .page
        .nodes()
        .filter_map(|node| node.attribute("id"))
        .collect();
    assert!(ids.contains("MultigateAuthenticationControl_RadioTable"));
    for radio in [
        "AltEmailRadio",
        "AppCodeRadio",
        "PhoneRadio",
        "MobileAppNotificationRadio",
        "SecurityQuestionsRadio",
        "OfficePhoneRadio",
    ] {
        let id = format!("MultigateAuthenticationControl_{radio}");
        assert!(ids.contains(id.as_str()), "{radio}");
    }
    assert_eq!(
        browser.choices(),
        ["AltEmailRadio"],
        "the other rows are hidden"
    );
}
