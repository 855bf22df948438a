//! Scripts over the network: fetched straight, bounded, without credentials, and run.

use std::io::{Read, Write};
use std::net::{IpAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::proxy::pac::{PacEngine, PacScript, PacTarget};
use sspr::proxy::{Candidate, Explicit, PacResolver, PacSource, Sources, Survey, SurveyOptions};
use sspr::{
    FetchScript, PacError, Resolve, ResolveFuture, RootScope, ScriptFetch, ScriptRequest,
    ScriptResolver, Timeouts, Trust,
};
use url::Url;

#[tokio::test]
async fn a_script_is_fetched_once_and_asked() {
    let server = Server::start(|_| ok("", b"PROXY p:8080"));
    let resolver = ScriptResolver::new(Echo, fetch());
    let source = PacSource::Url(server.url("/proxy.pac"));
    for host in ["a", "b", "a"] {
        let url = Url::parse(&format!("https://{host}.example/")).unwrap();
        assert_eq!(
            resolver.resolve(&source, &url).await.unwrap(),
            "PROXY p:8080"
        );
    }
    assert_eq!(server.asked(), 1);
    resolver.forget();
    let url = Url::parse("https://a.example/").unwrap();
    resolver.resolve(&source, &url).await.unwrap();
    assert_eq!(server.asked(), 2);

    let head = server.head(0).to_ascii_lowercase();
    assert!(head.starts_with("get /proxy.pac http/1.1\r\n"), "{head}");
    for secret in ["authorization", "cookie"] {
        assert!(!head.contains(secret), "{head}");
    }
}

#[tokio::test]
async fn those_who_ask_at_the_same_time_share_one_fetch() {
    let server = Server::start(|_| ok("", b"DIRECT"));
    let resolver = ScriptResolver::new(Echo, fetch());
    let source = PacSource::Url(server.url("/"));
    let url = Url::parse("https://a.example/").unwrap();
    let (one, two) = tokio::join!(
        resolver.resolve(&source, &url),
        resolver.resolve(&source, &url)
    );
    assert_eq!((one, two), (Ok("DIRECT".into()), Ok("DIRECT".into())));
    assert_eq!(server.asked(), 1);
}

/// P10
#[tokio::test]
async fn p10_what_is_no_script_is_told() {
    let limit = PacScript::LIMIT;
    let over = move |_: &str| ok("", &vec![b' '; PacScript::LIMIT + 1]);
    for (answer, expected) in [
        (status("204 No Content"), PacError::Status { status: 204 }),
        (status("404 Not Found"), PacError::Status { status: 404 }),
        (status("401 Unauthorized"), PacError::Status { status: 401 }),
        (status("407 Proxy"), PacError::Status { status: 407 }),
        (Box::new(over), PacError::ScriptTooLarge { limit }),
    ] as [(Answer, PacError); 5]
    {
        let server = Server::start(answer);
        assert_eq!(resolve(&server.url("/")).await, Err(expected));
    }
}

/// P10
#[tokio::test]
async fn p10_redirects_stay_on_the_host() {
    let here = Server::start(|path| match path {
        "/moved" => moved("/proxy.pac"),
        "/away" => moved("http://elsewhere.example/proxy.pac"),
        "/round" => moved("/round"),
        _ => ok("", b"DIRECT"),
    });
    assert_eq!(resolve(&here.url("/moved")).await, Ok("DIRECT".into()));
    for path in ["/away", "/round"] {
        let error = resolve(&here.url(path)).await.unwrap_err();
        assert!(
            matches!(error, PacError::Redirect { .. }),
            "{path}: {error}"
        );
    }
}

/// P10
#[tokio::test]
async fn p10_a_silent_host_is_left() {
    // Accepts, for the queue of the listener is long enough, and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut request = ScriptRequest::new(Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap());
    let limit = Duration::from_millis(50);
    request.time_limit = limit;
    let error = fetch().fetch_script(request).await.unwrap_err();
    assert_eq!(error, PacError::FetchTimeout { limit });
}

#[tokio::test]
async fn a_host_that_refuses_is_unreachable_and_asked_again_only_later() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let fetch = Arc::new(Counted(fetch(), AtomicUsize::new(0)));
    let resolver = ScriptResolver::new(Echo, fetch.clone());
    let source = PacSource::Url(Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap());
    let url = Url::parse("https://a.example/").unwrap();
    for _ in 0..3 {
        let error = resolver.resolve(&source, &url).await.unwrap_err();
        assert!(matches!(error, PacError::Unreachable { .. }), "{error}");
    }
    assert_eq!(fetch.1.load(Ordering::Relaxed), 1);
}

/// P14
#[tokio::test]
async fn p14_the_encoding_is_that_of_the_header() {
    let utf8 = Server::start(|_| ok("text/plain; charset=utf-8", "PROXY bücher".as_bytes()));
    assert_eq!(resolve(&utf8.url("/")).await, Ok("PROXY bücher".into()));
    let none = Server::start(|_| ok("text/plain", b"PROXY b\xFCcher"));
    assert_eq!(resolve(&none.url("/")).await, Ok("PROXY bücher".into()));
    let wrong = Server::start(|_| ok("text/plain; charset=utf-8", b"PROXY b\xFCcher"));
    assert_eq!(resolve(&wrong.url("/")).await, Err(PacError::Encoding));
}

