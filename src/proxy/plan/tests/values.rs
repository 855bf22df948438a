//! What the values say: servers, exceptions, targets, variables.

use super::*;

/// P26: no usable part is a fault; a usable one counts.
#[tokio::test]
async fn p26_servers_that_cannot_be_used_are_a_fault_or_a_finding() {
    for (text, problem) in [
        ("http=", ServerProblem::Empty),
        (":8080", ServerProblem::Empty),
        ("host:99999", ServerProblem::BadPort),
        ("user:secret@host:80", ServerProblem::Userinfo),
        ("[fe80::1%3]:80", ServerProblem::Host(HostProblem::Zone)),
    ] {
        let values = proxy_at(At::User, text);
        let told = ask_for(
            "http://example.com/",
            &windows(&registry(&values)),
            &SurveyOptions::default(),
        )
        .await;
        match told.fault() {
            ProxyResolutionFault::NoUsableServer {
                token, problem: of, ..
            } => {
                assert_eq!(of, &problem, "{text}");
                assert!(!token.contains("secret"));
            }
            other => panic!("{text}: {other}"),
        }
    }
    let told = ask(&registry(&proxy_at(At::User, "p1 p2"))).await;
    assert_eq!(told.ways(), "http://p1:80");
    assert!(told.findings.iter().any(|finding| matches!(
        finding,
        Finding::ServerRefused { token, .. } if token.as_str() == "p2"
    )));
}

/// P27
#[tokio::test]
async fn p27_refused_exceptions_are_findings() {
    let over = (
        At::User,
        "ProxyOverride",
        Value::text("10.0.0.0/8;*.microsoftonline.com/;ok"),
    );
    let values = [proxy_at(At::User, "p:1").to_vec(), vec![over]].concat();
    let told = ask(&registry(&values)).await;
    assert_eq!(told.ways(), "http://p:1");
    let refused = |finding: &&Finding| matches!(finding, Finding::BypassEntryRefused { .. });
    assert_eq!(told.findings.iter().filter(refused).count(), 2);
}

/// P29 and P30
#[tokio::test]
async fn p29_p30_the_target_is_normalized_or_refused() {
    let over = (
        At::User,
        "ProxyOverride",
        Value::text("*.microsoftonline.com"),
    );
    let values = [proxy_at(At::User, "p:1").to_vec(), vec![over]].concat();
    let registry = registry(&values);
    let sources = windows(&registry);
    let options = SurveyOptions::default();
    let told = ask_for(
        "https://passwordreset.microsoftonline.com./",
        &sources,
        &options,
    )
    .await;
    assert_eq!(told.ways(), "direct");
    let host = "passwordreset.microsoftonline.com".to_owned();
    assert!(told.findings.contains(&Finding::Bypassed { host }));

    let long = format!("https://{}/", ["abcdefghij"; 30].join("."));
    let told = ask_for(&long, &sources, &options).await;
    let problem = HostProblem::TooLong;
    assert_eq!(told.fault(), &ProxyResolutionFault::HostInvalid { problem });
    let told = ask(&self::registry(&proxy_at(At::User, "bücher.example"))).await;
    assert_eq!(told.ways(), "http://xn--bcher-kva.example:80");
}

fn environment(variables: &[(&str, &str)]) -> Sources<'static> {
    let owned = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Sources {
        environment: Some(owned.collect()),
        ..Sources::default()
    }
}

fn reading(dialect: EnvironmentDialect) -> SurveyOptions {
    SurveyOptions {
        environment: Some(dialect),
        ..SurveyOptions::default()
    }
}

/// P54
#[tokio::test]
async fn p54_a_variable_that_a_request_can_set_is_ignored() {
    let sources = environment(&[
        ("REQUEST_METHOD", "GET"),
        ("HTTP_PROXY", "evil:1"),
        ("HTTPS_PROXY", "good:1"),
    ]);
    let hazard = Finding::CgiHazard {
        variable: "HTTP_PROXY".into(),
    };
    for dialect in [EnvironmentDialect::Go, EnvironmentDialect::Curl] {
        let told = ask_for(PORTAL, &sources, &reading(dialect)).await;
        assert_eq!(told.ways(), "http://good:1");
        assert!(told.findings.contains(&hazard));
    }
    let told = ask_for(
        "http://example.com/",
        &sources,
        &reading(EnvironmentDialect::Go),
    )
    .await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::NoUsableServer { problem: ServerProblem::CgiHazard, token, .. }
            if token.as_str() == "HTTP_PROXY"
    ));
}

