//! Rows H1 to H12 of the protocol's table of faults, each with the outcome it must have. H4 and H5 are in `links`.

use serde_json::{Value, json};
use sspr::protocol::{MethodKind, SignInNext};
use sspr::{Error, Fault, Outcome, Privacy, Rejection, Remedy, Reset, SignIn, Stage, Step};

use crate::desk::{At, code, is_changed, password, user};
use crate::script::{
    CHALLENGE, ENTRY, POLL, RISK, Reply, SMS_CHALLENGE, START, Script, TOKEN, UPDATE, VERIFY,
    challenged, email, entry, polling, sms, started, verified,
};

async fn start_with(at: &'static str, reply: Reply) -> Result<Reset, Error> {
    let script = Script::new();
    script.order(at, reply);
    script.client(Privacy::Tell).start(user()).await
}

async fn fault_of(at: &'static str, reply: Reply) -> Fault {
    let error = start_with(at, reply).await.map(|_| ()).unwrap_err();
    error.fault().clone()
}

/// An attempt whose next poll is answered so.
async fn polled(body: Value) -> (Reset, Result<(), Error>) {
    let script = Script::new();
    script.order(POLL, Reply::json(200, body));
    let (reset, _, result) = At::Poll.call(&script, Privacy::Hide).await;
    (reset.unwrap(), result)
}

