//! Where the server's links lead: to its own origin, or nowhere.

use serde_json::Value;
use url::Url;

use crate::error::{Error, Fault, LinkProblem, PeerText};
use crate::protocol::origin::{host, is_plain, problem};

/// The most alternatives of one relation that are looked at.
const ALTERNATIVES: usize = 8;

/// The target of a relation, from what stands for it: a link object, a list of them, or, as the entry has it, the bare
/// address. `None` if there is none.
///
/// # Errors
/// [`Fault::LinkRefused`] if none of the links may be followed, with what is wrong with the first.
pub(super) fn target(
    authority: &Url,
    link: Option<&Value>,
    relation: &'static str,
) -> Result<Option<Url>, Error> {
    let alternatives = match link {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(links)) => links.as_slice(),
        Some(link) => std::slice::from_ref(link),
    };
    let mut refused = None;
    for link in alternatives.iter().take(ALTERNATIVES) {
        match follow(authority, link) {
            Ok(url) => return Ok(Some(url)),
            Err(problem) => refused = refused.or(Some(problem)),
        }
    }
    match refused {
        None => Ok(None),
        Some((problem, host)) => Err(Fault::LinkRefused {
            relation,
            problem,
            host,
        }
        .into()),
    }
}

type Refused = (LinkProblem, Option<PeerText>);

fn follow(authority: &Url, link: &Value) -> Result<Url, Refused> {
    let href = match link {
        Value::String(href) => href,
        Value::Object(link) => match link.get("href") {
            Some(Value::String(href)) => href,
            _ => return Err((LinkProblem::NotAUrl, None)),
        },
        _ => return Err((LinkProblem::NotAUrl, None)),
    };
    // What the variables of a template stand for is said nowhere.
    if link.get("templated") == Some(&Value::Bool(true)) || href.contains(['{', '}']) {
        return Err((LinkProblem::Templated, None));
    }
    let url = resolve(authority, href.trim()).ok_or((LinkProblem::NotAUrl, None))?;
    match problem(authority, &url) {
        None => Ok(url),
        Some(problem) => Err((problem, host(&url))),
    }
}

/// A relative link is relative to the authority, as in the vendor's client, and not to the answer that holds it. One that
/// begins at the API stands behind the path of the authority, which names the tenant.
fn resolve(authority: &Url, href: &str) -> Option<Url> {
    if !is_plain(href) {
        return None;
    }
    let tenant = authority.path().trim_end_matches('/');
    let mut base = authority.clone();
    base.set_path(&[tenant, "/"].concat());
    if href.starts_with("/api/") || href.starts_with("/oauth2/") {
        base.join(&[tenant, href].concat()).ok()
    } else {
        base.join(href).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn leads(authority: &str, href: &str) -> Result<String, LinkProblem> {
        let authority = Url::parse(authority).unwrap();
        match target(&authority, Some(&json!({ "href": href })), "x") {
            Ok(url) => Ok(url.unwrap().into()),
            Err(error) => match error.fault() {
                Fault::LinkRefused { problem, .. } => Err(*problem),
                other => panic!("{other:?}"),
            },
        }
    }

    #[test]
    fn a_relative_link_is_relative_to_the_authority() {
        for (authority, href, expected) in [
            (
                "https://a.example/t",
                "/t/api/x",
                "https://a.example/t/api/x",
            ),
            ("https://a.example/t", "/api/x", "https://a.example/t/api/x"),
            ("https://a.example/t", "api/x", "https://a.example/t/api/x"),
            (
                "https://a.example/t",
                "/oauth2/x",
                "https://a.example/t/oauth2/x",
            ),
            (
                "https://a.example/t",
                "/guid/api/x",
                "https://a.example/guid/api/x",
            ),
            ("https://a.example/t", "/api", "https://a.example/api"),
            ("https://a.example/", "/api/x", "https://a.example/api/x"),
            (
                "https://a.example/",
                "/guid/api/x?y",
                "https://a.example/guid/api/x?y",
            ),
            (
                "https://a.example:8443/t",
                "/api/x",
                "https://a.example:8443/t/api/x",
            ),
            ("https://[::1]/t", "https://[0:0::1]/x", "https://[::1]/x"),
        ] {
            assert_eq!(leads(authority, href).as_deref(), Ok(expected), "{href}");
        }
    }

    #[test]
    fn a_name_that_only_looks_alike_is_another() {
        let authority = "https://a.example/t";
        for href in [
            "https://a.example./x",
            "https://а.example/x",
            "//a.example:444/x",
        ] {
            assert_eq!(
                leads(authority, href),
                Err(LinkProblem::OtherOrigin),
                "{href}"
            );
        }
        // Full-width letters are the same name (UTS 46).
        let same = leads(authority, "https://ａ.example/x");
        assert_eq!(same.as_deref(), Ok("https://a.example/x"));
    }

    #[test]
    fn only_so_many_alternatives_are_looked_at() {
        let authority = Url::parse("https://a.example/t").unwrap();
        let mut links = vec![json!({ "href": "http://a.example/" }); ALTERNATIVES];
        links.push(json!({ "href": "/api/x" }));
        assert!(target(&authority, Some(&json!(links)), "x").is_err());
        links.swap_remove(0);
        assert!(
            target(&authority, Some(&json!(links)), "x")
                .unwrap()
                .is_some()
        );
    }
}
