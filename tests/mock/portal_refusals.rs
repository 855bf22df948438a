//! What the portal says where it cannot help, and what a test can order.

use std::time::Duration;

use sspr::mock::{
    Endpoint, Fault, INITIAL_PASSWORD, Method, PortalError, PortalPolicy, Tenant, User,
};

use super::browser::Browser;
use super::{ADELE, NEW};

const PAGE: &str = "/n/passwordreset";
const HOUR: Duration = Duration::from_secs(3600);

fn identify(tenant: &Tenant) -> Browser {
    let mut browser = Browser::open(tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    browser
}

/// At the new password.
fn verified(tenant: &Tenant) -> Browser {
    let mut browser = identify(tenant);
    browser.method("AltEmailRadio").press("ButtonEmail");
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    browser
        .fill("TextBoxVerificationCode", &code)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewNewPassword");
    browser
}

fn finish(browser: &mut Browser) {
    browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW)
        .press("ButtonFinish");
}

fn refusing(error: PortalError) -> Tenant {
    let user = User::new(ADELE).portal_error(error);
    Tenant::builder().user(user).start().unwrap()
}

#[test]
fn an_unknown_user_id_stays_on_the_first_page() {
    let tenant = Tenant::start().unwrap();
    let mut browser = Browser::open(&tenant, PAGE);
    assert_eq!(browser.alert(), "");
    browser.press("ButtonNext");
    assert_eq!(browser.alert(), "Enter your user ID.");
    browser
        .fill("TextBoxUserIdentifier", "nobody@contoso.com")
        .press("ButtonNext");
    assert!(browser.alert().contains("not known"));
    assert_eq!(browser.view(), "ViewUserIdentifierVerification");
    let boxes = browser
        .page
        .nodes()
        .find(|node| node.attribute("type") == Some("text"));
    let typed = boxes.unwrap();
    assert_eq!(typed.attribute("value"), Some("nobody@contoso.com"));
    assert_eq!(typed.attribute("aria-invalid"), Some("true"));
    let described = typed.attribute("aria-describedby").unwrap();
    assert!(described.ends_with("ContentPlaceholderMainContent_UserIdErrorLabel"));
}

#[test]
fn every_error_before_the_methods_has_its_page() {
    for (error, view, code) in [
        (
            PortalError::TenantSsprFlagDisabled,
            "ViewSsprNotEnabled",
            "SSPR_0009",
        ),
        (
            PortalError::WritebackNotEnabled,
            "ViewWritebackNotEnabled",
            "SSPR_0010",
        ),
        (
            PortalError::SsprNotEnabledInUserPolicy,
            "ViewSsprNotEnabledInUserPolicy",
            "SSPR_0011",
        ),
        (
            PortalError::UserNotLicensed,
            "ViewUserNotLicensed",
            "SSPR_0012",
        ),
        (
            PortalError::UserNotMemberOfScopedAccessGroup,
            "ViewUserNotMemberOfScopedAccessGroup",
            "SSPR_0013",
        ),
        (
            PortalError::UserNotProperlyConfigured,
            "ViewUserNotProperlyConfigured",
            "SSPR_0014",
        ),
        (PortalError::AccountNotEnabled, "ViewUserNotEnabled", ""),
        (PortalError::AccountNotSupported, "ViewUserNotSupported", ""),
        (PortalError::ServiceError, "ViewError", ""),
    ] {
        let tenant = refusing(error);
        let mut browser = identify(&tenant);
        assert_eq!(browser.view(), view);
        assert!(!browser.alert().is_empty());
        let text = browser.page.text();
        let named = format!("{error:?} ({code})");
        assert_eq!(text.contains(&named), !code.is_empty(), "{text}");
        assert_eq!(error.code().unwrap_or_default(), code);
        assert!(
            text.contains(browser.hidden("ctl00$CorrelationID")),
            "support code"
        );
        let entry = tenant.audit().pop().unwrap();
        assert!(!entry.success && entry.detail.starts_with("Failed: "));

        browser.press("ButtonContactAdministrator");
        assert_eq!(browser.view(), "ViewAdministratorContacted");
        let entry = tenant.audit().pop().unwrap();
        assert_eq!(entry.detail, "Contacted the administrator");
    }
}

#[test]
fn every_error_of_writeback_comes_with_the_password() {
    for (error, view, code, changed) in [
        (
            PortalError::OnPremisesAdminActionRequired,
            "ViewOnPremisesAdminActionRequired",
            "SSPR_0029",
            false,
        ),
        (
            PortalError::OnPremisesConnectivityError,
            "ViewOnPremisesConnectivityError",
            "SSPR_0030",
            false,
        ),
        (
            PortalError::OnPremisesSuccessCloudFailure,
            "ViewOnPremisesSuccessCloudFailure",
            "",
            true,
        ),
    ] {
        let tenant = refusing(error);
        let mut browser = verified(&tenant);
        finish(&mut browser);
        assert_eq!(browser.view(), view);
        assert!(browser.page.text().contains(code));
        assert_eq!(browser.alert().is_empty(), changed);
        assert_eq!(tenant.password_is(ADELE, NEW), changed);
        assert_eq!(tenant.audit().pop().unwrap().success, changed);
    }
}

#[test]
fn too_few_methods_are_found() {
    let tenant = Tenant::builder()
        .portal(PortalPolicy::default().gates(2))
        .start()
        .unwrap();
    assert_eq!(identify(&tenant).view(), "ViewUserNotProperlyConfigured");
    tenant.put_user(User::new(ADELE).without_password());
    assert_eq!(identify(&tenant).view(), "ViewUserNotSupported");
}

