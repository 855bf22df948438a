//! Whole visits to the portal, one for each method.

use std::time::Duration;

use sspr::mock::{
    Channel, INITIAL_PASSWORD, Method, PasswordPolicy, PortalPolicy, Tenant, TenantBuilder, User,
};

use super::browser::Browser;
use super::{ADELE, NEW};

const PAGE: &str = "/n/passwordreset";
const MOBILE: &str = "+1 4255550100";
const OFFICE: &str = "+1 4255550199";
const SECRET: &[u8] = b"12345678901234567890";

fn adele() -> User {
    User::new(ADELE)
        .method(Method::email("adele@fabrikam.example"))
        .method(Method::mobile_phone(MOBILE))
        .method(Method::office_phone(OFFICE))
        .method(Method::app_code(SECRET))
        .method(Method::app_approval())
        .method(Method::security_questions([
            ("In which town did you first work?", "Redmond"),
            ("What was your first pet called?", "Rex"),
            ("Which book do you like best?", "Kokoro"),
        ]))
}

fn tenant(policy: PortalPolicy) -> Tenant {
    builder(policy).start().unwrap()
}

fn builder(policy: PortalPolicy) -> TenantBuilder {
    Tenant::builder().user(adele()).portal(policy)
}

/// At the choice of methods.
fn identified(tenant: &Tenant) -> Browser {
    let mut browser = Browser::open(tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewMultigateUserControl");
    browser
}

fn code(tenant: &Tenant) -> String {
    tenant.inbox().latest(ADELE).unwrap().code
}

fn enter_code(browser: &mut Browser, code: &str) {
    browser
        .fill("TextBoxVerificationCode", code)
        .press("ButtonNext");
}

fn by_email(tenant: &Tenant, browser: &mut Browser) {
    browser.method("AltEmailRadio").press("ButtonEmail");
    enter_code(browser, &code(tenant));
}

fn finish(tenant: &Tenant, browser: &mut Browser) {
    assert_eq!(browser.view(), "ViewNewPassword");
    browser
        .fill("TextBoxNewPassword", NEW)
        .fill("TextBoxConfirmPassword", NEW)
        .press("ButtonFinish");
    assert_eq!(browser.view(), "ViewFinished");
    assert!(browser.notice().contains("new password"));
    assert!(tenant.password_is(ADELE, NEW));
    assert_eq!(tenant.password_changes(ADELE), 1);
    let last = tenant.audit().pop().unwrap();
    assert_eq!(last.activity, "Reset password (self-service)");
    assert!(last.success);
}

fn details(tenant: &Tenant) -> Vec<String> {
    let audit = tenant.audit();
    audit.into_iter().map(|entry| entry.detail).collect()
}

#[test]
fn the_default_tenant_resets_by_mail() {
    let tenant = Tenant::start().unwrap();
    assert_eq!(tenant.portal_url().path(), PAGE);
    for (address, client_type) in [(PAGE, "Windows sign-in screen"), ("/", "Web portal")] {
        tenant.put_user(User::new(ADELE).contact("adele@fabrikam.example"));
        let mut browser = Browser::open(&tenant, address);
        assert_eq!(browser.view(), "ViewUserIdentifierVerification");
        browser
            .fill("TextBoxUserIdentifier", ADELE)
            .press("ButtonNext");
        assert_eq!(browser.choices(), ["AltEmailRadio"]);
        browser.method("AltEmailRadio");
        assert!(browser.page.text().contains("a***e@f***.example"));
        browser.press("ButtonEmail");
        let mail = tenant.inbox().latest(ADELE).unwrap();
        assert_eq!(mail.to, "adele@fabrikam.example");
        assert_eq!(mail.channel, Channel::Email);
        enter_code(&mut browser, &mail.code);
        finish(&tenant, &mut browser);
        assert_eq!(tenant.audit().pop().unwrap().client_type, client_type);
    }
}

#[test]
fn the_whole_visit_is_in_the_audit_log() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    by_email(&tenant, &mut browser);
    finish(&tenant, &mut browser);
    assert_eq!(
        details(&tenant),
        [
            "Entered the user ID",
            "Presented with the verification options",
            "Started the email verification option",
            "Completed the email verification option",
            "Successfully reset the password",
        ]
    );
}

