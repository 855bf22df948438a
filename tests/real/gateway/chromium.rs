//! Chromium and its driver, as a user without rights and with a home of their own.

use std::time::Instant;

use serde_json::json;
use sspr::gateway::{Running, Token};

use crate::stand::PATIENCE;
use crate::stand::installed::has;
use crate::stand::place::Place;
use crate::stand::port::Port;
use crate::stand::process::{Process, run};
use crate::webdriver::Session;

const PROGRAM: &str = "/usr/lib/chromium/chromium";

/// Where Chromium looks for roots besides its own, below its home.
const ROOTS: &str = ".pki/nssdb";

/// The driver, which can start browsers. They end with it.
pub(crate) struct Chromium {
    process: Process,
    home: Place,
    /// The folder of the extension that logs in at the gateway: nothing else can do that without a person.
    login: Place,
    port: Port,
}

pub(crate) fn is_there() -> bool {
    has("chromium", &["chromedriver", PROGRAM, "certutil"])
}

impl Chromium {
    /// Starts the driver, whose browsers trust the root in `trusted`, PEM, and those that everyone has.
    pub(crate) fn start(trusted: &str) -> Option<Self> {
        if !is_there() {
            return None;
        }
        let (home, login) = (Place::new(), Place::new());
        home.write("root.pem", trusted);
        run(home.command("mkdir").args(["-p", ROOTS]));
        let database = format!("sql:{ROOTS}");
        let database = ["-d", &database];
        run(home
            .command("certutil")
            .args(database)
            .args(["-N", "--empty-password"]));
        run(home
            .command("certutil")
            .args(database)
            .args(["-A", "-n", "mock", "-t", "C,,", "-i", "root.pem"]));
        let port = Port::reserve();
        let mut driver = home.command("chromedriver");
        driver
            .arg(format!("--port={}", port.number()))
            // Profiles go with the home.
            .env("TMPDIR", home.path(""));
        Some(Self {
            process: Process::start(&home, &mut driver, &port),
            home,
            login,
            port,
        })
    }

    /// The process that all browsers are below.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// The user's home, for other programs of the same user.
    pub(crate) fn home(&self) -> &Place {
        &self.home
    }

    /// A browser that goes through `gateway`, where it shows `token`.
    pub(crate) async fn browse(&self, gateway: &Running, token: &str) -> Session {
        self.write_login(token);
        let extension = self.login.path("").display().to_string();
        let mut arguments = vec![
            "--headless=new".to_owned(),
            // Containers allow none; the pages are the tests' own.
            "--no-sandbox".to_owned(),
            // So that it ends with the driver, however that ends.
            "--remote-debugging-pipe".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-component-update".to_owned(),
            "--window-size=800,1000".to_owned(),
            format!("--load-extension={extension}"),
            format!("--disable-extensions-except={extension}"),
        ];
        arguments.extend(gateway.chromium_arguments());
        let milliseconds = PATIENCE.as_millis() as u64;
        let capabilities = json!({
            "timeouts": { "implicit": milliseconds, "pageLoad": milliseconds },
            "goog:chromeOptions": { "binary": PROGRAM, "args": arguments },
        });
        let session = Session::begin(self.port.number(), capabilities).await;
        wait_for_login(&session).await;
        session
    }

    fn write_login(&self, token: &str) {
        let login = json!({ "username": Token::USER, "password": token });
        let script = format!("const login = {login};\n{}", include_str!("login/login.js"));
        self.login.write("login.js", script);
        for (file, content) in [
            ("manifest.json", include_str!("login/manifest.json")),
            ("ready.html", include_str!("login/ready.html")),
            ("ready.js", include_str!("login/ready.js")),
        ] {
            self.login.write(file, content);
        }
    }
}

/// Waits until the extension answers. Before that nobody would answer the gateway.
async fn wait_for_login(session: &Session) {
    let deadline = Instant::now() + PATIENCE;
    let origin = loop {
        let targets = session.devtools("Target.getTargets").await;
        let mut targets = targets["targetInfos"].as_array().unwrap().iter();
        let origin = targets.find_map(|target| {
            let url = target["url"].as_str()?.strip_suffix("/login.js")?;
            url.starts_with("chrome-extension:").then(|| url.to_owned())
        });
        if let Some(origin) = origin {
            break origin;
        }
        assert!(Instant::now() < deadline, "the extension does not run");
    };
    session.open(&format!("{origin}/ready.html")).await.unwrap();
    session.find("#ready").await;
}
