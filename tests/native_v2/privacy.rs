//! What a frontend can see under `Privacy::Hide` is the same whether or not there is an account, and however many methods
//! it has.

use serde_json::Value;
use sspr::mock::{Tenant, User};
use sspr::{Code, Fault, Message, Outcome, Privacy, Reset, ResetClient, Step, Username};

use crate::desk::{At, PASSWORD, client_for, code, password, user};
use crate::script::{CHALLENGE, RESEND, Reply, START, Script, challenged, email, sms, started};

const UNKNOWN: &str = "nobody@contoso.com";

fn tenant() -> Tenant {
    Tenant::builder()
        .codes_per_hour(usize::MAX)
        .user(User::new("both@contoso.com").phone("+1 5550100"))
        .user(
            User::new("sms@contoso.com")
                .phone("+1 5550101")
                .without_email()
                .sms_risk(),
        )
        .user(User::new("social@contoso.com").without_password())
        .start()
        .unwrap()
}

/// Everything that a frontend has of a step: data, answers, rejection, texts.
fn look(reset: &Reset) -> (Value, String) {
    let step = reset.step();
    let (id, args) = (step.message_id(), step.message_args());
    let seen = format!(
        "{step:?} {:?} {:?} {id} {args:?}",
        step.answers(),
        step.rejection()
    );
    (serde_json::to_value(step).unwrap(), seen)
}

/// What a person does, one letter each: a wrong Code, an Unreadable one, Resend, Go back, Wait.
async fn walk(client: &ResetClient, name: &str, letters: &str) -> Vec<(Value, String)> {
    let mut reset = client.start(Username::parse(name).unwrap()).await.unwrap();
    let mut seen = vec![look(&reset)];
    for letter in letters.chars() {
        let result = match letter {
            'C' => reset.enter_code(Code::new("wrong0")).await,
            'U' => reset.enter_code(Code::new("n\u{0}t a c-de")).await,
            'R' => reset.resend_code().await,
            'G' => reset.back().await,
            'W' => reset.wait().await,
            other => panic!("{other}"),
        };
        let (step, text) = look(&reset);
        let result = result.map_err(|error| error.fault().clone());
        seen.push((step, format!("{text} {result:?}")));
    }
    seen
}

#[tokio::test]
async fn known_and_unknown_look_the_same_all_the_way() {
    let tenant = tenant();
    let client = client_for(&tenant, Privacy::Hide);
    for letters in ["CCC", "UUCRCC", "RCRCRC", "GWCGWCGWCGW", "RRR"] {
        let unknown = walk(&client, UNKNOWN, letters).await;
        for name in ["adele", "both", "sms", "social"] {
            let name = format!("{name}@contoso.com");
            assert_eq!(
                walk(&client, &name, letters).await,
                unknown,
                "{name} {letters}"
            );
        }
        let last = &unknown.last().unwrap().0;
        let is_over = letters.matches('C').count() >= 3;
        let expected = if is_over { "finished" } else { "enter-code" };
        assert_eq!(last["step"], expected, "{letters}");
    }
    assert!(tenant.inbox().latest(UNKNOWN).is_none());
}

#[tokio::test]
async fn three_refusals_end_in_declined() {
    let tenant = tenant();
    let client = client_for(&tenant, Privacy::Hide);
    for name in ["adele@contoso.com", UNKNOWN] {
        let mut reset = client.start(Username::parse(name).unwrap()).await.unwrap();
        for _ in 0..3 {
            reset.enter_code(Code::new("00000x")).await.unwrap();
        }
        assert_eq!(reset.step(), &Step::Finished(Outcome::Declined), "{name}");
        assert!(reset.cause().is_none());
    }
}

#[tokio::test]
async fn tell_is_typed() {
    let tenant = tenant();
    let client = client_for(&tenant, Privacy::Tell);
    let started = client.start(Username::parse(UNKNOWN).unwrap()).await;
    let error = started.map(|_| ()).unwrap_err();
    let Fault::AccountNotFound { server } = error.fault() else {
        panic!("{error:?}")
    };
    assert_eq!(server.to_string(), "invalidRequest/userNotFound");
    let both = Username::parse("both@contoso.com").unwrap();
    let reset = client.start(both).await.unwrap();
    assert_eq!(reset.step().id(), "choose-method");
}

/// An account that turns out to be gone later is declined, and a start that hides it looks like any.
#[tokio::test]
async fn an_account_that_is_not_there_at_a_later_step() {
    let gone = || Reply::hal("invalidRequest", "userNotFound");
    for at in [START, CHALLENGE] {
        let script = Script::new();
        script.order(at, gone());
        let reset = script.client(Privacy::Hide).start(user()).await.unwrap();
        assert_eq!(reset.step().id(), "enter-code");
    }
    let script = Script::new();
    let mut reset = script.client(Privacy::Hide).start(user()).await.unwrap();
    script.order(RESEND, gone());
    reset.resend_code().await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
}

/// Where the server gives no link for another code, the method is challenged again for those who may not see that, and
/// nothing is offered to the others.
#[tokio::test]
async fn another_code_without_a_link_for_it() {
    let script = Script::new();
    let mut body = challenged("t");
    body["_links"].as_object_mut().unwrap().remove("resend");
    script.always(CHALLENGE, Reply::json(200, body));
    let mut reset = script.client(Privacy::Hide).start(user()).await.unwrap();
    reset.resend_code().await.unwrap();
    assert_eq!(script.seen_at(CHALLENGE).len(), 2);
    let mut reset = script.client(Privacy::Tell).start(user()).await.unwrap();
    let error = reset.resend_code().await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Misuse { .. }));
    reset.enter_code(code()).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
}

/// Of several methods the first is taken that a person can do something with.
#[tokio::test]
async fn a_hidden_choice_prefers_what_is_known() {
    let mut pigeon = sms();
    pigeon["type"] = serde_json::json!("pigeon");
    let script = Script::new();
    script.order(START, Reply::json(200, started("t", &[pigeon, email()])));
    script.client(Privacy::Hide).start(user()).await.unwrap();
    assert_eq!(script.seen_at(CHALLENGE).len(), 1);
}

/// Whatever is shown or told on the way of a whole attempt holds no token, code, password or name.
#[tokio::test(start_paused = true)]
async fn nothing_secret_is_shown() {
    let script = Script::new();
    let mut reset = script.client(Privacy::Tell).start(user()).await.unwrap();
    let mut seen = Vec::new();
    for at in [At::Resend, At::Verify, At::Update, At::Poll] {
        script.order(at.path(), Reply::hal("brandNew", ""));
        for _ in 0..2 {
            let result = match at {
                At::Verify => reset.enter_code(code()).await,
                At::Update => reset.set_password(password()).await,
                At::Poll => reset.wait().await,
                _ => reset.resend_code().await,
            };
            let step = serde_json::to_string(reset.step()).unwrap();
            seen.push(format!("{reset:?} {step} {result:?}"));
        }
    }
    let tokens = reset.sign_in("openid").await.unwrap();
    seen.push(format!("{tokens:?} {reset:?}"));
    assert_eq!(script.seen().len(), 3 + 8 + 2);
    for text in seen {
        for secret in ["token-", "12345678", PASSWORD, "hush", "adele"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
