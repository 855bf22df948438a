//! Logins without a network: what is said, and what the refusals of a proxy lead to.

mod binding;
mod credentials;
mod legs;
mod memory;
mod outcomes;
mod parallel;
mod socks;
mod vectors;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::error::{AuthScheme, KerberosProblem, ProxyFault};
use crate::message::Message;
use crate::proxy::{DisabledAuthentication, ProxyServer};
use crate::secret::ProxyPassword;

const LINE: RequestLine<'_> = RequestLine {
    method: "CONNECT",
    target: "login.example:443",
};

/// The second message of NTLM, as short as it can be.
const TYPE_2: &str = "NTLM TlRMTVNTUAACAAAAAAAAACAAAAABAggAASNFZ4mrze8=";

fn plain() -> ProxyServer {
    "http://proxy.corp.example:8080".parse().unwrap()
}

fn secure() -> ProxyServer {
    "https://proxy.corp.example:8443".parse().unwrap()
}

fn adele(password: &str) -> ProxyCredentials {
    ProxyCredentials::new("adele", ProxyPassword::new(password))
}

/// Nothing is known yet.
fn fresh(access: ProxyAccess) -> Logins {
    Logins::new(access, Asking::new(Duration::from_secs(300)))
}

/// Credentials for both proxies.
fn given() -> ProxyAccess {
    ProxyAccess::new()
        .credentials(plain(), adele("hush"))
        .credentials(secure(), adele("hush"))
}

fn settings() -> Circumstances {
    Circumstances {
        by_script: false,
        disabled: DisabledAuthentication::default(),
        certificate: None,
    }
}

fn script() -> Circumstances {
    Circumstances {
        by_script: true,
        ..settings()
    }
}

/// What goes with the next request; empty if nothing does.
async fn says(login: &mut Login) -> String {
    let field = login.field(LINE).await.unwrap();
    field.map(|field| field.to_string()).unwrap_or_default()
}

/// The scheme that the next request is answered by.
async fn scheme(login: &mut Login) -> String {
    let said = says(login).await;
    said.split(' ').next().unwrap_or_default().to_owned()
}

async fn refuse(login: &mut Login, challenges: &[&str]) -> Result<Next, ProxyFault> {
    refuse_with(login, 407, challenges).await
}

async fn refuse_with(
    login: &mut Login,
    status: u16,
    challenges: &[&str],
) -> Result<Next, ProxyFault> {
    let refusal = Refusal {
        status,
        reason: "Proxy Authentication Required".into(),
        challenges: challenges.iter().map(|field| field.as_bytes()).collect(),
    };
    login.refused(refusal).await
}

/// The first request and its refusal.
async fn begin(logins: &Logins, server: &ProxyServer, challenges: &[&str]) -> Login {
    let mut login = logins.begin(server, settings());
    assert_eq!(says(&mut login).await, "");
    assert_eq!(refuse(&mut login, challenges).await, Ok(Next::Anywhere));
    login
}

fn kind<T: std::fmt::Debug>(outcome: Result<T, ProxyFault>) -> String {
    let id = outcome.unwrap_err().message_id();
    id.trim_start_matches("fault-proxy-").to_owned()
}

/// A frontend that gives the passwords one after the other, then none.
#[derive(Clone, Default)]
struct Person {
    passwords: Arc<Mutex<Vec<&'static str>>>,
    asked: Arc<Mutex<Vec<CredentialQuestion>>>,
}

impl Person {
    fn knows(passwords: &[&'static str]) -> Self {
        let person = Self::default();
        *person.passwords.lock().unwrap() = passwords.iter().rev().copied().collect();
        person
    }

    fn questions(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl AskCredentials for Person {
    fn ask(&self, question: CredentialQuestion) -> CredentialFuture<'_> {
        Box::pin(async move {
            // Others get their turn, as while a person thinks.
            tokio::task::yield_now().await;
            self.asked.lock().unwrap().push(question);
            self.passwords.lock().unwrap().pop().map(adele)
        })
    }
}

/// An identity that says the same at every login.
#[derive(Clone)]
struct Identity {
    says: &'static [Result<&'static [u8], KerberosProblem>],
    begun: Arc<AtomicUsize>,
}

impl Identity {
    fn says(says: &'static [Result<&'static [u8], KerberosProblem>]) -> Self {
        let begun = Arc::default();
        Self { says, begun }
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

impl Negotiate for Identity {
    fn begin(
        &self,
        host: &str,
        end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem> {
        assert_eq!(host, "proxy.corp.example");
        assert!(end_point.is_none_or(|hash| hash.len() == 32));
        self.begun.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(self.says.iter()))
    }
}

impl NegotiateContext for std::slice::Iter<'static, Result<&'static [u8], KerberosProblem>> {
    fn step(&mut self, _: &[u8]) -> Result<Vec<u8>, KerberosProblem> {
        let next = self.next().cloned().unwrap_or(Ok(b""));
        next.map(<[u8]>::to_vec)
    }
}
