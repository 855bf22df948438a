//! The engine and the world: names, alerts, state, the cache, and callers on many threads.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sspr::proxy::pac::{
    CachedPac, OsWorld, PacEngine, PacError, PacLimits, PacScript, PacTarget, PacWorld, QuickJs,
};

use crate::{engine, hasty, ip, survives, target, url};

#[test]
fn names_are_rationed() {
    let asking = |count: usize| {
        format!(
            "function FindProxyForURL() {{ for (var i = 0; i < {count}; i++) {{ isResolvable('h' + i + '.example'); \
             isResolvable('H' + i + '.example') }} return 'DIRECT' }}"
        )
    };
    let engine = engine(PacLimits::default());
    assert_eq!(
        engine
            .find_proxy(&PacScript::new(asking(20)), &target())
            .as_deref(),
        Ok("DIRECT")
    );
    survives(&engine, &asking(21), |error| *error == PacError::DnsBudget);
    let stubborn = asking(21).replace(
        "isResolvable(",
        "(function (n) { try { isResolvable(n) } catch (e) {} })(",
    );
    survives(&engine, &stubborn, |error| *error == PacError::DnsBudget);
}

/// A resolver that uses up all the time it is given.
#[derive(Default)]
struct Slow {
    asked: AtomicUsize,
    told: std::sync::Mutex<Vec<String>>,
}

impl PacWorld for Slow {
    fn resolve(&self, _: &str, within: Duration) -> Vec<IpAddr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        while begun.elapsed() <= within {
            std::thread::yield_now();
        }
        vec![ip("10.0.0.1")]
    }

    fn local_addresses(&self) -> Vec<IpAddr> {
        Vec::new()
    }

    fn alert(&self, text: &sspr::PeerText) {
        self.told.lock().unwrap().push(text.as_str().to_owned());
    }
}

#[test]
fn a_resolver_that_hangs_is_told_from_a_script_that_hangs() {
    let mut limits = hasty();
    limits.names_time = Duration::from_millis(400);
    let slow = Arc::new(Slow::default());
    let engine = QuickJs::with_limits(slow.clone(), limits);
    let script = PacScript::new(
        "function FindProxyForURL(url, host) { return dnsResolve(host) || 'DIRECT' }",
    );
    assert_eq!(
        engine.find_proxy(&script, &target()),
        Err(PacError::DnsBudget)
    );
    assert_eq!(slow.asked.load(Ordering::Relaxed), 1);
}

#[test]
fn alerts_are_passed_on_and_rationed() {
    let slow = Arc::new(Slow::default());
    let engine = QuickJs::new(slow.clone());
    let script = "function FindProxyForURL() { alert('one\\u0007'); alert(2); alert(); \
                  for (var i = 0; i < 100; i++) alert('x'.repeat(100)); return 'DIRECT' }";
    engine
        .find_proxy(&PacScript::new(script), &target())
        .unwrap();
    let told = slow.told.lock().unwrap();
    assert_eq!(told[..3], ["one".to_owned(), "2".to_owned(), String::new()]);
    assert_eq!(told.len(), 3 + 20);
}

#[test]
fn a_script_keeps_its_state_until_it_fails() {
    let engine = engine(hasty());
    let script = PacScript::new(
        "var calls = 0; function FindProxyForURL(url, host) { calls++; if (host === 'hang.example') while (true); \
         if (host === 'throw.example') throw 'no'; return 'CALL ' + calls }",
    );
    let ask = |host: &str| {
        engine.find_proxy(
            &script,
            &PacTarget::new(&url(&format!("https://{host}/"))).unwrap(),
        )
    };
    assert_eq!(ask("a.example").as_deref(), Ok("CALL 1"));
    assert_eq!(ask("a.example").as_deref(), Ok("CALL 2"));
    assert!(ask("throw.example").is_err());
    assert_eq!(ask("a.example").as_deref(), Ok("CALL 4"));
    assert!(ask("hang.example").is_err());
    assert_eq!(ask("a.example").as_deref(), Ok("CALL 1"));
}

#[test]
fn cached_decisions_are_not_evaluated_again() {
    let engine = CachedPac::new(engine(PacLimits::default()));
    let script = PacScript::new("var n = 0; function FindProxyForURL() { return 'CALL ' + ++n }");
    for _ in 0..3 {
        assert_eq!(
            engine.find_proxy(&script, &target()).as_deref(),
            Ok("CALL 1")
        );
    }
    engine.forget();
    assert_eq!(
        engine.find_proxy(&script, &target()).as_deref(),
        Ok("CALL 2")
    );
}

#[test]
fn a_script_without_text_is_not_evaluated() {
    let script = PacScript::at(url("http://wpad.contoso.com/wpad.dat"));
    let engine = engine(PacLimits::default());
    assert!(!engine.fetches());
    assert_eq!(engine.find_proxy(&script, &target()), Err(PacError::NoText));
}

#[test]
fn many_threads_may_ask_at_once() {
    let engine = engine(PacLimits::default());
    let script =
        PacScript::new("function FindProxyForURL(url, host) { return 'PROXY ' + host + ':1' }");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (engine, script) = (&engine, &script);
            scope.spawn(move || {
                let host = format!("h{number}.example");
                let target = PacTarget::new(&url(&format!("https://{host}/"))).unwrap();
                for _ in 0..20 {
                    assert_eq!(
                        engine.find_proxy(script, &target),
                        Ok(format!("PROXY {host}:1"))
                    );
                }
            });
        }
    });
}

#[test]
fn the_real_world_will_do() {
    let engine = QuickJs::new(Arc::new(OsWorld));
    let script = PacScript::new(
        "function FindProxyForURL() { return dnsResolve('localhost') + ' ' + timeRange(0, 23) + ' ' + typeof myIpAddress() }",
    );
    assert_eq!(
        engine.find_proxy(&script, &target()).as_deref(),
        Ok("127.0.0.1 true string")
    );
}
