//! What a visit is bound to: its cookie, its tokens, its page and its time.

use std::time::Duration;

use sspr::mock::{INITIAL_PASSWORD, PortalPolicy, Tenant};

use super::browser::Browser;
use super::client::Client;
use super::{ADELE, NEW};

const PAGE: &str = "/n/passwordreset";

fn identified(tenant: &Tenant) -> Browser {
    let mut browser = Browser::open(tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewMultigateUserControl");
    browser
}

fn verified(tenant: &Tenant) -> Browser {
    let mut browser = identified(tenant);
    browser.method("AltEmailRadio").press("ButtonEmail");
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    browser
        .fill("TextBoxVerificationCode", &code)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewNewPassword");
    browser
}

/// The form that would end the reset.
fn last_form(browser: &mut Browser) -> Vec<(String, String)> {
    browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW)
        .form("ButtonFinish")
}

#[test]
fn the_cookie_is_for_this_server_only() {
    let tenant = Tenant::start().unwrap();
    let browser = Browser::open(&tenant, PAGE);
    let cookies: Vec<&str> = browser
        .head
        .lines()
        .filter_map(|line| line.strip_prefix("Set-Cookie: "))
        .collect();
    assert!(
        cookies
            .iter()
            .any(|cookie| cookie.starts_with("SessionId="))
    );
    for cookie in cookies {
        assert!(
            cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
    }
}

#[test]
fn without_cookies_there_is_no_visit() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, PAGE);
    browser.cookies.clear();
    browser.press("ButtonNext");
    assert_eq!(browser.view(), "ViewCookiesNotEnabled");
    assert!(browser.alert().contains("needs cookies"));
}

#[test]
fn a_visit_ends_by_time_or_by_order() {
    let life = Duration::from_secs(60);
    let tenant = Tenant::builder()
        .portal(PortalPolicy::default().session_lifetime(life))
        .start()
        .unwrap();
    let mut browser = verified(&tenant);
    tenant.advance(life - Duration::from_secs(10));
    browser.press("ButtonFinish");
    assert_eq!(
        browser.view(),
        "ViewNewPassword",
        "each request prolongs it"
    );
    tenant.advance(life);
    let form = last_form(&mut browser);
    let answer = browser.post(&form);
    browser.show(answer);
    assert_eq!(browser.view(), "ViewSessionExpired");
    assert!(browser.page.first("a").is_some(), "the way to start again");

    let mut browser = verified(&tenant);
    tenant.expire_sessions();
    browser.press("ButtonFinish");
    assert_eq!(browser.view(), "ViewSessionExpired");
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
}

#[test]
fn a_cookie_from_before_is_worth_nothing_after() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, PAGE);
    let mut known = vec![browser.cookies["SessionId"].clone()];
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    known.push(browser.cookies["SessionId"].clone());
    browser.method("AltEmailRadio").press("ButtonEmail");
    assert_eq!(browser.cookies["SessionId"], known[1]);
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    browser
        .fill("TextBoxVerificationCode", &code)
        .press("ButtonNext");
    assert!(!known.contains(&browser.cookies["SessionId"]));
    assert_ne!(known[0], known[1]);
    let form = last_form(&mut browser);
    for old in known {
        let mut thief = Browser::open(&tenant, PAGE);
        thief.cookies.insert("SessionId".to_owned(), old);
        let answer = thief.post(&form);
        thief.show(answer);
        assert_eq!(thief.view(), "ViewSessionExpired");
    }
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
}

#[test]
fn a_cookie_of_ones_own_making_is_not_taken() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::blank(&tenant);
    browser
        .cookies
        .insert("SessionId".to_owned(), "chosen".to_owned());
    browser.go(PAGE);
    assert_ne!(browser.cookies["SessionId"], "chosen");
}

#[test]
fn the_tokens_belong_to_their_session() {
    let tenant = Tenant::start().unwrap();
    let other = verified(&tenant);
    for token in ["__VIEWSTATE", "__EVENTVALIDATION"] {
        let mut browser = verified(&tenant);
        let whole = last_form(&mut browser);
        let mut foreign = whole.clone();
        let mut without = whole.clone();
        without.retain(|(name, _)| name != token);
        for (name, value) in &mut foreign {
            if name == token {
                other.hidden(token).clone_into(value);
            }
        }
        for form in [foreign, without] {
            let answer = browser.post(&form);
            assert_eq!(answer.status, 403);
        }
        assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
        let last = browser.press("ButtonCancel").view();
        assert_eq!(last, "ViewCancelled", "the session itself is unharmed");
    }
}

