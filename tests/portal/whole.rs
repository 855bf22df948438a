//! Whole resets on the mock's portal, one for each method, with partial posts and with whole pages, in both languages.

use sspr::mock::{PasswordPolicy, PortalPolicy};
use sspr::{Code, Contact, NewPassword, Outcome, PeerText, Privacy, Rejection, Step};

use crate::desk::{
    ANSWERS, MANNERS, PASSWORD, USER, adele, answers, approve, ask, builder, choose, client,
    finish, offered, password, prove, start, tenant, type_code, type_number, user,
};

#[tokio::test]
async fn by_every_method() {
    for manner in MANNERS {
        for id in [
            "email",
            "mobile-sms",
            "mobile-call",
            "office-call",
            "app-code",
            "security-questions",
        ] {
            let tenant = tenant(PortalPolicy::default());
            let mut reset = start(&tenant, manner).await;
            prove(&tenant, &mut reset, id).await;
            finish(&tenant, &mut reset).await;
        }
    }
}

#[tokio::test]
async fn methods_are_offered_as_the_page_has_them() {
    for manner in MANNERS {
        let one = tenant(PortalPolicy::default());
        let reset = start(&one, manner).await;
        let all = [
            "email",
            "mobile-sms",
            "mobile-call",
            "office-call",
            "app-notification",
            "app-code",
            "security-questions",
        ];
        let without_approval: Vec<_> = all
            .into_iter()
            .filter(|id| *id != "app-notification")
            .collect();
        assert_eq!(offered(&reset), without_approval);
        let two = tenant(PortalPolicy::default().gates(2));
        let reset = start(&two, manner).await;
        assert_eq!(offered(&reset), all);
    }
}

#[tokio::test]
async fn hints_are_told_only_where_everything_is() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        for (privacy, mail, phone) in [
            (
                Privacy::Tell,
                Some("a***e@f***.example"),
                Some("********00"),
            ),
            (Privacy::Hide, None, None),
        ] {
            let client = client(&tenant, manner, privacy);
            let mut reset = client.start(user()).await.unwrap();
            choose(&mut reset, "mobile-sms").await;
            let Step::ConfirmContact { method, .. } = reset.step() else {
                panic!("{:?}", reset.step())
            };
            assert_eq!(method.hint.as_deref(), phone);
            reset.back().await.unwrap();
            choose(&mut reset, "email").await;
            let Step::EnterCode { hint, kind, .. } = reset.step() else {
                panic!("{:?}", reset.step())
            };
            assert_eq!(kind.as_ref(), Some(&sspr::protocol::MethodKind::Email));
            assert_eq!(hint.as_deref(), mail);
        }
    }
}

#[tokio::test]
async fn wrong_answers_are_refused_and_the_step_stays() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let mut reset = start(&tenant, manner).await;
        choose(&mut reset, "mobile-sms").await;
        for (typed, rejection) in [
            ("+1 4255550111", Rejection::WrongContact),
            (" ", Rejection::MissingAnswer),
        ] {
            reset.confirm_contact(Contact::new(typed)).await.unwrap();
            assert_eq!(reset.step().id(), "confirm-contact");
            assert_eq!(reset.step().rejection(), Some(&rejection));
        }
        type_number(&mut reset).await;
        for (typed, rejection) in [
            ("000000a", Rejection::WrongCode),
            ("", Rejection::UnreadableCode),
        ] {
            reset.enter_code(Code::new(typed)).await.unwrap();
            assert_eq!(reset.step().id(), "enter-code");
            assert_eq!(reset.step().rejection(), Some(&rejection));
        }
        reset.back().await.unwrap();
        choose(&mut reset, "security-questions").await;
        let Step::Questions { questions, .. } = reset.step() else {
            panic!("{:?}", reset.step())
        };
        let asked: Vec<_> = questions.iter().map(PeerText::as_str).collect();
        let expected = [
            "In which town did you first work?",
            "What was your first pet called?",
            "Which book do you like best?",
        ];
        assert_eq!(asked, expected);
        for (typed, rejection) in [
            (["Redmond", "Rex", "Botchan"], Rejection::WrongAnswers),
            (["Redmond", "Rex", ""], Rejection::MissingAnswer),
        ] {
            reset.answer_questions(answers(typed)).await.unwrap();
            assert_eq!(reset.step().rejection(), Some(&rejection));
        }
        let too_few = answers(ANSWERS).into_iter().take(2).collect();
        reset.answer_questions(too_few).await.unwrap();
        let missing = Some(&Rejection::MissingAnswer);
        assert_eq!(reset.step().rejection(), missing);
        reset.answer_questions(answers(ANSWERS)).await.unwrap();
        finish(&tenant, &mut reset).await;
    }
}

