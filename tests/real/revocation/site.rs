//! A server's certificate below an authority below a root, each naming who knows about it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::authority::{AUTHORITY, Authority, Identity, LONG_AGO, Scratch};
use crate::door::Door;
use crate::process::NOW;

/// The name that the servers have.
pub(crate) const NAME: &str = "login.contoso.example";

/// The subject of the server's certificate, and of its authority's, as reports show them.
pub(crate) const LEAF: &str = "CN=login.contoso.example";
pub(crate) const ISSUING: &str = "CN=Real Issuing";

/// What the server's certificate says about itself.
pub(crate) struct Leaf {
    extensions: String,
    issued: &'static str,
}

impl Leaf {
    pub(crate) fn new() -> Self {
        let extensions = format!(
            "basicConstraints = critical, CA:FALSE\n\
             keyUsage = critical, digitalSignature\n\
             extendedKeyUsage = serverAuth\n\
             subjectAltName = DNS:{NAME}\n\
             authorityKeyIdentifier = keyid\n"
        );
        Self {
            extensions,
            issued: LONG_AGO,
        }
    }

    pub(crate) fn ocsp(self, url: &str) -> Self {
        self.with(&format!("authorityInfoAccess = OCSP;URI:{url}"))
    }

    pub(crate) fn list(self, url: &str) -> Self {
        self.with(&format!("crlDistributionPoints = URI:{url}"))
    }

    pub(crate) fn must_staple(self) -> Self {
        self.with("tlsfeature = status_request")
    }

    /// The certificate is new, where others are a month old.
    pub(crate) fn issued_now(mut self) -> Self {
        self.issued = NOW;
        self
    }

    fn with(mut self, line: &str) -> Self {
        writeln!(self.extensions, "{line}").unwrap();
        self
    }
}

/// The certificates of one server. The root's list is always there; who speaks for the issuing authority, each test
/// says.
pub(crate) struct Site {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
    pub(crate) leaf: Identity,
    pub(crate) root_list: Door,
    pub(crate) scratch: Scratch,
}

impl Site {
    pub(crate) fn new(leaf: Leaf) -> Self {
        let scratch = Scratch::new();
        let root = Authority::root(scratch.0.join("root"));
        let root_list = Door::open("crl.contoso.example");
        root_list.shows(root.list(NOW));
        let extensions = format!(
            "{AUTHORITY}crlDistributionPoints = URI:{}",
            root_list.url("/root.crl")
        );
        let issuing = root.below(scratch.0.join("issuing"), &extensions);
        let leaf = issuing.issue(NAME, &leaf.extensions, leaf.issued);
        Self {
            root,
            issuing,
            leaf,
            root_list,
            scratch,
        }
    }

    /// Revokes the issuing authority's certificate.
    pub(crate) fn revoke_issuing(&self, reason: &str) {
        self.root.revoke(&self.issuing.identity, reason);
        self.root_list.shows(self.root.list(NOW));
    }

    /// The server's certificate and its authority's, in one file.
    pub(crate) fn chain(&self) -> PathBuf {
        let mut chain = fs::read(&self.leaf.certificate).unwrap();
        chain.extend(fs::read(&self.issuing.identity.certificate).unwrap());
        let path = self.scratch.0.join("chain.pem");
        fs::write(&path, chain).unwrap();
        path
    }
}
