//! django.contrib.auth: a link in a mail.

use sspr::{NewPassword, Outcome, Reset, Step};
use url::Url;

use super::site::{MAIL, PASSWORD, Site};
use super::{NEW, choose_a_password, start};

const PROFILE: &str = include_str!("contrib_auth.json");

/// Has a link sent. The attempt ends there.
async fn request(site: &Site) -> Url {
    let url = site.url("/auth/password_reset/");
    let reset = start(site, url, PROFILE, MAIL).await.unwrap();
    let Step::UseBrowser(handoff) = reset.step() else {
        panic!("{:?}", reset.step())
    };
    // Where the site says that it has sent a mail.
    let reason = handoff.reason.as_deref();
    assert_eq!(reason, Some("/auth/password_reset/done/"));
    site.link()
}

async fn open(site: &Site, link: &Url) -> Reset {
    start(site, link.clone(), PROFILE, MAIL).await.unwrap()
}

#[tokio::test]
async fn a_whole_reset_in_two_attempts() {
    let Some(site) = Site::start() else { return };
    let link = request(&site).await;
    let mut reset = open(&site, &link).await;
    choose_a_password(&mut reset).await;
    assert!(site.lets_in(NEW).await);
    assert!(!site.lets_in(PASSWORD).await);

    // The link has served.
    let reset = open(&site, &link).await;
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));
}

#[tokio::test]
async fn a_link_that_nobody_sent() {
    let Some(site) = Site::start() else { return };
    for path in [
        "/auth/reset/MQ/abc-0123456789/",
        "/auth/reset/MQ/set-password/",
    ] {
        let reset = open(&site, &site.url(path)).await;
        assert_eq!(reset.step(), &Step::Finished(Outcome::Expired), "{path}");
    }
}

#[tokio::test]
async fn a_session_that_is_lost_before_the_password() {
    let Some(site) = Site::start() else { return };
    let link = request(&site).await;
    let mut reset = open(&site, &link).await;
    site.forget_sessions();
    reset.set_password(NewPassword::new(NEW)).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));
    assert!(site.lets_in(PASSWORD).await);
}
