//! Every view of the portal, by whole posts and by partial ones.

use std::time::Duration;

use sspr::mock::{Endpoint, Fault, Method, PortalError, PortalPolicy, Tenant, User};

use super::browser::Browser;
use super::{ADELE, NEW};

pub(crate) const PAGE: &str = "/n/passwordreset?mkt=ja-JP&whr=contoso.com";
/// Two of its characters are no single UTF-16 unit.
pub(crate) const YOSHIDA: &str = "𠮷田🔑@contoso.com";
const QUESTIONS: [(&str, &str); 2] = [("好きな🐈は?", "𠮷"), ("Wo | wer?", "|")];

/// Every method, two gates, a picture and the choice to unlock.
pub(crate) fn tenant() -> Tenant {
    let user = |name: &str| {
        User::new(name)
            .method(Method::email("𠮷@fabrikam.example"))
            .method(Method::mobile_phone("+81 9055550100"))
            .method(Method::office_phone("+81 355550199"))
            .method(Method::app_code("secret"))
            .method(Method::app_approval())
            .method(Method::security_questions(QUESTIONS))
    };
    let policy = PortalPolicy::default()
        .gates(2)
        .captcha()
        .offer_unlock()
        .questions(2)
        .attempts_per_hour(99);
    Tenant::builder()
        .user(user(YOSHIDA))
        .user(user("locked@contoso.com").locked())
        .portal(policy)
        .start()
        .unwrap()
}

/// A visit with everything that it shows on its way.
struct Visit<'a> {
    tenant: &'a Tenant,
    browser: Browser,
    seen: Vec<Shown>,
}

/// What does not differ between two visits of the same kind.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    view: String,
    status: u16,
    title: String,
    action: String,
    panel: String,
    fields: Vec<(String, String)>,
}

impl<'a> Visit<'a> {
    fn begin(tenant: &'a Tenant, partial: bool) -> Self {
        let mut browser = Browser::open(tenant, PAGE);
        browser.partial = partial;
        let mut visit = Self {
            tenant,
            browser,
            seen: Vec::new(),
        };
        visit.look();
        visit
    }

    fn look(&mut self) {
        self.seen.push(Shown::on(&self.browser));
    }

    fn fill(&mut self, name: &str, value: &str) -> &mut Self {
        self.browser.fill(name, value);
        self
    }

    fn press(&mut self, button: &str) -> &mut Self {
        self.browser.press(button);
        self.look();
        self
    }

    fn method(&mut self, radio: &str) -> &mut Self {
        let id = format!("MultigateAuthenticationControl_{radio}");
        self.browser.choose(&id);
        self.press("ButtonNext")
    }

    fn identify(&mut self, name: &str) -> &mut Self {
        let digits = self.tenant.captcha_answer().unwrap();
        self.fill("TextBoxUserIdentifier", name)
            .fill("RepMapChallengeSolution", &digits)
            .press("ButtonNext")
    }

    fn want(&mut self, goal: &str) -> &mut Self {
        self.browser
            .choose(&format!("ContentPlaceholderMainContent_{goal}"));
        self.press("ButtonNext")
    }

    fn enter_code(&mut self, code: &str) -> &mut Self {
        self.fill("TextBoxVerificationCode", code)
            .press("ButtonNext")
    }

    fn mailed(&self, user: &str) -> String {
        self.tenant.inbox().latest(user).unwrap().code
    }
}

impl Shown {
    fn on(browser: &Browser) -> Self {
        let source = browser.page.source();
        let start = "<div id=\"ContentPlaceholderMainContent_UpdatePanelMain\">";
        let (_, panel) = source.split_once(start).unwrap();
        let (panel, _) = panel.split_once("</div></form>").unwrap();
        let fresh = [
            "__VIEWSTATE",
            "__EVENTVALIDATION",
            "ctl00$CorrelationID",
            "ctl00$ContentPlaceholderMainContent$WorkflowConsistencyCheck",
        ];
        let hidden = browser
            .page
            .nodes()
            .filter(|node| node.attribute("type") == Some("hidden"));
        let fields = hidden.map(|node| {
            let name = node.attribute("name").unwrap();
            let value = node.attribute("value").unwrap();
            let value = if fresh.contains(&name) { "" } else { value };
            (name.to_owned(), value.to_owned())
        });
        let attribute = |element: &str, name: &str| {
            let node = browser.page.first(element).unwrap();
            node.attribute(name).unwrap_or_default().to_owned()
        };
        Self {
            view: browser.view().to_owned(),
            status: browser.status,
            title: browser.page.first("title").unwrap().text(),
            action: attribute("form", "action"),
            panel: without_guids(panel),
            fields: fields.collect(),
        }
    }
}

/// Pictures and support codes have one that no other visit has.
fn without_guids(text: &str) -> String {
    let is_guid = |text: &str| {
        text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
    };
    let mut rest = text;
    let mut kept = String::new();
    while let Some(c) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_guid) {
            rest = &rest[36..];
            kept.push('#');
        } else {
            rest = &rest[c.len_utf8()..];
            kept.push(c);
        }
    }
    kept
}

