//! Rows H4 and H5: wherever a link stands, it is followed to the origin of the authority only, and nothing is sent to any
//! other place.

use serde_json::{Value, json};
use sspr::{Error, Fault, LinkProblem, Privacy, Stage};

use crate::desk::{At, code, is_changed, is_unknown, password, user};
use crate::script::{
    CHALLENGE, ENTRY, POLL, Reply, START, Script, TENANT, UPDATE, VERIFY, challenged, email, entry,
    polling, started, verified,
};

const ORIGIN: &str = "https://login.contoso.example";

/// Every place in which a link can stand: where its answer comes, and how it gets into it.
type Put = fn(Value) -> Value;
const PLACES: [(&str, &str, Put); 8] = [
    (ENTRY, "reset_password", |link| {
        let mut body = entry("t");
        body["reset_password"] = link;
        body
    }),
    (START, "challenge", |link| {
        let mut method = email();
        method["_links"]["challenge"] = link;
        started("t", &[method])
    }),
    (CHALLENGE, "riskverify", |link| {
        let mut body = crate::script::risk("t");
        body["_links"]["riskverify"] = link;
        body
    }),
    (CHALLENGE, "verify", |link| {
        let mut body = challenged("t");
        body["_links"]["verify"] = link;
        body
    }),
    (CHALLENGE, "resend", |link| {
        let mut body = challenged("t");
        body["_links"]["resend"] = link;
        body
    }),
    (VERIFY, "update", |link| {
        let mut body = verified("t");
        body["_links"]["update"] = link;
        body
    }),
    (UPDATE, "poll", |link| {
        let mut body = polling("t");
        body["_links"]["poll"] = link;
        body
    }),
    (POLL, "poll", |link| {
        let mut body = polling("t");
        body["_links"]["poll"] = link;
        body
    }),
];

