//! Workforce accounts: the person resets the password on Microsoft's own page, in a web view.
//!
//! There is no documented interface for a forgotten password of such an account, so nothing is automated here.
//! [`Workforce`] knows where the page is, what it may be told (`mkt`, `whr`, `username`), and which hosts it needs;
//! [`outcome`] says what it means when the page ends with one of its codes. The feature `gateway` shows the page over
//! the same trusted way as everything else.
//!
//! Documented are the hosts, `mkt` and `whr`, and the codes ("Troubleshoot self-service password reset" of Microsoft
//! Entra); `username` was seen in public sources only.

use std::sync::Arc;
use std::time::Instant;

use url::{Host, Url};

use super::outcome::Outcome;
use super::step::{Handoff, Step};
use super::{Action, Attempt, Event, Flow, Protocol};
use crate::cloud::Cloud;
use crate::error::{AuthorityProblem, Error, Fault, PeerText, ServerError};

/// The page that the sign-in screen of Windows opens.
const PAGE: &str = "/n/passwordreset";

const REASON: &str = "no interface is documented for workforce accounts";

/// Resets workforce accounts on the portal of their cloud: the first and only step is
/// [`Step::UseBrowser`].
///
/// ```
/// use sspr::{Cloud, Workforce};
///
/// let protocol = Workforce::new(&Cloud::global())?.language("ja-JP").realm("contoso.com");
/// # Ok::<(), sspr::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Workforce {
    settings: Arc<Settings>,
}

#[derive(Debug, Clone)]
struct Settings {
    page: Url,
    hosts: Vec<String>,
    language: Option<String>,
    realm: Option<String>,
    names_person: bool,
}

impl Workforce {
    /// The portal of `cloud`, at the first of its hosts. Its pages may use all hosts that the cloud names.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`] if the cloud names no host for resets, or none that can be one.
    pub fn new(cloud: &Cloud) -> Result<Self, Error> {
        let invalid = |problem| Error::new(Fault::InvalidAuthority { problem });
        let first = cloud.reset_hosts.first();
        let host = first.ok_or_else(|| invalid(AuthorityProblem::NoHost))?;
        let Ok(Host::Domain(_)) = Host::parse(host) else {
            return Err(invalid(AuthorityProblem::NoHost));
        };
        let page = Url::parse(&format!("https://{host}{PAGE}"))
            .map_err(|_| invalid(AuthorityProblem::NotAUrl))?;
        let settings = Settings {
            page,
            hosts: hosts(cloud),
            language: None,
            realm: None,
            names_person: true,
        };
        Ok(Self {
            settings: Arc::new(settings),
        })
    }

    /// Another page than `/n/passwordreset` at the first host of the cloud, for instance with parameters of its own.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`] if it is no `https` address, or holds credentials.
    pub fn page(mut self, url: Url) -> Result<Self, Error> {
        let problem = match &url {
            url if url.scheme() != "https" => Some(AuthorityProblem::NotHttps),
            url if !url.username().is_empty() || url.password().is_some() => {
                Some(AuthorityProblem::HasCredentials)
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Fault::InvalidAuthority { problem }.into());
        }
        Arc::make_mut(&mut self.settings).page = url;
        Ok(self)
    }

    /// The language of the page (`mkt`), a tag such as `ja-JP`. By default the page chooses.
    #[must_use]
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).language = Some(tag.into());
        self
    }

    /// The domain whose branding the page shows (`whr`). By default that is left to the page.
    #[must_use]
    pub fn realm(mut self, domain: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).realm = Some(domain.into());
        self
    }

    /// Whether the page is told who it is about (`username`), so that the person need not type it again. By default it
    /// is; the name is then in the address of the page, and in what the frontend logs of it.
    #[must_use]
    pub fn name_person(mut self, name: bool) -> Self {
        Arc::make_mut(&mut self.settings).names_person = name;
        self
    }

    /// Lets the page use one more host: a federated provider's, for instance.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).hosts.push(host.into());
        self
    }
}

impl Protocol for Workforce {
    fn name(&self) -> &'static str {
        "workforce"
    }

    fn authority(&self) -> &Url {
        &self.settings.page
    }

    fn begin(&self, attempt: Attempt) -> Box<dyn Flow> {
        Box::new(Portal {
            settings: Arc::clone(&self.settings),
            attempt,
        })
    }
}

