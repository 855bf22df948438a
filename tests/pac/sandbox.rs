//! What scripts may do, and what becomes of those that misbehave.

use std::time::{Duration, Instant};

use sspr::proxy::pac::{PacEngine, PacError, PacLimits, PacPhase, PacScript, evaluate};

use crate::{engine, fails, hasty, patient, survives, target, url, value, world};

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
        ("42", "number"),
        ("0.5", "number"),
        ("function () {}", "function"),
        ("true", "boolean"),
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
