//! Whole resets against the mock tenant, and how many round trips each step takes.

use std::time::Duration;

use sspr::mock::{INITIAL_PASSWORD, Poll, Tenant, TenantBuilder, User};
use sspr::protocol::{MethodKind, SignInNext};
use sspr::{Code, NewPassword, Outcome, Privacy, Rejection, Reset, SignIn, Step};

use crate::desk::{
    PASSWORD, USER, client_for, finish, is_changed, method_id, pass, password, sent_code, user,
};

const PHONE: &str = "+1 5550100";

fn tenant_of(user: User) -> Tenant {
    Tenant::builder().user(user).start().unwrap()
}

fn adele() -> User {
    User::new(USER).contact("adele@fabrikam.example")
}

async fn started(tenant: &Tenant, privacy: Privacy) -> Reset {
    client_for(tenant, privacy).start(user()).await.unwrap()
}

/// What was sent since `before`, by the last word of the path.
fn since(tenant: &Tenant, before: &mut usize) -> Vec<String> {
    let requests = tenant.traffic().requests;
    let new = requests[*before..].iter();
    let words = new.map(|request| {
        let word = request.path().rsplit('/').next().unwrap();
        format!("{} {word}", request.method)
    });
    let words = words.collect();
    *before = requests.len();
    words
}

/// After the three that the protocol wants before the first code, one round trip for each step.
#[tokio::test(flavor = "current_thread")]
async fn a_reset_by_email_in_one_round_trip_for_each_step() {
    let tenant = tenant_of(adele());
    let mut before = 0;
    let mut reset = started(&tenant, Privacy::Hide).await;
    assert_eq!(
        since(&tenant, &mut before),
        ["POST authorize-challenge", "POST start", "POST challenge"]
    );
    assert!(matches!(
        reset.step(),
        Step::EnterCode {
            kind: None,
            hint: None,
            code_length: None,
            can_resend: true,
            can_go_back: false,
            rejection: None,
        }
    ));
    reset.resend_code().await.unwrap();
    assert_eq!(since(&tenant, &mut before), ["POST resend"]);
    reset.enter_code(sent_code(&tenant)).await.unwrap();
    assert_eq!(since(&tenant, &mut before), ["POST verify"]);
    assert!(tenant.password_is(USER, INITIAL_PASSWORD));
    reset.set_password(password()).await.unwrap();
    assert_eq!(since(&tenant, &mut before), ["PUT 1"]);
    assert_eq!(reset.step(), &Step::Applying { polls: 0 });
    reset.wait().await.unwrap();
    assert_eq!(since(&tenant, &mut before), ["POST pollUpdate"]);
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.traffic().connections, 1);
    let SignIn::Tokens(tokens) = reset.sign_in("openid").await.unwrap() else {
        panic!()
    };
    assert!(!tokens.access_token.expose_secret().is_empty());
    assert_eq!(
        since(&tenant, &mut before),
        ["POST authorize-challenge", "POST token"]
    );
}

#[tokio::test]
async fn a_reset_by_text_message_with_the_check_for_risk() {
    for (user, challenges) in [
        (adele().without_email().phone(PHONE), vec!["POST challenge"]),
        (
            adele().without_email().phone(PHONE).sms_risk(),
            vec!["POST challenge", "POST riskverify"],
        ),
    ] {
        let tenant = tenant_of(user);
        let mut before = 0;
        let mut reset = started(&tenant, Privacy::Tell).await;
        assert_eq!(since(&tenant, &mut before)[2..], challenges);
        let Step::EnterCode {
            kind,
            hint,
            code_length,
            can_go_back,
            ..
        } = reset.step()
        else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(kind, &Some(MethodKind::MobileSms));
        assert_eq!(hint.as_deref(), Some("+1 *****00"));
        assert_eq!((*code_length, *can_go_back), (Some(8), false));
        assert_eq!(tenant.inbox().latest(USER).unwrap().to, PHONE);
        finish(&mut reset, "", || sent_code(&tenant)).await.unwrap();
        assert!(is_changed(reset.step()));
        assert!(tenant.password_is(USER, PASSWORD));
    }
}

