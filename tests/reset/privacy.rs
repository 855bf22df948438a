//! What a frontend can see under `Privacy::Hide` is the same whether or not there is an account.

use serde_json::Value;
use sspr::mock::{Tenant, User};
use sspr::{Code, Fault, Message, Outcome, Privacy, Reset, ResetClient, Step, Username};

use crate::desk::{builder_for, mailed_code, patient_tenant};

const KNOWN: &str = "adele@contoso.com";
const UNKNOWN: &str = "nobody@contoso.com";
const CODELESS: &str = "social@contoso.com";

fn tenant() -> Tenant {
    patient_tenant()
        .user(User::new(CODELESS).without_password())
        .start()
        .unwrap()
}

fn client(tenant: &Tenant, privacy: Privacy) -> ResetClient {
    builder_for(tenant).privacy(privacy).build().unwrap()
}

/// Everything that a frontend has of a step: data, answers, rejection, texts.
fn look(reset: &Reset) -> (Value, String) {
    let step = reset.step();
    let seen = format!(
        "{step:?} {:?} {:?} {} {:?}",
        step.answers(),
        step.rejection(),
        step.message_id(),
        step.message_args()
    );
    (serde_json::to_value(step).unwrap(), seen)
}

/// What a person does, one letter each: a wrong Code, an Unreadable one, asking for another code (Resend), Going back,
/// Waiting.
async fn walk(client: &ResetClient, name: &str, script: &str) -> Vec<(Value, String)> {
    let mut reset = client.start(Username::parse(name).unwrap()).await.unwrap();
    let mut seen = vec![look(&reset)];
    for letter in script.chars() {
        let result = match letter {
            'C' => reset.enter_code(Code::new("wrong0")).await,
            'U' => reset.enter_code(Code::new("n\u{0}t a c-de")).await,
            'R' => reset.resend_code().await,
            'G' => reset.back().await,
            'W' => reset.wait().await,
            other => panic!("{other}"),
        };
        let (step, text) = look(&reset);
        seen.push((
            step,
            format!("{text} {:?}", result.map_err(|error| error.fault().clone())),
        ));
    }
    seen
}

#[tokio::test]
async fn known_and_unknown_look_the_same_all_the_way() {
    let tenant = tenant();
    let client = client(&tenant, Privacy::Hide);
    for script in [
        "CCC",
        "CCCC",
        "UUUUCCC",
        "RCRCRC",
        "CURCRUC",
        "GWCGWCGWCGW",
        "RRR",
        "CCCRUW",
    ] {
        let known = walk(&client, KNOWN, script).await;
        assert_eq!(known, walk(&client, UNKNOWN, script).await, "{script}");
        assert_eq!(known, walk(&client, CODELESS, script).await, "{script}");
        let refusals = script.matches('C').count();
        let last = &known.last().unwrap().0;
        assert_eq!(
            last["step"],
            if refusals >= 3 {
                "finished"
            } else {
                "enter-code"
            },
            "{script}"
        );
    }
    assert!(tenant.inbox().latest(UNKNOWN).is_none());
}

#[tokio::test]
async fn three_refusals_end_in_declined() {
    let tenant = tenant();
    let client = client(&tenant, Privacy::Hide);
    for name in [KNOWN, UNKNOWN, CODELESS] {
        let mut reset = client.start(Username::parse(name).unwrap()).await.unwrap();
        for _ in 0..2 {
            reset.enter_code(Code::new("00000x")).await.unwrap();
            assert_eq!(reset.step().id(), "enter-code");
        }
        reset.enter_code(Code::new("00000x")).await.unwrap();
        assert_eq!(reset.step(), &Step::Finished(Outcome::Declined), "{name}");
        assert!(reset.cause().is_none());
    }
}

#[tokio::test]
async fn two_refusals_do_not_keep_the_owner_out() {
    let tenant = tenant();
    let mut reset = client(&tenant, Privacy::Hide)
        .start(Username::parse(KNOWN).unwrap())
        .await
        .unwrap();
    reset.enter_code(Code::new("00000x")).await.unwrap();
    reset.enter_code(Code::new("00000x")).await.unwrap();
    reset.enter_code(mailed_code(&tenant)).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
}

#[tokio::test]
async fn a_hidden_step_tells_nothing_of_the_account() {
    let tenant = tenant();
    let reset = client(&tenant, Privacy::Hide)
        .start(Username::parse(KNOWN).unwrap())
        .await
        .unwrap();
    let text = format!("{reset:?} {}", serde_json::to_string(reset.step()).unwrap());
    for told in ["fabrikam", "***", "email", "adele"] {
        assert!(!text.to_lowercase().contains(told), "{told} in {text}");
    }
}

#[tokio::test]
async fn tell_is_typed() {
    let tenant = tenant();
    let client = client(&tenant, Privacy::Tell);
    let error = client
        .start(Username::parse(UNKNOWN).unwrap())
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error.fault(), Fault::AccountNotFound { .. }));
    let error = client
        .start(Username::parse(CODELESS).unwrap())
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error.fault(), Fault::NothingToReset { .. }));
    let mut reset = client.start(Username::parse(KNOWN).unwrap()).await.unwrap();
    let Step::EnterCode {
        hint, code_length, ..
    } = reset.step()
    else {
        panic!()
    };
    assert_eq!(hint.as_deref(), Some("a***e@f***.example"));
    assert_eq!(*code_length, Some(8));
    for _ in 0..5 {
        reset.enter_code(Code::new("00000x")).await.unwrap();
        assert_eq!(
            reset.step().id(),
            "enter-code",
            "how often is up to the server"
        );
    }
}
