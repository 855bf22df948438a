//! Row D7: every code of the tables, with its route and what becomes of the attempt; the code is kept verbatim.

use serde_json::json;
use sspr::protocol::login_change::{ChangeCode, Route, SignInResult};
use sspr::{Fault, Outcome, Privacy, Rejection, Stage, Step};

use crate::desk::{browser_reason, current, is_unknown, opened, password, signed_in, words};
use crate::script::{BEGIN, LOGIN, POLL, Reply, Script, error_message, job, refused};

/// The table of sign-in results.
const ROUTES: [(u32, Route); 20] = [
    (50055, Route::Change),
    (50142, Route::Change),
    (50144, Route::Reset),
    (50125, Route::Browser),
    (50133, Route::SignInAgain),
    (50057, Route::Administrator),
    (50053, Route::Wait),
    (50126, Route::Reset),
    (50034, Route::NoAccount),
    (50059, Route::NoAccount),
    (50056, Route::NoAccount),
    (50072, Route::Browser),
    (50074, Route::Browser),
    (50076, Route::Browser),
    (50079, Route::Browser),
    (53003, Route::Administrator),
    (530032, Route::Administrator),
    (530035, Route::Administrator),
    (90055, Route::TryLater),
    (90006, Route::TryLater),
];

#[test]
fn every_sign_in_result_has_its_route() {
    for (number, route) in ROUTES {
        for text in [
            format!("{number}"),
            format!("AADSTS{number}"),
            format!("AADSTS{number}: Somebody's name."),
        ] {
            let result = SignInResult::new(&text);
            assert_eq!(result.route(), route, "{text}");
            assert_eq!(result.number(), Some(number));
            assert_eq!(result.code().as_str(), text.split(':').next().unwrap());
        }
    }
    for text in ["700016", "AADSTS1", "", "interaction_required", "-50055"] {
        assert_eq!(SignInResult::new(text).route(), Route::Unknown, "{text}");
    }
}

#[tokio::test]
async fn every_sign_in_result_leads_somewhere() {
    for (number, route) in ROUTES {
        for is_text in [false, true] {
            let code = match is_text {
                true => json!(number.to_string()),
                false => json!(number),
            };
            let script = Script::with(LOGIN, Reply::page(refused(code)));
            let mut reset = opened(&script, Privacy::Tell).await;
            let result = reset.enter_current_password(current()).await;
            let number = number.to_string();
            match (route, reset.step()) {
                (Route::Reset, Step::EnterCurrentPassword { rejection }) => {
                    assert_eq!(number, "50126");
                    assert_eq!(rejection.as_ref(), Some(&Rejection::WrongPassword));
                }
                (Route::Change | Route::Browser | Route::Reset, step) => {
                    assert_eq!(browser_reason(step), Some(&*number));
                }
                (Route::Administrator, Step::Finished(Outcome::NeedsAdministrator { code })) => {
                    assert_eq!(code.as_str(), number);
                }
                (Route::Wait, Step::Finished(Outcome::Blocked { retry_after: None })) => {}
                (Route::SignInAgain, Step::Finished(Outcome::Expired)) => {}
                (Route::TryLater, Step::EnterCurrentPassword { rejection: None }) => {
                    let error = result.unwrap_err();
                    let Fault::TemporarilyRefused { server } = error.fault() else {
                        panic!("{error:?}")
                    };
                    assert_eq!(server.error.as_str(), number);
                    continue;
                }
                (Route::NoAccount, Step::EnterCurrentPassword { rejection: None }) => {
                    let error = result.unwrap_err();
                    assert_eq!(error.stage(), Stage::Account);
                    let is_nothing = matches!(error.fault(), Fault::NothingToReset { .. });
                    assert_eq!(is_nothing, number == "50056");
                    assert!(error.to_string().contains(&number));
                    continue;
                }
                (_, step) => panic!("{number}: {step:?}"),
            }
            result.unwrap();
            assert_eq!(script.seen().len(), 2);
        }
    }
}

#[tokio::test]
async fn a_code_stands_in_a_text_as_well() {
    let mut page = refused(0);
    page["strServiceExceptionMessage"] = json!("AADSTS50057: adele@contoso.com is disabled.");
    let script = Script::with(LOGIN, Reply::page(page));
    let mut reset = opened(&script, Privacy::Hide).await;
    reset.enter_current_password(current()).await.unwrap();
    let Step::Finished(Outcome::NeedsAdministrator { code }) = reset.step() else {
        panic!("{:?}", reset.step())
    };
    assert_eq!(code.as_str(), "AADSTS50057");
}

#[tokio::test]
async fn an_unknown_code_is_for_a_browser() {
    let script = Script::with(LOGIN, Reply::page(refused("700016")));
    let mut reset = opened(&script, Privacy::Hide).await;
    reset.enter_current_password(current()).await.unwrap();
    assert_eq!(browser_reason(reset.step()), Some("700016"));
}

