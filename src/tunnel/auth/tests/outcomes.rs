//! The first refusal, and what follows from it.

use super::*;

/// Which scheme answers these challenges, or the fault.
async fn first(access: ProxyAccess, server: &ProxyServer, challenges: &[&str]) -> String {
    first_under(access, server, challenges, settings()).await
}

async fn first_under(
    access: ProxyAccess,
    server: &ProxyServer,
    challenges: &[&str],
    circumstances: Circumstances,
) -> String {
    let mut login = fresh(access).begin(server, circumstances);
    assert_eq!(says(&mut login).await, "", "nothing is told unasked");
    match refuse(&mut login, challenges).await {
        Ok(next) => {
            assert_eq!(next, Next::Anywhere);
            scheme(&mut login).await
        }
        fault => kind(fault),
    }
}

#[tokio::test]
async fn the_best_scheme_is_taken_whatever_the_order() {
    const DIGEST: &str = "Digest realm=a, nonce=n, qop=auth";
    for (challenges, expected) in [
        (&["Basic realm=a"][..], "Basic"),
        (&["Basic realm=a, Digest realm=a, nonce=n"], "Digest"),
        (&["Basic realm=a", DIGEST], "Digest"),
        (&["Basic realm=a", DIGEST, "NTLM"], "NTLM"),
        (&["NTLM, Negotiate, Basic realm=a"], "Negotiate"),
        (&["nEgOtIaTe"], "Negotiate"),
        (&["Unknown x=y", "basic realm=a"], "Basic"),
    ] {
        let access = given().own_identity(Identity::says(&[Ok(b"ticket")]));
        assert_eq!(first(access, &secure(), challenges).await, expected);
    }
}

#[tokio::test]
async fn a_refusal_without_a_way_to_log_in_says_so() {
    // P34, P35
    for (challenges, expected) in [
        (&[][..], "no-challenge"),
        (&[""], "no-challenge"),
        (&["Bearer, OAuth realm=x"], "no-acceptable-scheme"),
        (&["Kerberos"], "no-acceptable-scheme"),
        (&["Digest realm=a"], "digest-unsupported"),
        (
            &["Digest realm=a, nonce=b, qop=auth-int"],
            "digest-unsupported",
        ),
        (
            &["Digest realm=a, nonce=b, algorithm=MD4"],
            "digest-unsupported",
        ),
        (&["Negotiate"], "credentials-missing"),
    ] {
        assert_eq!(first(given(), &secure(), challenges).await, expected);
    }
}

#[tokio::test]
async fn what_the_proxy_said_is_kept() {
    let mut login = fresh(given()).begin(&plain(), settings());
    let offered = &["Bearer, \u{1b}x", "\u{202e}, Hawk a=b"];
    let Err(ProxyFault::NoAcceptableScheme { proxy, reply }) = refuse(&mut login, offered).await
    else {
        panic!()
    };
    assert_eq!(proxy, "http://proxy.corp.example:8080");
    assert_eq!(
        reply.to_string(),
        "407 Proxy Authentication Required; offers Bearer, Hawk"
    );
}

#[tokio::test]
async fn what_is_forbidden_is_not_used() {
    const ALL: &[&str] = &["Negotiate, NTLM, Digest realm=a, nonce=n, Basic realm=a"];
    let negotiate = AuthScheme::Negotiate;
    for (bits, disabled, expected) in [
        (0, None, "Negotiate"),
        (0x8, None, "NTLM"),
        (0x10, None, "NTLM"),
        (0, Some(negotiate), "NTLM"),
        (0x4, Some(negotiate), "Digest"),
        (0x1e, None, "Basic"),
        (0x1f, None, "no-acceptable-scheme"),
        (0x0f, Some(negotiate), "no-acceptable-scheme"),
        // That is about this computer only.
        (0x100, None, "Negotiate"),
    ] {
        let mut access = given().own_identity(Identity::says(&[Ok(b"ticket")]));
        if let Some(scheme) = disabled {
            access = access.disable(scheme);
        }
        let circumstances = Circumstances {
            disabled: bits.into(),
            ..settings()
        };
        let outcome = first_under(access, &secure(), ALL, circumstances).await;
        assert_eq!(outcome, expected, "{bits:#x}");
    }
}

#[tokio::test]
async fn a_proxy_on_this_computer_can_be_forbidden() {
    for (server, expected) in [
        ("https://localhost", "no-acceptable-scheme"),
        ("https://px.localhost", "no-acceptable-scheme"),
        ("https://127.1.2.3", "no-acceptable-scheme"),
        ("https://[::1]", "no-acceptable-scheme"),
        ("https://[::ffff:127.0.0.1]", "no-acceptable-scheme"),
        ("https://localhost.example", "Basic"),
    ] {
        let server: ProxyServer = server.parse().unwrap();
        let access = ProxyAccess::new().credentials(server.clone(), adele("hush"));
        let circumstances = Circumstances {
            disabled: 0x100.into(),
            ..settings()
        };
        let outcome = first_under(access, &server, &["Basic realm=a"], circumstances).await;
        assert_eq!(outcome, expected, "{server}");
    }
}

