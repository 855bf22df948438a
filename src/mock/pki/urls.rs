//! Where the responder is, and what it serves where.

use std::net::SocketAddr;

/// One of the certificates whose revocation the tenant's responder knows about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Certificate {
    /// The certificate of the tenant's TLS server.
    Leaf,
    /// The one that has issued it.
    Intermediate,
}

impl Certificate {
    pub(in crate::mock) const ALL: [Self; 2] = [Self::Leaf, Self::Intermediate];

    /// As paths name it.
    pub(in crate::mock) fn word(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
        }
    }
}

/// The URLs of one responder.
#[derive(Clone, Copy, Debug)]
pub(in crate::mock) struct Urls(pub(in crate::mock) SocketAddr);

impl Urls {
    pub(in crate::mock) fn ocsp(self, of: Certificate) -> String {
        format!("http://{}/ocsp/{}", self.0, of.word())
    }

    pub(in crate::mock) fn crl(self, of: Certificate) -> String {
        format!("http://{}/crl/{}.crl", self.0, of.word())
    }

    /// Where the certificate of the issuer is.
    pub(in crate::mock) fn issuer(self, of: Certificate) -> String {
        format!("http://{}/ca/{}.cer", self.0, of.word())
    }

    /// Puts the responder's address where `{responder}` stands.
    pub(in crate::mock) fn fill(self, url: &str) -> String {
        url.replace("{responder}", &self.0.to_string())
    }
}
