//! Reset pages that nobody here wrote, driven by `Portal`: those of django-allauth, with a code in a mail, and those of
//! Django itself, with a link in a mail. Both show their own templates, over TLS of gunicorn.
//!
//! `tests/real/install/django` installs them. Where they are missing, the tests say so and end; with
//! `SSPR_REAL=require` they fail. What the pages mean is in the two profiles beside this file.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod code;
mod link;
mod site;
mod stand;

use sspr::protocol::portal::{Portal, Profile};
use sspr::proxy::Explicit;
use sspr::{
    Error, NewPassword, Outcome, Rejection, Reset, ResetClient, ResetClientBuilder, Step, Username,
};
use url::Url;

use self::site::Site;

const NEW: &str = "Winter-Snow-12";
/// On Django's list of common passwords.
const COMMON: &str = "password123";
/// Nothing but digits, and on no list of ours.
const DIGITS: &str = "8413059267431";

/// A client whose attempts begin at a page of the site.
fn client(site: &Site, url: Url, profile: &str) -> ResetClientBuilder {
    let portal = Portal::new(url, Profile::from_json(profile).unwrap()).unwrap();
    ResetClient::builder(portal)
        .trust(site.trust())
        .way(Explicit::Direct)
}

/// An attempt of `user` that begins at a page of the site.
async fn start(site: &Site, url: Url, profile: &str, user: &str) -> Result<Reset, Error> {
    let client = client(site, url, profile).build().unwrap();
    client.start(Username::parse(user).unwrap()).await
}

/// Passwords that the site does not take, then one that it takes.
async fn choose_a_password(reset: &mut Reset) {
    assert_eq!(reset.step().id(), "new-password");
    reset.set_password(NewPassword::new("short")).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordTooShort));
    reset.set_password(NewPassword::new(COMMON)).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordBanned));
    reset.set_password(NewPassword::new(DIGITS)).await.unwrap();
    let told = reset.step().rejection();
    let Some(Rejection::Other(server)) = told else {
        panic!("{told:?}")
    };
    assert!(server.error.contains("entirely numeric"), "{server:?}");
    reset.set_password(NewPassword::new(NEW)).await.unwrap();
    assert!(is_changed(reset.step()), "{:?}", reset.step());
}

fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}
