//! Partial posts: what their replies say, and what is refused.

use sspr::mock::{INITIAL_PASSWORD, Method, PortalPolicy, Tenant, User};

use super::browser::{Browser, CONTENT, PANEL, SCRIPT_MANAGER};
use super::delta::Delta;
use super::portal_views::{YOSHIDA, tenant};
use super::{ADELE, NEW};

const PAGE: &str = "/n/passwordreset?mkt=ja-JP&whr=contoso.com";

/// The reply to pressing a button, and the browser after it.
fn reply(browser: &mut Browser, button: &str) -> Delta {
    let form = browser.partial_form(button);
    let answer = browser.post_partially(&form);
    browser.update(answer)
}

#[test]
fn a_reply_has_the_records_of_the_framework() {
    let tenant = tenant();
    let mut browser = Browser::open(&tenant, PAGE);
    browser.partial = true;
    browser.fill("TextBoxUserIdentifier", "𠮷🔑");
    let delta = reply(&mut browser, "ButtonNext");
    let mut kinds = delta.kinds();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "#",
            "updatePanel",
            "hiddenField",
            "asyncPostBackControlIDs",
            "postBackControlIDs",
            "updatePanelIDs",
            "childUpdatePanelIDs",
            "panelsToRefreshIDs",
            "asyncPostBackTimeout",
            "formAction",
            "pageTitle",
        ]
    );
    assert_eq!(delta.only("#"), "4");
    let panel = delta.of_kind("updatePanel")[0];
    let element = "ContentPlaceholderMainContent_UpdatePanelMain";
    assert_eq!(panel.id, element);
    assert!(
        panel.content.contains("value=\"𠮷🔑\""),
        "{}",
        panel.content
    );
    assert_eq!(delta.only("updatePanelIDs"), format!("t{PANEL},{element}"));
    assert_eq!(
        delta.only("panelsToRefreshIDs"),
        format!("{PANEL},{element}")
    );
    assert_eq!(delta.only("asyncPostBackTimeout"), "90");
    assert_eq!(
        delta.only("formAction"),
        "./passwordreset?mkt=ja-JP&whr=contoso.com"
    );
    assert_eq!(delta.only("pageTitle"), "パスワードのリセット");
    assert_eq!(browser.status, 200);
    assert!(browser.head.contains("Cache-Control: no-store"));
}

#[test]
fn lengths_are_in_utf_16_units() {
    let tenant = tenant();
    let mut browser = Browser::open(&tenant, PAGE);
    browser.partial = true;
    browser.fill("TextBoxUserIdentifier", "𠮷🔑");
    let form = browser.partial_form("ButtonNext");
    let body = String::from_utf8(browser.post_partially(&form).body).unwrap();
    let (length, content) = body
        .strip_prefix("1|#||4|")
        .and_then(|rest| rest.split_once("|updatePanel|"))
        .unwrap();
    let (_, content) = content.split_once('|').unwrap();
    let (content, _) = content
        .split_once("|0|hiddenField|__EVENTTARGET||")
        .unwrap();
    let length: usize = length.parse().unwrap();
    assert_eq!(length, content.encode_utf16().count());
    assert_eq!(length, content.chars().count() + 2, "two surrogate pairs");
    assert!(length < content.len(), "these would be bytes");
}

#[test]
fn hidden_fields_are_told_when_they_change() {
    let tenant = Tenant::builder().user(User::new(YOSHIDA)).start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    browser.partial = true;
    browser.fill("TextBoxUserIdentifier", YOSHIDA);
    let delta = reply(&mut browser, "ButtonNext");
    for empty in ["__EVENTTARGET", "__EVENTARGUMENT", "__LASTFOCUS"] {
        assert_eq!(delta.field(empty), Some(""), "as ever");
    }
    assert_eq!(delta.field("__VIEWSTATEGENERATOR"), Some("4D0C4E01"));
    assert_eq!(delta.field("OrgIdUserName"), Some(YOSHIDA));
    assert_eq!(delta.field("OrgIdTenantDomain"), Some("contoso.com"));
    let view = "ContentPlaceholderMainContent_CurrentViewName";
    assert_eq!(delta.field(view), Some("ViewMultigateUserControl"));
    assert_eq!(delta.field("CorrelationID"), None, "it is the same");
    let delta = reply(&mut browser, "ButtonNext");
    assert_eq!(delta.field(view), None, "nothing was chosen");
    assert_eq!(delta.field("OrgIdUserName"), None);
    assert_eq!(browser.view(), "ViewMultigateUserControl");
}

