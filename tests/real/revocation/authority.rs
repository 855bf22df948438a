//! Authorities of `openssl ca`, the servers' certificates they issue, and `openssl ocsp`, which speaks for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::process::{Lines, NOW, Process, at, program, run};

/// The age of what these authorities issue.
pub(crate) const LONG_AGO: &str = "-30d";

const CONFIG: &str = "\
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
certificate = cert.pem
private_key = key.pem
default_md = sha256
default_days = 120
default_crl_days = 7
policy = any
unique_subject = no
crl_extensions = list
[any]
commonName = supplied
[list]
authorityKeyIdentifier = keyid
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
";

/// The extensions of an authority below a root.
pub(crate) const AUTHORITY: &str = "\
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

/// The extensions of whoever signs OCSP responses for an authority.
pub(crate) const DELEGATE: &str = "\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, OCSPSigning
noCheck = yes
";

/// A directory that goes with the test.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("revocation-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is in a directory for such files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A certificate and its key, both in PEM.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// An authority, which keeps its books in a directory.
pub(crate) struct Authority {
    directory: PathBuf,
    pub(crate) identity: Identity,
}

impl Authority {
    pub(crate) fn root(directory: PathBuf) -> Self {
        let root = Self::in_directory(directory);
        let command = &mut root.openssl("req");
        command
            .args(["-x509", "-config", "openssl.cnf", "-extensions", "root"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args(["-noenc", "-keyout", "key.pem", "-out", "cert.pem"])
            .args(["-subj", "/CN=Real Root", "-days", "365"]);
        run(at(command, LONG_AGO));
        root
    }

    /// An authority below this one.
    pub(crate) fn below(&self, directory: PathBuf, extensions: &str) -> Self {
        let below = Self::in_directory(directory);
        let identity = self.issue("Real Issuing", extensions, LONG_AGO);
        fs::copy(identity.certificate, &below.identity.certificate).unwrap();
        fs::copy(identity.key, &below.identity.key).unwrap();
        below
    }

    fn in_directory(directory: PathBuf) -> Self {
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("openssl.cnf"), CONFIG).unwrap();
        fs::write(directory.join("index.txt"), "").unwrap();
        fs::write(directory.join("serial"), "5A01\n").unwrap();
        fs::write(directory.join("crlnumber"), "01\n").unwrap();
        Self {
            identity: Identity {
                certificate: directory.join("cert.pem"),
                key: directory.join("key.pem"),
            },
            directory,
        }
    }

    fn openssl(&self, what: &str) -> Command {
        let mut command = program("openssl");
        command.current_dir(&self.directory).arg(what);
        command
    }

    fn ca(&self) -> Command {
        let mut command = self.openssl("ca");
        command.args(["-config", "openssl.cnf", "-batch", "-notext"]);
        command
    }

    /// Issues a certificate at the time `when`.
    pub(crate) fn issue(&self, name: &str, extensions: &str, when: &str) -> Identity {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let file = |kind: &str| self.directory.join(format!("{number}.{kind}"));
        let identity = Identity {
            certificate: file("crt"),
            key: file("key"),
        };
        let (request, wanted) = (file("csr"), file("ext"));
        fs::write(&wanted, extensions).unwrap();
        run(self
            .openssl("req")
            .args(["-new", "-config", "openssl.cnf"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args(["-noenc", "-subj", &format!("/CN={name}"), "-keyout"])
            .arg(&identity.key)
            .arg("-out")
            .arg(&request));
        let command = &mut self.ca();
        command.arg("-in").arg(&request);
        command.arg("-out").arg(&identity.certificate);
        command.arg("-extfile").arg(&wanted);
        run(at(command, when));
        identity
    }

    pub(crate) fn revoke(&self, identity: &Identity, reason: &str) {
        let command = &mut self.ca();
        command.arg("-revoke").arg(&identity.certificate);
        run(at(command.args(["-crl_reason", reason]), "-1d"));
    }

    /// The list of what was revoked so far, as it is at the time `when`.
    pub(crate) fn list(&self, when: &str) -> Vec<u8> {
        run(at(self.ca().args(["-gencrl", "-out", "list.pem"]), when));
        run(self
            .openssl("crl")
            .args(["-in", "list.pem", "-outform", "DER"]))
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        run(self
            .openssl("x509")
            .args(["-in", "cert.pem", "-outform", "DER"]))
    }

    /// `openssl ocsp` with the books of this authority, signing as `signer`.
    fn ocsp(&self, signer: &Identity) -> Command {
        let mut command = self.openssl("ocsp");
        command.args(["-index", "index.txt", "-CA", "cert.pem"]);
        command.arg("-rsigner").arg(&signer.certificate);
        command.arg("-rkey").arg(&signer.key);
        command
    }

    /// An OCSP response about `identity` that counts for an hour from `when` on.
    pub(crate) fn response(&self, identity: &Identity, when: &str) -> PathBuf {
        let (request, response) = (
            identity.certificate.with_extension("req"),
            identity.certificate.with_extension("ocsp"),
        );
        run(self
            .openssl("ocsp")
            .args(["-no_nonce", "-issuer", "cert.pem", "-cert"])
            .arg(&identity.certificate)
            .arg("-reqout")
            .arg(&request));
        let command = &mut self.ocsp(&self.identity);
        command.arg("-reqin").arg(&request);
        command.arg("-respout").arg(&response);
        run(at(command.args(["-nmin", "60"]), when));
        response
    }

    /// Starts a responder that signs as the authority itself, with answers for an hour.
    pub(crate) fn responder(&self) -> Responder {
        self.responder_with(&self.identity, &["-nmin", "60"], NOW)
    }

    /// Starts a responder that signs as `signer` and lives at the time `when`.
    pub(crate) fn responder_with(
        &self,
        signer: &Identity,
        options: &[&str],
        when: &str,
    ) -> Responder {
        let command = &mut self.ocsp(signer);
        command.args(["-port", "0"]).args(options);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Process::start(at(command, when));
        let lines = Lines::of(process.0.stdout.take().unwrap(), |_| {});
        Responder {
            port: lines.port(),
            _process: process,
        }
    }
}

/// A running `openssl ocsp`.
pub(crate) struct Responder {
    pub(crate) port: u16,
    _process: Process,
}
