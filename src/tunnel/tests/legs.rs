//! Logins that need several requests, and proxies that hang up in the middle of them.

use super::hostile::{Conversation, Hostile};
use super::*;
use crate::error::AuthScheme;
use crate::ports::Way;
use crate::proxy::ProxyScheme;

const OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// The question of tinyproxy, which hangs up after it.
const WHO_1_0: &str = "HTTP/1.0 407 Proxy Authentication Required\r\n\
    Server: tinyproxy/1.11.1\r\nProxy-Authenticate: Basic realm=\"tinyproxy\"\r\n\
    Connection: close\r\n\r\n<html></html>";

const WHO_BASIC: &str =
    "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";

const WHO_NTLM: &str =
    "HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM\r\nContent-Length: 4\r\n\r\npage";

/// With a challenge (message type 2) without target information.
const CHALLENGE: &str = "HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM TlRMTVNTUAACAAAAAAAAADgAAAABAgggAA\
    ECAwQFBgcAAAAAAAAAAAAAAAA4AAAACgBhSgAAAA8=\r\nContent-Length: 4\r\n\r\npage";

fn conversation(answers: &[&str]) -> Conversation {
    answers
        .iter()
        .map(|answer| answer.as_bytes().to_vec())
        .collect()
}

/// How the proxy was logged in to, or what went wrong, and what it heard on each connection.
async fn opened(
    conversations: &[&[&str]],
) -> (Result<Option<AuthScheme>, ProxyFault>, Vec<Vec<String>>) {
    let conversations = conversations.iter().map(|answers| conversation(answers));
    let proxy = Hostile::new(ProxyScheme::Http, conversations).await;
    let tunnels = tunnels(account(&proxy.server));
    let outcome = open(&tunnels, &proxy.server).await;
    let login = outcome.map(|opened| match opened.way {
        Way::Proxy { login, .. } => login,
        Way::Direct => panic!("went direct"),
    });
    (login, proxy.heard())
}

/// How many requests came on each connection, and how many of them had a login.
fn requests(heard: &[Vec<String>]) -> Vec<(usize, usize)> {
    heard
        .iter()
        .map(|requests| {
            let with_login = requests
                .iter()
                .filter(|request| request.contains("\r\nProxy-Authorization: "));
            (requests.len(), with_login.count())
        })
        .collect()
}

#[tokio::test]
async fn legs_stay_on_one_connection() {
    let (login, heard) = opened(&[&[WHO_NTLM, CHALLENGE, OPEN]]).await;
    assert_eq!(login, Ok(Some(AuthScheme::Ntlm)));
    assert_eq!(requests(&heard), [(3, 2)]);
}

/// P42.
#[tokio::test]
async fn a_proxy_may_be_content_with_the_first_leg() {
    let (login, heard) = opened(&[&[WHO_NTLM, OPEN]]).await;
    assert_eq!(login, Ok(Some(AuthScheme::Ntlm)));
    assert_eq!(requests(&heard), [(2, 1)]);
}

/// P32, first half: whether it says so or not, a proxy may close after its question.
#[tokio::test]
async fn a_login_begins_on_a_new_connection_if_the_proxy_closes_after_its_question() {
    for question in [WHO_1_0, WHO_BASIC] {
        let (login, heard) = opened(&[&[question], &[OPEN]]).await;
        assert_eq!(login, Ok(Some(AuthScheme::Basic)));
        assert_eq!(requests(&heard), [(1, 0), (1, 1)]);
    }
    let (login, heard) = opened(&[&[WHO_NTLM], &[CHALLENGE, OPEN]]).await;
    assert_eq!(login, Ok(Some(AuthScheme::Ntlm)));
    assert_eq!(requests(&heard), [(1, 0), (2, 2)]);
}

/// P32, second half.
#[tokio::test]
async fn a_proxy_that_closes_again_has_closed_during_the_login() {
    for question in [WHO_1_0, WHO_BASIC, WHO_NTLM] {
        let (login, heard) = opened(&[&[question], &[], &[OPEN]]).await;
        match login {
            Err(ProxyFault::ClosedDuringAuth { .. }) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(heard.len(), 2, "{heard:?}");
    }
}

/// P33.
#[tokio::test]
async fn a_proxy_that_closes_between_the_legs_has_closed_during_the_login() {
    let closing = CHALLENGE.replace("\r\nContent", "\r\nConnection: close\r\nContent");
    for challenge in [CHALLENGE, &closing] {
        let (login, heard) = opened(&[&[WHO_NTLM, challenge], &[OPEN]]).await;
        match login {
            Err(ProxyFault::ClosedDuringAuth { scheme, .. }) => {
                assert_eq!(scheme, Some(AuthScheme::Ntlm));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(heard.len(), 1, "{heard:?}");
    }
}

/// A body that never ends between the legs leaves no connection to go on with.
#[tokio::test]
async fn a_flood_between_the_legs_is_too_large() {
    let flood = CHALLENGE.replace("Content-Length: 4", "Content-Length: 70000");
    let (login, heard) = opened(&[&[WHO_NTLM, &flood], &[OPEN]]).await;
    assert!(
        matches!(login, Err(ProxyFault::TooLarge { .. })),
        "{login:?}"
    );
    assert_eq!(heard.len(), 1);
}

/// P36: a proxy that asks for ever hears each password once.
#[tokio::test]
async fn a_question_without_end_has_an_end() {
    for (question, most) in [(WHO_BASIC, 2), (CHALLENGE, 6)] {
        let (login, heard) = opened(&[&[question; 50]]).await;
        assert!(
            matches!(
                login,
                Err(ProxyFault::CredentialsRejected { .. } | ProxyFault::AuthLoop { .. })
            ),
            "{login:?}"
        );
        assert!(heard.concat().len() <= most, "{heard:?}");
    }
}

/// A login is for one proxy, and goes to no other.
#[tokio::test]
async fn an_account_is_for_its_proxy_only() {
    for question in [WHO_BASIC, WHO_NTLM] {
        let proxy = Hostile::new(ProxyScheme::Http, [conversation(&[question, OPEN])]).await;
        let mut other = proxy.server.clone();
        other.port ^= 1;
        let outcome = open(&tunnels(account(&other)), &proxy.server).await;
        let fault = outcome.err().unwrap();
        assert!(
            matches!(fault, ProxyFault::CredentialsMissing { .. }),
            "{fault:?}"
        );
        assert_eq!(requests(&proxy.heard()), [(1, 0)]);
    }
}

/// P39.
#[tokio::test]
async fn a_password_goes_in_the_clear_only_if_that_is_allowed() {
    let proxy = Hostile::new(ProxyScheme::Http, [conversation(&[WHO_BASIC, OPEN])]).await;
    let access = account(&proxy.server).allow_basic_over_plaintext(false);
    let fault = open(&tunnels(access), &proxy.server).await.err().unwrap();
    assert!(
        matches!(fault, ProxyFault::BasicRefusedPlaintext { .. }),
        "{fault:?}"
    );
    assert_eq!(requests(&proxy.heard()), [(1, 0)]);
}