#[test]
fn the_state_is_another_one_after_every_reply() {
    let tenant = tenant();
    let mut browser = Browser::open(&tenant, PAGE);
    browser.partial = true;
    let names = [
        "__VIEWSTATE",
        "__EVENTVALIDATION",
        "ContentPlaceholderMainContent_WorkflowConsistencyCheck",
    ];
    let mut states: Vec<String> = vec![
        browser.hidden("__VIEWSTATE").to_owned(),
        browser.hidden("__EVENTVALIDATION").to_owned(),
        browser.hidden("WorkflowConsistencyCheck").to_owned(),
    ];
    for _ in 0..3 {
        let delta = reply(&mut browser, "ButtonNext");
        for name in names {
            let state = delta.field(name).unwrap().to_owned();
            assert!(!states.contains(&state), "{name}");
            states.push(state);
        }
    }
    assert!(states[0].len() > 500);
}

#[test]
fn an_older_state_has_no_effect() {
    let tenant = Tenant::start().unwrap();
    for stale in ["__VIEWSTATE", "__EVENTVALIDATION"] {
        let mut browser = Browser::open(&tenant, "/");
        browser.partial = true;
        let older = browser.hidden(stale).to_owned();
        browser
            .fill("TextBoxUserIdentifier", ADELE)
            .press("ButtonNext");
        browser.method("AltEmailRadio");
        let mut form = browser.partial_form("ButtonEmail");
        replace(&mut form, stale, &older);
        let answer = browser.post_partially(&form);
        browser.update(answer);
        assert!(browser.alert().contains("no longer current"), "{stale}");
        assert!(tenant.inbox().messages().is_empty());
    }
}

fn replace(form: &mut [(String, String)], field: &str, by: &str) {
    let mut found = form.iter_mut().filter(|(name, _)| name == field);
    by.clone_into(&mut found.next().unwrap().1);
}

/// A form with the new password in it, ready to be posted.
fn last_form(tenant: &Tenant) -> (Browser, Vec<(String, String)>) {
    let mut browser = Browser::open(tenant, "/");
    browser.partial = true;
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    browser.method("AltEmailRadio").press("ButtonEmail");
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    browser
        .fill("TextBoxVerificationCode", &code)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewNewPassword");
    let form = browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW)
        .partial_form("ButtonFinish");
    (browser, form)
}

fn delta_of(browser: &mut Browser, form: &[(String, String)]) -> Delta {
    let answer = browser.post_partially(form);
    assert_eq!(answer.status, 200);
    Delta::read(&String::from_utf8(answer.body).unwrap())
}

fn assert_is_error(delta: &Delta) {
    assert_eq!(delta.kinds(), ["#", "error"]);
    assert_eq!(delta.of_kind("error")[0].id, "500");
    assert_eq!(delta.only("error"), "This page cannot be used");
}

#[test]
fn a_forged_state_is_an_error() {
    let tenant = Tenant::start().unwrap();
    let (other, _) = last_form(&tenant);
    for field in ["__VIEWSTATE", "__EVENTVALIDATION"] {
        let (mut browser, form) = last_form(&tenant);
        let own = browser.hidden(field).to_owned();
        let mut altered = own.clone();
        altered.replace_range(..1, if own.starts_with('A') { "B" } else { "A" });
        for forged in [other.hidden(field), &altered, ""] {
            let mut form = form.clone();
            replace(&mut form, field, forged);
            assert_is_error(&delta_of(&mut browser, &form));
        }
        let mut without = form.clone();
        without.retain(|(name, _)| name != field);
        assert_is_error(&delta_of(&mut browser, &without));
        assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
        browser.press("ButtonCancel");
        assert_eq!(browser.view(), "ViewCancelled", "the session is unharmed");
    }
}

