//! A client whose clock is wrong: this test program, run once more with the library of `faketime`.
//!
//! The clock of the servers and responders is right.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use serde_json::{Value, json};
use sspr::Trusted;
use sspr::revocation::Policy;

use crate::authority::Responder;
use crate::door::Door;
use crate::is_installed;
use crate::process::{NOW, at, run};
use crate::server::{OpenSsl, Server};
use crate::site::{Leaf, Site};
use crate::visit::ask;

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

/// Slow by more than the skew that is forgiven, and by so little that the clock is not before the build on the day of a
/// release.
const SLOW: &str = "-1h";

/// So much may pass while a test runs.
const WHILE: u64 = 600;

/// A site, and the responder that its leaf names.
struct Scene {
    site: Site,
    door: Door,
    _responder: Responder,
}

impl Scene {
    fn new(change: impl FnOnce(Leaf) -> Leaf) -> Self {
        let door = Door::open("ocsp.contoso.example");
        let site = Site::new(change(Leaf::new().ocsp(&door.url("/"))));
        let responder = site.issuing.responder();
        door.leads_to(responder.port);
        Self {
            site,
            door,
            _responder: responder,
        }
    }
}

#[test]
fn a_clock_that_is_right() {
    if is_visitor() || !is_installed() {
        return;
    }
    let scene = Scene::new(|leaf| leaf);
    let report = told(&scene, "+0", Policy::Strict, None);
    assert_eq!(report["clock"], Value::Null);
    assert_eq!(report["path"][0]["revocation"]["source"], "ocsp");
}

/// An empty battery. Nothing is connected to, since nothing could be believed.
#[test]
fn a_clock_from_before_the_build() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(|leaf| leaf);
    let server = OpenSsl::start(&scene.site);
    for policy in [
        "strict",
        "required-unless-unreachable",
        "best-effort",
        "off",
    ] {
        let told = visit_at(
            "@2000-01-01 00:00:00",
            server.port(),
            &scene.site,
            serde_json::from_value(json!(policy)).unwrap(),
        );
        let fault = &told["refused"]["clock"]["before-build"];
        let (built, now) = (seconds(&fault["built"]), seconds(&fault["now"]));
        // Whatever the time zone.
        assert!(now.abs_diff(946_684_800) < DAY + WHILE, "{told}");
        assert!(now < built && built <= real_now(), "{told}");
        assert_eq!(told["remedy"], "set-clock");
    }
    server.was_not_visited();
    assert_eq!(scene.door.asked(), [""; 0]);
}

/// The certificates count, but what is said about them is from the future: the true time is that or later.
#[test]
fn a_slow_clock_is_proved_by_an_answer() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(|leaf| leaf);
    for policy in [Policy::Strict, Policy::RequiredUnlessUnreachable] {
        let told = refused(&scene, SLOW, policy, None);
        assert_behind(&told["refused"]["clock"]);
        assert_eq!(told["remedy"], "set-clock");
    }
    let report = told(&scene, SLOW, Policy::BestEffort, None);
    assert_behind(&report["clock"]);
    assert_eq!(
        report["path"][0]["revocation"],
        json!({ "outcome": "unconfirmed", "fault": "not-yet-valid" })
    );
}

/// A staple proves it as well.
#[test]
fn a_slow_clock_is_proved_by_a_staple() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(Leaf::must_staple);
    let staple = scene.site.issuing.response(&scene.site.leaf, NOW);
    let report = told(&scene, "+0", Policy::Strict, Some(&staple));
    assert_eq!(report["path"][0]["revocation"]["source"], "staple");
    assert_eq!(report["clock"], Value::Null);

    let scene = Scene::new(|leaf| leaf);
    let staple = scene.site.issuing.response(&scene.site.leaf, NOW);
    let told = refused(
        &scene,
        SLOW,
        Policy::RequiredUnlessUnreachable,
        Some(&staple),
    );
    assert_behind(&told["refused"]["clock"]);
}

#[test]
fn a_slow_clock_and_a_new_certificate() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(Leaf::issued_now);
    let told = refused(&scene, SLOW, Policy::BestEffort, None);
    let fault = &told["refused"]["trust"]["not-yet-valid"];
    let (not_before, now) = (seconds(&fault["not_before"]), seconds(&fault["now"]));
    assert!((not_before - now).abs_diff(HOUR) < WHILE, "{told}");
    assert_eq!(told["remedy"], "set-clock");
}

