//! Published examples and those computed by others: third-party data from `SSPR_VECTORS`.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::tunnel::auth::basic::{self, Charset};
use crate::tunnel::auth::challenge::Challenge;
use crate::tunnel::auth::digest::{Demand, Session};

fn read(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("SSPR_VECTORS") else {
        println!("skipped: SSPR_VECTORS is not set");
        return None;
    };
    let path = Path::new(&folder).join("auth").join(name);
    let text =
        std::fs::read_to_string(path).expect("SSPR_VECTORS is set, so the data must be there");
    Some(serde_json::from_str(&text).unwrap())
}

fn list<'a>(data: &'a Value, name: &str) -> &'a [Value] {
    let list = data[name].as_array().unwrap();
    assert!(!list.is_empty());
    list
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn account(user: &Value, password: &Value) -> ProxyCredentials {
    let password = ProxyPassword::new(password.as_str().unwrap());
    ProxyCredentials::new(user.as_str().unwrap(), password)
}

#[test]
fn basic_agrees() {
    let Some(data) = read("basic.json") else {
        return;
    };
    for case in list(&data, "cases") {
        let challenge = format!("Basic realm=a, charset=\"{}\"", text(case, "charset"));
        let charset = Charset::of(&Challenge::parse(challenge.as_bytes())[0]);
        let field = basic::answer(&account(&case["user"], &case["password"]), charset);
        let field = field.as_ref().map(|field| field.as_str());
        assert_eq!(field, Some(text(case, "header")), "{}", case["name"]);
    }
    for case in list(&data, "must_refuse") {
        let field = basic::answer(&account(&case["user"], &case["password"]), Charset::Utf8);
        assert!(field.is_none(), "{}", case["name"]);
    }
    for case in list(&data, "challenges") {
        let challenges = Challenge::parse(text(case, "header").as_bytes());
        let [challenge] = &*challenges else {
            panic!("{case}")
        };
        assert!(challenge.is(text(case, "scheme")));
        let realm = challenge.parameter("realm").unwrap().unwrap();
        assert_eq!(realm, text(case, "realm").as_bytes());
        let charset = challenge.parameter("charset").unwrap();
        let expected = case["charset"].as_str().map(str::as_bytes);
        assert_eq!(charset.map(<[u8]>::to_ascii_uppercase).as_deref(), expected);
    }
}

/// The challenge that a case is an answer to.
fn challenge(case: &Value) -> String {
    if let Some(header) = case["challenge_header"].as_str() {
        return header.to_owned();
    }
    let mut header = format!(
        "Digest realm=\"{}\", nonce=\"{}\", algorithm={}",
        text(case, "realm"),
        text(case, "nonce"),
        text(case, "algorithm"),
    );
    if let Some(qop) = case["qop"].as_str() {
        header += &format!(", qop=\"{qop}\"");
    }
    if case["userhash"] == true {
        header += ", userhash=true";
    }
    header
}

fn answer(case: &Value, header: &str) -> String {
    let challenges = Challenge::parse(header.as_bytes());
    let demand = Demand::strongest(&challenges.iter().collect::<Vec<_>>()).unwrap();
    let cnonce = case["cnonce"].as_str().unwrap_or_default().to_owned();
    let line = RequestLine {
        method: text(case, "method"),
        target: text(case, "uri"),
    };
    let account = account(&case["username"], &case["password"]);
    Session::new(demand, cnonce)
        .answer(&account, line)
        .to_string()
}

#[test]
fn digest_agrees() {
    let Some(data) = read("digest.json") else {
        return;
    };
    let cases = list(&data, "cases");
    assert_eq!(Some(cases.len() as u64), data["count"].as_u64());
    for case in cases {
        let name = text(case, "name");
        let header = challenge(case);
        if case["qop"] == "auth-int" {
            // No body goes to a proxy before the tunnel is open.
            let challenges = Challenge::parse(header.as_bytes());
            let demand = Demand::strongest(&challenges.iter().collect::<Vec<_>>());
            assert!(demand.is_err(), "{name}");
            continue;
        }
        let field = answer(case, &header);
        // An answer has the grammar of a challenge.
        let parsed = &Challenge::parse(field.as_bytes())[0];
        let value = |name| {
            let value = parsed.parameter(name).unwrap();
            value.map(|value| std::str::from_utf8(value).unwrap())
        };
        let expected = &case["expected"];
        assert_eq!(value("response"), expected["response"].as_str(), "{name}");
        let user = expected.get("username_hash").unwrap_or(&case["username"]);
        assert_eq!(value("username"), user.as_str(), "{name}");
        let (count, cnonce) = match case["qop"].as_str() {
            Some(_) => (case["nc"].as_str(), case["cnonce"].as_str()),
            None => (None, None),
        };
        assert_eq!((value("nc"), value("cnonce")), (count, cnonce), "{name}");
        for parameter in ["realm", "nonce", "opaque", "qop", "uri"] {
            assert_eq!(value(parameter), case[parameter].as_str(), "{name}");
        }
        if let Some(extended) = case["username_ext"].as_str() {
            let field = answer(case, &header.replace("userhash=true", "userhash=false"));
            let parsed = &Challenge::parse(field.as_bytes())[0];
            let plain = parsed.parameter("username*").unwrap();
            assert_eq!(plain, Some(extended.as_bytes()));
            let response = parsed.parameter("response").unwrap();
            assert_eq!(response, expected["response"].as_str().map(str::as_bytes));
        }
    }
}
