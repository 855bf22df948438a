//! A CA that the `openssl` tool runs: its responder understands our requests, we understand its
//! responses and lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustls_pki_types::{CertificateDer, UnixTime};
use sspr::revocation::ocsp::{self, HashAlgorithm, OcspError, Request, Responder, Status};
use sspr::revocation::{Issuer, Reason, crl};
use sspr::x509::Certificate;

use crate::algorithms::modern;

const CONFIGURATION: &str = "
[ca]
default_ca = test
[test]
database = index.txt
certificate = ca.pem
private_key = ca.key
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[responder]
extendedKeyUsage = critical, OCSPSigning
noCheck = ignored
keyUsage = critical, digitalSignature
[server]
basicConstraints = CA:FALSE
tlsfeature = status_request
authorityInfoAccess = OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/ca.crt
crlDistributionPoints = URI:http://crl.example/ca.crl
";

/// Good, revoked, unknown to the responder.
const SERIALS: [&str; 3] = ["1001", "1002", "1003"];

struct Authority {
    folder: PathBuf,
}

impl Authority {
    /// A fresh CA; `None` where there is no `openssl` tool.
    fn new(name: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: there is no openssl tool");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openssl-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let authority = Self { folder };
        authority.write("openssl.cnf", CONFIGURATION);
        authority.write("crlnumber", "0A\n");
        authority.write(
            "index.txt",
            "V\t491231235959Z\t\t1001\tunknown\t/CN=good\n\
             R\t491231235959Z\t260601000000Z,keyCompromise\t1002\tunknown\t/CN=revoked\n",
        );
        authority.key("ca");
        authority.run(
            "req -x509 -new -key ca.key -days 30 -config openssl.cnf -extensions authority \
             -subj /C=JP/O=Test/CN=Authority -out ca.pem",
        );
        authority.issue("responder", "9001", "responder");
        for serial in SERIALS {
            authority.issue(serial, serial, "server");
        }
        Some(authority)
    }

    fn key(&self, name: &str) {
        self.run(&format!(
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"
        ));
    }

    fn issue(&self, name: &str, serial: &str, section: &str) {
        self.key(name);
        self.run(&format!(
            "req -new -key {name}.key -config openssl.cnf -subj /CN={name} -out {name}.csr"
        ));
        self.run(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 0x{serial} -days 20 \
             -extfile openssl.cnf -extensions {section} -out {name}.pem"
        ));
    }

    fn certificate(&self, name: &str) -> CertificateDer<'static> {
        self.run(&format!("x509 -in {name}.pem -outform der -out {name}.der"));
        fs::read(self.folder.join(format!("{name}.der")))
            .unwrap()
            .into()
    }

    /// The responder's answer to a request.
    fn answer(&self, request: &Request, signer: &str) -> Vec<u8> {
        self.write("request.der", request.der());
        self.run(&format!(
            "ocsp -index index.txt -CA ca.pem -rsigner {signer}.pem -rkey {signer}.key -ndays 3 \
             -rmd sha256 -reqin request.der -respout response.der"
        ));
        fs::read(self.folder.join("response.der")).unwrap()
    }

    fn list(&self) -> Vec<u8> {
        self.run("ca -gencrl -config openssl.cnf -out list.pem");
        self.run("crl -in list.pem -outform der -out list.der");
        fs::read(self.folder.join("list.der")).unwrap()
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), contents).unwrap();
    }

    fn run(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .env("OPENSSL_CONF", self.folder.join("openssl.cnf"))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {message}");
    }
}

#[test]
fn its_responder_and_we_understand_each_other() {
    let Some(authority) = Authority::new("ocsp") else {
        return;
    };
    let ca = authority.certificate("ca");
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let profile = ocsp::Profile::leaf(modern());
    for serial in SERIALS {
        for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
            for signer in ["ca", "responder"] {
                let der = authority.certificate(serial);
                let certificate = Certificate::parse(&der).unwrap();
                let request = Request::new(&certificate, &issuer, hash).unwrap();
                let response = authority.answer(&request, signer);
                let now = UnixTime::now();
                let verdict = ocsp::verify(&response, &der, &issuer, now, &profile).unwrap();
                assert_eq!(verdict.hash, hash);
                match (serial, verdict.status) {
                    ("1001", Status::Good) | ("1003", Status::Unknown) => {}
                    ("1002", Status::Revoked(revocation)) => {
                        assert_eq!(revocation.reason, Some(Reason::KeyCompromise));
                        assert_eq!(revocation.time.as_secs(), 1_780_272_000);
                    }
                    other => panic!("{other:?}"),
                }
                match (signer, verdict.responder) {
                    ("ca", Responder::Issuer)
                    | ("responder", Responder::Delegate { no_check: true, .. }) => {}
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn its_responder_repeats_a_nonce() {
    let Some(authority) = Authority::new("nonce") else {
        return;
    };
    let ca = authority.certificate("ca");
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let der = authority.certificate("1001");
    let certificate = Certificate::parse(&der).unwrap();
    let request =
        Request::with_nonce(&certificate, &issuer, HashAlgorithm::Sha1, &[7; 32]).unwrap();
    let response = authority.answer(&request, "ca");
    let mut profile = ocsp::Profile::leaf(modern());
    profile.nonce = Some(&[7; 32]);
    let now = UnixTime::now();
    assert!(ocsp::verify(&response, &der, &issuer, now, &profile).is_ok());
    profile.nonce = Some(&[8; 32]);
    assert_eq!(
        ocsp::verify(&response, &der, &issuer, now, &profile),
        Err(OcspError::NonceMismatch)
    );
}

#[test]
fn its_list_tells_the_revoked_from_the_others() {
    let Some(authority) = Authority::new("crl") else {
        return;
    };
    let ca = authority.certificate("ca");
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let list = authority.list();
    let profile = crl::Profile::leaf(modern());
    for serial in SERIALS {
        let der = authority.certificate(serial);
        let verdict = crl::check(&list, &der, &issuer, UnixTime::now(), &profile).unwrap();
        assert_eq!(verdict.number, Some(crl::Number::from(10)));
        match (serial, verdict.revocation) {
            ("1001" | "1003", None) => {}
            ("1002", Some(revocation)) => {
                assert_eq!(revocation.reason, Some(Reason::KeyCompromise));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn its_extensions_are_read() {
    let Some(authority) = Authority::new("extensions") else {
        return;
    };
    let der = authority.certificate("1001");
    let certificate = Certificate::parse(&der).unwrap();
    assert_eq!(certificate.serial, [0x10, 0x01]);
    assert!(certificate.must_staple && !certificate.is_ca());
    assert_eq!(certificate.ocsp_urls().unwrap(), ["http://ocsp.example/"]);
    assert_eq!(
        certificate.issuer_urls().unwrap(),
        ["http://ca.example/ca.crt"]
    );
    let points = certificate.crl_distribution_points().unwrap();
    assert_eq!(points[0].urls().unwrap(), ["http://crl.example/ca.crl"]);
    assert_eq!(certificate.issuer.to_string(), "CN=Authority,O=Test,C=JP");
}
