//! The whole vocabulary of steps, driven by a protocol that says what a test tells it to.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use http::Method as HttpMethod;
use serde_json::{Value, json};
use sspr::protocol::{
    Action, Advice, Answer, AnswerKind, Attempt, DeviceState, Event, Flow, Method, MethodId,
    MethodKind, PasswordPolicy, Picture, Protocol, SignInNext,
};
use sspr::{
    Code, Contact, Effect, Error, Fault, Handoff, Outcome, PeerText, Rejection, Request, Reset,
    ResetClient, Sent, Step,
};
use url::Url;

use crate::desk::{code, password, user};
use crate::script::{AUTHORITY, CONTINUE, Gate, Reply, SUBMIT, Script};

/// A protocol, and the flow of its one attempt: gives one action after the other, and writes down what happened.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    actions: VecDeque<Action>,
    happened: Vec<String>,
}

impl Told {
    fn then(&self, action: Action) -> &Self {
        self.0.lock().unwrap().actions.push_back(action);
        self
    }

    fn happened(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().happened)
    }

    async fn start(&self, script: &Script) -> Reset {
        let client = ResetClient::builder(self.clone())
            .exchange(script.clone())
            .build()
            .unwrap();
        let reset = client.start(user()).await.unwrap();
        assert_eq!(self.happened(), ["begin"]);
        reset
    }
}

impl Protocol for Told {
    fn name(&self) -> &'static str {
        "told"
    }

    fn authority(&self) -> &Url {
        panic!("nobody warms up")
    }

    fn begin(&self, _attempt: Attempt) -> Box<dyn Flow> {
        Box::new(self.clone())
    }
}

impl Flow for Told {
    fn handle(&mut self, event: Event, _now: Instant) -> Action {
        let text = match event {
            Event::Begin => "begin".to_owned(),
            Event::Answer(Answer::Method(id)) => format!("method {}", id.as_str()),
            Event::Answer(Answer::Contact(contact)) => {
                format!("contact {}", contact.expose_secret())
            }
            Event::Answer(Answer::Code(code)) => format!("code {}", code.expose_secret()),
            Event::Answer(answer) => format!("{:?}", answer.kind()),
            Event::Response(response) => response.status.to_string(),
            Event::Lost(sent) => format!("lost {sent:?}"),
            Event::Due => "due".to_owned(),
            other => panic!("{other:?}"),
        };
        let mut inner = self.0.lock().unwrap();
        inner.happened.push(text);
        inner.actions.pop_front().unwrap_or(Action::Stay)
    }

    fn server_correlation(&self) -> Option<&PeerText> {
        None
    }
}

fn method(id: &str, kind: MethodKind, hint: Option<&str>) -> Method {
    Method::new(MethodId::new(id), kind, hint.map(PeerText::new))
}

fn phone() -> Method {
    method("1", MethodKind::MobileSms, Some("+1 XXXXXXXX00"))
}

fn choose() -> Step {
    Step::ChooseMethod {
        methods: vec![phone(), method("2", MethodKind::AppNotification, None)],
        rejection: None,
    }
}

fn confirm(rejection: Option<Rejection>) -> Step {
    Step::ConfirmContact {
        method: phone(),
        rejection,
    }
}

fn approve() -> Step {
    Step::Approve {
        method: method("2", MethodKind::AppNotification, None),
        rejection: None,
    }
}

fn enter_code(kind: MethodKind, can_go_back: bool) -> Step {
    Step::EnterCode {
        kind: Some(kind),
        hint: None,
        code_length: Some(6),
        can_resend: true,
        can_go_back,
        rejection: None,
    }
}

fn send(path: &str, effect: Effect) -> Action {
    let mut request = Request::new(
        HttpMethod::POST,
        format!("{AUTHORITY}{path}").parse().unwrap(),
    );
    request.effect = effect;
    Action::Send(request)
}

/// Polls once, and drops.
fn poll_once(future: impl Future<Output = Result<(), Error>>) {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Pending));
}

#[tokio::test(start_paused = true)]
async fn from_the_choice_to_the_end() {
    let (told, script) = (Told::default(), Script::new());
    told.then(Action::Show(choose()));
    let mut reset = told.start(&script).await;
    assert_eq!(reset.step(), &choose());

    told.then(Action::Show(confirm(None)));
    reset.choose_method(MethodId::new("1")).await.unwrap();
    told.then(Action::Show(confirm(Some(Rejection::WrongContact))));
    reset
        .confirm_contact(Contact::new("+1 5550199"))
        .await
        .unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::WrongContact));
    told.then(Action::Show(enter_code(MethodKind::MobileSms, true)));
    reset
        .confirm_contact(Contact::new("+1 5550100"))
        .await
        .unwrap();
    told.then(Action::Show(choose()));
    reset.back().await.unwrap();
    assert_eq!(reset.step(), &choose());

    told.then(Action::Show(approve()));
    reset.choose_method(MethodId::new("2")).await.unwrap();
    let start = tokio::time::Instant::now();
    told.then(Action::WaitUntil(start.into_std() + Duration::from_secs(5)));
    told.then(send(CONTINUE, Effect::None))
        .then(Action::Show(enter_code(MethodKind::AppCode, false)));
    reset.wait().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    told.then(Action::Show(Step::Finished(Outcome::Unlocked)));
    reset.enter_code(code()).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Unlocked));
    assert_eq!(
        told.happened(),
        [
            "method 1",
            "contact +1 5550199",
            "contact +1 5550100",
            "Some(Back)",
            "method 2",
            "Some(Wait)",
            "due",
            "200 OK",
            "code 12345678",
        ]
    );
}