fn unknown_word(fault: &Fault) -> (&str, &str) {
    match fault {
        Fault::UnknownWord { field, word } => (field, word),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn h1_an_entry_that_is_refused_with_a_token() {
    let mut without_error = entry("t");
    without_error.as_object_mut().unwrap().remove("error");
    let mut camel = entry("t");
    camel["continuationToken"] = camel["continuation_token"].take();
    for reply in [
        Reply::json(401, entry("t")),
        Reply::json(401, without_error.clone()),
        Reply::json(200, without_error),
        Reply::json(401, camel),
    ] {
        let reset = start_with(ENTRY, reply).await.unwrap();
        assert_eq!(reset.step().id(), "enter-code");
    }
    // Elsewhere, 401 is what it says.
    let fault = fault_of(START, Reply::json(401, started("t", &[email()]))).await;
    assert!(matches!(fault, Fault::UnexpectedStatus { status: 401, .. }));
}

#[tokio::test]
async fn h2_an_entry_without_a_token() {
    let error = json!({ "error": "brand_new", "suberror": "and_so_on", "error_codes": [7] });
    let Fault::Refused { server } = fault_of(ENTRY, Reply::json(401, error)).await else {
        panic!()
    };
    assert_eq!(server.to_string(), "brand_new/and_so_on 7");
    for (error, suberror) in [
        ("unauthorized_client", ""),
        ("invalid_client", "nativeauthapi_disabled"),
    ] {
        for status in [400, 401] {
            let body = json!({ "error": error, "suberror": suberror });
            let fault = fault_of(ENTRY, Reply::json(status, body)).await;
            assert!(matches!(fault, Fault::ApplicationRefused { .. }));
            assert_eq!(fault.stage(), Stage::Configuration);
        }
    }
    let mut body = entry("");
    let fault = fault_of(ENTRY, Reply::json(401, body.clone())).await;
    assert!(matches!(fault, Fault::Refused { .. }));
    body.as_object_mut().unwrap().remove("error");
    let fault = fault_of(ENTRY, Reply::json(200, body)).await;
    let field = "continuationToken";
    assert_eq!(fault, Fault::MissingField { field });
}

#[tokio::test]
async fn h3_the_link_of_the_entry_by_either_name() {
    let link = entry("t")["reset_password"].clone();
    for (body, is_there) in [
        (json!({ "reset_password": link }), true),
        (json!({ "resetPassword": link }), true),
        (
            json!({ "_links": { "resetPassword": { "href": link } } }),
            true,
        ),
        (
            json!({ "_links": { "reset_password": [{ "href": link }] } }),
            true,
        ),
        (json!({ "sign_in": link }), false),
        (json!({ "reset_password": null }), false),
    ] {
        let mut body = body;
        body["continuation_token"] = json!("t");
        let started = start_with(ENTRY, Reply::json(401, body.clone())).await;
        if is_there {
            assert!(started.is_ok(), "{body}");
        } else {
            let fault = started.map(|_| ()).unwrap_err().fault().clone();
            let field = "reset_password";
            assert_eq!(fault, Fault::MissingField { field });
            assert_eq!(fault.stage(), Stage::Protocol);
        }
    }
}

#[tokio::test]
async fn h6_a_missing_context_means_the_first_factor() {
    let mut body = started("t", &[email()]);
    for context in [None, Some(json!({}))] {
        match context {
            None => _ = body.as_object_mut().unwrap().remove("challengeContext"),
            Some(context) => body["challengeContext"] = context,
        }
        let reset = start_with(START, Reply::json(200, body.clone())).await;
        assert_eq!(reset.unwrap().step().id(), "enter-code");
    }
    body["challengeContext"] = json!({ "authenticationFactor": "thirdFactor" });
    let fault = fault_of(START, Reply::json(200, body.clone())).await;
    assert_eq!(
        unknown_word(&fault),
        ("authenticationFactor", "thirdFactor")
    );
    body["challengeContext"] = json!({ "authenticationFactor": "multiFactor" });
    assert_eq!(
        fault_of(START, Reply::json(200, body)).await.stage(),
        Stage::Protocol
    );

    // After the password, the first factor is no proof of anything.
    let mut body = started("t", &[email()]);
    body.as_object_mut().unwrap().remove("challengeContext");
    let (reset, result) = polled(body).await;
    assert_eq!(result.unwrap_err().stage(), Stage::Protocol);
    assert_eq!(reset.step().id(), "applying");
}

#[tokio::test]
async fn h7_no_methods() {
    let mut linkless = email();
    linkless["_links"]
        .as_object_mut()
        .unwrap()
        .remove("challenge");
    let mut password = email();
    password["type"] = json!("password");
    for embedded in [
        json!(null),
        json!({}),
        json!({ "methods": [] }),
        json!({ "methods": {} }),
        json!({ "methods": [1, null, "email"] }),
        json!({ "methods": [linkless, password] }),
    ] {
        let mut body = started("t", &[]);
        body["_embedded"] = embedded;
        let fault = fault_of(START, Reply::json(200, body)).await;
        assert_eq!(fault, Fault::NoMethods);
        assert_eq!(
            (fault.stage(), fault.remedy()),
            (Stage::Protocol, Remedy::AskHelpDesk)
        );
    }
    let mut bare = email();
    bare["hint"] = json!(null);
    let reset = start_with(START, Reply::json(200, started("t", &[bare]))).await;
    assert_eq!(reset.unwrap().step().id(), "enter-code", "nobody is asked");
    // Those that can be used are offered.
    let body = started("t", &[linkless, sms(), email(), email()]);
    let reset = start_with(START, Reply::json(200, body)).await.unwrap();
    let Step::ChooseMethod { methods, .. } = reset.step() else {
        panic!()
    };
    let offered: Vec<_> = methods.iter().map(|method| method.id.as_str()).collect();
    assert_eq!(offered, ["2", "1", "method-3"], "every id once");
    assert_eq!(methods[0].kind, MethodKind::MobileSms);
    assert_eq!(methods[0].hint.as_deref(), Some("+1 *****00"));
}

#[tokio::test]
async fn h8_a_check_for_risk_that_leads_elsewhere() {
    let mut email = challenged("t");
    email["type"] = json!("email");
    let mut typeless = challenged("t");
    typeless.as_object_mut().unwrap().remove("type");
    let update = verified("t");
    let again = crate::script::risk("t");
    for (body, expected) in [
        (update, Some(("action", "update"))),
        (again, Some(("action", "riskverify"))),
        (email, Some(("type", "email"))),
        (typeless, None),
    ] {
        let script = Script::new();
        script.order(START, Reply::json(200, started("t", &[sms()])));
        script.order(RISK, Reply::json(200, body));
        let error = script.client(Privacy::Tell).start(user()).await;
        let error = error.map(|_| ()).unwrap_err();
        assert_eq!(error.stage(), Stage::Protocol);
        match expected {
            Some(expected) => assert_eq!(unknown_word(error.fault()), expected),
            None => assert_eq!(error.fault(), &Fault::MissingField { field: "type" }),
        }
        assert_eq!(script.seen_at(SMS_CHALLENGE).len(), 1);
    }
}

#[tokio::test]
async fn h9_wrong_codes_and_every_reason_against_a_password() {
    let wrong = Reply::hal("invalidGrant", "invalidOneTimeCode");
    let script = Script::new();
    script.order(VERIFY, wrong.clone());
    let (reset, _, result) = At::Verify.call(&script, Privacy::Tell).await;
    result.unwrap();
    let mut reset = reset.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::WrongCode));
    reset.enter_code(code()).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");

    let details = json!([{ "attributeIds": ["password"], "code": "attributeValidationFailed" }]);
    let of_attribute = |details: Value| {
        let inner = json!({ "code": "attributeValidationError", "details": details });
        let error = json!({ "error": { "code": "invalidRequest", "innerError": inner } });
        Reply::json(400, error)
    };
    for (reply, expected) in [
        ("passwordTooWeak", Rejection::PasswordTooWeak),
        ("passwordTooShort", Rejection::PasswordTooShort),
        ("passwordTooLong", Rejection::PasswordTooLong),
        ("passwordIsInvalid", Rejection::PasswordInvalid),
        ("passwordRecentlyUsed", Rejection::PasswordRecentlyUsed),
        ("passwordBanned", Rejection::PasswordBanned),
    ]
    .map(|(inner, rejection)| (Reply::hal("invalidRequest", inner), rejection))
    .into_iter()
    .chain([
        (of_attribute(details), Rejection::PasswordInvalid),
        (
            Reply::flat("invalid_grant", "password_banned", &[]),
            Rejection::PasswordBanned,
        ),
    ]) {
        for at in [At::Update, At::Poll] {
            let script = Script::new();
            script.order(at.path(), reply.clone());
            let (reset, _, result) = at.call(&script, Privacy::Hide).await;
            result.unwrap();
            let mut reset = reset.unwrap();
            assert_eq!(reset.step().rejection(), Some(&expected), "{at:?}");
            reset.set_password(password()).await.unwrap();
            reset.wait().await.unwrap();
            assert!(is_changed(reset.step()));
        }
    }
    // A word of its own is kept; one that is not about the password is no rejection.
    let script = Script::new();
    script.order(
        UPDATE,
        Reply::hal("invalidRequest", "passwordSeenInABreach"),
    );
    let (reset, ..) = At::Update.call(&script, Privacy::Hide).await;
    let reset = reset.unwrap();
    let Some(Rejection::Other(server)) = reset.step().rejection() else {
        panic!("{:?}", reset.step())
    };
    assert_eq!(server.to_string(), "invalidRequest/passwordSeenInABreach");
    for other in [
        of_attribute(json!([{ "attributeIds": ["city"] }])),
        Reply::hal("invalidGrant", "invalidOneTimeCode"),
        Reply::hal("invalidGrant", "invalidUserNameOrPassword"),
    ] {
        let script = Script::new();
        script.order(UPDATE, other);
        let (reset, step, result) = At::Update.call(&script, Privacy::Hide).await;
        assert!(matches!(result.unwrap_err().fault(), Fault::Refused { .. }));
        assert_eq!(reset.unwrap().step(), &step.unwrap());
    }
}

