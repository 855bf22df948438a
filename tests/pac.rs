//! Proxy auto-configuration scripts through the public API: what the helper functions answer, and what becomes of scripts
//! that misbehave.

#![cfg(feature = "pac")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use sspr::proxy::pac::{
    CachedPac, Clock, FixedWorld, PacEngine, PacError, PacLimits, PacPhase, PacScript, PacTarget,
    PacWorld, QuickJs, evaluate,
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

fn table(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(value(expression), *expected, "{expression}");
    }
}

fn fails(script: &str) -> PacError {
    evaluate(script, &url("https://www.contoso.com/"), &world()).unwrap_err()
}

#[test]
fn names() {
    table(&[
        ("isPlainHostName('www')", "true"),
        ("isPlainHostName('www.contoso.com')", "false"),
        ("isPlainHostName('::1')", "false"),
        ("isPlainHostName('')", "true"),
        ("dnsDomainIs('www.contoso.com', '.contoso.com')", "true"),
        ("dnsDomainIs('contoso.com', '.contoso.com')", "false"),
        ("dnsDomainIs('contoso.com', 'contoso.com')", "true"),
        ("dnsDomainIs('notcontoso.com', 'contoso.com')", "true"),
        ("dnsDomainIs('www.Contoso.com', '.contoso.com')", "false"),
        ("dnsDomainIs('www', '.contoso.com')", "false"),
        (
            "localHostOrDomainIs('www.contoso.com', 'www.contoso.com')",
            "true",
        ),
        ("localHostOrDomainIs('www', 'www.contoso.com')", "true"),
        (
            "localHostOrDomainIs('www.fabrikam.com', 'www.contoso.com')",
            "false",
        ),
        (
            "localHostOrDomainIs('home.contoso.com', 'www.contoso.com')",
            "false",
        ),
        ("localHostOrDomainIs('w', 'www.contoso.com')", "false"),
        ("dnsDomainLevels('www')", "0"),
        ("dnsDomainLevels('www.contoso.com')", "2"),
        ("dnsDomainLevels('10.1.2.3')", "3"),
    ]);
}

#[test]
fn resolution() {
    table(&[
        ("isResolvable(host)", "true"),
        ("isResolvable('nowhere.contoso.com')", "false"),
        ("isResolvable('six.contoso.com')", "false"),
        ("isResolvable('10.0.0.1')", "true"),
        ("isResolvable(null)", "false"),
        ("dnsResolve(host)", "10.1.2.3"),
        ("dnsResolve('WWW.contoso.com')", "10.1.2.3"),
        ("dnsResolve('dual.contoso.com')", "10.9.9.9"),
        ("dnsResolve('10.0.0.1')", "10.0.0.1"),
        ("dnsResolve('nowhere.contoso.com')", "null"),
        ("dnsResolve('six.contoso.com')", "null"),
        ("dnsResolve()", "null"),
        ("dnsResolve('bücher.example')", "10.7.7.7"),
        ("dnsResolve('a b')", "null"),
        ("dnsResolve('http://www.contoso.com/')", "null"),
        ("dnsResolve('\\ud800.example')", "null"),
        ("myIpAddress()", "172.16.5.4"),
        ("isResolvableEx('six.contoso.com')", "true"),
        ("isResolvableEx('nowhere.contoso.com')", "false"),
        (
            "dnsResolveEx('dual.contoso.com')",
            "2001:db8::5;10.9.9.9;10.9.9.10",
        ),
        ("dnsResolveEx('nowhere.contoso.com')", ""),
        ("dnsResolveEx('2001:DB8::7')", "2001:db8::7"),
        ("myIpAddressEx()", "2001:db8::1;172.16.5.4"),
        ("getClientVersion()", "1.0"),
    ]);
}

#[test]
fn without_addresses_a_computer_is_the_loopback() {
    let script = "function FindProxyForURL() { return myIpAddress() + '|' + myIpAddressEx() }";
    let answer = evaluate(script, &url("https://a.example/"), &FixedWorld::default());
    assert_eq!(answer.unwrap(), "127.0.0.1|");
}

