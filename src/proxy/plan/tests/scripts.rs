//! Stores that name a script, and automatic detection.

use super::*;

/// P1 to P10, P12, P14: whatever a script does wrong, nobody goes direct.
#[tokio::test]
async fn p1_to_p14_a_script_that_fails_is_a_fault() {
    let registry = registry(&[(At::User, "AutoConfigURL", Value::text("http://pac/p.pac"))]);
    for error in [
        PacError::Timeout {
            phase: PacPhase::Load,
            limit: Duration::ZERO,
        },
        PacError::Timeout {
            phase: PacPhase::Call,
            limit: Duration::ZERO,
        },
        PacError::MemoryLimit {
            phase: PacPhase::Call,
            limit: 1,
        },
        PacError::StackLimit {
            phase: PacPhase::Load,
        },
        PacError::NotAString { got: "undefined" },
        PacError::NoEntryPoint,
        login_page(),
        PacError::ScriptTooLarge { limit: 1 << 20 },
        PacError::Status { status: 404 },
        PacError::Redirect {
            host: "evil".into(),
        },
        PacError::FetchTimeout {
            limit: Duration::ZERO,
        },
        PacError::DnsBudget,
        PacError::Encoding,
    ] {
        let engine = Script(Err(error.clone()));
        let options = SurveyOptions::default();
        let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
        let place = At::User.key().to_string() + r"\AutoConfigURL";
        assert_eq!(told.fault(), &ProxyResolutionFault::Pac { place, error });
    }
    for text in ["", "garbage", "PROXY"] {
        let engine = Script(Ok(text.to_owned()));
        let options = SurveyOptions::default();
        let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
        assert!(matches!(
            told.fault(),
            ProxyResolutionFault::Pac {
                error: PacError::InvalidResult { .. },
                ..
            }
        ));
    }
    let told = ask(&registry).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::PacEngineMissing { .. }
    ));
}

/// P11
#[tokio::test]
async fn p11_the_address_of_a_script_is_checked() {
    let file = PacUrlProblem::Scheme("file".into());
    for (url, problem) in [
        ("file://c:/p.pac", file),
        ("ftp://h/p.pac", PacUrlProblem::Scheme("ftp".into())),
        ("wpad.dat", PacUrlProblem::NotAbsolute),
    ] {
        let told = ask(&registry(&[(At::User, "AutoConfigURL", Value::text(url))])).await;
        assert!(matches!(
            told.fault(),
            ProxyResolutionFault::Pac { error: PacError::UrlRejected(of), .. } if *of == problem
        ));
    }
}

/// P13: a script may name any proxy; the plan says that a script did.
#[tokio::test]
async fn p13_candidates_of_a_script_are_marked() {
    let registry = registry(&[(At::User, "AutoConfigURL", Value::text("http://pac/p.pac"))]);
    let engine = Script(Ok("PROXY evil:1; JUNK; DIRECT".into()));
    let options = SurveyOptions::default();
    let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
    assert_eq!(told.ways(), "http://evil:1 direct");
    assert!(told.plan.as_ref().unwrap().by_script);
    assert!(told.findings.contains(&Finding::ScriptAnswerPartDropped {
        part: "JUNK".into()
    }));
}

/// Windows falls back to the manual proxy of the same store where a script cannot be had, not where it fails.
#[tokio::test]
async fn a_manual_proxy_stands_in_for_a_script_that_cannot_be_had() {
    let both = blob(7, "manual:1", "", "http://pac/p.pac");
    let registry = registry(&[(At::UserBlob, "DefaultConnectionSettings", both)]);
    let sources = windows(&registry);
    let options = SurveyOptions::default();
    let html = login_page();
    let told = ask_script(PORTAL, &sources, &options, Some(&Script(Err(html.clone())))).await;
    assert_eq!(told.ways(), "http://manual:1");
    assert!(told.findings.contains(&Finding::CaptivePortalSuspected));
    assert!(
        told.findings
            .contains(&Finding::ManualInsteadOfScript { error: html })
    );
    assert!(!told.plan.as_ref().unwrap().by_script);

    let failed = Script(Err(PacError::StackLimit {
        phase: PacPhase::Call,
    }));
    let told = ask_script(PORTAL, &sources, &options, Some(&failed)).await;
    assert!(matches!(told.fault(), ProxyResolutionFault::Pac { .. }));
    let told = ask_for(PORTAL, &sources, &options).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::PacEngineMissing { .. }
    ));
}

/// P15
#[tokio::test]
async fn p15_automatic_detection_obeys_the_policy_and_the_caller() {
    let detect = (
        At::UserBlob,
        "DefaultConnectionSettings",
        blob(9, "", "", ""),
    );
    let forbidden = (At::WinHttp, "DisableWpad", Value::dword(1));
    let asked_for = SurveyOptions {
        auto_detect: true,
        ..SurveyOptions::default()
    };
    let allowed = registry(std::slice::from_ref(&detect));
    let forbidden = registry(&[detect, forbidden]);

    let told = ask(&allowed).await;
    assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
    let store = Store::UserWinInet;
    assert!(
        told.findings
            .contains(&Finding::AutoDetectNotAskedFor { store })
    );

    let engine = Script(Ok("PROXY p:1".into()));
    let told = ask_script(PORTAL, &windows(&allowed), &asked_for, Some(&engine)).await;
    assert_eq!(
        (told.ways().as_str(), told.store()),
        ("http://p:1", Some(store))
    );

    let told = ask_script(PORTAL, &windows(&forbidden), &asked_for, Some(&engine)).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::WpadDisabledByPolicy { .. }
    ));
}
