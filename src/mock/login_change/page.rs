//! The pages of a sign-in, with what their script reads: `$Config`.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{BEGIN_PATH, END_PATH, POLL_PATH, SIGN_IN_PATH, SignIn};
use crate::mock::http::Response;
use crate::mock::random;

const CHANGE: &str = "ConvergedChangePassword";
/// *Invented* here: public sources name the page that wants another password only.
const SIGN_IN: &str = "ConvergedSignIn";
const ERROR: &str = "ConvergedError";

pub(super) fn sign_in_page(sign_in: &SignIn, error: Option<u32>) -> Response {
    let mut config = config(SIGN_IN, sign_in);
    config["urlPost"] = json!(SIGN_IN_PATH);
    if let Some(code) = error {
        config["iErrorCode"] = json!(code);
        config["sErrorCode"] = json!(code.to_string());
        config["sErrTxt"] = json!(format!("The sign-in was refused ({code})."));
    }
    page(200, &config)
}

pub(super) fn change_page(sign_in: &SignIn) -> Response {
    let mut config = config(CHANGE, sign_in);
    config["hpgid"] = json!(1116);
    config["urlPost"] = json!(END_PATH);
    config["urlAsyncSsprBegin"] = json!(BEGIN_PATH);
    config["urlAsyncSsprPoll"] = json!(POLL_PATH);
    page(200, &config)
}

fn config(name: &str, sign_in: &SignIn) -> Value {
    json!({
        "pgid": name,
        "sFT": sign_in.page.flow_token,
        "sCtx": sign_in.page.ctx,
        "canary": sign_in.canary,
        "sessionId": random::guid(),
        "sErrTxt": "",
    })
}

pub(super) fn error_page(code: u32) -> Response {
    let text = format!("AADSTS{code}: The request cannot be served.");
    let config = json!({
        "pgid": ERROR,
        "iErrorCode": code,
        "strServiceExceptionMessage": text,
    });
    page(200, &config)
}

fn page(status: u16, config: &Value) -> Response {
    // As in any page: no text may end the script.
    let config = config.to_string().replace('<', "\\u003c");
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>Sign in</title>\
         <script type=\"text/javascript\">//<![CDATA[\n$Config={config};\n//]]></script></head>\
         <body></body></html>\n"
    );
    Response::new(status, "text/html; charset=utf-8", body.into_bytes())
}

/// To the application, with a code that nothing redeems.
pub(super) fn signed_in(sign_in: &SignIn) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &random::token())
        .append_pair("state", &sign_in.state)
        .finish();
    let mut response = Response::page(302);
    response.set_header("Location", &format!("{}?{query}", sign_in.redirect_uri));
    response
}
