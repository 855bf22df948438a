use super::*;

fn excepts(dialect: BypassDialect, list: &str, address: &str) -> bool {
    let url = url::Url::parse(address).unwrap();
    BypassList::parse(dialect, list).matches(&Target::from_url(&url).unwrap())
}

fn refused(dialect: BypassDialect, list: &str) -> Vec<(String, BypassProblem)> {
    let list = BypassList::parse(dialect, list);
    let refused = list.refused().iter();
    refused
        .map(|refused| (refused.entry.to_string(), refused.problem))
        .collect()
}

#[test]
fn wininet_names_and_wildcards() {
    for (list, address, expected) in [
        ("corp.example", "https://corp.example/", true),
        ("corp.example", "https://www.corp.example/", false),
        ("*.corp.example", "https://www.corp.example/", true),
        ("*.corp.example", "https://a.b.corp.example/", true),
        ("*.corp.example", "https://corp.example/", false),
        ("*corp.example", "https://corp.example/", true),
        ("*corp.example", "https://notcorp.example/", true),
        ("corp.*", "https://corp.example/", true),
        ("www.*.example", "https://www.a.b.example/", true),
        ("w*w*e", "https://www.a.example/", true),
        ("w*ww*e", "https://ww.example/", false),
        ("*.CORP.Example", "https://WWW.corp.example/", true),
        ("*", "https://any.example/", true),
        ("*:8443", "https://any.example:8443/", true),
        ("*:8443", "https://any.example/", false),
        ("10.*", "http://10.1.2.3/", true),
        ("10.*", "http://110.1.2.3/", false),
        ("192.168.1.7", "http://192.168.1.7/", true),
        (
            "*.プロキシ.example",
            "https://a.xn--nckua8gwd.example/",
            true,
        ),
        ("*.bücher.example", "https://a.xn--bcher-kva.example/", true),
        ("bücher.example", "https://BÜCHER.example/", true),
        (
            " a.example ;\tb.example\r\nc.example,d.example",
            "https://d.example/",
            true,
        ),
        ("", "https://a.example/", false),
    ] {
        assert_eq!(
            excepts(BypassDialect::WinInet, list, address),
            expected,
            "{list} {address}"
        );
    }
}

#[test]
fn wininet_ports_and_schemes() {
    for (list, address, expected) in [
        ("a.example:443", "https://a.example/", true),
        ("a.example:80", "http://a.example/", true),
        ("a.example:80", "https://a.example/", false),
        ("https://a.example", "https://a.example:1/", true),
        ("https://a.example", "http://a.example/", false),
        ("HTTP://*.example:81", "http://a.example:81/", true),
        ("[2001:DB8:0::1]", "http://[2001:db8::1]/", true),
        ("[2001:db8::1]:81", "http://[2001:db8::1]:81/", true),
        ("[2001:db8::1]:81", "http://[2001:db8::1]/", false),
        ("2001:db8::1", "http://[2001:db8::1]/", true),
        ("[2001:db8:*]", "http://[2001:db8::1]/", true),
    ] {
        assert_eq!(
            excepts(BypassDialect::WinInet, list, address),
            expected,
            "{list} {address}"
        );
    }
}

#[test]
fn wininet_local_and_implicit_exceptions() {
    for (list, address, expected) in [
        ("<local>", "http://intranet/", true),
        ("<LOCAL>", "http://intranet:8080/", true),
        ("<local>", "http://intra.net/", false),
        ("<local>", "http://10.0.0.1/", false),
        ("<local>", "http://[2001:db8::1]/", false),
        ("", "http://localhost/", true),
        ("", "http://loopback/", true),
        ("", "http://127.0.0.1/", true),
        ("", "http://127.0.0.2/", false),
        ("", "http://a.localhost/", false),
        ("", "http://[::1]/", true),
        ("", "http://169.254.1.2/", true),
        ("", "http://[fe80::1]/", true),
        ("<-loopback>", "http://localhost/", false),
        ("<-loopback>", "http://169.254.1.2/", false),
        ("<-loopback>;127.0.0.1", "http://127.0.0.1/", true),
        ("127.0.0.1;<-loopback>", "http://127.0.0.1/", false),
        ("<local>;<-loopback>", "http://localhost/", false),
        ("<-loopback>;<local>", "http://localhost/", true),
        ("a.example;<-loopback>", "http://a.example/", true),
    ] {
        assert_eq!(
            excepts(BypassDialect::WinInet, list, address),
            expected,
            "{list} {address}"
        );
    }
}

