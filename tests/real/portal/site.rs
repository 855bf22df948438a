//! Django with django-allauth, behind gunicorn's TLS.

use std::fs;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use reqwest::{Client, Response};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use sspr::{RootScope, Trust};
use url::Url;

use super::stand::installed::{has, in_venv};
use super::stand::place::Place;
use super::stand::port::Port;
use super::stand::process::{Process, run};

/// Whom the site knows: by name when signing in, by mail when resetting.
pub(crate) const PERSON: &str = "adele";
pub(crate) const MAIL: &str = "adele@contoso.com";
pub(crate) const PASSWORD: &str = "Autumn-Leaves-7";

/// A site of its own with one person, which ends with this value.
pub(crate) struct Site {
    _process: Process,
    place: Place,
    port: Port,
    /// The root of its certificate, DER.
    root: Vec<u8>,
}

impl Site {
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// A site whose cookies are for another domain, which no browser takes.
    pub(crate) fn with_foreign_cookies() -> Option<Self> {
        Self::start_with(&[("SSPR_COOKIE_DOMAIN", "fabrikam.example")])
    }

    fn start_with(settings: &[(&str, &str)]) -> Option<Self> {
        let program = in_venv("django", "gunicorn");
        if !has("django", &[&program]) {
            return None;
        }
        let place = Place::new();
        let port = Port::reserve();
        // The server runs as a user who may not be able to look where the tests are.
        place.write("settings.py", include_str!("site/settings.py"));
        place.write("urls.py", include_str!("site/urls.py"));
        place.write("wsgi.py", include_str!("site/wsgi.py"));
        let certificates = Certificates::new();
        place.write("site.pem", &certificates.site);
        let mut command = place.command(&program);
        command
            .args(["--bind", &format!("127.0.0.1:{}", port.number())])
            .args(["--certfile", "site.pem", "--keyfile", "site.pem"])
            // Connections are kept, as they are with any server of today.
            .args(["--worker-class", "gthread", "--threads", "4"])
            .args(["--access-logfile", "-"])
            .args(["--access-logformat", "answered: %(m)s %(U)s %(s)s"])
            .args(["--no-control-socket", "wsgi"])
            .envs(settings.iter().copied())
            .env("SSPR_SITE", place.path("."))
            .env("SSPR_PERSON", PERSON)
            .env("SSPR_MAIL", MAIL)
            .env("SSPR_PASSWORD", PASSWORD)
            .env("PYTHONUNBUFFERED", "1");
        Some(Self {
            _process: Process::start(&place, &mut command, &port),
            place,
            port,
            root: certificates.root,
        })
    }

    /// A page of the site.
    pub(crate) fn url(&self, path: &str) -> Url {
        let url = format!("https://localhost:{}{path}", self.port.number());
        url.parse().unwrap()
    }

    /// Trust in the site's root.
    pub(crate) fn trust(&self) -> Trust {
        Trust::new().added_root(RootScope::Authorities, self.root.clone())
    }

    /// The code of the newest mail: a line of eight letters and digits, in two groups.
    pub(crate) fn code(&self) -> String {
        let is_code = |line: &&str| {
            let groups: Vec<&str> = line.split('-').collect();
            let is_group = |group: &&str| {
                group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_alphanumeric())
            };
            groups.len() == 2 && groups.iter().all(is_group)
        };
        self.printed().lines().rfind(is_code).unwrap().to_owned()
    }

    /// The link of the newest mail.
    pub(crate) fn link(&self) -> Url {
        let printed = self.printed();
        let link = printed.lines().rfind(|line| line.starts_with("https://"));
        link.unwrap().parse().unwrap()
    }

    /// How often a page was asked for and posted to, but for what came last on a connection: that may not be told yet.
    pub(crate) fn visits(&self, path: &str) -> (usize, usize) {
        let printed = self.printed();
        let count = |method| {
            let wanted = format!("answered: {method} {path} ");
            printed
                .lines()
                .filter(|line| line.starts_with(&wanted))
                .count()
        };
        (count("GET"), count("POST"))
    }

    /// Ends all sessions, as if their cookies were lost.
    pub(crate) fn forget_sessions(&self) {
        let forget = "import sqlite3, sys; database = sqlite3.connect(sys.argv[1]); \
                      database.execute('delete from django_session'); database.commit()";
        let database = self.place.path("db").display().to_string();
        let python = in_venv("django", "python");
        run(self.place.command(&python).args(["-c", forget, &database]));
    }

    /// The mail so far, and what was answered.
    fn printed(&self) -> String {
        fs::read_to_string(self.place.path(Process::OUTPUT)).unwrap()
    }

    /// Whether the person can sign in with this password: asked over another client, at the page for it.
    pub(crate) async fn lets_in(&self, password: &str) -> bool {
        let page = self.url("/accounts/login/");
        let client = self.client();
        let shown = client.get(page.clone()).send().await.unwrap();
        let token = cookie(&shown, "csrftoken");
        let form = form_urlencoded(&[
            ("csrfmiddlewaretoken", &token),
            ("login", PERSON),
            ("password", password),
        ]);
        let told = client
            .post(page.clone())
            .header("Cookie", format!("csrftoken={token}"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Referer", page.as_str())
            .body(form)
            .send()
            .await
            .unwrap();
        match told.status().as_u16() {
            302 => {
                assert_eq!(told.headers()["location"], "/signed-in/");
                true
            }
            200 => {
                let page = told.text().await.unwrap();
                assert!(page.contains("are not correct"), "{page}");
                false
            }
            other => panic!("{other}"),
        }
    }

    fn client(&self) -> Client {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone().into()).unwrap();
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap()
    }
}

/// The value of a cookie that an answer sets.
fn cookie(response: &Response, name: &str) -> String {
    let fields = response.headers().get_all("set-cookie");
    let values = fields.iter().map(|value| value.to_str().unwrap());
    let found = values
        .filter_map(|value| value.split(';').next()?.split_once('='))
        .find(|(found, _)| *found == name);
    found.unwrap().1.to_owned()
}

fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A root, DER, and the certificate for `localhost` that it issued with its key, PEM.
struct Certificates {
    root: Vec<u8>,
    site: String,
}

impl Certificates {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().der().to_vec();
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let site = params.signed_by(&key, &issuer).unwrap();
        let site = site.pem() + &key.serialize_pem();
        Self { root, site }
    }
}