/// A whole reset as far as it goes, with this link in this place. An end that is not known counts with its cause.
async fn walk(script: &Script, place: (&'static str, &str, Put), link: Value) -> Result<(), Error> {
    let (path, _, put) = place;
    let status = if path == ENTRY { 401 } else { 200 };
    script.order(path, Reply::json(status, put(link)));
    let mut reset = script.client(Privacy::Tell).start(user()).await?;
    reset.resend_code().await?;
    reset.enter_code(code()).await?;
    reset.set_password(password()).await?;
    if is_unknown(reset.step()) {
        let fault = reset.cause().unwrap().fault().clone();
        return Err(Error::new(fault));
    }
    reset.wait().await?;
    if !is_changed(reset.step()) {
        reset.wait().await?;
    }
    assert!(is_changed(reset.step()));
    Ok(())
}

fn object(href: &str) -> Value {
    json!({ "href": href })
}

#[tokio::test(start_paused = true)]
async fn h4_a_link_to_anywhere_else_is_refused_and_nothing_is_sent_there() {
    use LinkProblem::{HasCredentials, HasFragment, NotAUrl, NotHttps, OtherOrigin, Templated};
    let path = "/api/v2.0/auth/methods/email/1/verify";
    let hostile = [
        (
            format!("https://evil.example{path}"),
            OtherOrigin,
            Some("evil.example"),
        ),
        (
            format!("//evil.example{path}"),
            OtherOrigin,
            Some("evil.example"),
        ),
        (format!("///evil.example{path}"), NotAUrl, None),
        (
            format!("https://login.contoso.example.evil.example{path}"),
            OtherOrigin,
            Some("login.contoso.example.evil.example"),
        ),
        (
            format!("https://login.contoso.example.{path}"),
            OtherOrigin,
            Some("login.contoso.example."),
        ),
        (
            format!("https://login.contoso.example:8443{path}"),
            OtherOrigin,
            Some("login.contoso.example:8443"),
        ),
        (
            format!("http://login.contoso.example{path}"),
            NotHttps,
            Some("login.contoso.example"),
        ),
        (
            format!("http://login.contoso.example:443{path}"),
            NotHttps,
            Some("login.contoso.example:443"),
        ),
        ("javascript:alert(1)".to_owned(), NotHttps, None),
        ("data:application/json,{}".to_owned(), Templated, None),
        ("data:application/json,1".to_owned(), NotHttps, None),
        ("file:///etc/passwd".to_owned(), NotHttps, None),
        (
            format!("https://login.contoso.example@evil.example{path}"),
            HasCredentials,
            Some("evil.example"),
        ),
        (
            format!("https://adele@login.contoso.example{path}"),
            HasCredentials,
            Some("login.contoso.example"),
        ),
        (
            format!("https://:secret@login.contoso.example{path}"),
            HasCredentials,
            Some("login.contoso.example"),
        ),
        (
            format!("https://login.contoso.example{path}#top"),
            HasFragment,
            Some("login.contoso.example"),
        ),
        (
            "#@evil.example/".to_owned(),
            HasFragment,
            Some("login.contoso.example"),
        ),
        (format!("\\\\evil.example{path}"), NotAUrl, None),
        (format!("/\\evil.example{path}"), NotAUrl, None),
        (format!("/\t/evil.example{path}"), NotAUrl, None),
        (
            format!("https://login.contoso.example{path}\r\nx"),
            NotAUrl,
            None,
        ),
        ("https://".to_owned(), NotAUrl, None),
        ("https://[::1".to_owned(), NotAUrl, None),
        (format!("/{}", "a".repeat(5000)), NotAUrl, None),
        (String::new(), NotAUrl, None),
        ("  ".to_owned(), NotAUrl, None),
        (
            "/api/v2.0/auth/methods/{type}/verify".to_owned(),
            Templated,
            None,
        ),
    ];
    for place in PLACES {
        for (href, problem, host) in &hostile {
            for link in [object(href), json!([object(href)]), json!(href)] {
                let script = Script::new();
                let error = walk(&script, place, link).await;
                let error = error.expect_err(&format!("{href} at {}", place.1));
                assert_eq!(error.stage(), Stage::Protocol);
                let Fault::LinkRefused {
                    relation,
                    problem: told,
                    host: named,
                } = error.fault()
                else {
                    panic!("{href} at {}: {error:?}", place.1)
                };
                assert_eq!((*relation, told), (place.1, problem), "{href}");
                assert_eq!(named.as_deref(), *host, "{href}");
                let seen = script.seen();
                assert!(
                    seen.iter().all(|seen| seen.url.as_str().starts_with(ORIGIN)
                        && seen.url.path().starts_with(TENANT)),
                    "{href}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn links_to_the_own_origin_are_followed_however_they_are_written() {
    for (index, place) in PLACES.into_iter().enumerate() {
        // The same place as in a good answer.
        let target = [
            START,
            CHALLENGE,
            crate::script::RISK,
            VERIFY,
            crate::script::RESEND,
            UPDATE,
            POLL,
            POLL,
        ][index];
        let tenantless = target.to_owned();
        let relative = target.trim_start_matches('/').to_owned();
        for href in [
            format!("{ORIGIN}{TENANT}{target}"),
            format!("{ORIGIN}:443{TENANT}{target}"),
            format!("HTTPS://Login.Contoso.Example{TENANT}{target}"),
            format!("//login.contoso.example{TENANT}{target}"),
            format!(" {TENANT}{target} "),
            format!("{TENANT}/elsewhere/../{target}").replace("//", "/"),
            tenantless,
            relative,
        ] {
            let script = Script::new();
            walk(&script, place, object(&href)).await.expect(&href);
            assert!(!script.seen_at(target).is_empty(), "{href}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn h5_of_several_links_the_first_that_can_be_used() {
    let good = |path: &str| object(&format!("{TENANT}{path}"));
    let evil = object("https://evil.example/");
    let template = json!({ "href": format!("{TENANT}{VERIFY}"), "templated": true });
    for links in [
        json!([good(VERIFY), evil]),
        json!([template, good(VERIFY)]),
        json!([evil, good(VERIFY)]),
        json!([1, {}, { "href": 7 }, good(VERIFY)]),
        json!({ "href": format!("{TENANT}{VERIFY}"), "templated": false, "name": "x" }),
    ] {
        let script = Script::new();
        walk(&script, PLACES[3], links).await.unwrap();
    }
    for (links, expected) in [
        (template.clone(), LinkProblem::Templated),
        (json!([template]), LinkProblem::Templated),
        (json!([template, evil]), LinkProblem::Templated),
        (json!(7), LinkProblem::NotAUrl),
        (json!({}), LinkProblem::NotAUrl),
    ] {
        let script = Script::new();
        let error = walk(&script, PLACES[3], links).await.unwrap_err();
        let Fault::LinkRefused { problem, .. } = error.fault() else {
            panic!("{error:?}")
        };
        assert_eq!(*problem, expected);
    }
    for links in [json!([]), json!(null)] {
        let script = Script::new();
        let error = walk(&script, PLACES[3], links).await.unwrap_err();
        assert_eq!(error.fault(), &Fault::MissingField { field: "verify" });
    }
}

/// A refused link leaves the person where they were, and the same call may be made again.
#[tokio::test]
async fn a_refused_link_loses_nobodys_place() {
    let script = Script::new();
    let mut body = verified("t");
    body["_links"]["update"] = object("https://evil.example/");
    script.order(VERIFY, Reply::json(200, body));
    let (reset, step, result) = At::Verify.call(&script, Privacy::Tell).await;
    assert!(matches!(
        result.unwrap_err().fault(),
        Fault::LinkRefused { .. }
    ));
    let mut reset = reset.unwrap();
    assert_eq!(reset.step(), &step.unwrap());
    reset.enter_code(code()).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
}
