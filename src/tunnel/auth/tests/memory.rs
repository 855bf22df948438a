//! The next connection: what is known is said at once.

use super::*;

/// Logs in, and tells what the next connection says first.
async fn next(logins: &Logins, server: &ProxyServer, offer: &str) -> Login {
    let mut login = begin(logins, server, &[offer]).await;
    says(&mut login).await;
    login.accepted().unwrap();
    logins.begin(server, settings())
}

#[tokio::test]
async fn a_known_login_costs_no_refusal() {
    let logins = fresh(given());
    let mut login = next(&logins, &secure(), "Basic realm=a").await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6aHVzaA==");
    assert_eq!(login.accepted(), Some(AuthScheme::Basic));

    let mut login = next(&logins, &plain(), "Digest realm=a, nonce=n, qop=auth").await;
    let second = says(&mut login).await;
    assert!(second.contains("nonce=\"n\"") && second.contains("nc=00000002"));
    let mut third = logins.begin(&plain(), settings());
    assert!(says(&mut third).await.contains("nc=00000003"));

    let identity = Identity::says(&[Ok(b"one")]);
    let logins = fresh(ProxyAccess::new().own_identity(identity.clone()));
    let mut login = next(&logins, &plain(), "Negotiate").await;
    assert_eq!(says(&mut login).await, "Negotiate b25l");
    assert_eq!(identity.begun(), 2);

    logins.forget();
    let mut login = logins.begin(&plain(), settings());
    assert_eq!(says(&mut login).await, "");
}

#[tokio::test]
async fn what_has_become_forbidden_is_not_said() {
    let logins = fresh(given());
    next(&logins, &secure(), "Basic realm=a").await;
    let circumstances = Circumstances {
        disabled: 0x1.into(),
        ..settings()
    };
    let mut login = logins.begin(&secure(), circumstances);
    assert_eq!(says(&mut login).await, "");
}

#[tokio::test]
async fn a_refused_known_password_is_a_rejection() {
    let logins = fresh(given());
    let mut login = next(&logins, &secure(), "Basic realm=a").await;
    says(&mut login).await;
    let outcome = refuse(&mut login, &["Basic realm=a"]).await;
    assert_eq!(kind(outcome), "credentials-rejected");
    let mut login = logins.begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "");
    let outcome = refuse(&mut login, &["Basic realm=a"]).await;
    assert_eq!(kind(outcome), "credentials-rejected");
}

#[tokio::test]
async fn a_nonce_of_another_connection_may_be_unknown() {
    for (answer, expected) in [
        (
            "Digest realm=a, nonce=two, qop=auth, stale=true",
            Ok(Next::Anywhere),
        ),
        ("Digest realm=a, nonce=two, qop=auth", Ok(Next::Anywhere)),
        (
            "Digest realm=a, nonce=one, qop=auth",
            Err("credentials-rejected"),
        ),
        ("Basic realm=a", Err("credentials-rejected")),
    ] {
        let logins = fresh(given());
        let mut login = next(&logins, &plain(), "Digest realm=a, nonce=one, qop=auth").await;
        assert!(says(&mut login).await.contains("nonce=\"one\""));
        let outcome = refuse(&mut login, &[answer]).await;
        match expected {
            Err(expected) => assert_eq!(kind(outcome), expected, "{answer}"),
            Ok(_) => {
                assert_eq!(outcome, Ok(Next::Anywhere));
                assert!(says(&mut login).await.contains("nonce=\"two\""));
                // Now it was its own.
                let again = refuse(&mut login, &["Digest realm=a, nonce=three"]).await;
                assert_eq!(kind(again), "credentials-rejected");
            }
        }
    }
}

#[tokio::test]
async fn a_proxy_may_want_to_ask_first() {
    let logins = fresh(given());
    let mut login = next(&logins, &plain(), "NTLM").await;
    assert!(says(&mut login).await.starts_with("NTLM TlRMTVNTUAABAAAA"));
    assert_eq!(refuse(&mut login, &["NTLM"]).await, Ok(Next::Anywhere));
    assert!(says(&mut login).await.starts_with("NTLM TlRMTVNTUAABAAAA"));
    assert_eq!(kind(refuse(&mut login, &["NTLM"]).await), "auth-loop");

    let identity = Identity::says(&[Ok(b"one")]);
    let logins = fresh(ProxyAccess::new().own_identity(identity.clone()));
    let mut login = next(&logins, &plain(), "Negotiate").await;
    says(&mut login).await;
    assert_eq!(refuse(&mut login, &["Negotiate"]).await, Ok(Next::Anywhere));
    says(&mut login).await;
    assert_eq!(identity.begun(), 3);
    let outcome = refuse(&mut login, &["Negotiate"]).await;
    assert_eq!(kind(outcome), "credentials-rejected");
}

#[tokio::test]
async fn a_proxy_that_hangs_up_is_told_nothing_unasked() {
    let logins = fresh(given());
    let mut login = next(&logins, &secure(), "Basic realm=a").await;
    says(&mut login).await;
    assert_eq!(login.closed(), Ok(()));
    assert_eq!(says(&mut login).await, "");
    assert_eq!(kind(login.closed()), "closed");
    let mut login = logins.begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "");
}

#[tokio::test]
async fn a_proxy_may_change_its_mind() {
    let logins = fresh(given());
    let mut login = next(&logins, &secure(), "NTLM").await;
    assert_eq!(scheme(&mut login).await, "NTLM");
    let outcome = refuse(&mut login, &["Basic realm=a"]).await;
    assert_eq!(outcome, Ok(Next::Anywhere));
    assert_eq!(scheme(&mut login).await, "Basic");
}
