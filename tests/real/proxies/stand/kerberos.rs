//! A Kerberos realm: MIT's key distribution center, a person, and the computer in two spellings.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use url::Url;

use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::process::{Process, run};
use super::proxy::Proxy;

/// The name of every [`Realm`].
pub(crate) const REALM: &str = "CONTOSO.EXAMPLE";

/// The person, whose principal is `adele@CONTOSO.EXAMPLE`.
pub(crate) const PERSON: &str = "adele";
const PASSWORD: &str = "Autumn-Leaves-7";

/// The computer, as it is called among services and as it is called among accounts.
pub(crate) const COMPUTER: [&str; 2] = ["host/ws1", "ws1$"];

/// The proxy.
const SERVICE: &str = "HTTP/localhost";

/// A realm of its own, which ends with this value.
pub(crate) struct Realm {
    _process: Process,
    place: Place,
    port: Port,
    files: AtomicUsize,
}

impl Realm {
    pub(crate) fn start() -> Option<Self> {
        let programs = ["krb5kdc", "kdb5_util", "kadmin.local", "kinit"];
        if !has("kerberos", &programs) {
            return None;
        }
        let place = Place::new();
        let port = Port::reserve();
        place.write("kdc.conf", kdc_config(&place, &port));
        place.write("krb5.conf", config(&port));
        let create = ["create", "-s", "-r", REALM, "-P", "master"];
        run(command(&place, "kdb5_util").args(create));
        administer(&place, &format!("addprinc -pw {PASSWORD} {PERSON}"));
        for principal in COMPUTER.into_iter().chain([SERVICE]) {
            administer(&place, &format!("addprinc -randkey {principal}"));
        }
        let mut kdc = command(&place, "krb5kdc");
        Some(Self {
            _process: Process::start(&place, kdc.arg("-n"), &port),
            place,
            port,
            files: AtomicUsize::new(0),
        })
    }

    /// What `krb5.conf` says about the realm.
    pub(crate) fn config(&self) -> String {
        config(&self.port)
    }

    /// The keys of the proxy.
    pub(super) fn service_keytab(&self) -> Vec<u8> {
        fs::read(self.keytab(&[SERVICE])).unwrap()
    }

    /// The person, who has just signed in.
    pub(crate) fn person(&self) -> Identity {
        let identity = self.identity();
        let cache = &identity.0[1].1;
        let mut kinit = command(&self.place, "kinit")
            .args(["-c", cache, PERSON])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut prompt = kinit.stdin.take().unwrap();
        writeln!(prompt, "{PASSWORD}").unwrap();
        assert!(kinit.wait().unwrap().success());
        identity
    }

    /// The computer: the keys of these principals, and no ticket yet. The first is taken unless it is told otherwise.
    pub(crate) fn computer(&self, principals: &[&str]) -> Identity {
        let keytab = self.keytab(principals).display().to_string();
        let mut identity = self.identity();
        identity.0.push(("KRB5_CLIENT_KTNAME", keytab));
        identity
    }

    /// Somebody who has neither a ticket nor a key.
    pub(crate) fn stranger(&self) -> Identity {
        self.identity()
    }

    fn identity(&self) -> Identity {
        let config = self.place.path("krb5.conf").display().to_string();
        let cache = self.fresh("tickets").display().to_string();
        Identity(vec![("KRB5_CONFIG", config), ("KRB5CCNAME", cache)])
    }

    fn keytab(&self, principals: &[&str]) -> PathBuf {
        let file = self.fresh("keytab");
        let (path, principals) = (file.display(), principals.join(" "));
        administer(
            &self.place,
            &format!("ktadd -norandkey -k {path} {principals}"),
        );
        file
    }

    /// The path of a file that is not there yet.
    fn fresh(&self, kind: &str) -> PathBuf {
        let count = self.files.fetch_add(1, Ordering::Relaxed);
        self.place.path(&format!("{kind}-{count}"))
    }
}

/// Who one is, as Kerberos libraries learn it from the environment of a process.
pub(crate) struct Identity(Vec<(&'static str, String)>);

/// Where a test learns that it is in a process of its own.
const INSIDE: &str = "SSPR_INSIDE_PROXY";

impl Identity {
    /// The same, which knows one thing more.
    pub(crate) fn knowing(mut self, variable: &'static str, value: String) -> Self {
        self.0.push((variable, value));
        self
    }

    /// Runs the test `name`, such as `smoke::kerberos::…`, once more: alone, in a process that has this identity, where
    /// [`inside`] tells it the proxy. There it must pass.
    pub(crate) fn goes_to(&self, proxy: &Proxy, name: &str) {
        let told = run(Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env_remove("KRB5_KTNAME")
            .env_remove("KRB5_CLIENT_KTNAME")
            .envs(self.0.iter().cloned())
            .env(INSIDE, proxy.url().as_str()));
        assert!(told.contains(" 1 passed;"), "{told}");
    }
}

/// The proxy, if this is the process of an [`Identity`].
pub(crate) fn inside() -> Option<Url> {
    let url = env::var(INSIDE).ok()?;
    Some(Url::parse(&url).unwrap())
}

fn command(place: &Place, program: &str) -> Command {
    let mut command = place.command(program);
    command
        .env("KRB5_CONFIG", place.path("krb5.conf"))
        .env("KRB5_KDC_PROFILE", place.path("kdc.conf"));
    command
}

fn administer(place: &Place, query: &str) {
    let told = run(command(place, "kadmin.local").args(["-q", query]));
    // It does not tell by how it ends.
    assert!(
        told.contains(" created") || told.contains("Entry for "),
        "{told}"
    );
}

fn config(port: &Port) -> String {
    format!(
        "[libdefaults]\n\
         default_realm = {REALM}\n\
         dns_lookup_kdc = false\n\
         dns_lookup_realm = false\n\
         dns_canonicalize_hostname = false\n\
         rdns = false\n\
         udp_preference_limit = 1\n\
         [realms]\n\
         {REALM} = {{\n\
         kdc = 127.0.0.1:{port}\n\
         }}\n\
         [domain_realm]\n\
         localhost = {REALM}\n",
        port = port.number(),
    )
}

fn kdc_config(place: &Place, port: &Port) -> String {
    let (port, database, stash) = (port.number(), place.path("principal"), place.path("stash"));
    format!(
        "[kdcdefaults]\n\
         kdc_listen = \"\"\n\
         kdc_tcp_listen = 127.0.0.1:{port}\n\
         [realms]\n\
         {REALM} = {{\n\
         database_name = {database}\n\
         key_stash_file = {stash}\n\
         default_principal_flags = +preauth\n\
         supported_enctypes = aes256-cts-hmac-sha1-96:normal\n\
         }}\n",
        database = database.display(),
        stash = stash.display(),
    )
}
