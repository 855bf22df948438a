//! User name and password for SOCKS 5.

use super::*;

fn server() -> ProxyServer {
    "socks5://proxy.corp.example".parse().unwrap()
}

async fn password(logins: &Logins, circumstances: &Circumstances) -> Option<String> {
    let found = logins.password_for(&server(), circumstances).await;
    let may = logins.may_have_password(&server(), circumstances);
    let password = found
        .unwrap()
        .map(|found| found.password.expose_secret().to_owned());
    assert!(may || password.is_none());
    password
}

#[tokio::test]
async fn a_refused_password_is_not_given_again() {
    let logins = fresh(ProxyAccess::new().credentials(server(), adele("hush")));
    for _ in 0..2 {
        assert_eq!(
            password(&logins, &settings()).await.as_deref(),
            Some("hush")
        );
    }
    logins.password_rejected(&server());
    let outcome = logins.password_for(&server(), &settings()).await;
    assert_eq!(kind(outcome), "socks");
    logins.forget();
    assert_eq!(
        password(&logins, &settings()).await.as_deref(),
        Some("hush")
    );
}

#[tokio::test]
async fn the_frontend_is_asked_until_it_knows() {
    let person = Person::knows(&["wrong", "right"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    assert_eq!(
        password(&logins, &settings()).await.as_deref(),
        Some("wrong")
    );
    logins.password_rejected(&server());
    for _ in 0..2 {
        assert_eq!(
            password(&logins, &settings()).await.as_deref(),
            Some("right")
        );
    }
    assert_eq!(person.questions(), 2);
    assert!(person.asked.lock().unwrap()[1].refused_before);
}

#[tokio::test]
async fn who_may_not_know_gets_none() {
    let local: DisabledAuthentication = 0x100.into();
    let person = Person::knows(&["hush"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    assert_eq!(password(&logins, &script()).await, None);
    let localhost: ProxyServer = "socks5://127.0.0.1".parse().unwrap();
    let circumstances = Circumstances {
        disabled: local,
        ..settings()
    };
    let found = logins.password_for(&localhost, &circumstances).await;
    assert!(found.unwrap().is_none());
    assert_eq!(person.questions(), 0);
}