#[tokio::test]
async fn one_of_two_methods_and_back_to_the_other() {
    let tenant = tenant_of(adele().phone(PHONE).sms_risk());
    let mut before = 0;
    let mut reset = started(&tenant, Privacy::Tell).await;
    assert_eq!(since(&tenant, &mut before).len(), 2, "no code was sent");
    let email = method_id(reset.step(), "email");
    let unknown = sspr::protocol::MethodId::new("7");
    reset.choose_method(unknown).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::UnknownMethod));
    assert!(since(&tenant, &mut before).is_empty());

    reset.choose_method(email.clone()).await.unwrap();
    assert_eq!(since(&tenant, &mut before), ["POST challenge"]);
    assert_eq!(
        tenant.inbox().latest(USER).unwrap().to,
        "adele@fabrikam.example"
    );
    let mailed = sent_code(&tenant);
    reset.back().await.unwrap();
    assert_eq!(reset.step().id(), "choose-method");
    assert_eq!(reset.step().rejection(), None);
    assert!(since(&tenant, &mut before).is_empty(), "nothing is sent");
    let sms = method_id(reset.step(), "mobile-sms");
    reset.choose_method(sms).await.unwrap();
    assert_eq!(
        since(&tenant, &mut before),
        ["POST challenge", "POST riskverify"]
    );
    assert_eq!(tenant.inbox().latest(USER).unwrap().to, PHONE);
    reset.enter_code(mailed).await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::WrongCode));
    finish(&mut reset, "", || sent_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn what_follows_at_sign_in_is_told() {
    for (user, expected) in [
        (adele(), SignInNext::Unknown),
        (adele().mfa_required(), SignInNext::SecondFactor),
        (adele().registration_required(), SignInNext::Enrolment),
    ] {
        let tenant = tenant_of(user);
        let mut reset = started(&tenant, Privacy::Hide).await;
        finish(&mut reset, "", || sent_code(&tenant)).await.unwrap();
        let Step::Finished(Outcome::PasswordChanged { sign_in, .. }) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(*sign_in, expected);
        assert!(tenant.password_is(USER, PASSWORD));
        let count = tenant.traffic().requests.len();
        let signed_in = reset.sign_in("openid").await.unwrap();
        let sent = tenant.traffic().requests.len() - count;
        match expected {
            SignInNext::SecondFactor => {
                assert!(matches!(signed_in, SignIn::SecondFactorRequired) && sent == 0);
            }
            SignInNext::Enrolment => {
                assert!(matches!(signed_in, SignIn::EnrolmentRequired) && sent == 0);
            }
            _ => assert!(matches!(signed_in, SignIn::Tokens(_)) && sent == 2),
        }
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn wrong_codes_and_weak_passwords_lose_nobodys_place() {
    let builders: [fn(TenantBuilder) -> TenantBuilder; 2] =
        [|builder| builder, TenantBuilder::tokens_in_errors];
    for builder in builders {
        let tenant = builder(Tenant::builder()).start().unwrap();
        let mut reset = started(&tenant, Privacy::Hide).await;
        reset.enter_code(Code::new("wrong0")).await.unwrap();
        assert_eq!(reset.step().rejection(), Some(&Rejection::WrongCode));
        reset.enter_code(sent_code(&tenant)).await.unwrap();
        for (password, expected) in [
            ("winter-snow", Rejection::PasswordTooWeak),
            ("P@ssw0rd", Rejection::PasswordBanned),
            (INITIAL_PASSWORD, Rejection::PasswordRecentlyUsed),
        ] {
            let password = NewPassword::new(password);
            reset.set_password(password).await.unwrap();
            assert_eq!(reset.step().rejection(), Some(&expected));
        }
        finish(&mut reset, "", || sent_code(&tenant)).await.unwrap();
        assert!(is_changed(reset.step()));
        assert_eq!(tenant.password_changes(USER), 1);
    }
}

#[tokio::test]
async fn polls_that_take_their_time_and_passwords_that_they_refuse() {
    let polls = [
        Poll::NotStarted,
        Poll::InProgress,
        Poll::Refused("password_banned".to_owned()),
    ];
    let tenant = Tenant::builder().polling(polls).start().unwrap();
    let mut reset = started(&tenant, Privacy::Hide).await;
    reset.enter_code(sent_code(&tenant)).await.unwrap();
    reset.set_password(password()).await.unwrap();
    for polls in 1..=2 {
        reset.wait().await.unwrap();
        assert_eq!(reset.step(), &Step::Applying { polls });
        pass(Duration::from_secs(2)).await;
    }
    reset.wait().await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordBanned));
    finish(&mut reset, "", || sent_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
}
