//! squid, with the helpers that come with it.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::installed::has;
use super::kerberos::Realm;
use super::place::Place;
use super::port::Port;
use super::process::run;
use super::proxy::Proxy;

/// Squid with Basic alone.
pub(crate) fn basic(realm: &str, users: &[(&str, &str)]) -> Option<Proxy> {
    Some(Squid::new()?.basic(realm, users).start())
}

/// Squid with Digest alone: MD5, `qop=auth`.
pub(crate) fn digest(realm: &str, users: &[(&str, &str)]) -> Option<Proxy> {
    Some(Squid::new()?.digest(realm, users).start())
}

/// Squid with NTLM alone; see [`Squid::ntlm`].
pub(crate) fn ntlm() -> Option<Proxy> {
    Some(Squid::new()?.ntlm().start())
}

/// Squid with Negotiate alone, as `HTTP/localhost` of the realm.
pub(crate) fn kerberos(realm: &Realm) -> Option<Proxy> {
    Some(Squid::new()?.kerberos(realm).start())
}

/// Squid before it is started. It offers the schemes in the order in which they are added; without any, everyone is
/// let through.
///
/// Its log has a line for each request, for a tunnel when that ends:
/// `… TCP_TUNNEL/200 1947 CONNECT localhost:443 user HIER_DIRECT/127.0.0.1 -`, where `user` is what the scheme proved,
/// such as `host/ws1@CONTOSO.EXAMPLE`, and `-` without any; the target of a plain request is the whole URL.
pub(crate) struct Squid {
    place: Place,
    /// The lines that make up the authentication.
    schemes: String,
    /// The lines that refuse something, before anything is allowed.
    refusals: String,
    environment: Vec<(&'static str, String)>,
}

impl Squid {
    pub(crate) fn new() -> Option<Self> {
        has("squid", &["squid", "openssl"]).then(|| Self {
            place: Place::new(),
            schemes: String::new(),
            refusals: String::new(),
            environment: Vec::new(),
        })
    }

    pub(crate) fn basic(self, realm: &str, users: &[(&str, &str)]) -> Self {
        let lines = users.iter().map(|(user, password)| {
            let hash = run(Command::new("openssl").args(["passwd", "-apr1", password]));
            format!("{user}:{hash}")
        });
        let file = self.place.write("basic", lines.collect::<String>());
        let helper = format!("basic_ncsa_auth {}", file.display());
        self.scheme("basic", &helper, &format!("realm {realm}"))
    }

    pub(crate) fn digest(self, realm: &str, users: &[(&str, &str)]) -> Self {
        let lines = users
            .iter()
            .map(|(user, password)| format!("{user}:{password}\n"));
        let file = self.place.write("digest", lines.collect::<String>());
        let helper = format!("digest_file_auth {}", file.display());
        self.scheme("digest", &helper, &format!("realm {realm}"))
    }

    /// Digest whose nonces are used up at once. squid says so (`stale`) when they come again.
    pub(crate) fn forgetful_digest(self, realm: &str, users: &[(&str, &str)]) -> Self {
        let mut squid = self.digest(realm, users);
        squid.schemes += "auth_param digest nonce_max_count 1\n";
        squid
    }

    /// A helper that takes every response for a good one. Its challenge is without target information, and the name
    /// that it logs is not to be relied on.
    pub(crate) fn ntlm(self) -> Self {
        self.scheme("ntlm", "ntlm_fake_auth", "keep_alive on")
    }

    pub(crate) fn kerberos(mut self, realm: &Realm) -> Self {
        let keytab = self.place.write("keytab", realm.service_keytab());
        let config = self.place.write("krb5.conf", realm.config());
        // One of its own, as it would share that of all proxies of this user.
        let replays = self.place.path("replays");
        self.environment = vec![
            ("KRB5_CONFIG", config.display().to_string()),
            ("KRB5RCACHENAME", format!("file2:{}", replays.display())),
        ];
        let helper = format!(
            "negotiate_kerberos_auth -k {} -s GSS_C_NO_NAME",
            keytab.display()
        );
        self.scheme("negotiate", &helper, "keep_alive on")
    }

    /// Refuses what `acl` matches, such as `dstdomain localhost`.
    #[allow(dead_code, reason = "for tests/real/diagnosis")]
    pub(crate) fn refusing(mut self, acl: &str) -> Self {
        self.refusals = format!("acl refused {acl}\nhttp_access deny refused\n");
        self
    }

    fn scheme(mut self, name: &str, helper: &str, option: &str) -> Self {
        write!(
            self.schemes,
            "auth_param {name} program /usr/lib/squid/{helper}\n\
             auth_param {name} children 2\n\
             auth_param {name} {option}\n"
        )
        .unwrap();
        self
    }

    pub(crate) fn start(self) -> Proxy {
        let port = Port::reserve();
        let access = match self.schemes.as_str() {
            "" => "http_access allow all\n".to_owned(),
            schemes => format!(
                "{schemes}\
                 acl authenticated proxy_auth REQUIRED\n\
                 http_access allow authenticated\n\
                 http_access deny all\n"
            ),
        };
        let config = format!(
            "http_port 127.0.0.1:{port}\n\
             {refusals}\
             {access}\
             cache deny all\n\
             memory_cache_shared off\n\
             pinger_enable off\n\
             visible_hostname testproxy\n\
             shutdown_lifetime 1 seconds\n\
             pid_filename none\n\
             cache_log cache.log\n\
             access_log stdio:access.log\n",
            port = port.number(),
            refusals = self.refusals,
        );
        self.place.write("squid.conf", config);
        let shared = SharedMemory::of(&self.place);
        let mut command = self.place.command("squid");
        command
            .args(["-N", "-n", &shared.0, "-f", "squid.conf"])
            .envs(self.environment);
        Proxy::start(self.place, command, port, "http")
            .with_log("access.log")
            .keeping(shared)
    }
}

/// The name that sets one squid apart from the others, and what it leaves in shared memory under that name.
struct SharedMemory(String);

impl SharedMemory {
    fn of(place: &Place) -> Self {
        // Squid takes letters and digits only.
        let name = place.name().chars().filter(char::is_ascii_alphanumeric);
        Self(name.collect())
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        for part in ["metadata", "queues", "readers"] {
            // It is there unless squid did not start.
            let _ = fs::remove_file(format!("/dev/shm/{}-cf__{part}.shm", self.0));
        }
    }
}