#[tokio::test]
async fn hidden_accounts_look_like_wrong_passwords() {
    for code in [50034, 50059, 50056, 50126] {
        let script = Script::new();
        script.always(LOGIN, Reply::page(refused(code)));
        let mut reset = opened(&script, Privacy::Hide).await;
        for _ in 0..2 {
            reset.enter_current_password(current()).await.unwrap();
            let rejection = Some(Rejection::WrongPassword);
            assert_eq!(reset.step(), &Step::EnterCurrentPassword { rejection });
        }
        reset.enter_current_password(current()).await.unwrap();
        assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
        assert_eq!(script.seen_at(LOGIN).len(), 3);
    }
}

#[tokio::test]
async fn a_page_that_refuses_is_the_page_from_then_on() {
    let script = Script::with(LOGIN, Reply::page(refused(50126)));
    let mut reset = opened(&script, Privacy::Hide).await;
    reset.enter_current_password(current()).await.unwrap();
    reset.enter_current_password(current()).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    let bodies: Vec<String> = (script.seen_at(LOGIN).into_iter())
        .map(|seen| seen.body)
        .collect();
    assert!(bodies[0].contains("flowToken=flow-1"));
    assert!(bodies[1].contains("flowToken=flow-again"));
}

#[test]
fn every_change_code_has_its_route() {
    let numbers = [
        120000, 120002, 120003, 120004, 120005, 120008, 120011, 120012, 120013, 120014, 120015,
        120016, 120018, 120020, 120021,
    ];
    assert_eq!(ChangeCode::ALL.map(ChangeCode::number), numbers);
    let expected = |number| match number {
        120000 | 120002 | 120003 | 120004 | 120018 => Route::Change,
        120013 | 120020 => Route::TryLater,
        120005 | 120008 | 120021 => Route::SignInAgain,
        _ => Route::Administrator,
    };
    for number in numbers {
        let result = SignInResult::new(&format!("AADSTS{number}"));
        assert_eq!(result.change_code().unwrap().number(), number);
        assert_eq!(result.route(), expected(number), "{number}");
    }
    assert_eq!(ChangeCode::from_number(120001), None);
}

#[tokio::test]
async fn every_change_code_leads_somewhere() {
    for code in ChangeCode::ALL {
        for at in [BEGIN, POLL] {
            for text in [
                format!("AADSTS{}: Somebody's name.", code.number()),
                code.number().to_string(),
            ] {
                let script = Script::new();
                script.order(at, Reply::json(error_message(&text)));
                let mut reset = signed_in(&script).await;
                reset.set_password(password()).await.unwrap();
                if at == POLL {
                    reset.wait().await.unwrap();
                }
                let verbatim = text.split(':').next().unwrap();
                let rejected = |rejection| reset.step().rejection() == Some(&rejection);
                let step = reset.step();
                let is_right = match code {
                    ChangeCode::CurrentPasswordWrong => {
                        step.id() == "enter-current-password" && rejected(Rejection::WrongPassword)
                    }
                    ChangeCode::Weak => rejected(Rejection::PasswordTooWeak),
                    ChangeCode::ContainsMemberName => rejected(Rejection::PasswordContainsName),
                    ChangeCode::OnPremisesComplexity => rejected(Rejection::PasswordNotComplex),
                    ChangeCode::Banned => rejected(Rejection::PasswordBanned),
                    ChangeCode::OnPremisesSuccessCloudFailure => {
                        *step == Step::Finished(Outcome::ChangedCloudPending)
                    }
                    ChangeCode::JobEnded | ChangeCode::InternalError => {
                        let cause = reset.cause().unwrap().to_string();
                        is_unknown(step) && cause.contains(verbatim)
                    }
                    ChangeCode::OnPremisesConnectivity | ChangeCode::ChangeFailed => {
                        step.id() == "new-password" && words(step) == verbatim
                    }
                    _ => matches!(step,
                        Step::Finished(Outcome::NeedsAdministrator { code })
                            if code.as_str() == verbatim),
                };
                assert!(is_right, "{code:?} at {at}: {step:?}");
            }
        }
    }
}

#[tokio::test]
async fn another_current_password_is_for_the_same_page() {
    let script = Script::with(BEGIN, Reply::json(error_message("AADSTS120000")));
    script.order(BEGIN, Reply::json(job(true)));
    let mut reset = signed_in(&script).await;
    reset.set_password(password()).await.unwrap();
    assert_eq!(reset.step().id(), "enter-current-password");
    let other = sspr::CurrentPassword::new("Another-One-3");
    reset.enter_current_password(other).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    reset.set_password(password()).await.unwrap();
    assert_eq!(reset.step().id(), "applying");
    assert_eq!(script.seen_at(LOGIN).len(), 1, "signed in once");
    assert!(script.seen_at(BEGIN)[1].body.contains("Another-One-3"));
}

#[tokio::test]
async fn words_that_repeat_a_password_are_not_shown() {
    for secret in [crate::desk::CURRENT, crate::desk::PASSWORD] {
        let text = format!("{secret} is not good.");
        let script = Script::with(BEGIN, Reply::json(error_message(&text)));
        let mut reset = signed_in(&script).await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(words(reset.step()), "");
    }
}
