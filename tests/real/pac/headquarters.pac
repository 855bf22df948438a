// Inside, everything is near; outside, the proxy of the day.
function FindProxyForURL(url, host) {
    host = host.toLowerCase();
    if (isPlainHostName(host) || dnsDomainIs(host, ".corp.contoso.com") || localHostOrDomainIs(host, "intranet.contoso.com"))
        return "DIRECT";
    if (shExpMatch(host, "*.microsoftonline.com") || shExpMatch(host, "*.msauth.net") || shExpMatch(host, "*.live.com"))
        return "PROXY identity.contoso.com:8080; PROXY identity2.contoso.com:8080";
    if (url.substring(0, 6) == "https:")
        return "PROXY secure.contoso.com:3128; DIRECT";
    return "PROXY web.contoso.com:3128";
}
