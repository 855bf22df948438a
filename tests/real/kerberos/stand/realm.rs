//! A realm with MIT's key distribution center: a person, a computer, and a service.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::child::Child;
use super::installed::has;
use super::place::Place;
use super::port::Port;
use super::process::{Process, run};

const REALM: &str = "CONTOSO.EXAMPLE";
const PASSWORD: &str = "Autumn-Leaves-7";

/// What must be there, beside the programs of the realm.
const PYTHON_GSSAPI: &str = "/usr/lib/python3/dist-packages/gssapi/__init__.py";

/// A realm of its own, which ends with this value.
pub(crate) struct Realm {
    center: Option<Process>,
    place: Place,
    _port: Port,
}

impl Realm {
    /// It has the person `adele`, the computer `host/ws1` alias `ws1$`, and the service `HTTP/localhost`. The computer's
    /// keys are in `services.keytab` (the first name first) and in `accounts.keytab` (the second).
    pub(crate) fn start() -> Option<Self> {
        let programs = [
            "krb5kdc",
            "kdb5_util",
            "kadmin.local",
            "kinit",
            "faketime",
            PYTHON_GSSAPI,
        ];
        if !has("gssapi", &programs) {
            return None;
        }
        let place = Place::new();
        let port = Port::reserve();
        place.write("kdc.conf", kdc_config(&place, &port));
        place.write("krb5.conf", config(&port, ""));
        // Without this, a client takes over the clock of the center.
        place.write("strict.conf", config(&port, "kdc_timesync = 0\n"));
        place.write(
            "elsewhere.conf",
            config(&port, "default_realm = ELSEWHERE.EXAMPLE\n"),
        );
        let create = ["create", "-s", "-r", REALM, "-P", "master"];
        run(command(&place, "kdb5_util").args(create));
        administer(&place, &format!("addprinc -pw {PASSWORD} adele"));
        for principal in ["host/ws1", "ws1$", "HTTP/localhost"] {
            administer(&place, &format!("addprinc -randkey {principal}"));
        }
        for (file, principals) in [
            ("services.keytab", "host/ws1 ws1$"),
            ("accounts.keytab", "ws1$ host/ws1"),
            ("proxy.keytab", "HTTP/localhost"),
        ] {
            let path = place.path(file);
            let path = path.display();
            administer(&place, &format!("ktadd -norandkey -k {path} {principals}"));
        }
        let center = Process::start(&place, command(&place, "krb5kdc").arg("-n"), &port);
        Some(Self {
            center: Some(center),
            place,
            _port: port,
        })
    }

    /// Gets a ticket for the person, in the file `tickets`.
    pub(crate) fn sign_in(&self) {
        let tickets = self.place.path("tickets");
        let mut kinit = command(&self.place, "kinit")
            .args(["-c", tickets.to_str().unwrap(), "adele"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut prompt = kinit.stdin.take().unwrap();
        writeln!(prompt, "{PASSWORD}").unwrap();
        assert!(kinit.wait().unwrap().success());
    }

    /// Gives the service another key than the one it has in its file.
    pub(crate) fn change_key_of_service(&self) {
        let query = "cpw -randkey HTTP/localhost";
        let told = run(command(&self.place, "kadmin.local").args(["-q", query]));
        assert!(told.contains(" randomized"), "{told}");
    }

    /// Ends the center. Its port stays taken, and refuses.
    pub(crate) fn stop(&mut self) {
        self.center = None;
    }

    /// A process in which the test `name` runs once more, for variables belong to a whole process.
    pub(crate) fn child(&self, name: &str) -> Child {
        Child::new(&self.place.path(""), name)
    }
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

/// The settings of a member; what comes first counts.
fn config(port: &Port, first: &str) -> String {
    format!(
        "[libdefaults]\n\
         {first}\
         default_realm = {REALM}\n\
         dns_lookup_kdc = false\n\
         dns_lookup_realm = false\n\
         dns_canonicalize_hostname = false\n\
         rdns = false\n\
         udp_preference_limit = 1\n\
         [realms]\n\
         {REALM} = {{\n\
         kdc = 127.0.0.1:{port}\n\
         }}\n",
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