#[cfg(feature = "pac")]
#[tokio::test]
async fn p9_a_login_page_is_no_script_and_quickjs_runs_one() {
    use sspr::proxy::pac::{FixedWorld, QuickJs};

    let server = Server::start(|path| match path {
        "/proxy.pac" => ok(
            "",
            b"function FindProxyForURL(url, host) { return 'PROXY ' + host; }",
        ),
        _ => ok(
            "text/html",
            b"<!DOCTYPE html><html><body>Please sign in</body></html>",
        ),
    });
    let resolver = ScriptResolver::new(QuickJs::new(Arc::new(FixedWorld::default())), fetch());
    let url = Url::parse("https://a.example/").unwrap();
    let plan = |path: &str| {
        let mut sources = Sources::default();
        sources.explicit = Some(Explicit::Script(server.url(path)));
        Survey::take(&sources, &SurveyOptions::default())
    };
    let found = plan("/proxy.pac")
        .plan(&url, Some(&resolver))
        .await
        .unwrap();
    assert_eq!(
        found.candidates,
        [Candidate::Proxy("a.example".parse().unwrap())]
    );
    let source = PacSource::Url(server.url("/login"));
    let error = resolver.resolve(&source, &url).await.unwrap_err();
    let is_page = matches!(
        error,
        PacError::NotAScript {
            looks_like_html: true,
            ..
        }
    );
    assert!(is_page, "{error}");
    assert!(plan("/login").plan(&url, Some(&resolver)).await.is_err());
}

/// P16
#[tokio::test]
async fn p16_detection_asks_one_name_and_trusts_own_addresses_only() {
    let url = Url::parse("https://a.example/").unwrap();
    let resolver = ScriptResolver::new(Echo, fetch());
    let error = resolver
        .resolve(&PacSource::AutoDetect, &url)
        .await
        .unwrap_err();
    assert_eq!(error, PacError::DetectionImpossible);

    let names = Arc::new(Names("203.0.113.9".parse().unwrap(), Mutex::default()));
    let resolver = ScriptResolver::new(Echo, fetch()).detect_in("corp.example", names.clone(), []);
    let error = resolver
        .resolve(&PacSource::AutoDetect, &url)
        .await
        .unwrap_err();
    assert!(
        matches!(error, PacError::DetectionUntrusted { .. }),
        "{error}"
    );
    assert_eq!(*names.1.lock().unwrap(), ["wpad.corp.example."]);
}

async fn resolve(script: &Url) -> Result<String, PacError> {
    let url = Url::parse("https://a.example/").unwrap();
    let resolver = ScriptResolver::new(Echo, fetch());
    resolver
        .resolve(&PacSource::Url(script.clone()), &url)
        .await
}

/// Over https the host has to prove who it is, by roots that were added for proxies.
#[tokio::test]
async fn a_script_comes_over_https_from_whom_it_should() {
    let script = "function FindProxyForURL(url, host) { return \"PROXY p:8080\"; }";
    let tenant = Tenant::start().unwrap();
    let order = Fault::at(Endpoint::Other)
        .body(script)
        .content_type("application/x-ns-proxy-autoconfig")
        .always();
    tenant.order(order);
    let url = tenant.authority().join("/wpad.dat").unwrap();
    let fetched = |trust: Trust| {
        let fetch = ScriptFetch::new(&trust, Timeouts::default()).unwrap();
        let request = ScriptRequest::new(url.clone());
        async move { fetch.fetch_script(request).await }
    };

    let trusted = Trust::new().added_root(RootScope::Proxies, tenant.ca_der());
    assert_eq!(fetched(trusted).await.unwrap().body, script.as_bytes());
    // Those for authorities are for authorities.
    for trust in [
        Trust::new(),
        Trust::new().added_root(RootScope::Authorities, tenant.ca_der()),
    ] {
        let before = tenant.traffic().application_bytes;
        let error = fetched(trust).await.unwrap_err();
        assert!(matches!(error, PacError::Unreachable { .. }), "{error:?}");
        assert_eq!(tenant.traffic().application_bytes, before);
    }
}

fn fetch() -> ScriptFetch {
    ScriptFetch::new(&Trust::new(), Timeouts::default()).unwrap()
}

/// An engine that answers with the text of the script.
struct Echo;

impl PacEngine for Echo {
    fn find_proxy(&self, script: &PacScript, _: &PacTarget) -> Result<String, PacError> {
        script.text().map(str::to_owned).ok_or(PacError::NoText)
    }
}

struct Counted(ScriptFetch, AtomicUsize);

impl FetchScript for Counted {
    fn fetch_script(&self, request: ScriptRequest) -> sspr::FetchScriptFuture<'_> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.fetch_script(request)
    }
}

/// Every name has this address; the names that were asked for.
struct Names(IpAddr, Mutex<Vec<String>>);

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        self.1.lock().unwrap().push(host.to_owned());
        Box::pin(async { Ok(vec![self.0]) })
    }
}

type Answer = Box<dyn Fn(&str) -> Vec<u8> + Send>;

fn ok(kind: &str, body: &[u8]) -> Vec<u8> {
    let kind = match kind {
        "" => String::new(),
        kind => format!("Content-Type: {kind}\r\n"),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn moved(to: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .into()
}

fn status(line: &'static str) -> Answer {
    let length = if line.starts_with("204") {
        ""
    } else {
        "Content-Length: 0\r\n"
    };
    Box::new(move |_| {
        format!("HTTP/1.1 {line}\r\n{length}WWW-Authenticate: Basic realm=x\r\nConnection: close\r\n\r\n").into()
    })
}

/// Answers every request by its path.
struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = heads.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                seen.lock().unwrap().push(head);
                let _ = stream.write_all(&answer(&path));
            }
        });
        Self { port, heads }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    fn asked(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    fn head(&self, number: usize) -> String {
        self.heads.lock().unwrap()[number].clone()
    }
}