#[tokio::test]
async fn a_protocol_that_does_nothing_with_an_answer_makes_it_a_misuse() {
    let (told, script) = (Told::default(), Script::new());
    told.then(Action::Show(choose()));
    let mut reset = told.start(&script).await;
    let error = reset.choose_method(MethodId::new("1")).await.unwrap_err();
    assert_eq!(
        error.fault(),
        &Fault::Misuse {
            call: "choose_method",
            step: "choose-method"
        }
    );
    assert_eq!(reset.step(), &choose());
}

/// Two codes one after the other look alike, and still are two questions.
#[tokio::test]
async fn a_code_for_one_method_never_goes_to_the_next() {
    let (told, script) = (Told::default(), Script::new());
    told.then(Action::Show(enter_code(MethodKind::Email, false)));
    let mut reset = told.start(&script).await;
    told.then(send(CONTINUE, Effect::Counts))
        .then(Action::Show(enter_code(MethodKind::MobileSms, false)));
    poll_once(reset.enter_code(Code::new("111111")));
    reset.enter_code(Code::new("222222")).await.unwrap();
    assert_eq!(reset.step(), &enter_code(MethodKind::MobileSms, false));
    assert_eq!(told.happened(), ["code 111111", "200 OK"]);
}

/// Going back once, however often the call is dropped.
#[tokio::test]
async fn a_repeated_wish_is_carried_out_once() {
    let (told, script) = (Told::default(), Script::new());
    told.then(Action::Show(confirm(None)));
    let mut reset = told.start(&script).await;
    told.then(send(CONTINUE, Effect::None))
        .then(Action::Show(confirm(Some(Rejection::WrongContact))));
    poll_once(reset.back());
    reset.back().await.unwrap();
    assert_eq!(told.happened(), ["Some(Back)", "200 OK"]);
}

/// A refused password returns to its step, with the words of the error; a doubtful one does not.
#[tokio::test]
async fn what_becomes_of_a_password() {
    let step = Step::NewPassword {
        policy: PasswordPolicy::ENTRA,
        expires_in: None,
        rejection: None,
    };
    let (told, script) = (Told::default(), Script::new());
    told.then(Action::Show(step.clone()));
    let mut reset = told.start(&script).await;
    let gate = Gate::new();
    script.order(SUBMIT, gate.hold(Reply::page(400)));
    told.then(send(SUBMIT, Effect::SetsPassword))
        .then(Action::Fail(Fault::Unreadable { status: 400 }.into()));
    tokio::select! {
        _ = reset.set_password(password()) => panic!("held"),
        () = gate.arrived() => {}
    }
    assert_eq!(reset.step(), &Step::Applying { polls: 0 });
    gate.open();
    let error = reset.wait().await.unwrap_err();
    assert_eq!(
        (error.fault(), error.sent()),
        (&Fault::Unreadable { status: 400 }, Sent::Maybe)
    );
    assert_eq!(reset.step(), &step);

    let pending = Step::Finished(Outcome::ChangedCloudPending);
    told.then(send(SUBMIT, Effect::SetsPassword));
    told.then(Action::ShowBecause(
        pending.clone(),
        Fault::Unreadable { status: 200 }.into(),
    ));
    reset.set_password(password()).await.unwrap();
    assert_eq!(reset.step(), &pending);
    let cause = reset.cause().unwrap();
    assert_eq!(
        (cause.fault(), cause.sent()),
        (&Fault::Unreadable { status: 200 }, Sent::Maybe)
    );
    assert_eq!(cause.correlation().client, reset.correlation().client);
}

