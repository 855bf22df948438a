//! Microsoft's own native-authentication client, MSAL.js, resets passwords in the mock tenant.
//!
//! `tests/real/install/msal` installs it. Where it is missing, the tests say so and end; with `SSPR_REAL=require` they
//! fail. What goes wrong here is the tenant's fault, unless the documentation is on its side.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "msal/v2.rs"]
mod v2;

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, fs, io};

use serde_json::{Value, json};
use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Poll, Tenant, TenantBuilder, User};

const ADELE: &str = "adele@contoso.com";
const NEW: &str = "Winter-Snow-12";

#[test]
fn a_whole_reset_and_the_sign_in_after_it() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    let told = msal.call(json!({ "call": "start", "username": ADELE }));
    assert_eq!(told["state"], "ResetPasswordCodeRequiredState");
    assert_eq!(told["codeLength"], 8);
    let told = msal.enter_code(&tenant);
    assert_eq!(told["state"], "ResetPasswordPasswordRequiredState");
    let told = msal.set_password(NEW);
    assert_eq!(told["state"], "ResetPasswordCompletedState");
    assert!(tenant.password_is(ADELE, NEW));
    assert_eq!(tenant.password_changes(ADELE), 1);

    let told = msal.call(json!({ "call": "signIn", "scopes": ["openid"] }));
    assert_eq!(told["error"], Value::Null);
    assert_eq!(told["account"], ADELE);
    let sent = &tenant.traffic().requests[0];
    let capabilities = sent.parameter("capabilities");
    assert_eq!(
        capabilities.as_deref(),
        Some("mfa_required registration_required")
    );
    let paths: Vec<String> = tenant
        .traffic()
        .requests
        .iter()
        .map(|request| request.path().to_owned())
        .collect();
    let steps = [
        "start",
        "challenge",
        "continue",
        "submit",
        "poll_completion",
        "token",
    ];
    assert_eq!(paths.len(), steps.len());
    assert!(
        paths
            .iter()
            .zip(steps)
            .all(|(path, step)| path.ends_with(step)),
        "{paths:?}"
    );
}

#[test]
fn a_wrong_code_then_the_one_sent_again() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    msal.call(json!({ "call": "start", "username": ADELE }));
    let first = tenant.inbox().latest(ADELE).unwrap().code;
    msal.call(json!({ "call": "resend" }));
    let told = msal.call(json!({ "call": "code", "code": first }));
    assert_refused(&told, "invalid_grant", "isInvalidCode");
    assert_eq!(told["error"]["subError"], "invalid_oob_value");
    assert_eq!(told["state"], "ResetPasswordCodeRequiredState");
    msal.enter_code(&tenant);
    assert_eq!(
        msal.set_password(NEW)["state"],
        "ResetPasswordCompletedState"
    );
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn weak_passwords_then_a_good_one() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    msal.verify(&tenant);
    for (password, suberror) in [
        ("Short-1", "password_too_short"),
        ("winter-snow", "password_too_weak"),
        ("Wintér-Snow-12", "password_is_invalid"),
        ("P@ssw0rd", "password_banned"),
        (INITIAL_PASSWORD, "password_recently_used"),
    ] {
        let told = msal.set_password(password);
        assert_refused(&told, "invalid_grant", "isInvalidPassword");
        assert_eq!(told["error"]["subError"], suberror);
    }
    assert_eq!(
        msal.set_password(NEW)["state"],
        "ResetPasswordCompletedState"
    );
    assert_eq!(tenant.password_changes(ADELE), 1);
}

#[test]
fn polls_are_repeated_with_the_token_of_the_submit() {
    let polling = Tenant::builder()
        .poll_interval(0.05)
        .polling([Poll::NotStarted, Poll::InProgress]);
    let Some((tenant, mut msal)) = setting(polling) else {
        return;
    };
    msal.verify(&tenant);
    assert_eq!(
        msal.set_password(NEW)["state"],
        "ResetPasswordCompletedState"
    );
    let polls = tenant
        .traffic()
        .requests
        .into_iter()
        .filter(|request| request.path().ends_with("poll_completion"));
    let tokens: Vec<_> = polls
        .map(|poll| poll.parameter("continuation_token"))
        .collect();
    assert_eq!(tokens.len(), 3);
    assert!(tokens.iter().all(|token| *token == tokens[0]));
}

/// The document wants the token of the failed poll; this client submits with the token of the code again.
#[test]
fn a_failed_poll_then_the_password_again() {
    for (builder, accepted) in [
        (Tenant::builder(), false),
        (Tenant::builder().keep_older_tokens(), true),
    ] {
        let Some((tenant, mut msal)) = setting(builder.polling([Poll::Failed])) else {
            return;
        };
        msal.verify(&tenant);
        let told = msal.set_password(NEW);
        assert_refused(&told, "password_change_failed", "isPasswordResetFailed");
        assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
        let told = msal.set_password(NEW);
        if accepted {
            assert_eq!(told["state"], "ResetPasswordCompletedState");
        } else {
            assert_eq!(told["error"]["errorCodes"], json!([55200]));
            tenant.set_polling([]);
            msal.verify(&tenant);
            assert_eq!(
                msal.set_password(NEW)["state"],
                "ResetPasswordCompletedState"
            );
        }
        assert!(tenant.password_is(ADELE, NEW));
    }
}

