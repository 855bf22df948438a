//! Proxy auto-configuration scripts through the public API.

#![cfg(feature = "pac")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod engine;
mod helpers;
mod sandbox;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sspr::proxy::pac::{
    Clock, FixedWorld, PacEngine, PacError, PacLimits, PacScript, PacTarget, QuickJs, evaluate,
};
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn target() -> PacTarget {
    PacTarget::new(&url("https://www.contoso.com/reset?code=1")).unwrap()
}

fn world() -> FixedWorld {
    let mut world = FixedWorld::default();
    for (name, addresses) in [
        ("www.contoso.com", "10.1.2.3"),
        ("dual.contoso.com", "2001:db8::5;10.9.9.9;10.9.9.10"),
        ("six.contoso.com", "2001:db8::6"),
        ("printer", "192.168.1.9"),
        ("xn--bcher-kva.example", "10.7.7.7"),
    ] {
        let addresses = addresses.split(';').map(|a| a.parse().unwrap()).collect();
        world.hosts.insert(name.to_owned(), addresses);
    }
    world.local = vec![ip("2001:db8::1"), ip("172.16.5.4")];
    // Wednesday 2026-03-11 16:30:15 UTC, which is Thursday 01:30:15 in Tokyo.
    world.clock = Clock::Fixed {
        utc: SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_246_615),
        offset: 9 * 3600,
    };
    world
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What a script says whose only statement returns `expression`, as text.
fn value(expression: &str) -> String {
    let script = format!("function FindProxyForURL(url, host) {{ return '' + ({expression}); }}");
    evaluate(&script, &url("https://www.contoso.com/reset"), &world())
        .unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn fails(script: &str) -> PacError {
    evaluate(script, &url("https://www.contoso.com/"), &world()).unwrap_err()
}

fn engine(limits: PacLimits) -> QuickJs {
    QuickJs::with_limits(Arc::new(world()), limits)
}

fn hasty() -> PacLimits {
    let mut limits = PacLimits::default();
    limits.load_time = Duration::from_millis(200);
    limits.call_time = Duration::from_millis(200);
    limits
}

/// For scripts that do much before they fail: the engine is slow when it is built without optimisation.
fn patient() -> PacLimits {
    let mut limits = PacLimits::default();
    limits.load_time = Duration::from_secs(60);
    limits.call_time = Duration::from_secs(60);
    limits
}

/// The engine gives `expected`, and then still works.
#[track_caller]
fn survives(engine: &QuickJs, script: &str, expected: impl Fn(&PacError) -> bool) {
    let error = engine
        .find_proxy(&PacScript::new(script), &target())
        .unwrap_err();
    assert!(expected(&error), "{error:?}");
    let good = PacScript::new("function FindProxyForURL(url, host) { return 'PROXY p:1' }");
    assert_eq!(
        engine.find_proxy(&good, &target()).as_deref(),
        Ok("PROXY p:1")
    );
}