/// P27: entries that Windows reads in no useful way are told, and never let anything past the proxy.
#[test]
fn p27_odd_entries_are_refused_and_listed() {
    use BypassProblem::*;
    let list = "10.0.0.0/8;a.example/;.corp.example;*.*;corp.example.;<loopback>;a:b;a:0;012.1.2.3;a b?c;x@y;*\u{e9}*.a;[::1;[::x]";
    let entries = refused(BypassDialect::WinInet, list);
    let entries: Vec<_> = entries.iter().map(|(e, p)| (e.as_str(), *p)).collect();
    assert_eq!(
        entries,
        [
            ("10.0.0.0/8", Slash),
            ("a.example/", Slash),
            (".corp.example", LeadingDot),
            ("*.*", TooBroad),
            ("corp.example.", TrailingDot),
            ("<loopback>", UnknownWord),
            ("a:b", BadPort),
            ("a:0", BadPort),
            ("012.1.2.3", OddAddress),
            ("b?c", NotAHost),
            ("x@y", NotAHost),
            ("*\u{e9}*.a", NotAHost),
            ("[::1", NotAHost),
            ("[::x]", NotAHost),
        ]
    );
    for address in [
        "https://www.corp.example/",
        "http://10.1.2.3/",
        "https://corp.example/",
    ] {
        assert!(!excepts(BypassDialect::WinInet, list, address), "{address}");
    }
    // The others still count.
    assert!(excepts(BypassDialect::WinInet, list, "http://a/"));
}

#[test]
fn p27_the_number_of_entries_is_bounded() {
    let text: String = (0..10_000).map(|n| format!("h{n}.example;")).collect();
    let list = BypassList::parse(BypassDialect::WinInet, &text);
    assert_eq!(list.ignored(), 10_000 - BypassList::MAX_ENTRIES);
    let at = |host: &str| list.matches(&Target::new("https", host, None).unwrap());
    assert!(at("h4095.example"));
    assert!(!at("h4096.example"));
}

/// P30
#[test]
fn p30_a_trailing_dot_of_the_target_makes_no_difference() {
    let with_dot = "https://passwordreset.microsoftonline.com./";
    for (dialect, list) in [
        (BypassDialect::WinInet, "*.microsoftonline.com"),
        (BypassDialect::Curl, "microsoftonline.com"),
        (BypassDialect::Go, ".microsoftonline.com"),
        (BypassDialect::Gnome, "microsoftonline.com"),
        (BypassDialect::MacOs, "*.microsoftonline.com"),
    ] {
        assert!(excepts(dialect, list, with_dot), "{dialect:?}");
    }
}

#[test]
fn the_dialects_differ_where_their_owners_do() {
    use BypassDialect::*;
    for (list, address, expected) in [
        (
            "a.example",
            "http://a.example/",
            [true, true, true, true, true],
        ),
        (
            "a.example",
            "http://b.a.example/",
            [false, true, true, true, false],
        ),
        (
            ".a.example",
            "http://a.example/",
            [false, true, false, true, false],
        ),
        (
            ".a.example",
            "http://b.a.example/",
            [false, true, true, true, false],
        ),
        (
            "*.a.example",
            "http://b.a.example/",
            [true, false, true, true, true],
        ),
        (
            "*.a.example",
            "http://a.example/",
            [false, false, false, true, false],
        ),
        (
            "10.0.0.0/8",
            "http://10.1.2.3/",
            [false, true, true, true, true],
        ),
        (
            "169.254/16",
            "http://169.254.1.1/",
            [true, false, false, false, true],
        ),
        (
            "a.example:80",
            "http://a.example/",
            [true, false, true, true, false],
        ),
        ("*", "http://a.example/", [true, true, true, false, false]),
        (
            "b,*",
            "http://a.example/",
            [true, false, true, false, false],
        ),
        ("b", "http://localhost/", [true, false, true, false, true]),
        ("", "http://localhost/", [true, false, true, false, false]),
        ("b", "http://127.8.8.8/", [false, false, true, false, false]),
        (
            "10.1.2.3",
            "http://[::ffff:10.1.2.3]/",
            [false, false, true, false, false],
        ),
        (
            "10.*",
            "http://10.1.2.3/",
            [true, false, false, false, true],
        ),
    ] {
        for (dialect, expected) in [WinInet, Curl, Go, Gnome, MacOs].into_iter().zip(expected) {
            assert_eq!(
                excepts(dialect, list, address),
                expected,
                "{dialect:?} {list} {address}"
            );
        }
    }
}
