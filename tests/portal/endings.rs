//! How attempts on the mock's portal end otherwise: every documented error, throttling, lost cookies, unknown accounts.

use std::time::Duration;

use sspr::mock::{Endpoint, Fault as MockFault, PortalError, PortalPolicy, User};
use sspr::protocol::portal::Profile;
use sspr::{Code, Error, Fault, Outcome, Portal, Privacy, Remedy, Reset, Stage, Step, Username};

use crate::desk::{
    MANNERS, Manner, PASSWORD, USER, adele, choose, client, client_with, password, prove, start,
    tenant, type_code, user,
};

const WHOLE: Manner = MANNERS[2];

fn administrator(code: &str) -> Step {
    Step::Finished(Outcome::NeedsAdministrator { code: code.into() })
}

fn cause(reset: &Reset) -> &Fault {
    reset.cause().map(Error::fault).unwrap()
}

/// S1: found before anything is proved.
#[tokio::test]
async fn what_an_administrator_has_to_mend_is_told_with_its_code() {
    for manner in MANNERS {
        for error in [
            PortalError::TenantSsprFlagDisabled,
            PortalError::WritebackNotEnabled,
            PortalError::SsprNotEnabledInUserPolicy,
            PortalError::UserNotLicensed,
            PortalError::UserNotMemberOfScopedAccessGroup,
            PortalError::UserNotProperlyConfigured,
        ] {
            let tenant = tenant(PortalPolicy::default());
            tenant.put_user(adele().portal_error(error));
            let reset = start(&tenant, manner).await;
            assert_eq!(reset.step(), &administrator(error.code().unwrap()));
        }
    }
}

/// S1: found when the password is written back.
#[tokio::test]
async fn what_is_in_the_way_on_premises_is_told_when_it_is_found() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let error = PortalError::OnPremisesAdminActionRequired;
        tenant.put_user(adele().portal_error(error));
        let mut reset = start(&tenant, manner).await;
        prove(&tenant, &mut reset, "email").await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step(), &administrator("SSPR_0029"));
        assert_eq!(tenant.password_changes(USER), 0);
    }
}

/// S2
#[tokio::test]
async fn an_unreachable_directory_is_for_later() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let error = PortalError::OnPremisesConnectivityError;
        tenant.put_user(adele().portal_error(error));
        let mut reset = start(&tenant, manner).await;
        prove(&tenant, &mut reset, "email").await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
        let expected = Fault::WritebackUnavailable {
            code: "SSPR_0030".into(),
        };
        assert_eq!(cause(&reset), &expected);
        assert_eq!(reset.cause().unwrap().remedy(), Remedy::TryLater);
    }
}

/// S3
#[tokio::test]
async fn changed_here_and_not_yet_there_is_a_change() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let error = PortalError::OnPremisesSuccessCloudFailure;
        tenant.put_user(adele().portal_error(error));
        let mut reset = start(&tenant, manner).await;
        prove(&tenant, &mut reset, "email").await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step(), &Step::Finished(Outcome::ChangedCloudPending));
        assert!(tenant.password_is(USER, PASSWORD));
    }
}

/// S4
#[tokio::test]
async fn too_many_tries_are_told_with_the_time() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default().attempts_per_hour(2));
        let mut reset = start(&tenant, manner).await;
        choose(&mut reset, "email").await;
        let mut wrong = 0;
        while reset.step().id() == "enter-code" {
            reset.enter_code(Code::new("wrong")).await.unwrap();
            wrong += 1;
        }
        assert_eq!(wrong, 3);
        let Step::Finished(Outcome::Blocked { retry_after }) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        let day = Duration::from_secs(24 * 60 * 60);
        let least = day - Duration::from_secs(60);
        assert!(retry_after.is_some_and(|time| (least..=day).contains(&time)));
        // And so is the next attempt.
        let reset = start(&tenant, manner).await;
        assert!(matches!(
            reset.step(),
            Step::Finished(Outcome::Blocked {
                retry_after: Some(_)
            })
        ));
    }
}

/// S7: the cookies are lost on the way.
#[tokio::test]
async fn lost_cookies_are_told_as_such() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        tenant
            .order(MockFault::at(Endpoint::Portal).portal(sspr::mock::PortalFault::WithoutCookies));
        let client = client(&tenant, manner, Privacy::Hide);
        let error = client.start(user()).await.unwrap_err();
        assert_eq!(error.fault(), &Fault::CookiesRefused);
        assert_eq!(error.stage(), Stage::Http);
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_an_expiry() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let mut reset = start(&tenant, manner).await;
        choose(&mut reset, "email").await;
        tenant.expire_sessions();
        type_code(&tenant, &mut reset).await;
        match reset.step() {
            // S5: to a partial post, the record `pageRedirect` is the answer.
            Step::UseBrowser(handoff) if manner.is_partial => {
                let view = Some("ViewMultigateUserControl");
                assert_eq!(handoff.reason.as_deref(), view);
            }
            step => assert_eq!(step, &Step::Finished(Outcome::Expired)),
        }
    }
}