/// Every page that there is, errors included.
fn every_view(partial: bool) -> Vec<Shown> {
    let tenant = tenant();
    let mut seen = Vec::new();

    let mut visit = Visit::begin(&tenant, partial);
    visit.press("ButtonNext").press("ButtonOtherPicture");
    visit.identify("誰も𠮷🔑@contoso.com").identify(YOSHIDA);
    visit
        .press("ButtonNext")
        .want("RadioReset")
        .press("ButtonNext");
    visit.press("ButtonBack").want("RadioReset");
    visit.method("AltEmailRadio").press("ButtonEmail");
    visit
        .press("ButtonNext")
        .enter_code("x")
        .press("ButtonBack");
    visit.method("PhoneRadio").press("ButtonText");
    visit
        .fill("TextBoxPhoneNumber", "+81 9055550100")
        .press("ButtonText");
    visit.press("ButtonBack").method("PhoneRadio");
    visit
        .fill("TextBoxPhoneNumber", "+81 9055550100")
        .press("ButtonCall");
    visit.press("ButtonNext");
    assert!(tenant.decline(YOSHIDA));
    visit.press("ButtonNext").press("ButtonBack");
    visit.method("OfficePhoneRadio").press("ButtonCall");
    tenant.advance(Duration::from_secs(60));
    visit.press("ButtonNext").press("ButtonBack");
    visit
        .method("MobileAppNotificationRadio")
        .press("ButtonSend");
    visit.press("ButtonNext").press("ButtonBack");
    visit.method("SecurityQuestionsRadio");
    visit.fill("TextBoxAnswer1", "𠮷").press("ButtonNext");
    visit
        .fill("TextBoxAnswer1", "𠮷")
        .fill("TextBoxAnswer2", "|");
    visit
        .press("ButtonNext")
        .method("AppCodeRadio")
        .press("ButtonNext");
    visit.enter_code(&tenant.app_code(YOSHIDA).unwrap());
    visit.press("ButtonFinish");
    visit.fill("TextBoxNewPassword", "short");
    visit
        .fill("TextBoxConfirmPassword", "short")
        .press("ButtonFinish");
    visit.fill("TextBoxNewPassword", NEW);
    visit
        .fill("TextBoxConfirmPassword", NEW)
        .press("ButtonFinish");
    assert!(tenant.password_is(YOSHIDA, NEW));
    seen.append(&mut visit.seen);

    let locked = "locked@contoso.com";
    let mut visit = Visit::begin(&tenant, partial);
    visit.identify(locked).want("RadioUnlock");
    visit.method("AltEmailRadio").press("ButtonEmail");
    let code = visit.mailed(locked);
    visit.enter_code(&code).method("OfficePhoneRadio");
    visit.press("ButtonCall");
    assert!(tenant.approve(locked));
    visit.press("ButtonNext");
    assert!(!tenant.is_locked(locked));
    seen.append(&mut visit.seen);

    let mut visit = Visit::begin(&tenant, partial);
    visit.press("ButtonCancel");
    seen.append(&mut visit.seen);

    for error in [
        PortalError::TenantSsprFlagDisabled,
        PortalError::WritebackNotEnabled,
        PortalError::SsprNotEnabledInUserPolicy,
        PortalError::UserNotLicensed,
        PortalError::UserNotMemberOfScopedAccessGroup,
        PortalError::UserNotProperlyConfigured,
        PortalError::OnPremisesAdminActionRequired,
        PortalError::OnPremisesConnectivityError,
        PortalError::OnPremisesSuccessCloudFailure,
        PortalError::AccountNotEnabled,
        PortalError::AccountNotSupported,
        PortalError::ServiceError,
    ] {
        let mut visit = Visit::begin(&tenant, partial);
        tenant.order(Fault::at(Endpoint::Portal).portal_error(error));
        visit.press("ButtonNext");
        if visit.browser.has_button("ButtonContactAdministrator") {
            visit.press("ButtonContactAdministrator");
        }
        seen.append(&mut visit.seen);
    }

    let strict = Tenant::builder()
        .portal(PortalPolicy::default().attempts_per_hour(0))
        .start()
        .unwrap();
    let mut visit = Visit::begin(&strict, partial);
    visit
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    seen.append(&mut visit.seen);
    seen
}

#[test]
fn every_view_is_the_same_by_either_post() {
    let (whole, partial) = (every_view(false), every_view(true));
    assert_eq!(whole.len(), partial.len());
    for (whole, partial) in whole.iter().zip(&partial) {
        assert_eq!(whole, partial);
    }
    let mut views: Vec<&str> = partial.iter().map(|shown| shown.view.as_str()).collect();
    views.sort_unstable();
    views.dedup();
    assert_eq!(
        views,
        [
            "ViewAdministratorContacted",
            "ViewCancelled",
            "ViewError",
            "ViewFinished",
            "ViewMultigateUserControl",
            "ViewNewPassword",
            "ViewOnPremisesAdminActionRequired",
            "ViewOnPremisesConnectivityError",
            "ViewOnPremisesSuccessCloudFailure",
            "ViewResetOrUnlock",
            "ViewSsprNotEnabled",
            "ViewSsprNotEnabledInUserPolicy",
            "ViewThrottled",
            "ViewUnlocked",
            "ViewUserIdentifierVerification",
            "ViewUserNotEnabled",
            "ViewUserNotLicensed",
            "ViewUserNotMemberOfScopedAccessGroup",
            "ViewUserNotProperlyConfigured",
            "ViewUserNotSupported",
            "ViewWritebackNotEnabled",
        ]
    );
    assert!(partial.iter().any(|shown| shown.panel.contains("誰も𠮷🔑")));
    assert!(
        partial
            .iter()
            .any(|shown| shown.panel.contains("好きな🐈は?"))
    );
}