#[test]
fn by_script_as_well() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = Browser::open(&tenant, PAGE);
    browser.script = true;
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    by_email(&tenant, &mut browser);
    finish(&tenant, &mut browser);
}

#[test]
fn another_code_replaces_the_first() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    browser.method("AltEmailRadio").press("ButtonEmail");
    let first = code(&tenant);
    browser.press("ButtonEmail");
    enter_code(&mut browser, &first);
    assert_eq!(browser.alert(), "This code is not correct.");
    browser.press("ButtonNext");
    assert_eq!(browser.alert(), "Enter the code.");
    let second = format!(" {} ", code(&tenant));
    enter_code(&mut browser, &second);
    finish(&tenant, &mut browser);
}

#[test]
fn a_text_goes_to_the_number_that_was_typed() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    browser.method("PhoneRadio");
    assert!(browser.page.text().contains("********00"));
    for wrong in ["", "4255550100", "+1 4255550199"] {
        browser
            .fill("TextBoxPhoneNumber", wrong)
            .press("ButtonText");
        assert!(browser.alert().contains("not the number"), "{wrong}");
    }
    assert!(tenant.inbox().messages().is_empty());
    browser
        .fill("TextBoxPhoneNumber", "+1 (425) 555-0100")
        .press("ButtonText");
    let message = tenant.inbox().latest(ADELE).unwrap();
    assert_eq!(
        (message.to.as_str(), message.channel),
        (MOBILE, Channel::Text)
    );
    enter_code(&mut browser, &message.code);
    finish(&tenant, &mut browser);
}

#[test]
fn calls_are_taken() {
    for (radio, number) in [("PhoneRadio", MOBILE), ("OfficePhoneRadio", OFFICE)] {
        let tenant = tenant(PortalPolicy::default());
        let mut browser = identified(&tenant);
        browser.method(radio);
        if number == MOBILE {
            browser.fill("TextBoxPhoneNumber", MOBILE);
        }
        assert!(!tenant.approve(ADELE), "nobody has called yet");
        browser.press("ButtonCall");
        let call = tenant.inbox().latest(ADELE).unwrap();
        assert_eq!((call.to.as_str(), call.channel), (number, Channel::Call));
        assert_eq!(call.code, "");
        browser.press("ButtonNext");
        assert_eq!(browser.notice(), "There is no answer yet.");
        assert!(tenant.approve(ADELE));
        assert!(!tenant.approve(ADELE), "it has been taken");
        browser.press("ButtonNext");
        finish(&tenant, &mut browser);
    }
}

#[test]
fn a_call_that_is_not_taken() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    browser.method("OfficePhoneRadio").press("ButtonCall");
    assert!(tenant.decline(ADELE));
    browser.press("ButtonNext");
    assert!(browser.alert().contains("declined"));
    browser.press("ButtonCall");
    tenant.advance(Duration::from_secs(60));
    assert!(!tenant.approve(ADELE), "it has stopped ringing");
    browser.press("ButtonNext");
    assert!(browser.alert().contains("in time"));
    browser.press("ButtonBack");
    by_email(&tenant, &mut browser);
    finish(&tenant, &mut browser);
}

#[test]
fn a_code_of_the_app_is_taken_once() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    browser.method("AppCodeRadio");
    enter_code(&mut browser, "000");
    assert_eq!(browser.alert(), "This code is not correct.");
    let shown = tenant.app_code(ADELE).unwrap();
    enter_code(&mut browser, &shown);
    assert_eq!(browser.view(), "ViewNewPassword");

    let mut again = identified(&tenant);
    again.method("AppCodeRadio");
    enter_code(&mut again, &shown);
    assert_eq!(again.alert(), "This code is not correct.");
    tenant.advance(Duration::from_secs(60));
    enter_code(&mut again, &tenant.app_code(ADELE).unwrap());
    assert_eq!(again.view(), "ViewNewPassword");
    finish(&tenant, &mut browser);
}

