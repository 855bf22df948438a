//! SOCKS proxies: answers in pieces, cut off, and wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::script::{Heard, Piece, Script, cut, torn, whole};
use super::*;
use crate::error::SocksProblem;
use crate::tunnel::auth::Circumstances;
use crate::tunnel::{AskCredentials, CredentialFuture, CredentialQuestion, socks};

const FIVE: &str = "socks5://proxy.test:1080";
const FOUR: &str = "socks4://proxy.test:1080";

const NOTHING: &[u8] = b"\x05\0";
const PASSWORD: &[u8] = b"\x05\x02";
const WELCOME: &[u8] = b"\x01\0";
const CONNECTED: &[u8] = b"\x05\0\0\x03\x05proxy\x04\x38";
const GRANTED: &[u8] = b"\0\x5a\0\0\0\0\0\0";

/// The greeting of one with an account, and of one without.
const OFFERS_BOTH: &[u8] = b"\x05\x02\0\x02";
const OFFERS_NOTHING: &[u8] = b"\x05\x01\0";

async fn ask(
    server: &str,
    has_account: bool,
    answers: impl IntoIterator<Item = Vec<Piece>>,
) -> (Result<Opened, ProxyFault>, Heard) {
    let access = match has_account {
        true => account(&server.parse().unwrap()),
        false => ProxyAccess::new(),
    };
    ask_with(server, access, answers).await
}

async fn ask_with(
    server: &str,
    access: ProxyAccess,
    answers: impl IntoIterator<Item = Vec<Piece>>,
) -> (Result<Opened, ProxyFault>, Heard) {
    let server = server.parse().unwrap();
    let tunnels = tunnels(access);
    let circumstances = Circumstances {
        by_script: false,
        disabled: DisabledAuthentication::default(),
        certificate: None,
    };
    let (script, heard) = Script::new(answers);
    let opened = socks::open(
        &tunnels,
        &server,
        Box::new(script),
        &circumstances,
        &destination(),
    )
    .await;
    (opened.map_err(|error| proxy_fault(&error)), heard)
}

fn problem(server: &str, problem: SocksProblem) -> ProxyFault {
    ProxyFault::Socks {
        proxy: server.to_owned(),
        problem,
    }
}

#[tokio::test]
async fn a_tunnel_carries_every_byte() {
    let answers = [whole(NOTHING), whole(CONNECTED), whole(b"pong")];
    let (opened, heard) = ask(FIVE, false, answers).await;
    let mut opened = opened.unwrap();
    opened.wire.write_all(b"ping").await.unwrap();
    let mut answer = [0; 4];
    opened.wire.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"pong");
    let request = b"\x05\x01\0\x03\x0dlogin.example\x01\xbb";
    assert_eq!(*heard.lock().unwrap(), [OFFERS_NOTHING, request, b"ping"]);

    let (opened, heard) = ask(FOUR, false, [whole(GRANTED)]).await;
    assert!(opened.is_ok());
    let request = b"\x04\x01\x01\xbb\0\0\0\x01\0login.example\0";
    assert_eq!(*heard.lock().unwrap(), [request]);
}

#[tokio::test]
async fn answers_may_come_in_any_pieces() {
    for pieces in torn(NOTHING) {
        let (opened, _) = ask(FIVE, false, [pieces, whole(CONNECTED)]).await;
        assert!(opened.is_ok());
    }
    for pieces in torn(WELCOME) {
        let answers = [whole(PASSWORD), pieces, whole(CONNECTED)];
        assert!(ask(FIVE, true, answers).await.0.is_ok());
    }
    for pieces in torn(CONNECTED) {
        let (opened, _) = ask(FIVE, false, [whole(NOTHING), pieces]).await;
        assert!(opened.is_ok());
    }
    for pieces in torn(GRANTED) {
        assert!(ask(FOUR, false, [pieces]).await.0.is_ok());
    }
}

/// P53: truncated.
#[tokio::test]
async fn answers_that_are_cut_off_open_nothing() {
    let expected = |server: &str, at| match at {
        0 => ProxyFault::Closed {
            proxy: server.to_owned(),
        },
        _ => problem(server, SocksProblem::Truncated),
    };
    for (at, pieces) in cut(NOTHING) {
        let outcome = ask(FIVE, false, [pieces]).await.0;
        assert_eq!(outcome.err(), Some(expected(FIVE, at)));
    }
    for (at, pieces) in cut(WELCOME) {
        let outcome = ask(FIVE, true, [whole(PASSWORD), pieces]).await.0;
        assert_eq!(outcome.err(), Some(expected(FIVE, at)));
    }
    for (at, pieces) in cut(CONNECTED) {
        let outcome = ask(FIVE, false, [whole(NOTHING), pieces]).await.0;
        assert_eq!(outcome.err(), Some(expected(FIVE, at)));
    }
    for (at, pieces) in cut(GRANTED) {
        let outcome = ask(FOUR, false, [pieces]).await.0;
        assert_eq!(outcome.err(), Some(expected(FOUR, at)));
    }
}

