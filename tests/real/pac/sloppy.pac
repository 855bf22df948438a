// Undeclared variables, missing semicolons, a switch that falls through, and a helper of its own.
function isPlainHostName(name) { return name.indexOf("b") == 0 }
function FindProxyForURL(url, host)
{
    parts = url.split("/")
    scheme = parts[0]
    switch (scheme) {
    case "ftp:": answer = "PROXY ftp:21"
    case "http:": answer = "PROXY http:80"; break
    default: answer = "SOCKS socks:1080"
    }
    with (Math) { n = max(parts.length, 3) }
    if (isPlainHostName(host)) answer = answer + "; DIRECT"
    return answer + " " + n + " " + typeof nothing + " " + /^w+\./.test(host) + " " + (host in {a: 1})
}
