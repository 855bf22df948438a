//! What follows after something was said.

use super::*;

#[tokio::test]
async fn a_refused_password_is_not_sent_again() {
    // P36, P41
    for (status, offer) in [
        (407, &["Basic realm=a"][..]),
        (407, &["Basic realm=b, Digest realm=b, nonce=n"]),
        // Also one that offers nothing any more, or nothing that is known.
        (407, &[]),
        (407, &["Foo"]),
        (401, &["Basic realm=a"]),
    ] {
        let logins = fresh(given());
        let mut login = begin(&logins, &secure(), &["Basic realm=a"]).await;
        assert_eq!(says(&mut login).await, "Basic YWRlbGU6aHVzaA==");
        let outcome = refuse_with(&mut login, status, offer).await;
        let Err(ProxyFault::CredentialsRejected { scheme, reply, .. }) = &outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((*scheme, reply.status), (AuthScheme::Basic, status));

        // Neither in another connection nor by another scheme.
        for offer in ["Basic realm=a", "Digest realm=a, nonce=b", "NTLM"] {
            let mut login = logins.begin(&secure(), settings());
            assert_eq!(says(&mut login).await, "");
            assert_eq!(refuse(&mut login, &[offer]).await, outcome);
        }
        logins.forget();
        begin(&logins, &secure(), &["Basic realm=a"]).await;
    }
}

#[tokio::test]
async fn only_the_proxy_gets_an_answer() {
    let mut login = fresh(given()).begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "");
    let outcome = refuse_with(&mut login, 401, &["Basic realm=a"]).await;
    assert_eq!(kind(outcome), "refused");
    assert_eq!(says(&mut login).await, "");
}

#[tokio::test]
async fn an_old_nonce_is_renewed_once() {
    // P37
    let logins = fresh(given());
    let mut login = begin(&logins, &plain(), &["Digest realm=a, nonce=one, qop=auth"]).await;
    let first = says(&mut login).await;
    assert!(first.contains("nonce=\"one\"") && first.contains("nc=00000001"));
    let stale = "Digest realm=a, nonce=two, qop=auth, stale=TRUE";
    assert_eq!(refuse(&mut login, &[stale]).await, Ok(Next::Anywhere));
    let second = says(&mut login).await;
    assert!(second.contains("nonce=\"two\"") && second.contains("nc=00000001"));
    assert_eq!(kind(refuse(&mut login, &[stale]).await), "auth-loop");

    // That was no rejection.
    begin(&logins, &plain(), &["Digest realm=a, nonce=three"]).await;
}

#[tokio::test]
async fn a_fresh_nonce_without_a_word_is_a_rejection() {
    let logins = fresh(given());
    let mut login = begin(&logins, &plain(), &["Digest realm=a, nonce=one"]).await;
    says(&mut login).await;
    let fresh = refuse(&mut login, &["Digest realm=a, nonce=two"]).await;
    assert_eq!(kind(fresh), "credentials-rejected");
}

#[tokio::test]
async fn ntlm_stays_on_its_connection() {
    let logins = fresh(given());
    let mut login = begin(&logins, &plain(), &["NTLM"]).await;
    assert!(says(&mut login).await.starts_with("NTLM TlRMTVNTUAABAAAA"));
    let next = refuse(&mut login, &[TYPE_2]).await;
    assert_eq!(next, Ok(Next::SameConnection));
    assert!(says(&mut login).await.starts_with("NTLM TlRMTVNTUAADAAAA"));
    assert_eq!(login.accepted(), Some(AuthScheme::Ntlm));

    // P33
    let mut login = begin_again(&logins).await;
    refuse(&mut login, &[TYPE_2]).await.unwrap();
    says(&mut login).await;
    let Err(ProxyFault::ClosedDuringAuth { scheme, .. }) = login.closed() else {
        panic!()
    };
    assert_eq!(scheme, Some(AuthScheme::Ntlm));

    let mut login = begin_again(&logins).await;
    refuse(&mut login, &[TYPE_2]).await.unwrap();
    says(&mut login).await;
    let again = refuse(&mut login, &["NTLM"]).await;
    assert_eq!(kind(again), "credentials-rejected");
}