#[test]
fn every_step_has_its_id_its_answers_and_its_data() {
    use AnswerKind::{
        AnotherPicture, Back, Captcha, Code, Contact, Goal, Method, Password, Questions,
        ResendCode, Wait,
    };
    let handoff = Handoff::new(
        Some("https://contoso.example/help".parse().unwrap()),
        Some("why".into()),
    );
    let password = Step::NewPassword {
        policy: PasswordPolicy::ENTRA,
        expires_in: Some(Duration::from_secs(600)),
        rejection: Some(Rejection::PasswordBanned),
    };
    let captcha = |can_ask_for_another| Step::Captcha {
        picture: Picture::new("image/png", vec![1, 2, 3]),
        description: None,
        can_ask_for_another,
        rejection: Some(Rejection::WrongSolution),
    };
    let rows: [(Step, &str, &[AnswerKind], Value); 12] = [
        (
            captcha(true),
            "captcha",
            &[Captcha, AnotherPicture],
            json!({
                "picture": { "media_type": "image/png", "bytes": "AQID" }, "description": null,
                "can_ask_for_another": true, "rejection": "wrong-solution",
            }),
        ),
        (
            captcha(false),
            "captcha",
            &[Captcha],
            json!({
                "picture": { "media_type": "image/png", "bytes": "AQID" }, "description": null,
                "can_ask_for_another": false, "rejection": "wrong-solution",
            }),
        ),
        (
            Step::ResetOrUnlock { rejection: None },
            "reset-or-unlock",
            &[Goal],
            json!({ "rejection": null }),
        ),
        (
            Step::Questions {
                questions: vec!["Where?".into()],
                can_go_back: true,
                rejection: Some(Rejection::WrongAnswers),
            },
            "questions",
            &[Questions, Back],
            json!({ "questions": ["Where?"], "can_go_back": true, "rejection": "wrong-answers" }),
        ),
        (
            choose(),
            "choose-method",
            &[Method],
            json!({
                "methods": [
                    { "id": "1", "kind": "mobile-sms", "hint": "+1 XXXXXXXX00" },
                    { "id": "2", "kind": "app-notification", "hint": null },
                ],
                "rejection": null,
            }),
        ),
        (
            confirm(None),
            "confirm-contact",
            &[Contact, Back],
            json!({
                "method": { "id": "1", "kind": "mobile-sms", "hint": "+1 XXXXXXXX00" }, "rejection": null,
            }),
        ),
        (
            enter_code(MethodKind::Other("pigeon".into()), true),
            "enter-code",
            &[Code, ResendCode, Back],
            json!({
                "kind": { "other": "pigeon" }, "hint": null, "code_length": 6, "can_resend": true, "can_go_back": true,
                "rejection": null,
            }),
        ),
        (
            approve(),
            "approve",
            &[Wait, Back],
            json!({
                "method": { "id": "2", "kind": "app-notification", "hint": null }, "rejection": null,
            }),
        ),
        (
            password,
            "new-password",
            &[Password],
            json!({
                "policy": { "min_length": 8, "max_length": 256, "min_classes": 3 },
                "expires_in": { "secs": 600, "nanos": 0 }, "rejection": "password-banned",
            }),
        ),
        (
            Step::Applying { polls: 3 },
            "applying",
            &[Wait],
            json!({ "polls": 3 }),
        ),
        (
            Step::UseBrowser(handoff),
            "use-browser",
            &[],
            json!({
                "url": "https://contoso.example/help", "reason": "why",
            }),
        ),
        (
            Step::Finished(Outcome::Declined),
            "finished",
            &[],
            json!({ "outcome": "declined" }),
        ),
    ];
    for (step, id, answers, mut data) in rows {
        assert_eq!(step.id(), id);
        assert_eq!(step.answers(), answers, "{id}");
        data["step"] = json!(id);
        assert_eq!(serde_json::to_value(&step).unwrap(), data);
        assert_eq!(step.clone(), step);
    }
}

#[test]
fn every_outcome_has_its_name() {
    let changed = Outcome::PasswordChanged {
        device: DeviceState::NeedsDomainController,
        sign_in: SignInNext::SecondFactor,
    };
    let rows = [
        (
            changed,
            json!({ "outcome": "password-changed", "device": "needs-domain-controller", "sign_in": "second-factor" }),
        ),
        (
            Outcome::ChangedCloudPending,
            json!({ "outcome": "changed-cloud-pending" }),
        ),
        (Outcome::Unlocked, json!({ "outcome": "unlocked" })),
        (
            Outcome::NotRegistered {
                where_to_register: None,
            },
            json!({ "outcome": "not-registered", "where_to_register": null }),
        ),
        (
            Outcome::NeedsAdministrator {
                code: "SSPR_0009".into(),
            },
            json!({ "outcome": "needs-administrator", "code": "SSPR_0009" }),
        ),
        (
            Outcome::Blocked {
                retry_after: Some(Duration::from_secs(60)),
            },
            json!({ "outcome": "blocked", "retry_after": { "secs": 60, "nanos": 0 } }),
        ),
        (Outcome::Expired, json!({ "outcome": "expired" })),
        (Outcome::Declined, json!({ "outcome": "declined" })),
        (
            Outcome::Unknown {
                advice: Advice::TryNewPasswordFirst,
            },
            json!({ "outcome": "unknown", "advice": "try-new-password-first" }),
        ),
    ];
    for (outcome, mut data) in rows {
        data["step"] = json!("finished");
        assert_eq!(serde_json::to_value(Step::Finished(outcome)).unwrap(), data);
    }
}
