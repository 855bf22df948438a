//! Whoever else tries the gateway: curl as the same user and as another one, and a browser that does not know the
//! token.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::{Command, Output};

use sspr::gateway::Token;
use sspr::proxy::Explicit;
use sspr::{Fault, GatewayFault};
use tokio::task::spawn_blocking;

use crate::stand::account::is_root;
use crate::stand::installed::{has, tell};
use crate::visit::{PORTAL, Visit, channel, tenant};

/// A user that nothing here belongs to.
const USER: &str = "54321";

#[tokio::test]
async fn of_the_same_user_hear_nothing() {
    knock("strangers-same-user", |visit| {
        visit.chromium.home().command("curl")
    })
    .await;
}

#[tokio::test]
async fn of_another_user_hear_nothing() {
    if !is_root() {
        tell("another user is not there, as only root can be one");
        return;
    }
    knock("strangers-other-user", |_| {
        let mut command = Command::new("setpriv");
        let user = [format!("--reuid={USER}"), format!("--regid={USER}")];
        command
            .args(user)
            .args(["--clear-groups", "curl"])
            .env_clear();
        command
    })
    .await;
}

/// Tries everything that curl can do with a proxy, the token included, while a browser is at the portal.
async fn knock(name: &str, stranger: impl Fn(&Visit) -> Command) {
    if !has("chromium", &["curl"]) {
        return;
    }
    let tenant = tenant();
    let channel = channel(&tenant).way(Explicit::Direct);
    let visit = Visit::begin(name, "en", &tenant, channel, |builder| builder).await;
    let Some(mut visit) = visit else { return };
    visit.open_portal().await;

    let (gateway, page) = (visit.gateway.proxy(), format!("https://{PORTAL}/"));
    let socks = gateway.replace("http:", "socks5h:");
    let login = format!("{}:{}", Token::USER, visit.gateway.token().expose_secret());
    let plain = format!("http://{PORTAL}/");
    let mut count = 0;
    for arguments in [
        vec!["--proxy", &gateway, "--proxy-user", &login, &page],
        vec!["--proxy", &gateway, &page],
        vec!["--proxy", &gateway, "--proxy-user", &login, &plain],
        vec!["--proxy", &socks, &page],
        vec!["--user", &login, &gateway],
    ] {
        let mut curl = stranger(&visit);
        curl.args(["--silent", "--show-error", "--include", "--max-time", "30"])
            .args(&arguments);
        let output = spawn_blocking(move || curl.output().unwrap())
            .await
            .unwrap();
        assert_silence(&output);
        count += 1;
        assert_eq!(
            visit.gateway.counts().foreign_processes,
            count,
            "{arguments:?}"
        );
    }
    // Nor is it anywhere else but at its one address.
    let port = visit.gateway.address().port();
    for elsewhere in [
        SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ] {
        assert!(TcpStream::connect(elsewhere).is_err(), "{elsewhere}");
    }

    let (error, page) = visit.refusal(None).await;
    let expected = Fault::Gateway(GatewayFault::ForeignProcess);
    assert_eq!(*error.fault(), expected);
    visit.open_page("foreign-process", &page).await;
    let words = ["Another program", "Report this", "This computer"];
    visit.reads("en", &error, words).await;
    // The browser is still let through.
    visit.open_portal().await;
    visit.browser.find("form").await;
    visit.end().await;
}

/// That the connection was closed without a word: an empty reply, or a reset (curl's codes 52 and 56; 97 for SOCKS).
fn assert_silence(output: &Output) {
    let code = output.status.code().unwrap();
    assert!([52, 56, 97].contains(&code), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[tokio::test]
async fn without_the_token_the_view_itself_is_one_in_english() {
    let words = ["wrong password", "Report this", "This computer"];
    wrong_token("en", words).await;
}

#[tokio::test]
async fn without_the_token_the_view_itself_is_one_in_japanese() {
    wrong_token(
        "ja",
        [
            "誤ったパスワード",
            "プログラムの提供元",
            "このコンピューター",
        ],
    )
    .await;
}

async fn wrong_token(language: &str, words: [&str; 3]) {
    let tenant = tenant();
    let channel = channel(&tenant).way(Explicit::Direct);
    let name = format!("wrong-token-{language}");
    let token = "0123456789abcdef0123456789abcdef";
    let visit = Visit::with_token(&name, language, &tenant, channel, token);
    let Some(mut visit) = visit.await else { return };
    let url = visit.gateway.url().unwrap().to_string();
    // What it shows is Chromium's affair.
    let _ = visit.browser.open(&url).await;
    let (error, page) = visit.refusal(None).await;
    assert_eq!(*error.fault(), Fault::Gateway(GatewayFault::WrongToken));
    visit.open_page("wrong-token", &page).await;
    visit.reads(language, &error, words).await;
    assert_eq!(visit.gateway.counts().tunnels, 0);
    assert_eq!(tenant.traffic().connections, 0);
    visit.end().await;
}