#[tokio::test]
async fn h10_what_stands_before_the_sign_in() {
    let mut second_factor = started("t", &[email()]);
    second_factor["challengeContext"] = json!({ "authenticationFactor": "multiFactor" });
    let enrolment = json!({
        "action": "enroll",
        "continuationToken": "t",
        "_embedded": { "methods": [{ "type": "email", "_links": {} }] },
    });
    for (body, expected) in [
        (second_factor, SignInNext::SecondFactor),
        (enrolment, SignInNext::Enrolment),
        (
            json!({ "state": "continue", "continuationToken": "t" }),
            SignInNext::Unknown,
        ),
        (json!({ "state": " continue " }), SignInNext::Unknown),
    ] {
        let (reset, result) = polled(body).await;
        result.unwrap();
        let Step::Finished(Outcome::PasswordChanged { sign_in, .. }) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(*sign_in, expected);
    }
}

#[tokio::test]
async fn h11_a_browser_at_every_step() {
    let browser = || Reply::flat("invalid_grant", "web_redirect_required", &[]);
    let assert_browser = |reset: &Reset| {
        let Step::UseBrowser(handoff) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(handoff.reason.as_deref(), Some("web_redirect_required"));
        assert_eq!(handoff.url, None, "never a page that nobody named");
    };
    assert_browser(&start_with(ENTRY, browser()).await.unwrap());
    let mut with_token = entry("t");
    with_token["suberror"] = json!("web_redirect_required");
    let reset = start_with(ENTRY, Reply::json(401, with_token)).await;
    assert_browser(&reset.unwrap());
    for at in At::ALL {
        let script = Script::new();
        script.order(at.path(), browser());
        let (reset, _, result) = at.call(&script, Privacy::Tell).await;
        result.unwrap();
        assert_browser(&reset.unwrap());
    }
    for at in [ENTRY, TOKEN] {
        let script = Script::new();
        let (reset, _, result) = At::Poll.call(&script, Privacy::Hide).await;
        result.unwrap();
        script.order(at, browser());
        let mut reset = reset.unwrap();
        let signed_in = reset.sign_in("openid").await.unwrap();
        assert!(matches!(signed_in, SignIn::UseBrowser(_)));
        assert!(is_changed(reset.step()), "the reset stays a success");
    }
}

