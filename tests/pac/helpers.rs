//! What the helper functions answer.

use std::time::{Duration, SystemTime};

use sspr::proxy::pac::{Clock, FixedWorld, PacError, PacPhase, evaluate};

use crate::{fails, url, value, world};

fn table(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(value(expression), *expected, "{expression}");
    }
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