/// What a web view needs for the reset of a PIN of Windows Hello for Business: hosts, and no address. Where Windows begins
/// it is not public, so the frontend has to know.
///
/// Federated providers are to be added; Windows keeps them in the policy `ConfigureWebSignInAllowedUrls`.
pub fn pin_reset(cloud: &Cloud) -> Handoff {
    let reason = PeerText::new("the address of the PIN reset is not public");
    Handoff::new(None, Some(reason)).hosts(hosts(cloud))
}

pub(super) fn hosts(cloud: &Cloud) -> Vec<String> {
    let mut hosts = cloud.reset_hosts.clone();
    hosts.extend(cloud.content_hosts.iter().cloned());
    hosts.push(cloud.login_host.clone());
    hosts
}

/// The attempt: one step.
struct Portal {
    settings: Arc<Settings>,
    attempt: Attempt,
}

impl Portal {
    fn handoff(&self) -> Handoff {
        let settings = &self.settings;
        let mut url = settings.page.clone();
        let person = settings
            .names_person
            .then(|| self.attempt.username.expose_secret());
        let parameters = [
            ("mkt", settings.language.as_deref()),
            ("whr", settings.realm.as_deref()),
            ("username", person),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Handoff::new(Some(url), Some(PeerText::new(REASON))).hosts(settings.hosts.clone())
    }
}

impl Flow for Portal {
    fn handle(&mut self, event: Event, _now: Instant) -> Action {
        match event {
            Event::Begin => Action::Show(Step::UseBrowser(self.handoff())),
            _ => Action::Stay,
        }
    }

