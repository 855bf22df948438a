//! The portal with links for buttons, which its script presses.

use sspr::mock::{PortalPolicy, Tenant, User};
use sspr::proxy::Explicit;

use crate::visit::{MAIL, PORTAL, USER, Visit, channel};

#[tokio::test]
async fn a_link_is_pressed_by_the_script_of_the_page() {
    let tenant = Tenant::builder()
        .host_name(PORTAL)
        .portal(PortalPolicy::default().link_buttons())
        .user(User::new(USER).contact(MAIL))
        .start()
        .unwrap();
    let channel = channel(&tenant).way(Explicit::Direct);
    let visit = Visit::begin("links", "en", &tenant, channel, |builder| builder).await;
    let Some(mut visit) = visit else { return };
    visit.open_portal().await;
    visit.picture("user").await;
    visit.browser.click("a[id$=ButtonNext]").await;
    visit.browser.click("[id$=AltEmailRadio]").await;
    visit.picture("methods").await;
    visit.browser.click("a[id$=ButtonNext]").await;
    visit.browser.click("a[id$=ButtonEmail]").await;
    visit.browser.find("[id$=TextBoxVerificationCode]").await;
    assert_eq!(tenant.inbox().latest(USER).unwrap().to, MAIL);
    visit.end().await;
}