#[test]
fn questions_are_answered() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = identified(&tenant);
    browser.method("SecurityQuestionsRadio");
    assert!(browser.page.text().contains("first pet"));
    let answer = |browser: &mut Browser, answers: [&str; 3]| {
        for (number, answer) in (1..).zip(answers) {
            browser.fill(&format!("TextBoxAnswer{number}"), answer);
        }
        browser.press("ButtonNext");
    };
    answer(&mut browser, ["Redmond", "Rex", ""]);
    assert!(browser.alert().contains("does not match"));
    assert!(
        !browser.page.source().contains("Redmond"),
        "nothing is echoed"
    );
    answer(&mut browser, ["redmond", " REX", "Kokoro"]);
    finish(&tenant, &mut browser);
}

#[test]
fn two_gates_take_two_methods() {
    let tenant = tenant(PortalPolicy::default().gates(2));
    let mut browser = identified(&tenant);
    assert!(browser.page.text().contains("Verification step 1 of 2"));
    assert!(browser.choices().contains(&"MobileAppNotificationRadio"));
    by_email(&tenant, &mut browser);
    assert!(browser.page.text().contains("Verification step 2 of 2"));
    assert!(browser.notice().contains("first step is done"));
    assert!(!browser.choices().contains(&"AltEmailRadio"));
    browser
        .method("MobileAppNotificationRadio")
        .press("ButtonSend");
    let message = tenant.inbox().latest(ADELE).unwrap();
    assert_eq!(message.channel, Channel::Notification);
    assert!(tenant.approve(ADELE));
    browser.press("ButtonNext");
    finish(&tenant, &mut browser);
}

#[test]
fn a_method_is_not_good_for_both_gates() {
    let tenant = tenant(PortalPolicy::default().gates(2));
    let mut browser = identified(&tenant);
    by_email(&tenant, &mut browser);
    let mut form = browser.form("ButtonNext");
    form.push((
        "ctl00$ContentPlaceholderMainContent$AuthenticationMethod".to_owned(),
        "AltEmailRadio".to_owned(),
    ));
    let answer = browser.post(&form);
    browser.show(answer);
    assert_eq!(browser.alert(), "Choose one.");
}

#[test]
fn administrators_pass_two_gates_and_no_questions() {
    let tenant = Tenant::builder()
        .user(adele().administrator())
        .start()
        .unwrap();
    let mut browser = identified(&tenant);
    assert!(!browser.choices().contains(&"SecurityQuestionsRadio"));
    by_email(&tenant, &mut browser);
    browser.method("AppCodeRadio");
    enter_code(&mut browser, &tenant.app_code(ADELE).unwrap());
    finish(&tenant, &mut browser);
}

#[test]
fn one_gate_offers_no_notification() {
    let tenant = tenant(PortalPolicy::default());
    let browser = identified(&tenant);
    assert_eq!(
        browser.choices(),
        [
            "AltEmailRadio",
            "PhoneRadio",
            "OfficePhoneRadio",
            "AppCodeRadio",
            "SecurityQuestionsRadio"
        ]
    );
}