#[tokio::test]
async fn a_password_is_not_readable_on_the_way() {
    // P39
    const BASIC: &[&str] = &["Basic realm=a"];
    assert_eq!(
        first(given(), &plain(), BASIC).await,
        "basic-refused-plaintext"
    );
    let allowed = given().allow_basic_over_plaintext(true);
    assert_eq!(first(allowed, &plain(), BASIC).await, "Basic");
    // Nobody is asked for what would not be sent.
    let person = Person::knows(&["hush"]);
    let access = ProxyAccess::new().ask(person.clone());
    assert_eq!(
        first(access, &plain(), BASIC).await,
        "basic-refused-plaintext"
    );
    assert_eq!(person.questions(), 0);
}

#[tokio::test]
async fn credentials_that_cannot_be_written_are_told() {
    let credentials = ProxyCredentials::new("a:b", ProxyPassword::new("c"));
    let access = ProxyAccess::new().credentials(secure(), credentials);
    let outcome = first(access, &secure(), &["Basic realm=a"]).await;
    assert_eq!(outcome, "credentials-unusable");
}

#[tokio::test]
async fn a_script_names_no_proxy_of_its_own() {
    // P13
    let identity = Identity::says(&[Ok(b"ticket")]);
    let person = Person::knows(&["hush"]);
    let other: ProxyServer = "https://proxy.corp.example:8444".parse().unwrap();
    let access = || {
        ProxyAccess::new()
            .credentials(other.clone(), adele("hush"))
            .own_identity(identity.clone())
            .ask(person.clone())
    };
    const OFFER: &[&str] = &["Negotiate, Basic realm=a"];
    let outcome = first_under(access(), &secure(), OFFER, script()).await;
    assert_eq!(outcome, "credential-scope-denied");
    assert_eq!((identity.begun(), person.questions()), (0, 0));

    let listed = access().listed(secure());
    let outcome = first_under(listed, &secure(), OFFER, script()).await;
    assert_eq!(outcome, "Negotiate");
    let outcome = first_under(given(), &secure(), &["Basic realm=a"], script()).await;
    assert_eq!(outcome, "Basic", "who is given credentials is on the list");
}

#[tokio::test]
async fn no_ticket_leads_to_the_next_scheme() {
    // P43
    for problem in [
        KerberosProblem::NoKdc,
        KerberosProblem::ClockSkew,
        KerberosProblem::UnknownSpn {
            service: "HTTP/proxy.corp.example".into(),
        },
    ] {
        let says: &'static [_] = vec![Err(problem.clone())].leak();
        let access = given().own_identity(Identity::says(says));
        let logins = fresh(access);
        let mut login = logins.begin(&secure(), settings());
        refuse(&mut login, &["Negotiate, Basic realm=a"])
            .await
            .unwrap();
        assert_eq!(scheme(&mut login).await, "Basic");

        let access = ProxyAccess::new().own_identity(Identity::says(says));
        let mut login = fresh(access).begin(&secure(), settings());
        // T18
        let offers = ["Negotiate", "Negotiate, Basic realm=a"];
        let expected = ProxyFault::Kerberos {
            proxy: secure().to_string(),
            problem,
        };
        for offer in offers {
            let outcome = refuse(&mut login, &[offer]).await;
            assert_eq!(outcome, Err(expected.clone()));
        }
    }
}

#[tokio::test]
async fn ntlm_hides_in_no_ticket() {
    const NTLM: Identity2 = &[Ok(b"\x60\x40NTLMSSP\0\x01")];
    type Identity2 = &'static [Result<&'static [u8], KerberosProblem>];
    let access = ProxyAccess::new().own_identity(Identity::says(NTLM));
    let mut login = fresh(access).begin(&plain(), settings());
    let Err(ProxyFault::Kerberos { problem, .. }) = refuse(&mut login, &["Negotiate"]).await else {
        panic!()
    };
    assert_eq!(problem, KerberosProblem::NtlmRefused);

    let identity = Identity::says(&[Ok(b"ticket"), Ok(b"more")]);
    let access = ProxyAccess::new().own_identity(identity);
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    assert_eq!(says(&mut login).await, "Negotiate dGlja2V0");
    let offer = TYPE_2.replace("NTLM ", "Negotiate ");
    let Err(ProxyFault::Kerberos { problem, .. }) = refuse(&mut login, &[&offer]).await else {
        panic!()
    };
    assert_eq!(problem, KerberosProblem::NtlmRefused);
}

#[test]
fn nothing_shows_secrets() {
    let access = given().credentials_in_realm(plain(), "corp", adele("hush"));
    for shown in [format!("{access:?}"), format!("{:?}", adele("hush"))] {
        assert!(
            !shown.contains("hush") && !shown.contains("adele"),
            "{shown}"
        );
    }
}
