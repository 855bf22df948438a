//! User name and password for SOCKS 5.

use super::*;
use crate::error::SocksProblem;

fn server() -> ProxyServer {
    "socks5://proxy.corp.example".parse().unwrap()
}

fn fault(problem: SocksProblem) -> ProxyFault {
    ProxyFault::Socks {
        proxy: server().to_string(),
        problem,
    }
}

/// Logs in at a proxy that takes the password `right`. Which one it got.
async fn open(logins: &Logins, right: &str) -> Result<String, ProxyFault> {
    let found = logins.password_for(&server(), &settings()).await?;
    let password = found.expose_secrets().1.to_owned();
    // Others get their turn, as while the proxy thinks.
    tokio::task::yield_now().await;
    match password == right {
        true => found.accepted(),
        false => found.rejected(&fault(SocksProblem::CredentialsRejected)),
    }
    Ok(password)
}

#[tokio::test]
async fn a_refused_password_is_not_given_again() {
    let logins = fresh(ProxyAccess::new().credentials(server(), adele("hush")));
    for right in ["hush", "hush", "other"] {
        assert_eq!(open(&logins, right).await.unwrap(), "hush");
    }
    let rejected = fault(SocksProblem::CredentialsRejected);
    assert_eq!(open(&logins, "hush").await, Err(rejected));
    logins.forget();
    assert_eq!(open(&logins, "hush").await.unwrap(), "hush");
}

#[tokio::test]
async fn the_frontend_is_asked_until_it_knows() {
    let person = Person::knows(&["wrong", "right"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    for expected in ["wrong", "right", "right"] {
        assert_eq!(open(&logins, "right").await.unwrap(), expected);
    }
    assert_eq!(person.questions(), 2);
    assert!(person.asked.lock().unwrap()[1].refused_before);
}

/// However many connections want it at once.
#[tokio::test]
async fn a_wrong_password_is_given_once() {
    let logins = fresh(ProxyAccess::new().credentials(server(), adele("hush")));
    let (a, b, c) = tokio::join!(
        open(&logins, "other"),
        open(&logins, "other"),
        open(&logins, "other"),
    );
    assert_eq!(a.unwrap(), "hush");
    let rejected = fault(SocksProblem::CredentialsRejected);
    assert_eq!((b, c), (Err(rejected.clone()), Err(rejected)));
}

/// Nobody knows whether the password was refused, so those who wait do not try it.
#[tokio::test]
async fn a_password_without_an_answer_is_given_once() {
    let logins = fresh(ProxyAccess::new().credentials(server(), adele("hush")));
    let first = logins.password_for(&server(), &settings()).await.unwrap();
    let truncated = fault(SocksProblem::Truncated);
    let breaks = async {
        tokio::task::yield_now().await;
        first.unanswered(&truncated);
    };
    let (waits, ()) = tokio::join!(open(&logins, "hush"), breaks);
    assert_eq!(waits, Err(fault(SocksProblem::Truncated)));
    assert_eq!(open(&logins, "hush").await.unwrap(), "hush");
}

/// A right one is waited for once, and then has as many users as there are.
#[tokio::test]
async fn a_right_password_is_given_to_all() {
    let logins = fresh(ProxyAccess::new().credentials(server(), adele("hush")));
    let (a, b) = tokio::join!(open(&logins, "hush"), open(&logins, "hush"));
    assert_eq!((a.unwrap(), b.unwrap()), ("hush".into(), "hush".into()));
    let held = logins.password_for(&server(), &settings()).await.unwrap();
    assert_eq!(open(&logins, "hush").await.unwrap(), "hush");
    drop(held);
}

#[tokio::test]
async fn a_person_who_does_not_know_is_asked_once() {
    let person = Person::default();
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    let (a, b) = tokio::join!(open(&logins, "hush"), open(&logins, "hush"));
    let missing = fault(SocksProblem::CredentialsMissing);
    assert_eq!((a, b), (Err(missing.clone()), Err(missing)));
    assert_eq!(person.questions(), 1);
}

/// A connection that hears late that its password is wrong does not spoil the one that was given since.
#[tokio::test]
async fn a_rejection_is_about_the_password_that_was_sent() {
    let person = Person::knows(&["old", "new"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    let rejected = fault(SocksProblem::CredentialsRejected);
    open(&logins, "old").await.unwrap();
    let password = async || logins.password_for(&server(), &settings()).await.unwrap();
    let (one, late) = (password().await, password().await);
    one.rejected(&rejected);
    let new = password().await;
    assert_eq!(new.expose_secrets(), ("adele", "new"));
    late.rejected(&rejected);
    new.accepted();
    assert_eq!(password().await.expose_secrets(), ("adele", "new"));
}

#[tokio::test]
async fn who_may_not_know_gets_none() {
    let local: DisabledAuthentication = 0x100.into();
    let person = Person::knows(&["hush"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    let localhost: ProxyServer = "socks5://127.0.0.1".parse().unwrap();
    let forbidden = Circumstances {
        disabled: local,
        ..settings()
    };
    for (server, circumstances) in [(server(), script()), (localhost, forbidden)] {
        assert!(!logins.may_have_password(&server, &circumstances));
        let found = logins.password_for(&server, &circumstances).await;
        assert_eq!(kind(found.map(|_| ())), "socks");
    }
    assert_eq!(person.questions(), 0);
}
