//! Two gates, and the picture before the first.

use sspr::mock::PortalPolicy;
use sspr::{CaptchaSolution, Rejection, Step};

use crate::desk::{MANNERS, finish, offered, prove, start, tenant};

#[tokio::test]
async fn two_different_methods_are_passed() {
    for manner in MANNERS {
        for [first, second] in [
            ["email", "mobile-sms"],
            ["mobile-call", "app-code"],
            ["app-notification", "security-questions"],
            ["office-call", "email"],
        ] {
            let tenant = tenant(PortalPolicy::default().gates(2));
            let mut reset = start(&tenant, manner).await;
            prove(&tenant, &mut reset, first).await;
            assert!(!offered(&reset).iter().any(|id| id == first), "{first}");
            assert_eq!(reset.step().rejection(), None);
            prove(&tenant, &mut reset, second).await;
            finish(&tenant, &mut reset).await;
        }
    }
}

#[tokio::test]
async fn a_person_reads_the_picture() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default().captcha());
        let mut reset = start(&tenant, manner).await;
        let first = picture(reset.step());
        reset.another_picture().await.unwrap();
        let second = picture(reset.step());
        assert_ne!(first, second);
        assert_eq!(reset.step().rejection(), None);
        for (typed, rejection) in [
            ("nothing like it", Rejection::WrongSolution),
            ("", Rejection::MissingAnswer),
        ] {
            let wrong = CaptchaSolution::new(typed);
            reset.solve_captcha(wrong).await.unwrap();
            assert_eq!(reset.step().rejection(), Some(&rejection), "{typed:?}");
        }
        let third = picture(reset.step());
        assert_ne!(
            second, third,
            "right or wrong, a picture is good for one answer"
        );
        let read = tenant.captcha_answer().unwrap();
        reset
            .solve_captcha(CaptchaSolution::new(read))
            .await
            .unwrap();
        prove(&tenant, &mut reset, "email").await;
        finish(&tenant, &mut reset).await;
    }
}

fn picture(step: &Step) -> Vec<u8> {
    match step {
        Step::Captcha {
            picture,
            description,
            can_ask_for_another: true,
            ..
        } => {
            assert_eq!(picture.media_type, "image/png");
            assert!(picture.bytes.starts_with(b"\x89PNG"));
            assert!(description.is_some());
            picture.bytes.clone()
        }
        other => panic!("{other:?}"),
    }
}