#[tokio::test]
async fn another_code_replaces_the_first() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let mut reset = start(&tenant, manner).await;
        choose(&mut reset, "email").await;
        let first = tenant.inbox().latest(USER).unwrap().code;
        reset.resend_code().await.unwrap();
        assert_eq!(reset.step().id(), "enter-code");
        assert_eq!(reset.step().rejection(), None);
        assert_eq!(tenant.inbox().messages().len(), 2);
        if tenant.inbox().latest(USER).unwrap().code != first {
            reset.enter_code(Code::new(first)).await.unwrap();
            let wrong = Some(&Rejection::WrongCode);
            assert_eq!(reset.step().rejection(), wrong);
        }
        type_code(&tenant, &mut reset).await;
        finish(&tenant, &mut reset).await;
    }
}

#[tokio::test]
async fn a_call_that_is_not_taken_can_be_asked_for_again() {
    for manner in MANNERS {
        for id in ["mobile-call", "office-call", "app-notification"] {
            let tenant = tenant(PortalPolicy::default().gates(2));
            let mut reset = start(&tenant, manner).await;
            choose(&mut reset, id).await;
            if id == "mobile-call" {
                type_number(&mut reset).await;
            }
            assert_eq!(reset.step().id(), "approve", "{id}");
            ask(&mut reset).await;
            assert_eq!(reset.step().id(), "approve", "nobody has answered yet");
            assert_eq!(reset.step().rejection(), None);
            assert!(tenant.decline(USER));
            ask(&mut reset).await;
            let refused = Some(&Rejection::NotApproved);
            assert_eq!(reset.step().rejection(), refused, "{id}");
            match id {
                "mobile-call" => type_number(&mut reset).await,
                _ => reset.wait().await.unwrap(),
            }
            approve(&tenant, &mut reset).await;
            assert_eq!(reset.step().id(), "choose-method", "the second gate");
        }
    }
}

#[tokio::test]
async fn a_weak_password_is_refused_with_the_reason() {
    for manner in MANNERS {
        let banned = PasswordPolicy::default();
        let tenant = builder(PortalPolicy::default())
            .password_policy(banned)
            .start()
            .unwrap();
        let mut reset = start(&tenant, manner).await;
        prove(&tenant, &mut reset, "email").await;
        for (typed, rejection) in [
            ("Short-1", Rejection::PasswordTooShort),
            ("ünïcode-Password-1", Rejection::PasswordCharacters),
            ("all-too-weak", Rejection::PasswordTooWeak),
            ("Contoso-1", Rejection::PasswordBanned),
            ("Hello-Adele-1", Rejection::PasswordContainsName),
        ] {
            reset.set_password(NewPassword::new(typed)).await.unwrap();
            assert_eq!(reset.step().id(), "new-password");
            assert_eq!(reset.step().rejection(), Some(&rejection), "{typed}");
        }
        assert_eq!(tenant.password_changes(USER), 0);
        finish(&tenant, &mut reset).await;
    }
}

#[tokio::test]
async fn an_account_is_unlocked_and_keeps_its_password() {
    for manner in MANNERS {
        let policy = PortalPolicy::default().offer_unlock();
        let tenant = tenant(policy);
        tenant.put_user(adele().locked());
        let mut reset = start(&tenant, manner).await;
        assert_eq!(reset.step().id(), "reset-or-unlock");
        let unlock = sspr::protocol::Goal::Unlock;
        reset.choose_goal(unlock).await.unwrap();
        prove(&tenant, &mut reset, "email").await;
        assert_eq!(reset.step(), &Step::Finished(Outcome::Unlocked));
        assert!(!tenant.is_locked(USER));
        assert_eq!(tenant.password_changes(USER), 0);
    }
}

#[tokio::test]
async fn a_password_is_reset_where_unlocking_is_offered_too() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default().offer_unlock());
        let mut reset = start(&tenant, manner).await;
        let goal = sspr::protocol::Goal::Reset;
        reset.choose_goal(goal).await.unwrap();
        prove(&tenant, &mut reset, "app-code").await;
        finish(&tenant, &mut reset).await;
    }
}

#[tokio::test]
async fn most_steps_cost_one_round_trip() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default());
        let sent = || tenant.traffic().requests.len();
        let mut reset = start(&tenant, manner).await;
        assert_eq!(sent(), 2, "the page, and the user ID");
        choose(&mut reset, "email").await;
        assert_eq!(sent(), 4, "the choice, and the button that sends the code");
        type_code(&tenant, &mut reset).await;
        assert_eq!(sent(), 5);
        reset.set_password(password()).await.unwrap();
        assert_eq!(sent(), 6);
        assert_eq!(tenant.traffic().handshakes, 1);
        assert!(tenant.password_is(USER, PASSWORD));
    }
}
