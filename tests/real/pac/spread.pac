// Spreads hosts over proxies by a sum of their letters, as many published scripts do.
function sum(text) {
    var total = 0;
    for (var i = 0; i < text.length; i++)
        total += text.charCodeAt(i) * (i + 1);
    return total;
}
function FindProxyForURL(url, host) {
    var proxies = ["a.contoso.com:80", "b.contoso.com:80", "c.contoso.com:80"];
    var first = sum(host) % proxies.length;
    var list = [];
    for (var i = 0; i < proxies.length; i++)
        list.push("PROXY " + proxies[(first + i) % proxies.length]);
    return list.join("; ") + "; level=" + dnsDomainLevels(host);
}
