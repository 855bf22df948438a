//! django-allauth: a code in a mail.

use sspr::{Code, Fault, NewPassword, Outcome, Privacy, Rejection, Reset, Step, Username};

use super::site::{MAIL, PASSWORD, Site};
use super::{NEW, choose_a_password, client, start};

const PROFILE: &str = include_str!("allauth.json");
const FIRST_PAGE: &str = "/accounts/password/reset/";
const CODE_PAGE: &str = "/accounts/password/reset/confirm/";
const PASSWORD_PAGE: &str = "/accounts/password/reset/complete/";

async fn opened(site: &Site, user: &str) -> Reset {
    let url = site.url(FIRST_PAGE);
    let reset = start(site, url, PROFILE, user).await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
    reset
}

async fn verified(site: &Site) -> Reset {
    let mut reset = opened(site, MAIL).await;
    reset.enter_code(Code::new(site.code())).await.unwrap();
    reset
}

#[tokio::test]
async fn a_whole_reset() {
    let Some(site) = Site::start() else { return };
    let mut reset = opened(&site, MAIL).await;
    reset.enter_code(Code::new("AAAA-BBBB")).await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
    assert_eq!(reset.step().rejection(), Some(&Rejection::WrongCode));
    reset.enter_code(Code::new(site.code())).await.unwrap();
    choose_a_password(&mut reset).await;
    assert_eq!(site.visits(FIRST_PAGE), (1, 1));
    assert_eq!(site.visits(CODE_PAGE), (1, 2));
    // One password was too short to be sent.
    assert_eq!(site.visits(PASSWORD_PAGE), (1, 3));
    assert!(site.lets_in(NEW).await);
    assert!(!site.lets_in(PASSWORD).await);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let Some(site) = Site::start() else { return };
    for user in [MAIL, "nobody@contoso.com"] {
        let mut reset = opened(&site, user).await;
        for _ in 0..2 {
            reset.enter_code(Code::new("AAAA-BBBB")).await.unwrap();
            assert_eq!(reset.step().rejection(), Some(&Rejection::WrongCode));
        }
        reset.enter_code(Code::new("AAAA-BBBB")).await.unwrap();
        // The site leads to its sign-in page, which wants a password as well.
        assert_eq!(reset.step(), &Step::Finished(Outcome::Expired), "{user}");
    }
    assert!(site.lets_in(PASSWORD).await);
}

#[tokio::test]
async fn a_session_that_is_lost_before_the_code() {
    let Some(site) = Site::start() else { return };
    let mut reset = opened(&site, MAIL).await;
    let code = site.code();
    site.forget_sessions();
    reset.enter_code(Code::new(code)).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));
}

#[tokio::test]
async fn a_session_that_is_lost_before_the_password() {
    let Some(site) = Site::start() else { return };
    let mut reset = verified(&site).await;
    site.forget_sessions();
    reset.set_password(NewPassword::new(NEW)).await.unwrap();
    // The site asks anew who it is, which does not tell what became of the password.
    let unknown = matches!(reset.step(), Step::Finished(Outcome::Unknown { .. }));
    assert!(unknown, "{:?}", reset.step());
    assert!(site.lets_in(PASSWORD).await);
}

#[tokio::test]
async fn cookies_that_are_for_another_domain() {
    let Some(site) = Site::with_foreign_cookies() else {
        return;
    };
    let url = site.url(FIRST_PAGE);
    let error = start(&site, url, PROFILE, MAIL).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::CookiesRefused), "{error:?}");
}

#[tokio::test]
async fn an_address_that_is_none() {
    let Some(site) = Site::start() else { return };
    let url = || site.url(FIRST_PAGE);
    let reset = start(&site, url(), PROFILE, "adele").await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));

    let client = client(&site, url(), PROFILE).privacy(Privacy::Tell).build();
    let user = Username::parse("adele").unwrap();
    let error = client.unwrap().start(user).await.unwrap_err();
    let Fault::AccountNotFound { server } = error.fault() else {
        panic!("{error:?}")
    };
    assert_eq!(server.error.as_str(), "Enter a valid email address.");
}

#[tokio::test]
async fn more_attempts_than_the_site_allows() {
    let Some(site) = Site::start() else { return };
    for _ in 0..5 {
        opened(&site, MAIL).await;
    }
    let reset = start(&site, site.url(FIRST_PAGE), PROFILE, MAIL).await;
    // Status 429, and no word on for how long.
    let blocked = Outcome::Blocked { retry_after: None };
    assert_eq!(reset.unwrap().step(), &Step::Finished(blocked));
}
