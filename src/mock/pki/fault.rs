//! What can be wrong with the certificates that the tenant shows.

use super::encoding::EncodingFault;

/// Something wrong with the tenant's certificates. They are made when the tenant starts, so it stays wrong.
///
/// Not to be had, because ring makes no RSA keys: a key of 1024 bits. A SHA-1 signature is so by name only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The leaf ended yesterday.
    Expired,
    /// The leaf begins tomorrow.
    NotYetValid,
    /// The leaf is for these DNS names only (wildcards included) and for no address.
    Names(Vec<String>),
    /// The leaf has no alternative names; its common name is `localhost`.
    CommonNameOnly,
    /// The leaf has signed itself and is shown alone.
    SelfSigned,
    /// The chain is sound and ends at a root that is not [`Tenant::ca_der`](crate::mock::Tenant::ca_der).
    UnknownRoot,
    /// The intermediate is not shown. Its URL is in the leaf, and the responder serves it.
    MissingIntermediate,
    /// The leaf is for clients (extended key usage clientAuth only).
    NotForServers,
    /// The leaf is a certification authority.
    CaAsLeaf,
    /// An intermediate with path length 0 stands above the one that has issued the leaf.
    PathLengthExceeded,
    /// The intermediate may only issue for `permitted.example`.
    NameConstraintViolated,
    /// The leaf has a critical extension that nobody knows.
    UnknownCriticalExtension,
    /// This many intermediates, at least 1; only the lowest has revocation URLs.
    Intermediates(usize),
    /// Two intermediates that certify each other, and no root.
    Loop,
    /// The intermediate ended yesterday.
    ExpiredIntermediate,
    /// The intermediate is shown twice, first one that ended yesterday; both have the same name and key.
    ExpiredIntermediateFirst,
    /// The root, which is [`Tenant::ca_der`](crate::mock::Tenant::ca_der), ended yesterday.
    ExpiredRoot,
    /// The intermediate's signature is called ecdsa-with-SHA1.
    WeakIntermediate,
    /// The intermediate's key may not sign lists of revoked certificates.
    IntermediateWithoutCrlSign,
    /// The root's key may not sign lists of revoked certificates.
    RootWithoutCrlSign,
    /// The leaf is not DER.
    Encoding(EncodingFault),
}