#[test]
fn nets() {
    table(&[
        (
            "isInNet('198.95.249.79', '198.95.249.79', '255.255.255.255')",
            "true",
        ),
        ("isInNet('198.95.1.1', '198.95.0.0', '255.255.0.0')", "true"),
        (
            "isInNet('198.96.1.1', '198.95.0.0', '255.255.0.0')",
            "false",
        ),
        ("isInNet(host, '10.0.0.0', '255.0.0.0')", "true"),
        (
            "isInNet('nowhere.contoso.com', '0.0.0.0', '0.0.0.0')",
            "false",
        ),
        (
            "isInNet(dnsResolve('nowhere.contoso.com'), '0.0.0.0', '0.0.0.0')",
            "false",
        ),
        ("isInNet('10.1.2.3', '10.0.0', '255.0.0.0')", "false"),
        ("isInNet('10.1.2.3', '10.0.0.0', '255.0.0.256')", "false"),
        ("isInNet('10.1.2.3', '10.0.0.0')", "false"),
        ("isInNetEx('198.95.1.1', '198.95.0.0/16')", "true"),
        ("isInNetEx('198.96.1.1', '198.95.0.0/16')", "false"),
        (
            "isInNetEx('3ffe:8311:ffff:abcd::1', '3ffe:8311:ffff::/48')",
            "true",
        ),
        (
            "isInNetEx('3ffe:8312:ffff:abcd::1', '3ffe:8311:ffff::/48')",
            "false",
        ),
        ("isInNetEx('10.0.0.1', '3ffe:8311:ffff::/48')", "false"),
        ("isInNetEx('::ffff:10.0.0.1', '10.0.0.0/8')", "true"),
        ("isInNetEx('10.0.0.1', '10.0.0.0')", "false"),
        ("isInNetEx('10.0.0.1', '10.0.0.0/33')", "false"),
        ("isInNetEx('six.contoso.com', '2001:db8::/32')", "true"),
        ("convert_addr('104.16.41.2')", "1745889538"),
        ("convert_addr('255.255.255.255')", "-1"),
        (
            "sortIpAddressList('10.2.0.1; 10.10.0.1;2001:db8::2;2001:db8::1')",
            "2001:db8::1;2001:db8::2;10.2.0.1;10.10.0.1",
        ),
        ("sortIpAddressList('10.2.0.1;printer')", ""),
    ]);
}

#[test]
fn shell_expressions() {
    table(&[
        (
            "shExpMatch('http://home.contoso.com/people/index.html', '*/people/*')",
            "true",
        ),
        (
            "shExpMatch('http://home.contoso.com/press/index.html', '*/people/*')",
            "false",
        ),
        ("shExpMatch(host, '*.contoso.com')", "true"),
        ("shExpMatch('wwwxcontoso.com', 'www.contoso.com')", "false"),
        ("shExpMatch('a.com', '?.com')", "true"),
        ("shExpMatch('ab.com', '?.com')", "false"),
        ("shExpMatch('WWW.contoso.com', 'www.*')", "false"),
        ("shExpMatch('www.a.com', '(*.a.com|*.b.com)')", "true"),
        ("shExpMatch('www.c.com', '(*.a.com|*.b.com)')", "false"),
        ("shExpMatch('host7.com', 'host[0-9].com')", "true"),
        ("shExpMatch(5, '5')", "true"),
        ("shExpMatch('bücher', 'b?cher')", "true"),
        ("shExpMatch(null, 'n*')", "true"),
    ]);
}

#[test]
fn weekdays() {
    table(&[
        ("weekdayRange('THU')", "true"),
        ("weekdayRange('WED')", "false"),
        ("weekdayRange('WED', 'GMT')", "true"),
        ("weekdayRange('MON', 'FRI')", "true"),
        ("weekdayRange('MON', 'WED')", "false"),
        ("weekdayRange('MON', 'WED', 'GMT')", "true"),
        ("weekdayRange('SAT', 'THU')", "true"),
        ("weekdayRange('FRI', 'WED')", "false"),
        ("weekdayRange('XXX')", "false"),
        ("weekdayRange()", "false"),
    ]);
}