/// No byte behind an answer is taken from the tunnel: what comes there is judged by who speaks TLS.
#[tokio::test]
async fn what_follows_an_answer_stays_in_the_tunnel() {
    let doubled = [CONNECTED, CONNECTED].concat();
    let (opened, _) = ask(FIVE, false, [whole(NOTHING), whole(&doubled)]).await;
    let mut rest = Vec::new();
    opened.unwrap().wire.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, CONNECTED);

    // What comes before it was asked for is taken for the beginning of the next answer, which it spoils.
    let early = [NOTHING, NOTHING].concat();
    let (outcome, _) = ask(FIVE, false, [whole(&early), whole(CONNECTED)]).await;
    let field = "type of address";
    let malformed = SocksProblem::Malformed { field, found: 0 };
    assert_eq!(outcome.err(), Some(problem(FIVE, malformed)));
}

/// P53: no method, or one that was not offered.
#[tokio::test]
async fn a_method_is_one_that_was_offered() {
    for (has_account, chosen, expected) in [
        (false, b"\x05\xff", SocksProblem::NoMethod),
        (true, b"\x05\xff", SocksProblem::NoMethod),
        (true, b"\x05\x01", SocksProblem::UnknownMethod { method: 1 }),
        (
            false,
            b"\x05\x02",
            SocksProblem::UnknownMethod { method: 2 },
        ),
    ] {
        let answers = [whole(chosen), whole(WELCOME), whole(CONNECTED)];
        let (outcome, heard) = ask(FIVE, has_account, answers).await;
        assert_eq!(outcome.err(), Some(problem(FIVE, expected)));
        let greeting = match has_account {
            true => OFFERS_BOTH,
            false => OFFERS_NOTHING,
        };
        assert_eq!(*heard.lock().unwrap(), [greeting]);
    }
}

#[tokio::test]
async fn a_password_is_sent_once_and_only_if_it_is_wanted() {
    let login = b"\x01\x05adele\x04hush";
    let answers = [whole(PASSWORD), whole(WELCOME), whole(CONNECTED)];
    let (opened, heard) = ask(FIVE, true, answers).await;
    assert!(opened.is_ok());
    assert_eq!(heard.lock().unwrap()[1], login);

    let (opened, heard) = ask(FIVE, true, [whole(NOTHING), whole(CONNECTED)]).await;
    assert!(opened.is_ok());
    assert!(!heard.lock().unwrap().contains(&login.to_vec()));

    let answers = [whole(PASSWORD), whole(b"\x01\x01"), whole(CONNECTED)];
    let (outcome, heard) = ask(FIVE, true, answers).await;
    let rejected = SocksProblem::CredentialsRejected;
    assert_eq!(outcome.err(), Some(problem(FIVE, rejected)));
    assert_eq!(*heard.lock().unwrap(), [OFFERS_BOTH, login]);
}

/// Has no answer, and counts how often it was asked.
struct Shrug(Arc<AtomicUsize>);

impl AskCredentials for Shrug {
    fn ask(&self, _: CredentialQuestion) -> CredentialFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(None))
    }
}

#[tokio::test]
async fn nobody_is_asked_for_a_password_that_is_not_wanted() {
    let asked = Arc::new(AtomicUsize::new(0));
    let access = ProxyAccess::new().ask(Shrug(Arc::clone(&asked)));
    let answers = [whole(NOTHING), whole(CONNECTED)];
    assert!(ask_with(FIVE, access.clone(), answers).await.0.is_ok());
    assert_eq!(asked.load(Ordering::Relaxed), 0);

    let (outcome, heard) = ask_with(FIVE, access, [whole(PASSWORD), whole(WELCOME)]).await;
    let missing = SocksProblem::CredentialsMissing;
    assert_eq!(outcome.err(), Some(problem(FIVE, missing)));
    assert_eq!(*heard.lock().unwrap(), [OFFERS_BOTH]);
}

/// P51.
#[tokio::test]
async fn http_on_the_port_of_a_socks_proxy_is_another_protocol() {
    for (server, answer) in [(FIVE, "HTTP/1.1 400 Bad Request\r\n\r\n"), (FOUR, "HTTP")] {
        let (outcome, _) = ask(server, true, [whole(answer.as_bytes())]).await;
        let mismatch = ProxyFault::ProtocolMismatch {
            proxy: server.to_owned(),
            first_bytes: b"HT".to_vec(),
        };
        assert_eq!(outcome.err(), Some(mismatch));
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code() {
    let answers = [whole(NOTHING), whole(b"\x05\x02\0\x01\0\0\0\0\0\0")];
    let refused = SocksProblem::Refused {
        code: 2,
        meaning: "not allowed",
    };
    let (outcome, _) = ask(FIVE, false, answers).await;
    assert_eq!(outcome.err(), Some(problem(FIVE, refused)));
    let refused = SocksProblem::Refused {
        code: 0x5b,
        meaning: "rejected or failed",
    };
    let (outcome, _) = ask(FOUR, false, [whole(b"\0\x5b\0\0\0\0\0\0")]).await;
    assert_eq!(outcome.err(), Some(problem(FOUR, refused)));
}

#[tokio::test(start_paused = true)]
async fn every_answer_has_a_time_limit() {
    let after = Duration::from_secs(30);
    for answers in [
        vec![vec![Piece::Never]],
        vec![vec![Piece::Bytes(vec![5]), Piece::Never]],
        vec![whole(NOTHING), vec![Piece::Never]],
    ] {
        let (outcome, _) = ask(FIVE, false, answers).await;
        let proxy = FIVE.to_owned();
        assert_eq!(outcome.err(), Some(ProxyFault::TimedOut { proxy, after }));
    }
}
