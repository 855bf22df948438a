use super::*;
use crate::error::DigestProblem;
use crate::secret::ProxyPassword;
use crate::tunnel::auth::challenge::Challenge;

fn demand(field: &str) -> Result<Demand, DigestProblem> {
    let challenges = Challenge::parse(field.as_bytes());
    Demand::strongest(&challenges.iter().collect::<Vec<_>>())
}

fn answers(field: &str, user: &str) -> [String; 2] {
    let mut session = Session::new(demand(field).unwrap(), "c".to_owned());
    let credentials = ProxyCredentials::new(user, ProxyPassword::new("hush"));
    let line = RequestLine {
        method: "CONNECT",
        target: "login.example:443",
    };
    [(), ()].map(|()| session.answer(&credentials, line).to_string())
}

#[test]
fn what_cannot_be_answered_says_why() {
    // P38
    let missing = |name| Err(DigestProblem::Missing { name });
    let invalid = |name| Err(DigestProblem::Invalid { name });
    for (field, expected) in [
        ("Digest", missing("realm")),
        ("Digest realm=a", missing("nonce")),
        ("Digest nonce=a", missing("realm")),
        ("Digest realm=a, nonce=b, nonce=c", invalid("nonce")),
        (
            "Digest realm=a, nonce=b, qop=auth, qop=auth",
            invalid("qop"),
        ),
        (
            "Digest realm=a, nonce=b, algorithm=SHA-1",
            Err(DigestProblem::Algorithm {
                algorithm: "SHA-1".into(),
            }),
        ),
        (
            "Digest realm=a, nonce=b, qop=\"auth-int\"",
            Err(DigestProblem::Qop {
                qop: "auth-int".into(),
            }),
        ),
    ] {
        assert_eq!(demand(field).map(drop), expected, "{field}");
    }
    let challenges = Challenge::parse(b"Digest realm=\"\xff\", nonce=b");
    let challenges: Vec<_> = challenges.iter().collect();
    assert_eq!(Demand::strongest(&challenges).map(drop), invalid("realm"));
}

#[test]
fn the_strongest_of_several_is_answered() {
    for (algorithms, expected) in [
        (&["MD5", "SHA-256"][..], "SHA-256"),
        (&["SHA-512-256", "SHA-256", "MD5"], "SHA-512-256"),
        (&["SHA-256-sess", "SHA-256"], "SHA-256-sess"),
        (&["SHA-3", "md5"], "MD5"),
    ] {
        let challenge = |name| format!("Digest realm=a, nonce={name}, algorithm={name}");
        let field: Vec<_> = algorithms.iter().map(challenge).collect();
        let demand = demand(&field.join(", ")).unwrap();
        assert_eq!(demand.algorithm().name(), expected);
    }
}

#[test]
fn each_request_has_its_number() {
    let [first, second] = answers("Digest realm=a, nonce=n, qop=\"auth,auth-int\"", "adele");
    assert!(
        first.contains("qop=auth, nc=00000001, cnonce=\"c\""),
        "{first}"
    );
    assert!(second.contains("nc=00000002"), "{second}");
    assert_ne!(first, second);
}

#[test]
fn an_old_proxy_gets_what_it_knows() {
    let [answer, _] = answers("Digest realm=\"a\", nonce=\"n\"", "adele");
    let end = answer.find(", response=").unwrap();
    assert_eq!(
        &answer[..end],
        "Digest username=\"adele\", realm=\"a\", nonce=\"n\", uri=\"login.example:443\""
    );
    for absent in ["qop", "nc=", "cnonce", "algorithm", "opaque"] {
        assert!(!answer.contains(absent), "{absent}");
    }
}

#[test]
fn what_is_quoted_is_escaped() {
    let [answer, _] = answers(
        "Digest realm=\"a\\\"\\\\b\", nonce=n, opaque=\"\"",
        "CORP\\ad\"ele",
    );
    assert!(
        answer.contains("username=\"CORP\\\\ad\\\"ele\""),
        "{answer}"
    );
    assert!(answer.contains("realm=\"a\\\"\\\\b\""), "{answer}");
    assert!(answer.ends_with("opaque=\"\""), "{answer}");
}

/// squid, as most proxies, looks for nothing but the quoted name.
#[test]
fn a_name_beyond_ascii_is_told_as_the_proxy_knows_it() {
    for (charset, expected) in [
        ("", "username=\"jürgen\", "),
        (", charset=ISO-8859-1", "username=\"jürgen\", "),
        (", charset=\"utf-8\"", "username*=UTF-8''j%C3%BCrgen, "),
    ] {
        let challenge = format!("Digest realm=a, nonce=n{charset}");
        let [answer, _] = answers(&challenge, "jürgen");
        let told = answer.strip_prefix("Digest ").unwrap();
        assert!(told.starts_with(expected), "{answer}");
    }
}

#[test]
fn no_name_breaks_out_of_the_field() {
    let [answer, _] = answers("Digest realm=a, nonce=n", "a\r\nX: ü");
    assert!(
        answer.contains("username*=UTF-8''a%0D%0AX%3A%20%C3%BC,"),
        "{answer}"
    );
    assert!(answer.is_ascii() && !answer.contains(['\r', '\n']));
}

#[test]
fn numbers_are_used_once() {
    let numbers = [(); 2].map(|()| Session::cnonce().unwrap());
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(numbers[0].len(), 32);
}
