// One answer for each helper function and each kind of argument on which browsers agree.
var expressions = [
    "isPlainHostName(host)", "isPlainHostName('')", "isPlainHostName('a.b')",
    "dnsDomainIs(host, '.contoso.com')", "dnsDomainIs(host, 'contoso.com')", "dnsDomainIs('notcontoso.com', 'contoso.com')",
    "dnsDomainIs(host, '')", "dnsDomainIs('com', 'contoso.com')", "dnsDomainIs('A.com', 'a.com')",
    "localHostOrDomainIs(host, 'www.contoso.com')", "localHostOrDomainIs('www', 'www.contoso.com')",
    "localHostOrDomainIs('w', 'www.contoso.com')", "localHostOrDomainIs('', '.contoso.com')",
    "localHostOrDomainIs('www.contoso', 'www.contoso.com')",
    "dnsDomainLevels(host)", "dnsDomainLevels('')", "dnsDomainLevels('a.b.c.')",
    "isInNet('10.1.2.3', '10.1.2.3', '255.255.255.255')", "isInNet('10.1.2.3', '10.0.0.0', '255.0.0.0')",
    "isInNet('11.1.2.3', '10.0.0.0', '255.0.0.0')", "isInNet('1.2.3.4', '9.2.9.9', '0.255.0.0')",
    "isInNet('1.2.3.4', '9.9.9.9', '0.0.0.0')", "isInNet('1.2.3.256', '1.2.3.0', '255.255.255.0')",
    "isInNet('010.008.1.1', '10.8.0.0', '255.255.0.0')", "isInNet('localhost', '127.0.0.0', '255.0.0.0')",
    "isInNet('200.1.2.3', '200.0.0.0', '248.0.0.0')", "isInNet(myIpAddress(), '192.0.2.0', '255.255.255.0')",
    "dnsResolve('localhost')", "dnsResolve('127.0.0.1')", "isResolvable('localhost')", "isResolvable('127.0.0.1')",
    "myIpAddress()", "convert_addr('104.16.41.2')", "convert_addr('255.255.255.255')", "convert_addr('1.2')",
    "convert_addr('256.257.a.-1')", "convert_addr('')",
    "shExpMatch(url, '*')", "shExpMatch(url, 'http*')", "shExpMatch(url, '*/reset*')", "shExpMatch(host, '*.contoso.com')",
    "shExpMatch(host, '*contoso*')", "shExpMatch(host, 'w?w.*')", "shExpMatch(host, '???')", "shExpMatch(host, '')",
    "shExpMatch('', '')", "shExpMatch('', '*')", "shExpMatch('', '?')", "shExpMatch('a.b', 'a?b')",
    "shExpMatch('axb', 'a.b')", "shExpMatch('a.b.', 'a.b')", "shExpMatch('abcabc', '*abc')", "shExpMatch('abcab', '*abc')",
    "shExpMatch('aXbXc', 'a*b*c')", "shExpMatch('A', 'a')", "shExpMatch(host, '(www|login)*')", "shExpMatch(host, '[a-m]*')",
    "shExpMatch('a1', 'a[0-9]')", "shExpMatch('a\\nb', 'a*b')", "shExpMatch('a+b', 'a+b')", "shExpMatch('aab', 'a+b')",
    "shExpMatch('a|b', 'a|b')", "shExpMatch('x^y', '*^*')", "shExpMatch('50%', '5?%')", "shExpMatch(7, '7')",
    "isInNetEx('10.1.2.3', '10.0.0.0/8')", "isInNetEx('11.1.2.3', '10.0.0.0/8')", "isInNetEx('10.1.2.3', '10.1.2.3/32')",
    "isInNetEx('10.1.2.3', '10.0.0.0/33')", "isInNetEx('10.1.2.3', '10.0.0.0')",
    "isInNetEx('3ffe:8311:ffff::1', '3ffe:8311:ffff::/48')", "isInNetEx('3ffe:8312:ffff::1', '3ffe:8311:ffff::/48')",
    "isInNetEx('3ffe:8311:ff00::1', '3ffe:8311:ffff::/40')", "isInNetEx('3ffe:8311:ffff::1', '3ffe:8311::/129')",
    "weekdayRange()", "weekdayRange('XXX')", "dateRange()", "timeRange()"
];
function FindProxyForURL(url, host) {
    var answers = [];
    for (var i = 0; i < expressions.length; i++) {
        var answer;
        try { answer = eval(expressions[i]); } catch (error) { answer = "thrown"; }
        answers.push(expressions[i] + " = " + answer);
    }
    return answers.join("\t");
}