#[test]
fn another_panel_or_target_is_an_error() {
    let tenant = Tenant::start().unwrap();
    let (mut browser, form) = last_form(&tenant);
    for wrong in [
        format!("ctl00$UpdatePanel1|{CONTENT}ButtonFinish"),
        format!("{PANEL}|{CONTENT}ButtonNext"),
        PANEL.to_owned(),
    ] {
        let mut form = form.clone();
        replace(&mut form, SCRIPT_MANAGER, &wrong);
        assert_is_error(&delta_of(&mut browser, &form));
    }
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    delta_of(&mut browser, &form);
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn a_session_that_is_gone_sends_elsewhere() {
    let place = "/sessionexpired?mkt=en-US&whr=日";
    let encoded = "%2fsessionexpired%3fmkt%3den-US%26whr%3d%25E6%2597%25A5";
    for versioned in [true, false] {
        let mut policy = PortalPolicy::default();
        if !versioned {
            policy = policy.without_delta_version();
        }
        let tenant = Tenant::builder().portal(policy).start().unwrap();
        let mut browser = Browser::open(&tenant, "/?mkt=en-US&whr=%E6%97%A5");
        let form = browser.partial_form("ButtonNext");
        tenant.expire_sessions();
        let delta = delta_of(&mut browser, &form);
        let target = delta.only("pageRedirect").to_owned();
        if versioned {
            assert_eq!(delta.kinds(), ["#", "pageRedirect"]);
            assert_eq!(target, encoded);
        } else {
            assert_eq!(delta.kinds(), ["pageRedirect"]);
            assert_eq!(target, place.replace('日', "%E6%97%A5"));
        }
        browser.go("/sessionexpired?mkt=en-US&whr=%E6%97%A5");
        assert_eq!(browser.view(), "ViewSessionExpired");
        let back = browser.page.first("a").unwrap();
        assert_eq!(back.attribute("href"), Some("./?mkt=en-US&whr=%E6%97%A5"));
        browser.go("/n/sessionexpired");
        let back = browser.page.first("a").unwrap();
        assert_eq!(back.attribute("href"), Some("./passwordreset"));
        assert_eq!(browser.post_from("/sessionexpired", &[], "").status, 405);
    }
}

#[test]
fn without_cookies_the_panel_says_so() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    browser.partial = true;
    browser.cookies.clear();
    browser.press("ButtonNext");
    assert_eq!(browser.view(), "ViewCookiesNotEnabled");
    assert!(browser.alert().contains("needs cookies"));
}

#[test]
fn who_is_blocked_is_told_the_time_as_well() {
    let tenant = Tenant::builder()
        .portal(PortalPolicy::default().attempts_per_hour(0))
        .start()
        .unwrap();
    let mut browser = Browser::open(&tenant, "/");
    browser.partial = true;
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    assert_eq!((browser.status, browser.view()), (429, "ViewThrottled"));
    assert!(browser.head.contains("\r\nRetry-After: 86400"));
}

#[test]
fn half_a_partial_post_is_a_whole_one() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    let form = browser.partial_form("ButtonNext");
    let address = browser.target();
    let header = "X-MicrosoftAjax: Delta=true\r\n";
    for (without, fields) in [("", ""), ("__ASYNCPOST", header), (SCRIPT_MANAGER, header)] {
        let mut form = form.clone();
        form.retain(|(name, _)| name != without);
        let answer = browser.post_from(&address, &form, fields);
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
}

#[test]
fn waiting_comes_with_its_script() {
    let user = User::new(ADELE)
        .method(Method::office_phone("+1 4255550199"))
        .method(Method::email("adele@fabrikam.example"));
    let tenant = Tenant::builder().user(user).start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    browser.partial = true;
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    browser.method("OfficePhoneRadio");
    let delta = reply(&mut browser, "ButtonCall");
    let scripts = delta.of_kind("scriptStartupBlock");
    assert_eq!(scripts[0].id, "ScriptContentNoTags");
    assert!(scripts[0].content.contains("ButtonNext"));
    browser.press("ButtonBack").method("AltEmailRadio");
    let delta = reply(&mut browser, "ButtonEmail");
    assert!(delta.of_kind("scriptStartupBlock").is_empty());
}

#[test]
fn the_cookie_changes_by_partial_posts_too() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, "/");
    browser.partial = true;
    let before = browser.cookies["SessionId"].clone();
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    assert_ne!(browser.cookies["SessionId"], before);
}

#[test]
fn links_are_pressed_by_script() {
    let policy = PortalPolicy::default().link_buttons();
    for partial in [false, true] {
        let tenant = Tenant::builder().portal(policy.clone()).start().unwrap();
        let mut browser = Browser::open(&tenant, "/");
        assert!(!browser.has_button("ButtonNext"), "without script");
        assert!(browser.page.first("button").is_none());
        let link = browser.page.first("a").unwrap();
        let next = "ContentPlaceholderMainContent_ButtonNext";
        assert_eq!(link.attribute("id"), Some(next));
        let script = browser.page.first("script").unwrap();
        let nonce = format!("'nonce-{}'", script.attribute("nonce").unwrap());
        assert!(browser.head.contains(&nonce));
        (browser.partial, browser.script) = (partial, true);
        browser
            .fill("TextBoxUserIdentifier", ADELE)
            .press("ButtonNext");
        browser.method("AltEmailRadio").press("ButtonEmail");
        let code = tenant.inbox().latest(ADELE).unwrap().code;
        browser
            .fill("TextBoxVerificationCode", &code)
            .press("ButtonNext");
        browser
            .fill("TextBoxNewPassword", NEW)
            .fill("TextBoxConfirmPassword", NEW)
            .press("ButtonFinish");
        assert_eq!(browser.view(), "ViewFinished");
        assert!(tenant.password_is(ADELE, NEW));
    }
}
