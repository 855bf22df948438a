//! Where credentials come from, and what they are for.

use super::*;

#[tokio::test]
async fn credentials_stay_in_their_realm() {
    let access = || {
        ProxyAccess::new()
            .credentials_in_realm(secure(), "corp", adele("corp"))
            .credentials_in_realm(secure(), "lab", adele("lab"))
    };
    for (offer, expected) in [
        ("Basic realm=corp", Ok("Basic YWRlbGU6Y29ycA==")),
        ("Basic realm=\"lab\"", Ok("Basic YWRlbGU6bGFi")),
        ("Basic realm=Corp", Err("credential-scope-denied")),
        ("Basic", Err("credential-scope-denied")),
        ("NTLM", Err("credential-scope-denied")),
        ("Digest realm=evil, nonce=n", Err("credential-scope-denied")),
    ] {
        let mut login = fresh(access()).begin(&secure(), settings());
        let outcome = refuse(&mut login, &[offer]).await;
        match expected {
            Ok(field) => assert_eq!(says(&mut login).await, field),
            Err(expected) => assert_eq!(kind(outcome), expected, "{offer}"),
        }
    }
    // The more exact ones go first.
    let access = access().credentials(secure(), adele("any"));
    let logins = fresh(access);
    let mut login = begin(&logins, &secure(), &["Basic realm=lab"]).await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6bGFi");
    drop(login);
    let mut login = begin(&logins, &secure(), &["Basic realm=other"]).await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6YW55");
}

#[tokio::test]
async fn credentials_stay_with_their_proxy() {
    for server in [
        "http://proxy.corp.example:8443",
        "https://proxy.corp.example:8444",
        "https://proxy.corp.example.evil:8443",
    ] {
        let server: ProxyServer = server.parse().unwrap();
        let access = given().allow_basic_over_plaintext(true);
        let mut login = fresh(access).begin(&server, settings());
        let outcome = refuse(&mut login, &["Basic realm=a"]).await;
        assert_eq!(kind(outcome), "credentials-missing", "{server}");
    }
}

#[tokio::test]
async fn the_frontend_is_asked_once_for_each_login() {
    let person = Person::knows(&["wrong", "wrong", "right"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    const OFFER: &[&str] = &["Basic realm=\"corp\""];
    let mut login = begin(&logins, &secure(), OFFER).await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6d3Jvbmc=");
    assert_eq!(
        kind(refuse(&mut login, OFFER).await),
        "credentials-rejected"
    );
    assert_eq!(person.questions(), 1);

    // The same again: the proxy hears nothing of it.
    let mut login = logins.begin(&secure(), settings());
    assert_eq!(
        kind(refuse(&mut login, OFFER).await),
        "credentials-rejected"
    );
    assert_eq!(person.questions(), 2);

    let mut login = begin(&logins, &secure(), OFFER).await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6cmlnaHQ=");
    assert_eq!(login.accepted(), Some(AuthScheme::Basic));
    assert_eq!(person.questions(), 3);

    let questions = person.asked.lock().unwrap();
    let before: Vec<_> = questions.iter().map(|one| one.refused_before).collect();
    assert_eq!(before, [false, true, true]);
    let question = &questions[0];
    assert_eq!(question.proxy, secure());
    assert_eq!(question.scheme, Some(AuthScheme::Basic));
    assert_eq!(question.realm.as_deref(), Some("corp"));
    assert_eq!(question.reply.as_ref().unwrap().status, 407);
}

#[tokio::test]
async fn the_frontend_may_know_better_than_the_settings() {
    let person = Person::knows(&["right"]);
    let logins = fresh(given().ask(person.clone()));
    let mut login = begin(&logins, &secure(), &["Basic realm=a"]).await;
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6aHVzaA==");
    assert_eq!(person.questions(), 0);
    assert_eq!(
        refuse(&mut login, &["Basic realm=a"]).await,
        Ok(Next::Anywhere)
    );
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6cmlnaHQ=");
    login.accepted();

    let mut login = logins.begin(&secure(), settings());
    assert_eq!(says(&mut login).await, "Basic YWRlbGU6cmlnaHQ=");
}

#[tokio::test]
async fn a_frontend_without_an_answer_is_not_asked_for_the_next_scheme() {
    let person = Person::default();
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    let mut login = logins.begin(&secure(), settings());
    let outcome = refuse(
        &mut login,
        &["NTLM, Digest realm=a, nonce=n, Basic realm=a"],
    )
    .await;
    assert_eq!(kind(outcome), "credentials-missing");
    assert_eq!(person.questions(), 1);
}