#[test]
fn dates() {
    table(&[
        ("dateRange(12)", "true"),
        ("dateRange(11)", "false"),
        ("dateRange(11, 'GMT')", "true"),
        ("dateRange(1, 15)", "true"),
        ("dateRange(13, 20)", "false"),
        ("dateRange(25, 12)", "true"),
        ("dateRange('MAR')", "true"),
        ("dateRange('JAN', 'MAR')", "true"),
        ("dateRange('APR', 'DEC')", "false"),
        ("dateRange('NOV', 'MAR')", "true"),
        ("dateRange(2026)", "true"),
        ("dateRange(2025)", "false"),
        ("dateRange(2020, 2026)", "true"),
        ("dateRange(1, 'MAR', 15, 'AUG')", "true"),
        ("dateRange(13, 'MAR', 15, 'AUG')", "false"),
        ("dateRange(24, 'DEC', 12, 'MAR')", "true"),
        ("dateRange('FEB', 2026, 'APR', 2026)", "true"),
        ("dateRange('FEB', 2024, 'APR', 2025)", "false"),
        ("dateRange(12, 'MAR', 2026, 12, 'MAR', 2026)", "true"),
        (
            "dateRange(12, 'MAR', 2026, 12, 'MAR', 2026, 'GMT')",
            "false",
        ),
        ("dateRange(11, 'MAR', 2026, 11, 'MAR', 2026, 'GMT')", "true"),
        ("dateRange('1', '15')", "true"),
        ("dateRange('XXX')", "false"),
        ("dateRange(12, 'MAR')", "true"),
        ("dateRange(12, 'MAR', 2026)", "true"),
        ("dateRange(12, 'MAR', 2025)", "false"),
        ("dateRange(11, 'MAR')", "false"),
        ("dateRange(11, 'MAR', 'GMT')", "true"),
        ("dateRange('MAR', 2026)", "true"),
        ("dateRange('APR', 2026)", "false"),
        ("dateRange(1, 'MAR', 15)", "false"),
        ("dateRange()", "false"),
        ("dateRange('GMT')", "false"),
    ]);
}

#[test]
fn a_range_of_months_ends_with_its_last_month() {
    let mut world = world();
    // 2026-07-01 12:00 UTC: a range that ends in June must not run over because June has 30 days.
    world.clock = Clock::Fixed {
        utc: SystemTime::UNIX_EPOCH + Duration::from_secs(1_782_907_200),
        offset: 0,
    };
    let script =
        "function FindProxyForURL() { return '' + dateRange('JAN', 'JUN') + dateRange('JUL') }";
    assert_eq!(
        evaluate(script, &url("https://a.example/"), &world).unwrap(),
        "falsetrue"
    );
}

#[test]
fn times() {
    table(&[
        ("timeRange(1)", "true"),
        ("timeRange(2)", "false"),
        ("timeRange(16, 'GMT')", "true"),
        ("timeRange(0, 1)", "true"),
        ("timeRange(2, 17)", "false"),
        ("timeRange(2, 17, 'GMT')", "true"),
        ("timeRange(1, 30, 1, 30)", "true"),
        ("timeRange(1, 31, 5, 0)", "false"),
        ("timeRange(22, 0, 6, 0)", "true"),
        ("timeRange(1, 30, 0, 1, 30, 14)", "false"),
        ("timeRange(1, 30, 15, 1, 30, 15)", "true"),
        ("timeRange(16, 30, 0, 16, 30, 30, 'GMT')", "true"),
        ("timeRange('1', '2')", "true"),
        ("timeRange()", "false"),
    ]);
    assert!(matches!(
        fails("function FindProxyForURL() { return '' + timeRange(1, 2, 3) }"),
        PacError::Exception {
            phase: PacPhase::Call,
            line: Some(_),
            ..
        }
    ));
}

#[test]
fn the_scripts_own_clock_is_the_fixed_one() {
    table(&[
        ("new Date().getTime()", "1773246615000"),
        ("Date.now()", "1773246615000"),
        (
            "new Date().getHours() + ':' + new Date().getMinutes()",
            "1:30",
        ),
        ("new Date().getUTCHours()", "16"),
        ("new Date().getDay() + '.' + new Date().getDate()", "4.12"),
        ("new Date().getTimezoneOffset()", "-540"),
        (
            "new Date(2026, 2, 12, 1, 30, 15).getTime()",
            "1773246615000",
        ),
        ("new Date(0).getTime()", "0"),
        (
            "(function (d) { d.setHours(0, 0, 0, 0); return d.getTime() })(new Date())",
            "1773241200000",
        ),
        ("new Date() instanceof Date", "true"),
        ("typeof Date()", "string"),
    ]);
}