    fn server_correlation(&self) -> Option<&PeerText> {
        None
    }
}

/// The codes, with the names that the documentation gives them, and what each means.
const CODES: [(&str, &str, Meaning); 9] = [
    (
        "SSPR_0009",
        "TenantSSPRFlagDisabled",
        Meaning::Administrator,
    ),
    ("SSPR_0010", "WritebackNotEnabled", Meaning::Administrator),
    (
        "SSPR_0011",
        "SsprNotEnabledInUserPolicy",
        Meaning::Administrator,
    ),
    ("SSPR_0012", "UserNotLicensed", Meaning::Administrator),
    (
        "SSPR_0013",
        "UserNotMemberOfScopedAccessGroup",
        Meaning::Administrator,
    ),
    (
        "SSPR_0014",
        "UserNotProperlyConfigured",
        Meaning::Administrator,
    ),
    (
        "SSPR_0029",
        "OnPremisesAdminActionRequired",
        Meaning::Administrator,
    ),
    ("SSPR_0030", "OnPremisesConnectivityError", Meaning::Later),
    ("", "OnPremisesSuccessCloudFailure", Meaning::Changed),
];

#[derive(Clone, Copy)]
enum Meaning {
    Administrator,
    Later,
    Changed,
}

/// What it means that the page ended with `code`, as the frontend read it there: `SSPR_0011`, or the name that the
/// documentation gives it. Case does not matter.
///
/// It never says that a password was changed by the absence of a code: only what the page itself says is known.
///
/// # Errors
/// * [`Fault::WritebackUnavailable`] for `SSPR_0030`: a later try may succeed.
/// * [`Fault::Refused`] with the code for all that are not documented.
pub fn outcome(code: &str) -> Result<Outcome, Error> {
    let said = PeerText::new(code);
    let is_said = |(number, name, _): &&(&str, &str, Meaning)| {
        !said.is_empty() && (said.eq_ignore_ascii_case(number) || said.eq_ignore_ascii_case(name))
    };
    let known = CODES.iter().find(is_said);
    match known.map(|(_, _, meaning)| *meaning) {
        Some(Meaning::Administrator) => Ok(Outcome::NeedsAdministrator { code: said }),
        Some(Meaning::Changed) => Ok(Outcome::ChangedCloudPending),
        Some(Meaning::Later) => Err(Fault::WritebackUnavailable { code: said }.into()),
        None => {
            let server = ServerError {
                error: said,
                ..ServerError::default()
            };
            Err(Fault::Refused { server }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Remedy;
    use crate::secret::Username;

    fn handoff(protocol: &Workforce, name: &str) -> Handoff {
        let attempt = Attempt::new(Username::parse(name).unwrap(), "id");
        let mut flow = protocol.begin(attempt);
        match flow.handle(Event::Begin, Instant::now()) {
            Action::Show(Step::UseBrowser(handoff)) => handoff,
            other => panic!("{other:?}"),
        }
    }

    fn url(protocol: &Workforce) -> String {
        handoff(protocol, "adele@contoso.com").url.unwrap().into()
    }

    #[test]
    fn each_cloud_has_its_page_and_its_hosts() {
        for (cloud, page, login) in [
            (
                Cloud::global(),
                "https://passwordreset.microsoftonline.com/n/passwordreset",
                "login.microsoftonline.com",
            ),
            (
                Cloud::us_gov(),
                "https://passwordreset.microsoftonline.us/n/passwordreset",
                "login.microsoftonline.us",
            ),
            (
                Cloud::china(),
                "https://passwordreset.activedirectory.windowsazure.cn/n/passwordreset",
                "login.partner.microsoftonline.cn",
            ),
        ] {
            let protocol = Workforce::new(&cloud).unwrap().name_person(false);
            assert_eq!(protocol.authority().as_str(), page);
            let handoff = handoff(&protocol, "adele@contoso.com");
            assert_eq!(handoff.url.unwrap().as_str(), page);
            for host in [login, "ajax.aspnetcdn.com", cloud.reset_hosts[0].as_str()] {
                assert!(handoff.hosts.iter().any(|known| known == host), "{host}");
            }
        }
    }

    #[test]
    fn the_page_is_told_language_realm_and_person() {
        let global = Workforce::new(&Cloud::global()).unwrap();
        assert!(url(&global).ends_with("?username=adele%40contoso.com"));
        let all = global.language("ja-JP").realm("contoso.com");
        assert!(
            url(&all).ends_with("?mkt=ja-JP&whr=contoso.com&username=adele%40contoso.com"),
            "{}",
            url(&all)
        );
        let odd = handoff(&all, "a&mkt=x#@contoso.com").url.unwrap();
        let person = odd.query_pairs().find(|(name, _)| name == "username");
        assert_eq!(person.unwrap().1, "a&mkt=x#@contoso.com");
        assert_eq!(odd.fragment(), None);
    }

    #[test]
    fn another_page_must_be_https() {
        let page = |text: &str| {
            Workforce::new(&Cloud::global())
                .unwrap()
                .page(Url::parse(text).unwrap())
        };
        assert!(page("http://reset.contoso.example/").is_err());
        assert!(page("https://me@reset.contoso.example/").is_err());
        let own = page("https://reset.contoso.example/?flow=1").unwrap();
        assert!(url(&own).ends_with("?flow=1&username=adele%40contoso.com"));
        assert!(Workforce::new(&Cloud::new("own", "login.example", [""; 0])).is_err());
        assert!(Workforce::new(&Cloud::new("own", "login.example", ["10.0.0.1"])).is_err());
    }

    #[test]
    fn the_step_does_not_show_the_person_to_a_log() {
        let step = Step::UseBrowser(handoff(
            &Workforce::new(&Cloud::global()).unwrap(),
            "adele@contoso.com",
        ));
        assert!(!format!("{step:?}").contains("adele"));
    }

    #[test]
    fn a_pin_is_reset_somewhere_that_is_not_public() {
        let handoff = pin_reset(&Cloud::us_gov());
        assert_eq!(handoff.url, None);
        assert!(
            handoff
                .hosts
                .contains(&"login.microsoftonline.us".to_owned())
        );
    }

    /// S1
    #[test]
    fn what_an_administrator_has_to_mend() {
        for number in [9, 10, 11, 12, 13, 14, 29] {
            let code = format!("SSPR_{number:04}");
            let expected = Outcome::NeedsAdministrator {
                code: PeerText::new(&code),
            };
            assert_eq!(outcome(&format!(" {code}\n")).unwrap(), expected);
        }
        assert!(matches!(
            outcome("usernotlicensed"),
            Ok(Outcome::NeedsAdministrator { .. })
        ));
    }

    /// S2
    #[test]
    fn what_passes_by_itself() {
        for code in ["SSPR_0030", "OnPremisesConnectivityError"] {
            let error = outcome(code).unwrap_err();
            assert_eq!(error.remedy(), Remedy::TryLater);
            assert!(matches!(error.fault(), Fault::WritebackUnavailable { .. }));
        }
    }

    /// S3
    #[test]
    fn changed_here_and_not_yet_there() {
        assert_eq!(
            outcome("OnPremisesSuccessCloudFailure").unwrap(),
            Outcome::ChangedCloudPending
        );
    }

    #[test]
    fn codes_that_nobody_documented_are_kept() {
        for code in [
            "SSPR_0001",
            "SSPR_0015",
            "SSPR_0031",
            "",
            "Success",
            "SSPR_9",
        ] {
            let error = outcome(code).unwrap_err();
            let Fault::Refused { server } = error.fault() else {
                panic!("{error:?}")
            };
            assert_eq!(server.error.as_str(), code);
        }
    }
}