/// The certificates still count, but no answer does.
#[test]
fn a_fast_clock_and_answers_that_are_over() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(|leaf| leaf);
    let staple = scene.site.issuing.response(&scene.site.leaf, NOW);
    for staple in [None, Some(&*staple)] {
        let told = refused(&scene, "+20d", Policy::RequiredUnlessUnreachable, staple);
        let fault = &told["refused"]["revocation"]["stale"];
        let (next_update, now) = (seconds(&fault["next_update"]), seconds(&fault["now"]));
        assert!(now > next_update + 10 * DAY, "{told}");
        assert!(now.abs_diff(real_now() + 20 * DAY) < WHILE, "{told}");
        assert_eq!(told["remedy"], "set-clock");
    }
}

/// Everything has expired.
#[test]
fn a_fast_clock_and_certificates_that_are_over() {
    if !is_installed() {
        return;
    }
    let scene = Scene::new(|leaf| leaf);
    let staple = scene.site.issuing.response(&scene.site.leaf, NOW);
    for policy in [Policy::Strict, Policy::BestEffort] {
        let told = refused(&scene, "+400d", policy, Some(&staple));
        let fault = &told["refused"]["trust"]["expired"];
        let (not_after, now) = (seconds(&fault["not_after"]), seconds(&fault["now"]));
        assert!(now > not_after, "{told}");
        assert!(now.abs_diff(real_now() + 400 * DAY) < WHILE, "{told}");
        assert_eq!(told["remedy"], "set-clock");
    }
    assert_eq!(scene.door.asked(), [""; 0]);
}

/// The client itself, in a process whose clock is wrong: the tests start this program again, for one test alone, with
/// their orders in the environment. Says whether this is that process.
fn is_visitor() -> bool {
    let Ok(orders) = env::var(ORDERS) else {
        return false;
    };
    let orders: Value = serde_json::from_str(&orders).unwrap();
    let outcome = ask(
        u16::try_from(seconds(&orders["port"])).unwrap(),
        fs::read(orders["root"].as_str().unwrap()).unwrap(),
        serde_json::from_value(orders["policy"].clone()).unwrap(),
    );
    let told = match outcome {
        Ok(response) => match response.trust {
            Trusted::Checked(report) => json!({ "accepted": &*report }),
            other => panic!("{other:?}"),
        },
        Err(failed) => json!({
            "refused": failed.error.fault(),
            "remedy": failed.error.remedy(),
            "sent": failed.sent,
        }),
    };
    println!("\n{OUTCOME}{told}");
    true
}

const ORDERS: &str = "SSPR_VISIT";
const OUTCOME: &str = "outcome: ";

/// What the visitor tells of the visit, at the time `when`.
fn visit_at(when: &str, port: u16, site: &Site, policy: Policy) -> Value {
    let root = site.scratch.0.join("root.der");
    fs::write(&root, site.root.der()).unwrap();
    let orders = json!({ "port": port, "root": root, "policy": policy });
    let mut visitor = Command::new(env::current_exe().unwrap());
    visitor
        .args(["--exact", "--nocapture", "clock::a_clock_that_is_right"])
        .env(ORDERS, orders.to_string());
    let printed = String::from_utf8(run(at(&mut visitor, when))).unwrap();
    let mut lines = printed.lines();
    let told = lines.find_map(|line| line.strip_prefix(OUTCOME));
    serde_json::from_str(told.unwrap()).unwrap()
}

/// The report of a visit that was accepted.
fn told(scene: &Scene, when: &str, policy: Policy, staple: Option<&Path>) -> Value {
    let mut server = OpenSsl::start_with(&scene.site, &[], staple);
    let told = visit_at(when, server.port(), &scene.site, policy);
    assert!(server.was_asked());
    assert_ne!(told["accepted"], Value::Null, "{told}");
    told["accepted"].clone()
}

/// What is told of a visit that was refused before anything was sent.
fn refused(scene: &Scene, when: &str, policy: Policy, staple: Option<&Path>) -> Value {
    let mut server = OpenSsl::start_with(&scene.site, &[], staple);
    let told = visit_at(when, server.port(), &scene.site, policy);
    assert!(!server.was_asked(), "{told}");
    assert_eq!(told["sent"], "nothing", "{told}");
    told
}

/// The clock is an hour behind what the responder signed a moment ago.
fn assert_behind(clock: &Value) {
    let fault = &clock["behind"];
    let (at_least, now) = (seconds(&fault["at_least"]), seconds(&fault["now"]));
    assert!((at_least - now).abs_diff(HOUR) < WHILE, "{clock}");
    assert!(at_least <= real_now(), "{clock}");
}

fn seconds(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value}"))
}

fn real_now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs()
}
