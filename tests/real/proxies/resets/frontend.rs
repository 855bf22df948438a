//! Nobody has given a login, and the person is asked for one.

use std::sync::{Arc, Mutex};

use sspr::{
    AskCredentials, AuthScheme, CredentialFuture, CredentialQuestion, ProxyAccess,
    ProxyCredentials, ProxyFault, ProxyPassword,
};

use super::{PASSWORD, Trip, USER, WRONG, proxy_fault, server};
use crate::reset;
use crate::stand::squid;

/// A person who gives these passwords, one at each question, and then none.
#[derive(Clone)]
struct Person {
    passwords: Arc<Mutex<Vec<&'static str>>>,
    asked: Arc<Mutex<Vec<CredentialQuestion>>>,
}

impl Person {
    fn with(passwords: impl IntoIterator<Item = &'static str>) -> Self {
        let mut passwords: Vec<_> = passwords.into_iter().collect();
        passwords.reverse();
        Self {
            passwords: Arc::new(Mutex::new(passwords)),
            asked: Arc::default(),
        }
    }

    fn asked(&self) -> Vec<CredentialQuestion> {
        self.asked.lock().unwrap().clone()
    }
}

impl AskCredentials for Person {
    fn ask(&self, question: CredentialQuestion) -> CredentialFuture<'_> {
        self.asked.lock().unwrap().push(question);
        let password = self.passwords.lock().unwrap().pop();
        let credentials =
            password.map(|password| ProxyCredentials::new(USER, ProxyPassword::new(password)));
        Box::pin(async { credentials })
    }
}

#[tokio::test]
async fn is_asked_once_for_all_connections() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let person = Person::with([PASSWORD]);
    let url = proxy.url();
    let trip = Trip::through(&url, ProxyAccess::new().ask(person.clone()));
    trip.arrives_twice(Some(AuthScheme::Digest)).await;
    let asked = person.asked();
    let [question] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(question.proxy, server(&url));
    assert_eq!(question.scheme, Some(AuthScheme::Digest));
    assert_eq!(question.realm.as_ref().unwrap().as_str(), "corp");
    assert_eq!(question.reply.as_ref().unwrap().status, 407);
    assert!(!question.refused_before);
    super::squid::has_seen(proxy.log(), &trip, USER, AuthScheme::Digest);
}

/// Every try shows one password; what comes of it is told before the next is asked for.
#[tokio::test]
async fn may_mistype_and_try_again() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let person = Person::with([WRONG, PASSWORD]);
    let trip = Trip::through(&proxy.url(), ProxyAccess::new().ask(person.clone()));
    let error = trip.client.warm_up().await.unwrap_err();
    let fault = proxy_fault(&error);
    assert!(
        matches!(fault, ProxyFault::CredentialsRejected { .. }),
        "{fault:?}"
    );
    assert_eq!(person.asked().len(), 1);
    reset::whole(&trip.client, &trip.tenant).await.unwrap();
    let again: Vec<_> = person
        .asked()
        .iter()
        .map(|asked| asked.refused_before)
        .collect();
    assert_eq!(again, [false, true]);
    let log = proxy.log();
    log.exactly(1, &["TCP_DENIED/407", " user "]);
}

#[tokio::test]
async fn may_know_none() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let person = Person::with([]);
    let trip = Trip::through(&proxy.url(), ProxyAccess::new().ask(person.clone()));
    let fault = trip.is_refused().await;
    assert!(
        matches!(fault, ProxyFault::CredentialsMissing { .. }),
        "{fault:?}"
    );
    // Each try is another one.
    assert_eq!(person.asked().len(), 2);
    proxy.log().exactly(0, &[" user "]);
}