#[test]
fn scripts_may_do_what_scripts_do() {
    for (script, expected) in [
        (
            "function FindProxyForURL(url, host) { return url + ' ' + host }",
            "https://www.contoso.com/ www.contoso.com",
        ),
        (
            "FindProxyForURL = function () { undeclared = 1; return 'PROXY a:1' }",
            "PROXY a:1",
        ),
        (
            "var FindProxyForURL = (url, host) => `PROXY ${host}:1`",
            "PROXY www.contoso.com:1",
        ),
        (
            "function FindProxyForURL() { return 'old' } function FindProxyForURLEx() { return 'new' }",
            "new",
        ),
        (
            "function isPlainHostName() { return true } function FindProxyForURL() { return isPlainHostName('a.b') ? 'mine' : 'theirs' }",
            "mine",
        ),
        (
            "function dnsResolve() { return '1.2.3.4' } function FindProxyForURL() { return dnsResolve('x') }",
            "1.2.3.4",
        ),
        (
            "String.prototype.indexOf = function () { return 0 }; function FindProxyForURL() { return 'DIRECT' }",
            "DIRECT",
        ),
        (
            "<!-- hidden\nfunction FindProxyForURL() { return 'DIRECT' }",
            "DIRECT",
        ),
        (
            "function FindProxyForURL() { alert('hello', 2); return 'DIRECT' }",
            "DIRECT",
        ),
        ("function FindProxyForURL() { return '' }", ""),
        (
            "function FindProxyForURL() { return 'PROXY bücher.example:80' }",
            "PROXY bücher.example:80",
        ),
        (
            "function FindProxyForURL() { try { while (true) { f() } } catch (e) { return 'caught' } }",
            "caught",
        ),
        (
            "function f() { f() } function FindProxyForURL() { try { f() } catch (e) { return 'caught' } }",
            "caught",
        ),
    ] {
        let answer = evaluate(
            script,
            &url("https://adele@www.contoso.com/reset?code=1#x"),
            &world(),
        );
        assert_eq!(answer.as_deref(), Ok(expected), "{script}");
    }
}

#[test]
fn there_is_no_way_out_of_the_sandbox() {
    for name in [
        "require",
        "process",
        "std",
        "os",
        "console",
        "fetch",
        "XMLHttpRequest",
        "setTimeout",
        "Worker",
        "SharedArrayBuffer",
        "Atomics",
        "WeakRef",
        "performance",
        "print",
        "load",
        "ActiveXObject",
        "window",
    ] {
        assert_eq!(value(&format!("typeof {name}")), "undefined", "{name}");
    }
    assert!(matches!(
        fails("function FindProxyForURL() { import('fs'); return 'x'.y.z }"),
        PacError::Exception { .. }
    ));
}

#[test]
fn what_a_script_must_not_return() {
    for (returned, got) in [
        ("undefined", "undefined"),
        ("null", "null"),
        ("42", "int"),
        ("true", "bool"),
        ("{}", "object"),
        ("['DIRECT']", "array"),
        ("Promise.resolve('DIRECT')", "promise"),
        ("new String('DIRECT')", "object"),
    ] {
        let script = format!("function FindProxyForURL() {{ return {returned} }}");
        assert_eq!(fails(&script), PacError::NotAString { got }, "{returned}");
    }
    assert_eq!(
        fails("async function FindProxyForURL() { return 'DIRECT' }"),
        PacError::NotAString { got: "promise" }
    );
    assert_eq!(
        fails("function FindProxyForURL() { return '\\ud800' }"),
        PacError::MalformedResult
    );
    assert_eq!(
        fails("function FindProxyForURL() { return 'PROXY a:1;'.repeat(1000) }"),
        PacError::ResultTooLarge { limit: 8192 }
    );
    assert_eq!(
        fails("function FindProxyForURL() { return 'x'.repeat(9000000) }"),
        PacError::ResultTooLarge { limit: 8192 }
    );
}

#[test]
fn what_is_no_script() {
    assert_eq!(fails(""), PacError::NoEntryPoint);
    assert_eq!(
        fails("let FindProxyForURL = () => 'DIRECT'"),
        PacError::NoEntryPoint
    );
    assert_eq!(fails("FindProxyForURL = 'DIRECT'"), PacError::NoEntryPoint);
    assert_eq!(fails("\0"), PacError::Encoding);
    assert_eq!(
        fails(&" ".repeat((2 << 20) + 1)),
        PacError::ScriptTooLarge { limit: 2 << 20 }
    );
    assert!(matches!(
        fails("function FindProxyForURL( { return 'DIRECT' }"),
        PacError::NotAScript {
            looks_like_html: false,
            line: Some(1),
            ..
        }
    ));
    assert!(matches!(
        fails("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>"),
        PacError::NotAScript {
            looks_like_html: true,
            ..
        }
    ));
    assert!(matches!(
        fails("<!-- saved -->\n<html></html>"),
        PacError::NotAScript {
            looks_like_html: true,
            line: Some(2),
            ..
        }
    ));
}