#[tokio::test]
async fn h12_words_that_nobody_knows() {
    for at in At::ALL {
        for (change, expected) in [
            (
                json!({ "action": "teleport" }),
                Some(("action", "teleport")),
            ),
            (
                json!({ "action": null, "state": "floating" }),
                Some(("state", "floating")),
            ),
            (json!({ "state": "floating" }), Some(("state", "floating"))),
            (
                json!({ "action": "collectAttributes" }),
                Some(("action", "collectAttributes")),
            ),
            (
                json!({ "action": null, "state": "interactionRequired" }),
                None,
            ),
        ] {
            // An update is known by its link, whatever else it says.
            if at == At::Update {
                continue;
            }
            let mut body = match at {
                At::Start => started("t", &[email()]),
                At::Challenge | At::Resend => challenged("t"),
                At::Verify => verified("t"),
                At::Update | At::Poll => polling("t"),
            };
            for (field, value) in change.as_object().unwrap() {
                body[field] = value.clone();
            }
            let script = Script::new();
            script.order(at.path(), Reply::json(200, body));
            let (reset, step, result) = at.call(&script, Privacy::Tell).await;
            let error = result.unwrap_err();
            assert_eq!(error.stage(), Stage::Protocol, "{at:?} {change}");
            match expected {
                Some(expected) => assert_eq!(unknown_word(error.fault()), expected, "{at:?}"),
                None => assert_eq!(error.fault(), &Fault::MissingField { field: "action" }),
            }
            assert_eq!(reset.map(|reset| reset.step().clone()), step, "{at:?}");
        }
    }
}

/// Known words at the wrong step are told in the server's word, too.
#[tokio::test]
async fn known_words_at_the_wrong_step() {
    for (at, body, word) in [
        (At::Start, verified("t"), "update"),
        (At::Challenge, polling("t"), "poll"),
        (At::Verify, challenged("t"), "verify"),
        (At::Verify, started("t", &[email()]), "challenge"),
        (
            At::Verify,
            json!({ "state": "continue", "continuationToken": "t" }),
            "continue",
        ),
        (At::Poll, verified("t"), "update"),
    ] {
        let script = Script::new();
        script.order(at.path(), Reply::json(200, body));
        let (.., result) = at.call(&script, Privacy::Tell).await;
        assert_eq!(unknown_word(result.unwrap_err().fault()).1, word, "{at:?}");
    }
}

#[tokio::test]
async fn a_challenge_that_wants_a_password_or_something_unheard_of() {
    let mut body = challenged("t");
    body["type"] = json!("Password");
    let fault = fault_of(CHALLENGE, Reply::json(200, body.clone())).await;
    assert_eq!(unknown_word(&fault), ("type", "Password"));
    for (kind, expected) in [
        ("EMAIL", MethodKind::Email),
        ("sms", MethodKind::MobileSms),
        (" pigeon ", MethodKind::Other("pigeon".into())),
    ] {
        body["type"] = json!(kind);
        let reset = start_with(CHALLENGE, Reply::json(200, body.clone())).await;
        let reset = reset.unwrap();
        let Step::EnterCode { kind, .. } = reset.step() else {
            panic!()
        };
        assert_eq!(kind.as_ref(), Some(&expected));
    }
}

#[tokio::test]
async fn code_lengths_that_can_be_and_that_cannot() {
    for (change, expected) in [
        (json!({ "codeLength": 6 }), Some(6)),
        (
            json!({ "codeLength": null, "payload": { "codeLength": 7 } }),
            Some(7),
        ),
        (json!({ "codeLength": null }), None),
        (json!({ "codeLength": 0 }), None),
        (json!({ "codeLength": -8 }), None),
        (json!({ "codeLength": 65 }), None),
        (json!({ "codeLength": 1e300 }), None),
        (json!({ "codeLength": "8" }), None),
        (json!({ "codeLength": null, "payload": 8 }), None),
    ] {
        let mut body = challenged("t");
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        let reset = start_with(CHALLENGE, Reply::json(200, body)).await;
        let reset = reset.unwrap();
        let Step::EnterCode { code_length, .. } = reset.step() else {
            panic!()
        };
        assert_eq!(*code_length, expected, "{change}");
    }
}