#[test]
fn another_origin_cannot_post() {
    let tenant = Tenant::start().unwrap();
    let mut browser = verified(&tenant);
    let form = last_form(&mut browser);
    for origin in ["https://evil.example", "null", "http://localhost"] {
        let field = format!("Origin: {origin}\r\n");
        assert_eq!(browser.post_from(PAGE, &form, &field).status, 403);
    }
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    let answer = browser.post_from(PAGE, &form, "");
    assert_eq!(answer.status, 200, "older browsers do not say");
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn a_page_is_good_for_one_post() {
    let tenant = Tenant::start().unwrap();
    let mut browser = identified(&tenant);
    browser.method("AltEmailRadio");
    let form = browser.form("ButtonEmail");
    browser.press("ButtonEmail");
    assert_eq!(tenant.inbox().messages().len(), 1);
    let answer = browser.post(&form);
    browser.show(answer);
    assert!(browser.alert().contains("no longer current"));
    assert_eq!(tenant.inbox().messages().len(), 1, "nothing is sent again");
    assert!(
        browser.has_button("ButtonNext"),
        "the visit goes on where it was"
    );
}

#[test]
fn a_page_names_its_own_view() {
    let tenant = Tenant::start().unwrap();
    let mut browser = identified(&tenant);
    browser.method("AltEmailRadio");
    let mut form = browser.form("ButtonEmail");
    for (name, value) in &mut form {
        if name.ends_with("CurrentViewName") {
            "ViewNewPassword".clone_into(value);
        }
    }
    let answer = browser.post(&form);
    browser.show(answer);
    assert!(browser.alert().contains("no longer current"));
    assert!(tenant.inbox().messages().is_empty());
}

#[test]
fn no_step_can_be_left_out() {
    let tenant = Tenant::start().unwrap();
    for step in 0..3 {
        let mut browser = if step == 0 {
            Browser::open(&tenant, PAGE)
        } else {
            identified(&tenant)
        };
        if step == 2 {
            browser.method("AltEmailRadio");
        }
        let mut form = browser.form("ButtonFinish");
        for (name, value) in [
            ("ButtonFinish", "Finish"),
            ("TextBoxNewPassword", NEW),
            ("TextBoxConfirmPassword", NEW),
        ] {
            let name = format!("{}{name}", super::browser::CONTENT);
            form.push((name, value.to_owned()));
        }
        for (name, value) in &mut form {
            if step == 2 && name.ends_with("CurrentViewName") {
                "ViewNewPassword".clone_into(value);
            }
        }
        let before = browser.view().to_owned();
        let answer = browser.post(&form);
        browser.show(answer);
        assert_eq!(browser.view(), before);
        assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    }
}

#[test]
fn after_the_end_nothing_happens() {
    let tenant = Tenant::start().unwrap();
    let mut browser = verified(&tenant);
    let mut form = last_form(&mut browser);
    let answer = browser.post(&form);
    browser.show(answer);
    for (name, value) in &mut form {
        for current in ["WorkflowConsistencyCheck", "CurrentViewName"] {
            if name.ends_with(current) {
                browser.hidden(current).clone_into(value);
            }
        }
    }
    let answer = browser.post(&form);
    browser.show(answer);
    assert_eq!(browser.view(), "ViewFinished");
    assert_eq!(tenant.password_changes(ADELE), 1);
}

#[test]
fn opening_the_page_begins_anew() {
    let tenant = Tenant::start().unwrap();
    let mut browser = verified(&tenant);
    browser.go(PAGE);
    assert_eq!(browser.view(), "ViewUserIdentifierVerification");
    assert_eq!(browser.hidden("ctl00$OrgIdUserName"), "");
}

#[test]
fn it_answers_under_the_services_own_name() {
    let name = "passwordreset.microsoftonline.com";
    let tenant = Tenant::builder().host_name(name).start().unwrap();
    let mut client = Client::connect_as(&tenant, name);
    let request = format!("GET {PAGE} HTTP/1.1\r\nHost: {name}\r\n\r\n");
    let answer = client.exchange(request.as_bytes()).unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        String::from_utf8(answer.body)
            .unwrap()
            .contains("ViewUserIdentifierVerification")
    );
}