/// P55
#[tokio::test]
async fn p55_an_unknown_scheme_is_a_fault() {
    let sources = environment(&[("https_proxy", "foo://host")]);
    let told = ask_for(PORTAL, &sources, &reading(EnvironmentDialect::Curl)).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::NoUsableServer { problem: ServerProblem::Scheme(name), .. }
            if name.as_str() == "foo"
    ));
}

#[tokio::test]
async fn the_environment_counts_only_where_it_may() {
    let sources = environment(&[("https_proxy", "p:1")]);
    for (options, because) in [
        (SurveyOptions::default(), IgnoredBecause::NotAllowed),
        (
            SurveyOptions {
                elevated: true,
                ..reading(EnvironmentDialect::Curl)
            },
            IgnoredBecause::Elevated,
        ),
    ] {
        let told = ask_for(PORTAL, &sources, &options).await;
        assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
        assert_eq!(
            told.ignored(Store::Environment),
            Some(("p:1".into(), because))
        );
    }
}

/// A list that leaves a scheme out means "without a proxy" for it, and that is told.
#[tokio::test]
async fn a_scheme_that_is_left_out_goes_direct_by_the_stores_word() {
    let told = ask(&registry(&proxy_at(At::User, "http=p:1"))).await;
    assert_eq!(
        (told.ways().as_str(), told.store()),
        ("direct", Some(Store::UserWinInet))
    );
    let scheme = "https".to_owned();
    assert!(
        told.findings
            .contains(&Finding::NoServerForScheme { scheme })
    );
}

/// M14: switched on without a server is a finding, and no answer.
#[tokio::test]
async fn a_switch_without_a_server_is_not_a_configuration() {
    let on = (At::Default, "ProxyEnable", Value::dword(1));
    let with = |text| (At::Default, "ProxyServer", Value::text(text));
    for values in [
        vec![on.clone()],
        vec![on.clone(), with(" ")],
        vec![on, with(";; ")],
        vec![(
            At::UserBlob,
            "DefaultConnectionSettings",
            blob(3, "", "", ""),
        )],
        vec![(
            At::UserBlob,
            "DefaultConnectionSettings",
            blob(3, " ;", "", ""),
        )],
        vec![(At::MachineBlob, "WinHttpSettings", winhttp_blob(3, ""))],
    ] {
        let told = ask(&registry(&values)).await;
        assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
        assert!(matches!(
            told.findings[..],
            [Finding::EnabledWithoutServer { .. }]
        ));
    }
}

#[test]
fn the_fingerprint_changes_with_every_setting_that_is_read() {
    let fingerprint = |values: &[(At, &str, Value)]| {
        Survey::take(&windows(&registry(values)), &SurveyOptions::default()).fingerprint
    };
    let nothing = registry(&[]);
    let watched = windows(&nothing).windows.unwrap().keys_to_watch();
    let is_watched = |at: At| {
        let key = at.key().to_string();
        watched
            .iter()
            .any(|above| key.starts_with(&above.to_string()))
    };
    let empty = fingerprint(&[]);
    assert_eq!(empty, fingerprint(&[]));
    let mut seen = vec![empty];
    for (at, name, value) in [
        (At::Policy, "ProxySettingsPerUser", Value::dword(0)),
        (At::Machine, "ProxyEnable", Value::dword(0)),
        (At::User, "ProxyServer", Value::text("p")),
        (At::User, "ProxyServer", Value::text("q")),
        (At::UserBlob, "SavedLegacySettings", blob(1, "", "", "")),
        (At::Default, "AutoConfigURL", Value::text("x")),
        (At::System, "ProxyOverride", Value::text("x")),
        (At::MachineBlob, "WinHttpSettings", winhttp_blob(1, "")),
        (At::WinHttp, "DisableWpad", Value::dword(0)),
        (
            At::Machine,
            "DisableProxyAuthenticationSchemes",
            Value::dword(0),
        ),
    ] {
        // The Default profile is a file.
        assert_eq!(is_watched(at), !matches!(at, At::Default), "{name}");
        let digest = fingerprint(&[(at, name, value)]);
        assert!(!seen.contains(&digest), "{name}");
        seen.push(digest);
    }
}

#[tokio::test]
async fn a_plan_can_be_written_down() {
    let told = ask(&registry(&proxy_at(At::User, "p:8080;p2"))).await;
    let json = serde_json::to_value(told.plan.unwrap()).unwrap();
    assert_eq!(json["candidates"][0]["proxy"], "http://p:8080");
    assert_eq!(json["provenance"]["store"], "user-win-inet");
    assert_eq!(json["provenance"]["digest"].as_str().unwrap().len(), 64);
    assert_eq!(json["findings"][0]["finding"], "server-refused");
    assert_eq!(json["findings"][0]["problem"], "surplus");
}