fn assert_throttled(browser: &Browser) {
    assert_eq!(browser.view(), "ViewThrottled");
    assert_eq!(browser.status, 429);
    assert!(
        browser.head.contains("\r\nRetry-After: 86"),
        "{}",
        browser.head
    );
    assert!(browser.alert().contains("24 hours"));
}

#[test]
fn the_sixth_reset_in_an_hour_blocks_for_a_day() {
    let tenant = Tenant::start().unwrap();
    for _ in 0..5 {
        assert_eq!(identify(&tenant).view(), "ViewMultigateUserControl");
    }
    assert_throttled(&identify(&tenant));
    let entry = tenant.audit().pop().unwrap();
    assert_eq!(entry.activity, "Blocked from self-service password reset");
    tenant.advance(23 * HOUR);
    assert_eq!(identify(&tenant).view(), "ViewThrottled");
    tenant.advance(HOUR);
    assert_eq!(identify(&tenant).view(), "ViewMultigateUserControl");
}

#[test]
fn phones_questions_and_codes_are_counted() {
    let user = User::new(ADELE)
        .method(Method::office_phone("+1 4255550199"))
        .method(Method::email("a@fabrikam.example"))
        .method(Method::security_questions([("Where?", "Here")]));
    let policy = PortalPolicy::default().questions(1).attempts_per_hour(2);
    for (radio, first, again) in [
        ("OfficePhoneRadio", "ButtonCall", "ButtonCall"),
        ("SecurityQuestionsRadio", "ButtonNext", "ButtonNext"),
        ("AltEmailRadio", "ButtonEmail", "ButtonNext"),
    ] {
        let tenant = Tenant::builder()
            .user(user.clone())
            .portal(policy.clone())
            .start()
            .unwrap();
        let mut browser = identify(&tenant);
        browser.method(radio).press(first);
        if first != again {
            let wrong = |browser: &mut Browser| {
                browser
                    .fill("TextBoxVerificationCode", "x")
                    .press("ButtonNext");
            };
            wrong(&mut browser);
            wrong(&mut browser);
            assert_eq!(browser.view(), "ViewMultigateUserControl");
            wrong(&mut browser);
        } else {
            // A call stops ringing before the next one can be asked for.
            if first == "ButtonCall" {
                for _ in 0..2 {
                    assert!(tenant.decline(ADELE));
                    browser.press("ButtonNext").press("ButtonCall");
                }
            } else {
                browser.press(again);
                assert_eq!(browser.view(), "ViewMultigateUserControl");
                browser.press(again);
            }
        }
        assert_throttled(&browser);
        assert_eq!(identify(&tenant).view(), "ViewThrottled", "for everything");
    }
}

#[test]
fn others_are_not_blocked() {
    let tenant = Tenant::builder()
        .user(User::new("megan@contoso.com"))
        .portal(PortalPolicy::default().attempts_per_hour(0))
        .start()
        .unwrap();
    assert_eq!(identify(&tenant).view(), "ViewThrottled");
    let unknown = "nobody@contoso.com";
    let mut browser = Browser::open(&tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", unknown)
        .press("ButtonNext");
    assert!(browser.alert().contains("not known"));
}

#[test]
fn an_error_is_ordered_for_any_request() {
    let tenant = Tenant::start().unwrap();
    let error = PortalError::UserNotLicensed;
    for nth in 1..=2 {
        tenant.order(Fault::at(Endpoint::Portal).nth(nth).portal_error(error));
        let mut browser = Browser::open(&tenant, PAGE);
        if nth == 2 {
            browser
                .fill("TextBoxUserIdentifier", ADELE)
                .press("ButtonNext");
        }
        assert_eq!(browser.view(), "ViewUserNotLicensed");
    }
}

#[test]
fn an_ordered_error_of_writeback_is_as_good_as_a_real_one() {
    let tenant = Tenant::start().unwrap();
    let mut browser = verified(&tenant);
    let error = PortalError::OnPremisesSuccessCloudFailure;
    tenant.order(Fault::at(Endpoint::Portal).portal_error(error));
    finish(&mut browser);
    assert_eq!(browser.view(), "ViewOnPremisesSuccessCloudFailure");
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn answers_are_replaced_and_cut() {
    let tenant = Tenant::start().unwrap();
    let mut browser = verified(&tenant);
    tenant.order(Fault::at(Endpoint::Portal).status(503).retry_after(7));
    let form = browser.form("ButtonFinish");
    let answer = browser.post(&form);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));

    tenant.order(Fault::at(Endpoint::Portal).status(502).after_effect());
    browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW);
    let form = browser.form("ButtonFinish");
    assert_eq!(browser.post(&form).status, 502);
    assert!(tenant.password_is(ADELE, NEW));

    // The same page once more: it is told where it is, and nothing happens twice.
    let answer = browser.post(&form);
    browser.show(answer);
    assert_eq!(browser.view(), "ViewFinished");
    assert_eq!(tenant.password_changes(ADELE), 1);
}

#[test]
fn only_pages_and_forms_are_served() {
    let tenant = Tenant::builder()
        .portal(PortalPolicy::default().captcha())
        .start()
        .unwrap();
    let mut browser = Browser::blank(&tenant);
    assert_eq!(browser.get("/n/other").status, 404);
    assert_eq!(browser.get("/captcha?id=").status, 404);
    let answer = browser.post_from("/captcha", &[], "");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
    let answer = browser.post_from("/", &[], "Content-Type: application/json\r\n");
    assert_eq!(answer.status, 415);
}
