use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use url::Url;

use crate::proxy::pac::{Clock, FixedWorld, PacError, PacPhase, PacTarget, PacWorld};

use super::PacLimits;
use super::run::Run;
use super::sandbox::Sandbox;

/// Loads a script and calls it once, on this thread and without a world.
fn run(script: &str, limits: &PacLimits) -> Result<(Sandbox, String), PacError> {
    let (events, _) = mpsc::channel();
    let (_, answers) = mpsc::channel();
    let run = Rc::new(Run::new(events, answers, limits));
    let target = PacTarget::new(&Url::parse("https://contoso.com/").unwrap()).unwrap();
    let sandbox = Sandbox::load(script, FixedWorld::default().clock(), &run, limits)?;
    let answer = sandbox.call(&target)?;
    Ok((sandbox, answer))
}

#[test]
fn at_rest_the_engine_is_small() {
    let limits = PacLimits::default();
    let script = "function FindProxyForURL(url, host) { return isPlainHostName(host) ? 'DIRECT' : 'PROXY p:1' }";
    let (sandbox, _) = run(script, &limits).unwrap();
    assert!(sandbox.memory() < 1 << 20, "{}", sandbox.memory());
}

/// A feature of the engine that any crate in the build may switch on takes the limit away without a word.
#[test]
fn the_memory_limit_is_in_force() {
    let limits = PacLimits {
        memory: 4 << 20,
        ..PacLimits::default()
    };
    let script = |bytes: usize| {
        format!("var s = 'x'.repeat({bytes}); function FindProxyForURL() {{ return 'DIRECT' }}")
    };
    assert!(run(&script(2 << 20), &limits).is_ok());
    assert_eq!(
        run(&script(8 << 20), &limits).map(drop),
        Err(PacError::MemoryLimit {
            phase: PacPhase::Load,
            limit: 4 << 20
        })
    );
}

#[test]
fn wherever_memory_ends_the_engine_stands() {
    let script = "
        var kept = [], seen = new Map();
        function Thing(n) { this.name = 'thing' + n; this.list = [n, [n], { n: n }] }
        for (var i = 0; i < 200; i++) {
            kept.push(new Thing(i)); seen.set('k' + i, /a+(b|c)*$/.exec('aabcbc' + i));
            try { JSON.parse('{\"a\":[1,2,{\"b\":\"' + i + '\"}]}'); null.x } catch (e) { kept.push('' + e) }
        }
        async function later() { await 1 }
        function* some() { yield* kept }
        function FindProxyForURL(url, host) {
            later(); some().next();
            if (shExpMatch(url, '(x|y)*') || isInNet('10.0.0.1', '10.0.0.0', '255.0.0.0') && dateRange(2)) return 'x';
            return kept.map(function (k) { return k.name || k }).join('').slice(0, 10) + dnsDomainIs(host, '.com');
        }";
    let mut limits = PacLimits {
        load_time: Duration::from_secs(60),
        call_time: Duration::from_secs(60),
        ..PacLimits::default()
    };
    let (mut refused, mut answered) = (0, 0);
    for step in 0..250 {
        limits.memory = 150_000 + step * 1_997;
        match run(script, &limits) {
            Ok(_) => answered += 1,
            Err(PacError::MemoryLimit { .. }) => refused += 1,
            Err(other) => panic!("at {} bytes: {other:?}", limits.memory),
        }
    }
    assert!(
        refused > 50 && answered > 50,
        "{refused} refused, {answered} answered"
    );
}

#[test]
fn wherever_time_ends_the_engine_stands() {
    let script = "function FindProxyForURL() { for (var i = 0; i < 30; i++) { var a = [3, 1, 2].map(function (x) { \
                  return { x: x, s: 'y'.repeat(x), f: async () => x } }); a.sort(); JSON.stringify(a); \
                  'aaaaaaaab'.replace(/(a+)+b/g, function (m) { return m + i }) } return 'DIRECT' }";
    let mut limits = PacLimits::default();
    for step in 0..200 {
        limits.call_time = Duration::from_micros(step * 20);
        match run(script, &limits) {
            Ok(_) | Err(PacError::Timeout { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_system_clock_passes() {
    let (events, _) = mpsc::channel();
    let (_, answers) = mpsc::channel();
    let limits = PacLimits::default();
    let run = Rc::new(Run::new(events, answers, &limits));
    let target = PacTarget::new(&Url::parse("https://contoso.com/").unwrap()).unwrap();
    let script = "function FindProxyForURL() { return '' + Date.now() }";
    let sandbox = Sandbox::load(script, Clock::System, &run, &limits).unwrap();
    let now = || std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let before = now();
    let told: u128 = sandbox.call(&target).unwrap().parse().unwrap();
    assert!((before..=now()).contains(&told), "{told}");
}
