//! A whole reset in the browser, behind a squid that wants to know who it is.

use std::env;

use sspr::gateway::Event;
use sspr::proxy::ProxyServer;
use sspr::{
    AuthScheme, Gssapi, ProxyAccess, ProxyCredentials, ProxyPassword, RevocationOutcome, RootClass,
    Way,
};
use url::Url;

use crate::stand::kerberos::{self, COMPUTER, REALM, Realm};
use crate::stand::{Log, squid};
use crate::visit::{MAIL, PORTAL, QUESTIONS, USER, Visit, channel, tenant};
use crate::{album, chromium};

const PASSWORD: &str = "Winter-Snow-9";

#[tokio::test]
async fn in_english_where_the_computer_logs_in_by_kerberos() {
    if let Some(proxy) = kerberos::inside() {
        let keytab = env::var_os("KRB5_CLIENT_KTNAME").unwrap();
        let access = ProxyAccess::new().own_identity(Gssapi::keytab(keytab));
        return whole("en", &proxy, access, AuthScheme::Negotiate).await;
    }
    let Some(realm) = Realm::start() else { return };
    let Some(proxy) = squid::kerberos(&realm) else {
        return;
    };
    if !chromium::is_there() {
        return;
    }
    let name = "reset::in_english_where_the_computer_logs_in_by_kerberos";
    realm.computer(&COMPUTER[..1]).goes_to(&proxy, name);
    // What that process said of it is not to be seen.
    album::tell("reset-en");
    has_seen(proxy.log(), &format!("{}@{REALM}", COMPUTER[0]));
}

#[tokio::test]
async fn in_japanese_where_the_proxy_knows_ntlm() {
    let Some(proxy) = squid::ntlm() else { return };
    if !chromium::is_there() {
        return;
    }
    let url = proxy.url();
    let credentials = ProxyCredentials::new("user", ProxyPassword::new("Spring-Rain-5"));
    let access = ProxyAccess::new().credentials(server(&url), credentials);
    whole("ja", &url, access, AuthScheme::Ntlm).await;
    has_seen(proxy.log(), "user");
}

/// What squid wrote down: tunnels of the one who logged in, and of nobody else.
fn has_seen(log: &Log, user: &str) {
    let user = format!(" {user} ");
    log.wait_for(2, &["TCP_TUNNEL/200", "CONNECT 127.0.0.1:", &user]);
    let tunnels = log.lines();
    let mut tunnels = tunnels.iter().filter(|line| line.contains("TCP_TUNNEL"));
    assert!(tunnels.all(|line| line.contains(&user)));
}

/// Goes through the portal from its first page to the changed password.
async fn whole(language: &str, proxy: &Url, access: ProxyAccess, login: AuthScheme) {
    let tenant = tenant();
    let channel = channel(&tenant).way(server(proxy)).proxy_access(access);
    let name = format!("reset-{language}");
    let visit = Visit::begin(&name, language, &tenant, channel, |builder| builder).await;
    let mut visit = visit.unwrap();
    visit.open_portal().await;
    let trust = visit.event(|event| match event {
        Event::Allowed { host, trust } if host == PORTAL => Some(trust),
        _ => None,
    });
    let trust = trust.await;
    let way = Way::Proxy {
        proxy: server(proxy).to_string(),
        login: Some(login),
    };
    assert_eq!((&trust.way, trust.anchor.class), (&way, RootClass::Pinned));
    for certificate in &trust.path {
        let revocation = &certificate.revocation;
        assert!(
            matches!(revocation, RevocationOutcome::Good { .. }),
            "{revocation:?}"
        );
    }

    visit.page("user", "RepMapChallengeSolution").await;
    let tag = visit.browser.property("html", "lang").await;
    assert!(tag.starts_with(language), "{tag}");
    let user = control("TextBoxUserIdentifier");
    assert_eq!(visit.browser.property(&user, "value").await, USER);
    let digits = tenant.captcha_answer().unwrap();
    visit.fill("RepMapChallengeSolution", &digits).await;
    visit.press("ButtonNext").await;

    visit.page("methods", "AltEmailRadio").await;
    visit.press("AltEmailRadio").await;
    visit.press("ButtonNext").await;
    visit.page("mail", "ButtonEmail").await;
    visit.press("ButtonEmail").await;
    visit.page("code", "TextBoxVerificationCode").await;
    let mail = tenant.inbox().latest(MAIL).unwrap();
    visit.fill("TextBoxVerificationCode", &mail.code).await;
    visit.press("ButtonNext").await;

    visit.page("second-method", "SecurityQuestionsRadio").await;
    visit.press("SecurityQuestionsRadio").await;
    visit.press("ButtonNext").await;
    visit.page("questions", "TextBoxAnswer1").await;
    for (number, (_, answer)) in (1..).zip(QUESTIONS) {
        visit.fill(&format!("TextBoxAnswer{number}"), answer).await;
    }
    visit.press("ButtonNext").await;

    visit.page("password", "TextBoxNewPassword").await;
    visit.fill("TextBoxNewPassword", PASSWORD).await;
    visit.fill("TextBoxConfirmPassword", PASSWORD).await;
    visit.press("ButtonFinish").await;
    let done = "input[name$=CurrentViewName][value=ViewFinished]";
    visit.browser.find(done).await;
    visit.picture("finished").await;

    assert!(tenant.password_is(USER, PASSWORD));
    let last = tenant.audit().pop().unwrap();
    assert_eq!(last.activity, "Reset password (self-service)");
    assert_eq!(last.client_type, "Windows sign-in screen");
    let counts = visit.gateway.counts();
    assert!(counts.tunnels > 0, "{counts:?}");
    assert_eq!(
        (counts.failed, counts.foreign_processes, counts.wrong_token),
        (0, 0, 0)
    );
    visit.end().await;
}

impl Visit {
    /// Waits for the page that has this control, and keeps a picture of it.
    async fn page(&mut self, title: &str, with: &str) {
        self.browser.find(&control(with)).await;
        self.picture(title).await;
    }

    async fn fill(&self, name: &str, text: &str) {
        self.browser.fill(&control(name), text).await;
    }

    async fn press(&self, name: &str) {
        self.browser.click(&control(name)).await;
    }
}

/// A control of the portal: what its id ends with.
fn control(name: &str) -> String {
    format!("[id$={name}]")
}

fn server(proxy: &Url) -> ProxyServer {
    proxy.as_str().parse().unwrap()
}