#[test]
fn a_redirect_at_every_step() {
    let browser_only = Tenant::builder().user(User::new(ADELE).browser_only());
    let Some((_tenant, mut msal)) = setting(browser_only) else {
        return;
    };
    let told = msal.call(json!({ "call": "start", "username": ADELE }));
    assert_refused(&told, "redirect", "isRedirectRequired");

    for endpoint in [
        Endpoint::Challenge,
        Endpoint::Continue,
        Endpoint::Submit,
        Endpoint::Poll,
    ] {
        let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
            return;
        };
        tenant.order(Fault::at(endpoint).redirect_because("a reason of the tenant"));
        let mut told = msal.call(json!({ "call": "start", "username": ADELE }));
        if told["error"].is_null() {
            told = msal.enter_code(&tenant);
        }
        if told["error"].is_null() {
            told = msal.set_password(NEW);
        }
        assert_eq!(told["error"]["error"], "redirect", "{endpoint:?}");
        assert_eq!(
            told["error"]["redirectReason"], "a reason of the tenant",
            "{endpoint:?}"
        );
    }
}

#[test]
fn accounts_that_cannot_be_reset() {
    let otp = "otp@contoso.com";
    let Some((_tenant, mut msal)) =
        setting(Tenant::builder().user(User::new(otp).without_password()))
    else {
        return;
    };
    let told = msal.call(json!({ "call": "start", "username": "nobody@contoso.com" }));
    assert_refused(&told, "user_not_found", "isUserNotFound");
    let told = msal.call(json!({ "call": "start", "username": otp }));
    assert_eq!(told["error"]["errorCodes"], json!([500_222]));
}

fn assert_refused(told: &Value, error: &str, question: &str) {
    assert_eq!(told["error"]["error"], error, "{told}");
    let yes = told["error"]["yes"].as_array().unwrap();
    assert!(yes.iter().any(|name| name == question), "{told}");
}

/// A tenant and a client that knows it; nothing if the client is not installed.
fn setting(builder: TenantBuilder) -> Option<(Tenant, Msal)> {
    let modules = modules();
    let node = match find_node(&modules) {
        Ok(node) => node,
        Err(missing) if env::var("SSPR_REAL").is_ok_and(|value| value == "require") => {
            panic!("{missing}")
        }
        Err(missing) => {
            // Past the capture of the test harness: a test that does nothing has to say so.
            let mut terminal = io::stderr();
            writeln!(terminal, "skipped: {missing}").unwrap();
            return None;
        }
    };
    let tenant = builder.start().unwrap();
    let msal = Msal::start(&node, &modules, &tenant);
    Some((tenant, msal))
}

/// `target/real/msal`, wherever the target directory is.
fn modules() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("real")
        .join("msal")
}

/// A node of version 20 or newer: the system's, or the one that was installed beside the packages.
fn find_node(modules: &Path) -> Result<PathBuf, String> {
    if !modules.join("installed-lock.json").exists() {
        return Err("the node packages are not there, run tests/real/install/msal".to_owned());
    }
    let is_new_enough = |node: &PathBuf| {
        let version = Command::new(node)
            .arg("--version")
            .output()
            .ok()
            .map(|output| output.stdout);
        let version = String::from_utf8(version.unwrap_or_default()).unwrap_or_default();
        let major = version
            .trim_start_matches('v')
            .split('.')
            .next()
            .and_then(|major| major.parse().ok());
        major.is_some_and(|major: u32| major >= 20)
    };
    let candidates = [
        PathBuf::from("node"),
        modules.join("node_modules/.bin/node"),
    ];
    candidates
        .into_iter()
        .find(is_new_enough)
        .ok_or_else(|| "there is no node 20 or newer".to_owned())
}

/// The client in a process of its own.
struct Msal {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    root: PathBuf,
}

impl Msal {
    fn start(node: &Path, modules: &Path, tenant: &Tenant) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("msal-{}.pem", tenant.address().port()));
        fs::write(&root, tenant.ca_pem()).unwrap();
        let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/msal/driver.mjs");
        let mut process = Command::new(node)
            .arg(driver)
            .env("SSPR_MODULES", modules)
            .env("SSPR_AUTHORITY", tenant.authority().as_str())
            .env("SSPR_CLIENT_ID", tenant.client_id())
            .env("NODE_EXTRA_CA_CERTS", &root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            input,
            output,
            root,
        }
    }

    fn call(&mut self, call: Value) -> Value {
        writeln!(self.input, "{call}").unwrap();
        let line = self
            .output
            .next()
            .unwrap_or_else(|| panic!("the driver ended at {call}"))
            .unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Up to the new password.
    fn verify(&mut self, tenant: &Tenant) {
        self.call(json!({ "call": "start", "username": ADELE }));
        let told = self.enter_code(tenant);
        assert_eq!(
            told["state"], "ResetPasswordPasswordRequiredState",
            "{told}"
        );
    }

    fn enter_code(&mut self, tenant: &Tenant) -> Value {
        let code = tenant.inbox().latest(ADELE).unwrap().code;
        self.call(json!({ "call": "code", "code": code }))
    }

    fn set_password(&mut self, password: &str) -> Value {
        self.call(json!({ "call": "password", "password": password }))
    }
}

impl Drop for Msal {
    fn drop(&mut self) {
        // It may have ended already; the file is in a directory for such files.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.root);
    }
}
