//! Every view of the portal, by whole posts and by partial ones.

use std::time::Duration;

use sspr::mock::{
    Endpoint, Fault, INITIAL_PASSWORD, Method, PortalError, PortalPolicy, Tenant, User,
};

use super::browser::Browser;
use super::document::Document;
use super::{ADELE, NEW};

/// Two of its characters are no single UTF-16 unit.
pub(crate) const YOSHIDA: &str = "𠮷田🔑@contoso.com";
const LOCKED: &str = "locked@contoso.com";
const QUESTIONS: [(&str, &str); 2] = [("好きな🐈は?", "𠮷"), ("Wo | wer?", "|")];

/// Every method, two gates, a picture and the choice to unlock.
pub(crate) fn tenant() -> Tenant {
    tenant_with(false)
}

fn tenant_with(links: bool) -> Tenant {
    let user = |name: &str| {
        User::new(name)
            .method(Method::email("𠮷@fabrikam.example"))
            .method(Method::mobile_phone("+81 9055550100"))
            .method(Method::office_phone("+81 355550199"))
            .method(Method::app_code("secret"))
            .method(Method::app_approval())
            .method(Method::security_questions(QUESTIONS))
    };
    let mut policy = PortalPolicy::default()
        .gates(2)
        .captcha()
        .offer_unlock()
        .questions(2)
        .attempts_per_hour(99);
    if links {
        policy = policy.link_buttons();
    }
    Tenant::builder()
        .user(user(YOSHIDA))
        .user(user(LOCKED).locked())
        .portal(policy)
        .start()
        .unwrap()
}

/// How somebody visits.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) partial: bool,
    pub(crate) language: &'static str,
    pub(crate) links: bool,
}

/// A visit with everything that it shows on its way.
struct Visit<'a> {
    tenant: &'a Tenant,
    browser: Browser,
    seen: Vec<Seen>,
}

/// A page as it was shown.
pub(crate) struct Seen {
    status: u16,
    pub(crate) page: Document,
}

impl<'a> Visit<'a> {
    fn begin(tenant: &'a Tenant, manner: Manner) -> Self {
        let address = format!("/n/passwordreset?mkt={}&whr=contoso.com", manner.language);
        let mut browser = Browser::open(tenant, &address);
        browser.partial = manner.partial;
        let mut visit = Self {
            tenant,
            browser,
            seen: Vec::new(),
        };
        visit.look();
        visit
    }

    fn look(&mut self) {
        self.seen.push(Seen {
            status: self.browser.status,
            page: Document::read(self.browser.page.source()),
        });
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

    fn fill_phone(&mut self) -> &mut Self {
        self.fill("TextBoxPhoneNumber", "+81 9055550100")
    }

    fn by_mail(&mut self, user: &str) -> &mut Self {
        self.method("AltEmailRadio").press("ButtonEmail");
        let code = self.tenant.inbox().latest(user).unwrap().code;
        self.enter_code(&code)
    }

    fn by_call(&mut self, user: &str) -> &mut Self {
        self.method("OfficePhoneRadio").press("ButtonCall");
        assert!(self.tenant.approve(user));
        self.press("ButtonNext")
    }

    fn finish(&mut self, password: &str) -> &mut Self {
        self.fill("TextBoxNewPassword", password)
            .fill("TextBoxConfirmPassword", password)
            .press("ButtonFinish")
    }
}

/// What does not differ between two visits of the same kind.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    status: u16,
    title: String,
    action: String,
    panel: String,
    fields: Vec<(String, String)>,
}

impl Shown {
    fn of(seen: &Seen) -> Self {
        let page = &seen.page;
        let start = "<div id=\"ContentPlaceholderMainContent_UpdatePanelMain\">";
        let (_, panel) = page.source().split_once(start).unwrap();
        let (panel, _) = panel.split_once("</div></form>").unwrap();
        let fresh = [
            "__VIEWSTATE",
            "__EVENTVALIDATION",
            "ctl00$CorrelationID",
            "ctl00$ContentPlaceholderMainContent$WorkflowConsistencyCheck",
        ];
        let hidden = page
            .nodes()
            .filter(|node| node.attribute("type") == Some("hidden"));
        let fields = hidden.map(|node| {
            let name = node.attribute("name").unwrap();
            let value = node.attribute("value").unwrap();
            let value = if fresh.contains(&name) { "" } else { value };
            (name.to_owned(), value.to_owned())
        });
        let form = page.first("form").unwrap();
        Self {
            status: seen.status,
            title: page.first("title").unwrap().text(),
            action: form.attribute("action").unwrap().to_owned(),
            panel: without_guids(panel),
            fields: fields.collect(),
        }
    }