#[tokio::test]
async fn an_unknown_account_is_declined_without_more() {
    for manner in MANNERS {
        for policy in [PortalPolicy::default(), PortalPolicy::default().captcha()] {
            let tenant = tenant(policy.clone());
            let nobody = || Username::parse("nobody@contoso.com").unwrap();
            let hides = client(&tenant, manner, Privacy::Hide);
            let mut reset = hides.start(nobody()).await.unwrap();
            solve(&tenant, &mut reset).await;
            assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
            assert!(reset.cause().is_none());

            let tells = client(&tenant, manner, Privacy::Tell);
            let fault = match tells.start(nobody()).await {
                Err(error) => error.fault().clone(),
                Ok(mut reset) => {
                    solve(&tenant, &mut reset).await;
                    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
                    cause(&reset).clone()
                }
            };
            assert!(matches!(fault, Fault::AccountNotFound { .. }), "{fault:?}");
        }
    }
}

/// Where a picture is shown, types what it shows.
async fn solve(tenant: &sspr::mock::Tenant, reset: &mut Reset) {
    if let Step::Captcha { .. } = reset.step() {
        let read = tenant.captcha_answer().unwrap();
        let solution = sspr::CaptchaSolution::new(read);
        reset.solve_captcha(solution).await.unwrap();
    }
}

#[tokio::test]
async fn what_has_no_code_is_told_by_its_view() {
    let tenant = tenant(PortalPolicy::default());
    for (error, view) in [
        (PortalError::AccountNotEnabled, "ViewUserNotEnabled"),
        (PortalError::AccountNotSupported, "ViewUserNotSupported"),
        (PortalError::ServiceError, "ViewError"),
    ] {
        tenant.put_user(User::new(USER).portal_error(error));
        let reset = start(&tenant, WHOLE).await;
        match reset.step() {
            Step::Finished(Outcome::NeedsAdministrator { .. } | Outcome::Declined) => {}
            Step::UseBrowser(handoff) => assert_eq!(handoff.reason.as_deref(), Some(view)),
            other => panic!("{error:?}: {other:?}"),
        }
    }
}

/// The built-in profile knows the first page and the choice, and leaves the rest to a browser.
#[tokio::test]
async fn what_is_publicly_known_of_entra_leads_to_a_browser() {
    for manner in MANNERS {
        for policy in [PortalPolicy::default(), PortalPolicy::default().captcha()] {
            let tenant = tenant(policy.link_buttons());
            let client = client_with(&tenant, Profile::entra(), manner, Privacy::Tell);
            let mut reset = client.start(user()).await.unwrap();
            solve(&tenant, &mut reset).await;
            let posts = tenant.traffic().requests.len();
            choose(&mut reset, "email").await;
            let Step::UseBrowser(handoff) = reset.step() else {
                panic!("{:?}", reset.step())
            };
            assert_eq!(handoff.reason.as_deref(), Some("ViewMultigateUserControl"));
            let url = handoff.url.as_ref().unwrap();
            assert_eq!(url.path(), "/n/passwordreset");
            assert_eq!(url.query(), Some(&*format!("mkt={}", manner.language)));
            assert_eq!(tenant.traffic().requests.len(), posts, "nothing is sent");
        }
    }
}

#[tokio::test]
async fn what_is_publicly_known_of_entra_ends_as_it_says() {
    let tenant = tenant(PortalPolicy::default().link_buttons());
    for (error, code) in [
        (PortalError::SsprNotEnabledInUserPolicy, "SSPR_0011"),
        (PortalError::UserNotMemberOfScopedAccessGroup, "SSPR_0013"),
        (PortalError::TenantSsprFlagDisabled, "ViewSsprNotEnabled"),
        (PortalError::AccountNotEnabled, "ViewUserNotEnabled"),
    ] {
        tenant.put_user(adele().portal_error(error));
        let client = client_with(&tenant, Profile::entra(), WHOLE, Privacy::Hide);
        let reset = client.start(user()).await.unwrap();
        assert_eq!(reset.step(), &administrator(code));
    }
    for (error, view) in [
        (PortalError::UserNotLicensed, "ViewUserNotLicensed"),
        (PortalError::ServiceError, "ViewError"),
    ] {
        tenant.put_user(adele().portal_error(error));
        let client = client_with(&tenant, Profile::entra(), WHOLE, Privacy::Hide);
        let reset = client.start(user()).await.unwrap();
        let Step::UseBrowser(handoff) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(handoff.reason.as_deref(), Some(view));
    }
    let client = client_with(&tenant, Profile::entra(), WHOLE, Privacy::Hide);
    let nobody = Username::parse("nobody@contoso.com").unwrap();
    let reset = client.start(nobody).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
}

#[test]
fn a_portal_is_at_an_https_address() {
    let portal = |url: &str| Portal::new(url.parse().unwrap(), Profile::entra());
    for url in [
        "http://portal.example/",
        "https://me@portal.example/",
        "https://portal.example/#x",
        "data:text/html,x",
    ] {
        let error = portal(url).unwrap_err();
        assert!(matches!(error.fault(), Fault::InvalidAuthority { .. }));
    }
    assert!(portal("https://portal.example/reset?a=b").is_ok());
}
