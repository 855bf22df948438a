//! A tenant, a client for it, and settings that a test makes up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sspr::mock::Tenant;
use sspr::proxy::{
    BypassDialect, BypassList, Explicit, Manual, ProxyServer, ServerList, Sources, Survey,
    SurveyOptions, SurveySource,
};
use sspr::revocation::{Policy, Settings};
use sspr::{
    Code, Error, NativeV1, NewPassword, Outcome, Reset, ResetClient, ResetClientBuilder, RootScope,
    Step, Trust, TrustReport, Username, Way,
};

pub(crate) const USER: &str = "adele@contoso.com";

pub(crate) fn user() -> Username {
    Username::parse(USER).unwrap()
}

/// A client that checks revocation strictly, with the tenant's responder on this computer.
pub(crate) fn builder_for(tenant: &Tenant) -> ResetClientBuilder {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    ResetClient::builder(protocol)
        .trust(trust)
        .revocation(asking(Policy::Strict))
}

/// Asks the tenant's responder, which is on this computer.
pub(crate) fn asking(policy: Policy) -> Settings {
    Settings::new(policy).private_responders(["127.0.0.1"])
}

pub(crate) async fn finish(reset: &mut Reset, tenant: &Tenant) -> Result<(), Error> {
    loop {
        match reset.step() {
            Step::EnterCode { .. } => {
                let mail = tenant.inbox().latest(USER).unwrap();
                reset.enter_code(Code::new(mail.code)).await?;
            }
            Step::NewPassword { .. } => {
                reset
                    .set_password(NewPassword::new("Winter-Snow-9"))
                    .await?;
            }
            Step::Applying { .. } => reset.wait().await?,
            Step::Finished(outcome) => {
                assert!(
                    matches!(outcome, Outcome::PasswordChanged { .. }),
                    "{outcome:?}"
                );
                return Ok(());
            }
            other => panic!("{other:?}"),
        }
    }
}

/// These servers, but for these hosts.
pub(crate) fn all_but(server: ProxyServer, exceptions: &str) -> Explicit {
    let exceptions = BypassList::parse(BypassDialect::Gnome, exceptions);
    Explicit::Manual(Box::new(Manual::new(
        ServerList::single(server),
        exceptions,
    )))
}

/// The ways of the fetches of revocation data.
pub(crate) fn fetch_ways(report: &TrustReport) -> Vec<Way> {
    let attempts = report.path.iter().flat_map(|one| &one.attempts);
    attempts.filter_map(|attempt| attempt.way.clone()).collect()
}

pub(crate) fn through(proxy: &str) -> Way {
    Way::Proxy {
        proxy: proxy.to_owned(),
        login: None,
    }
}

/// Settings that change when a test says so.
#[derive(Clone)]
pub(crate) struct Given {
    ways: Arc<Vec<Explicit>>,
    /// Which of them counts.
    pub(crate) now: Arc<AtomicUsize>,
    /// How often they were read.
    pub(crate) read: Arc<AtomicUsize>,
}

impl Given {
    pub(crate) fn new(ways: impl IntoIterator<Item = Explicit>) -> Self {
        Self {
            ways: Arc::new(ways.into_iter().collect()),
            now: Arc::default(),
            read: Arc::default(),
        }
    }
}

impl SurveySource for Given {
    fn survey(&self) -> Survey {
        self.read.fetch_add(1, Ordering::SeqCst);
        let mut sources = Sources::default();
        sources.explicit = Some(self.ways[self.now.load(Ordering::SeqCst)].clone());
        Survey::take(&sources, &SurveyOptions::default())
    }
}