async fn begin_again(logins: &Logins) -> Login {
    let mut login = logins.begin(&plain(), settings());
    assert!(says(&mut login).await.starts_with("NTLM TlRMTVNTUAABAAAA"));
    login
}

#[tokio::test]
async fn an_ntlm_challenge_is_judged() {
    // P40
    for (challenge, expected) in [
        (TYPE_2, None),
        ("NTLM !", Some("auth-loop")),
        ("NTLM a", Some("ntlm-challenge")),
        ("NTLM TlRMTVNTUAAB", Some("ntlm-challenge")),
        ("NTLM", Some("auth-loop")),
    ] {
        let mut login = begin(&fresh(given()), &plain(), &["NTLM"]).await;
        says(&mut login).await;
        let outcome = refuse(&mut login, &[challenge]).await;
        match expected {
            None => assert_eq!(outcome, Ok(Next::SameConnection)),
            Some(expected) => assert_eq!(kind(outcome), expected, "{challenge}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_before_the_proof_is_none_of_the_password() {
    let logins = fresh(given());
    let mut login = begin(&logins, &plain(), &["NTLM"]).await;
    says(&mut login).await;
    let outcome = refuse_with(&mut login, 401, &["NTLM"]).await;
    assert_eq!(kind(outcome), "credentials-rejected");
    begin(&logins, &plain(), &["NTLM"]).await;
}

#[tokio::test]
async fn success_may_come_early() {
    // P42
    let mut login = begin(&fresh(given()), &plain(), &["NTLM"]).await;
    says(&mut login).await;
    assert_eq!(login.accepted(), Some(AuthScheme::Ntlm));
}

#[tokio::test]
async fn no_login_may_be_needed() {
    let logins = fresh(given());
    for _ in 0..2 {
        let mut login = logins.begin(&plain(), settings());
        assert_eq!(says(&mut login).await, "");
        assert_eq!(login.accepted(), None);
    }
}

#[tokio::test]
async fn negotiate_goes_on_as_long_as_there_is_something_to_say() {
    let identity = Identity::says(&[Ok(b"one"), Ok(b"two")]);
    let access = ProxyAccess::new().own_identity(identity.clone());
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    let next = refuse(&mut login, &["Negotiate YQ=="]).await;
    assert_eq!(next, Ok(Next::SameConnection));
    assert_eq!(says(&mut login).await, "Negotiate dHdv");
    let end = refuse(&mut login, &["Negotiate YQ=="]).await;
    assert_eq!(kind(end), "credentials-rejected");
    assert_eq!(identity.begun(), 1);
}

#[tokio::test]
async fn a_refused_ticket_leads_to_a_password_once() {
    let identity = Identity::says(&[Ok(b"one")]);
    let logins = fresh(given().own_identity(identity.clone()));
    const OFFER: &[&str] = &["Negotiate, Basic realm=a"];
    let mut login = begin(&logins, &secure(), OFFER).await;
    assert_eq!(scheme(&mut login).await, "Negotiate");
    assert_eq!(refuse(&mut login, OFFER).await, Ok(Next::Anywhere));
    assert_eq!(scheme(&mut login).await, "Basic");
    // The fault is that of the best scheme.
    let Err(ProxyFault::CredentialsRejected { scheme: best, .. }) = refuse(&mut login, OFFER).await
    else {
        panic!()
    };
    assert_eq!(best, AuthScheme::Negotiate);

    let mut login = logins.begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "");
    assert_eq!(
        kind(refuse(&mut login, OFFER).await),
        "credentials-rejected"
    );
    assert_eq!(identity.begun(), 1);
}

#[tokio::test]
async fn a_third_scheme_is_not_tried() {
    let person = Person::knows(&["right"]);
    let access = given()
        .own_identity(Identity::says(&[Ok(b"one")]))
        .ask(person.clone());
    let mut login = begin(&fresh(access), &secure(), &["Negotiate, Basic realm=a"]).await;
    says(&mut login).await;
    refuse(&mut login, &["Negotiate, Basic realm=a"])
        .await
        .unwrap();
    assert_eq!(scheme(&mut login).await, "Basic");
    let third = refuse(&mut login, &["Digest realm=a, nonce=n"]).await;
    assert_eq!(kind(third), "credentials-rejected");
    assert_eq!(person.questions(), 0);
}

#[tokio::test]
async fn questions_without_end_are_a_loop() {
    // P36
    const ON_AND_ON: &[Result<&[u8], KerberosProblem>] = &[
        Ok(b"1"),
        Ok(b"2"),
        Ok(b"3"),
        Ok(b"4"),
        Ok(b"5"),
        Ok(b"6"),
        Ok(b"7"),
        Ok(b"8"),
    ];
    let access = ProxyAccess::new().own_identity(Identity::says(ON_AND_ON));
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    for _ in 2..6 {
        says(&mut login).await;
        let next = refuse(&mut login, &["Negotiate YQ=="]).await;
        assert_eq!(next, Ok(Next::SameConnection));
    }
    says(&mut login).await;
    let Err(ProxyFault::AuthLoop { round_trips, .. }) =
        refuse(&mut login, &["Negotiate YQ=="]).await
    else {
        panic!()
    };
    assert_eq!(round_trips, 6);
}

#[tokio::test]
async fn a_closed_connection_is_renewed_once() {
    // P32
    let logins = fresh(given());
    let mut login = logins.begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "");
    assert_eq!(kind(login.closed()), "closed");

    let mut login = begin(&logins, &secure(), &["Basic realm=a"]).await;
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(scheme(&mut login).await, "Basic");
    let Err(ProxyFault::ClosedDuringAuth { scheme: None, .. }) = login.closed() else {
        panic!()
    };

    // One that closes after every refusal, as HTTP/1.0 does, can be logged in to.
    let mut login = begin(&logins, &plain(), &["Digest realm=a, nonce=one"]).await;
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(scheme(&mut login).await, "Digest");
    let stale = "Digest realm=a, nonce=two, stale=true";
    assert_eq!(refuse(&mut login, &[stale]).await, Ok(Next::Anywhere));
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(scheme(&mut login).await, "Digest");
    let Err(ProxyFault::ClosedDuringAuth { scheme, .. }) = login.closed() else {
        panic!()
    };
    assert_eq!(scheme, Some(AuthScheme::Digest));
}

#[tokio::test]
async fn a_ticket_is_shown_to_one_connection() {
    let identity = Identity::says(&[Ok(b"one")]);
    let access = ProxyAccess::new().own_identity(identity.clone());
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    // It closed before the ticket was shown, or after.
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    assert_eq!(identity.begun(), 1);

    let access = ProxyAccess::new().own_identity(identity.clone());
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    assert_eq!(identity.begun(), 3);
}

/// A proxy that closes after its question hears the same login, to its end, as one that stays.
#[tokio::test]
async fn a_login_on_a_new_connection_goes_on_there() {
    const SAYS: &[Result<&[u8], KerberosProblem>] = &[Ok(b"one"), Err(KerberosProblem::ClockSkew)];
    let access = ProxyAccess::new().own_identity(Identity::says(SAYS));
    let mut login = begin(&fresh(access), &plain(), &["Negotiate"]).await;
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    let Err(ProxyFault::Kerberos { problem, .. }) = refuse(&mut login, &["Negotiate YQ=="]).await
    else {
        panic!()
    };
    assert_eq!(problem, KerberosProblem::ClockSkew);
}