#[test]
fn an_account_is_unlocked_without_a_reset() {
    let tenant = Tenant::builder()
        .user(adele().locked())
        .portal(PortalPolicy::default().offer_unlock())
        .start()
        .unwrap();
    let mut browser = Browser::open(&tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewResetOrUnlock");
    browser.press("ButtonNext");
    assert_eq!(browser.alert(), "Choose one.");
    browser
        .choose("ContentPlaceholderMainContent_RadioReset")
        .press("ButtonNext")
        .press("ButtonBack")
        .choose("ContentPlaceholderMainContent_RadioUnlock")
        .press("ButtonNext");
    by_email(&tenant, &mut browser);
    assert_eq!(browser.view(), "ViewUnlocked");
    assert!(!tenant.is_locked(ADELE));
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    let last = tenant.audit().pop().unwrap();
    assert_eq!(last.activity, "Unlock user account (self-service)");
}

#[test]
fn a_reset_unlocks_too() {
    let tenant = Tenant::builder()
        .user(adele().locked())
        .portal(PortalPolicy::default().offer_unlock())
        .start()
        .unwrap();
    let mut browser = Browser::open(&tenant, PAGE);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext")
        .choose("ContentPlaceholderMainContent_RadioReset")
        .press("ButtonNext");
    by_email(&tenant, &mut browser);
    assert!(tenant.is_locked(ADELE));
    finish(&tenant, &mut browser);
    assert!(!tenant.is_locked(ADELE));
}

#[test]
fn a_picture_may_be_asked_about() {
    let tenant = tenant(PortalPolicy::default().captcha());
    assert!(tenant.captcha_answer().is_none());
    let mut browser = Browser::open(&tenant, PAGE);
    let address = |browser: &Browser| {
        let picture = browser.page.first("img").unwrap();
        assert_eq!(picture.attribute("id"), Some("RepMapVisualChallenge"));
        assert!(picture.attribute("alt").is_some());
        picture.attribute("src").unwrap().to_owned()
    };
    let first = address(&browser);
    let picture = browser.get(&first);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(picture.body.starts_with(b"\x89PNG\r\n\x1a\n"));
    let mut other = Browser::blank(&tenant);
    assert_eq!(other.get(&first).status, 404, "it is the visitor's own");

    let answer = tenant.captcha_answer().unwrap();
    browser.press("ButtonOtherPicture");
    assert_ne!(address(&browser), first);
    assert_eq!(browser.get(&first).status, 404);
    browser
        .fill("TextBoxUserIdentifier", ADELE)
        .fill("RepMapChallengeSolution", &answer)
        .press("ButtonNext");
    assert!(browser.alert().contains("not the digits"));
    browser
        .fill("RepMapChallengeSolution", &tenant.captcha_answer().unwrap())
        .press("ButtonNext");
    assert_eq!(browser.view(), "ViewMultigateUserControl");
    by_email(&tenant, &mut browser);
    finish(&tenant, &mut browser);
}

#[test]
fn new_passwords_are_held_against_the_policy() {
    let policy = PasswordPolicy::default().ban("blank");
    let tenant = builder(PortalPolicy::default())
        .password_policy(policy)
        .start()
        .unwrap();
    let mut browser = identified(&tenant);
    by_email(&tenant, &mut browser);
    let too_long = format!("Ab1{}", "x".repeat(254));
    for (password, again, complaint) in [
        ("", "", "Enter a new password."),
        (NEW, "Winter-Snow-13", "not the same"),
        ("Sun-1", "Sun-1", "too short"),
        (&too_long, &too_long, "too long"),
        ("Sünny-Day-1", "Sünny-Day-1", "not allowed"),
        ("sunny-day", "sunny-day", "too simple"),
        ("P@ssw0rd1", "P@ssw0rd1", "easy to guess"),
        (INITIAL_PASSWORD, INITIAL_PASSWORD, "recently"),
        ("My-ADELE-Day-1", "My-ADELE-Day-1", "user name"),
    ] {
        browser
            .fill("TextBoxNewPassword", password)
            .fill("TextBoxConfirmPassword", again)
            .press("ButtonFinish");
        assert_eq!(browser.view(), "ViewNewPassword");
        let alert = browser.alert();
        assert!(alert.contains(complaint), "{password}: {alert}");
        assert!(password.is_empty() || !browser.page.source().contains(password));
    }
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    finish(&tenant, &mut browser);
}

#[test]
fn a_visit_is_cancelled() {
    let tenant = tenant(PortalPolicy::default());
    let mut browser = Browser::open(&tenant, PAGE);
    browser.press("ButtonCancel");
    assert_eq!(browser.view(), "ViewCancelled");
    assert!(tenant.audit().is_empty(), "nobody was identified");

    let mut browser = identified(&tenant);
    browser.method("AltEmailRadio").press("ButtonCancel");
    assert_eq!(browser.view(), "ViewCancelled");
    let last = details(&tenant).pop().unwrap();
    assert_eq!(last, "Cancelled before passing the required methods");

    let mut browser = identified(&tenant);
    by_email(&tenant, &mut browser);
    browser.press("ButtonCancel");
    let last = details(&tenant).pop().unwrap();
    assert_eq!(last, "Cancelled before submitting the new password");
    assert_eq!(tenant.password_changes(ADELE), 0);
}
