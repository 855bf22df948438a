//! Proxies that stutter: a byte of an answer, or all bytes from some point on, come twice.

use super::script::{Piece, Script, whole};
use super::*;
use crate::message::Message;
use crate::proxy::ProxyScheme;
use crate::tunnel::auth::Circumstances;
use crate::tunnel::{connect, socks};

const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n";

const WHO_BASIC: &[u8] = b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"corp\"\r\n\
    Content-Length: 12\r\n\r\n<html></html";

const WHO_DIGEST: &[u8] = b"HTTP/1.1 407 Who\r\n\
    Proxy-Authenticate: Digest realm=\"corp\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256\r\n\
    Transfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n0\r\n\r\n";

const WHO_NTLM: &[u8] =
    b"HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM\r\nContent-Length: 4\r\n\r\npage";

/// With a challenge (message type 2) without target information.
const CHALLENGE: &[u8] =
    b"HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM TlRMTVNTUAACAAAAAAAAADgAAAABAggAA\
    AECAwQFBgcAAAAAAAAAAAAAAAA4AAAACgBhSgAAAA8=\r\nContent-Length: 4\r\n\r\npage";

/// `answer` with each of its bytes twice, and with each of its ends twice.
fn stuttered(answer: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..answer.len()).flat_map(move |at| {
        let (before, after) = answer.split_at(at);
        let byte = [before, &after[..1], after].concat();
        let end = [answer, after].concat();
        [byte, end]
    })
}

/// What came of it, and what the proxy was told.
async fn ask(
    server: &str,
    answers: impl IntoIterator<Item = Vec<Piece>>,
) -> (Result<Opened, ProxyFault>, Vec<String>) {
    let server: ProxyServer = server.parse().unwrap();
    let tunnels = tunnels(account(&server));
    let circumstances = Circumstances {
        by_script: false,
        disabled: DisabledAuthentication::default(),
        certificate: None,
    };
    let (script, heard) = Script::new(answers);
    let (wire, to) = (Box::new(script), destination());
    let opened = match server.scheme {
        ProxyScheme::Http => {
            let login = tunnels.logins.begin(&server, circumstances);
            connect::open(&tunnels, &server, wire, login, &to).await
        }
        _ => socks::open(&tunnels, &server, wire, &circumstances, &to).await,
    };
    let heard = heard.lock().unwrap();
    let heard = heard
        .iter()
        .map(|said| String::from_utf8_lossy(said).into_owned());
    (opened.map_err(|error| proxy_fault(&error)), heard.collect())
}

/// How many proofs of the password were given: the first message of NTLM is none.
fn proofs(heard: &[String]) -> usize {
    let is_proof = |said: &&String| {
        said.contains("\r\nProxy-Authorization: ") && !said.contains(" NTLM TlRMTVNTUAABAAAA")
    };
    heard.iter().filter(is_proof).count()
}

/// Whatever is repeated, a password goes out once, and an error has a name.
#[tokio::test(start_paused = true)]
async fn nothing_is_proved_twice_to_an_http_proxy() {
    for dialogue in [
        &[OPEN][..],
        &[WHO_BASIC, OPEN],
        &[WHO_DIGEST, OPEN],
        &[WHO_NTLM, CHALLENGE, OPEN],
        &[WHO_BASIC, WHO_BASIC],
        &[WHO_DIGEST, WHO_DIGEST],
        &[WHO_NTLM, CHALLENGE, WHO_NTLM],
    ] {
        for (at, answer) in dialogue.iter().enumerate() {
            for answer in stuttered(answer) {
                let answers = dialogue
                    .iter()
                    .enumerate()
                    .map(|(number, kept)| whole(if number == at { &answer } else { kept }));
                // It would take more, if it were told more.
                let answers = answers.chain([whole(OPEN), whole(OPEN)]);
                let (outcome, heard) = ask("http://proxy.test:8080", answers).await;
                let shown = String::from_utf8_lossy(&answer);
                assert!(proofs(&heard) <= 1, "{shown}: {heard:?}");
                if let Err(fault) = outcome {
                    assert_ne!(fault.message_id(), "", "{shown}");
                    assert!(!format!("{fault:?}{fault}").contains("hush"));
                }
            }
        }
    }
}

/// Nothing but the proxy's own word opens a tunnel.
#[tokio::test(start_paused = true)]
async fn a_socks_proxy_that_stutters_is_told_the_password_once() {
    let five: &[&[u8]] = &[b"\x05\x02", b"\x01\0", b"\x05\0\0\x01\x7f\0\0\x01\x04\x38"];
    for (at, answer) in five.iter().enumerate() {
        for answer in stuttered(answer) {
            let answers = five
                .iter()
                .enumerate()
                .map(|(number, kept)| whole(if number == at { &answer } else { kept }));
            let (_, heard) = ask("socks5://proxy.test:1080", answers).await;
            let told = heard.iter().filter(|said| said.contains("hush")).count();
            assert!(told <= 1, "{answer:?}: {heard:?}");
        }
    }
}