#[test]
fn what_a_script_throws_is_told() {
    let PacError::Exception {
        phase,
        message,
        line,
    } = fails("function FindProxyForURL() {\n  return nothing.at.all;\n}")
    else {
        panic!("no exception");
    };
    assert_eq!(phase, PacPhase::Call);
    assert_eq!(message.as_str(), "nothing is not defined");
    assert_eq!(line, Some(2));

    let thrown = |value: &str| match fails(&format!("throw {value}")) {
        PacError::Exception {
            phase: PacPhase::Load,
            message,
            ..
        } => message.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(thrown("'no\\u001b[2J way'"), "no[2J way");
    assert_eq!(thrown("{}"), "");
    assert_eq!(thrown("undefined"), "");
    assert_eq!(thrown("new SyntaxError('mine')"), "mine");
    assert_eq!(thrown("{ get message() { throw 1 } }"), "");
    assert_eq!(thrown("{ message: { toString() { while (true); } } }"), "");
    assert_eq!(thrown("new Error('x'.repeat(1000))").len(), 256);
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

#[test]
fn endless_scripts_are_stopped() {
    let engine = engine(hasty());
    let limit = Duration::from_millis(200);
    for (script, at) in [
        ("while (true);", PacPhase::Load),
        (
            "function FindProxyForURL() { for (;;) { try { while (true); } catch (e) {} finally { continue } } }",
            PacPhase::Call,
        ),
        (
            "function FindProxyForURL() { return /(a+)+$/.test('a'.repeat(60) + 'b') ? 'a' : 'b' }",
            PacPhase::Call,
        ),
        (
            "function FindProxyForURL() { return shExpMatch('a'.repeat(200), '(a+)+b') ? 'a' : 'b' }",
            PacPhase::Call,
        ),
        (
            "function FindProxyForURL() { return [3, 2, 1].sort(function () { while (true); }).join() }",
            PacPhase::Call,
        ),
        (
            "function* g() { while (true) yield 1 } function FindProxyForURL() { for (const x of g()); }",
            PacPhase::Call,
        ),
        (
            "Object.defineProperty(globalThis, 'FindProxyForURL', { get() { while (true); } })",
            PacPhase::Call,
        ),
        (
            "function FindProxyForURL() { throw { get message() { while (true); } } }",
            PacPhase::Call,
        ),
    ] {
        survives(
            &engine,
            script,
            |error| matches!(error, PacError::Timeout { phase, limit: l } if *phase == at && *l == limit),
        );
    }
}

#[test]
fn a_loop_inside_the_engine_costs_a_thread_and_no_more() {
    // This loop looks at no clock; it ends by itself after a while.
    let script = "function FindProxyForURL() { return '' + new Array(200000000).indexOf(1) }";
    let begun = Instant::now();
    survives(&engine(hasty()), script, |error| {
        matches!(error, PacError::Timeout { .. })
    });
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn greedy_scripts_are_stopped() {
    let engine = engine(patient());
    for script in [
        "var a = []; while (true) a.push(new Array(1000).fill(0))",
        "function FindProxyForURL() { var s = 'x'; while (true) { s += s; s.charCodeAt(0) } }",
        "function FindProxyForURL() { return 'x'.repeat(1 << 29) }",
        "function FindProxyForURL() { var o = {}; for (var i = 0; ; i++) o['k' + i] = i }",
        "function FindProxyForURL() { var m = new Map(); for (var i = 0; ; i++) m.set(i, [i]) }",
    ] {
        survives(
            &engine,
            script,
            |error| matches!(error, PacError::MemoryLimit { limit, .. } if *limit == 16 << 20),
        );
    }
}

#[test]
fn deep_scripts_are_stopped() {
    let engine = engine(PacLimits::default());
    let parentheses = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let arrays = "[".repeat(100_000);
    for script in [
        "function FindProxyForURL() { return FindProxyForURL() + 1 }",
        "function f(x) { return [x].map(f) } f(1)",
        "var o = {}; o.toString = function () { return '' + o }; '' + o",
        "JSON.parse('['.repeat(100000))",
        "new RegExp('(?:'.repeat(100000))",
        &parentheses,
        &arrays,
    ] {
        survives(&engine, script, |error| {
            matches!(error, PacError::StackLimit { .. })
        });
    }
}

#[test]
fn deep_data_is_taken_down_safely() {
    let engine = engine(patient());
    for script in [
        "var o = null; for (var i = 0; i < 100000; i++) o = { o: o }",
        "var o = null; for (var i = 0; i < 100000; i++) o = [o]",
        "var f = null; for (var i = 0; i < 50000; i++) f = (function (g) { return function () { return g } })(f)",
        "var s = ''; for (var i = 0; i < 1000; i++) s = 'x' + s + 'y'",
        "var p = {}; for (var i = 0; i < 50000; i++) p = Object.create(p)",
    ] {
        let script = format!("{script}\nfunction FindProxyForURL() {{ return 'PROXY p:1' }}");
        assert_eq!(
            engine
                .find_proxy(&PacScript::new(script.as_str()), &target())
                .as_deref(),
            Ok("PROXY p:1"),
            "{script}"
        );
    }
}

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