    fn view(&self) -> &str {
        let mut fields = self.fields.iter();
        let field = fields.find(|(name, _)| name.ends_with("CurrentViewName"));
        &field.unwrap().1
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

/// Visits in which every page is shown, and every complaint.
pub(crate) fn walk(manner: Manner) -> Vec<Vec<Seen>> {
    let tenant = tenant_with(manner.links);
    let begin = || Visit::begin(&tenant, manner);
    let mut visits = vec![reset(begin()), unlock(begin()), passwords(begin())];

    let mut cancelled = begin();
    cancelled.press("ButtonCancel");
    visits.push(cancelled);

    for error in [
        PortalError::TenantSsprFlagDisabled,
        PortalError::WritebackNotEnabled,
        PortalError::SsprNotEnabledInUserPolicy,
        PortalError::UserNotLicensed,
        PortalError::UserNotMemberOfScopedAccessGroup,
        PortalError::UserNotProperlyConfigured,
        PortalError::AccountNotEnabled,
        PortalError::AccountNotSupported,
        PortalError::ServiceError,
    ] {
        let mut visit = begin();
        tenant.order(Fault::at(Endpoint::Portal).portal_error(error));
        visit
            .press("ButtonNext")
            .press("ButtonContactAdministrator");
        visits.push(visit);
    }
    for error in [
        PortalError::OnPremisesAdminActionRequired,
        PortalError::OnPremisesConnectivityError,
        PortalError::OnPremisesSuccessCloudFailure,
    ] {
        let mut visit = begin();
        visit.identify(LOCKED).want("RadioReset");
        visit.by_mail(LOCKED).by_call(LOCKED);
        tenant.order(Fault::at(Endpoint::Portal).portal_error(error));
        visit.finish(NEW);
        visits.push(visit);
    }

    let strict = Tenant::builder()
        .portal(PortalPolicy::default().attempts_per_hour(0))
        .start()
        .unwrap();
    let mut blocked = Visit::begin(&strict, manner);
    blocked
        .fill("TextBoxUserIdentifier", ADELE)
        .press("ButtonNext");
    visits.push(blocked);
    visits.into_iter().map(|visit| visit.seen).collect()
}

/// With every method on the way.
fn reset(mut visit: Visit<'_>) -> Visit<'_> {
    let tenant = visit.tenant;
    visit.press("ButtonNext").press("ButtonOtherPicture");
    visit
        .fill("RepMapChallengeSolution", "x")
        .press("ButtonNext");
    visit.identify("誰も𠮷🔑@contoso.com").identify(YOSHIDA);
    visit.press("ButtonNext").want("RadioReset");
    visit
        .press("ButtonNext")
        .press("ButtonBack")
        .want("RadioReset");
    visit.method("AltEmailRadio").press("ButtonEmail");
    visit.press("ButtonEmail").press("ButtonNext");
    visit.enter_code("x").press("ButtonBack");
    visit.method("PhoneRadio").press("ButtonText");
    visit.fill_phone().press("ButtonText").enter_code("x");
    visit.press("ButtonBack").method("PhoneRadio");
    visit.fill_phone().press("ButtonCall").press("ButtonNext");
    assert!(tenant.decline(YOSHIDA));
    visit.press("ButtonNext").press("ButtonBack");
    visit.method("OfficePhoneRadio").press("ButtonCall");
    tenant.advance(Duration::from_secs(60));
    visit.press("ButtonNext").press("ButtonBack");
    visit
        .method("MobileAppNotificationRadio")
        .press("ButtonSend");
    assert!(tenant.decline(YOSHIDA));
    visit.press("ButtonNext").press("ButtonSend");
    visit.press("ButtonNext").press("ButtonBack");
    visit.method("SecurityQuestionsRadio");
    visit.fill("TextBoxAnswer1", "𠮷").press("ButtonNext");
    visit
        .fill("TextBoxAnswer1", "𠮷")
        .fill("TextBoxAnswer2", "|");
    visit.press("ButtonNext").method("AppCodeRadio");
    visit.press("ButtonNext").enter_code("x");
    let code = tenant.app_code(YOSHIDA).unwrap();
    visit.enter_code(&code).finish(NEW);
    assert!(tenant.password_is(YOSHIDA, NEW));
    visit
}

fn unlock(mut visit: Visit<'_>) -> Visit<'_> {
    visit.identify(LOCKED).want("RadioUnlock");
    visit.by_call(LOCKED).by_mail(LOCKED);
    assert!(!visit.tenant.is_locked(LOCKED));
    visit
}

/// With every complaint about a password.
fn passwords(mut visit: Visit<'_>) -> Visit<'_> {
    visit.identify(LOCKED).want("RadioReset");
    visit.by_mail(LOCKED).by_call(LOCKED);
    let too_long = format!("Ab1{}", "x".repeat(254));
    for refused in [
        "",
        "Sun-1",
        &too_long,
        "Sünny-Day-1",
        "sunny-day",
        "P@ssw0rd1",
        INITIAL_PASSWORD,
        "My-LOCKED-Day-1",
    ] {
        visit.finish(refused);
        assert_eq!(visit.browser.view(), "ViewNewPassword", "{refused}");
    }
    visit.fill("TextBoxNewPassword", NEW).press("ButtonFinish");
    visit.press("ButtonCancel");
    visit
}

#[test]
fn every_view_is_the_same_by_either_post() {
    let [whole, partial] = [false, true].map(|partial| {
        let manner = Manner {
            partial,
            language: "ja-JP",
            links: false,
        };
        let seen = walk(manner).into_iter().flatten();
        seen.map(|seen| Shown::of(&seen)).collect::<Vec<_>>()
    });
    assert_eq!(whole.len(), partial.len());
    for (whole, partial) in whole.iter().zip(&partial) {
        assert_eq!(whole, partial);
    }
    let mut views: Vec<&str> = partial.iter().map(Shown::view).collect();
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
