//! What can be wrong with an OCSP response.

use super::status::Status;
use crate::mock::pki::{EncodingFault, SignatureName};

/// Something wrong with the content of an OCSP response (RFC 6960). Several combine.
///
/// Not to be had, because ring makes no RSA keys: an RSA signature without its NULL parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OcspFault {
    /// Only this responseStatus: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized; any
    /// other number does not exist.
    ResponseStatus(u8),
    /// `successful` without responseBytes.
    WithoutBytes,
    /// The responseType is not id-pkix-ocsp-basic.
    WrongType,
    /// The version field is there and says this; version 1 is 0, and must not be written.
    Version(u8),
    /// byName, but of nobody.
    WrongResponderName,
    /// byKey, but of nobody.
    WrongResponderKey,
    /// A critical extension of the response that nobody knows.
    UnknownCriticalExtension,
    /// Another nonce than the one that was sent; one even if none was sent.
    WrongNonce,
    /// No nonce although one was sent.
    WithoutNonce,
    /// No SingleResponse at all.
    WithoutSingles,
    /// A second SingleResponse about the same certificate says this.
    Also(Status),
    /// The same twice: with a SHA-1 and with a SHA-256 CertID. That is in order.
    BothHashes,
    /// The serial number is another.
    WrongSerial,
    /// The hash of the issuer's name is another.
    WrongNameHash,
    /// The hash of the issuer's key is another.
    WrongKeyHash,
    /// The CertID says MD5.
    Md5CertId,
    /// The CertID names a hash that nobody knows.
    UnknownCertIdHash,
    /// A critical extension of the SingleResponse that nobody knows.
    UnknownCriticalSingleExtension,
    /// The list of signed certificate timestamps, as a critical extension of the SingleResponse. That is in order.
    CriticalTimestamps,
    /// All times have this form.
    TimeForm(TimeForm),
    /// One bit of the signature is turned over.
    FlippedSignature,
    /// Signed with another key than the responder's.
    SignedByStranger,
    /// Signed by the certificate that it is about, which is in `certs`.
    SignedByLeaf,
    /// The signature is called this.
    Called(SignatureName),
    /// A delegate signs, and something is wrong with it.
    Delegate(DelegateFault),
    /// A delegate signs, and its certificate is not there.
    DelegateMissing,
    /// This many unrelated certificates before the delegate's, if there is one.
    MoreCertificates(usize),
    /// The response is not DER.
    Encoding(EncodingFault),
}

/// Something wrong with the certificate of a delegated responder (RFC 6960, section 4.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DelegateFault {
    /// No extended key usage.
    WithoutPurpose,
    /// Extended key usage any, and nothing else.
    AnyPurpose,
    /// Another authority has issued it.
    AnotherAuthority,
    /// An authority below the issuer has issued it.
    LowerAuthority,
    /// Ended yesterday.
    Expired,
    /// Begins tomorrow.
    NotYetValid,
    /// It is an authority.
    Authority,
    /// Without id-pkix-ocsp-nocheck.
    WithoutNoCheck,
    /// Its key usage does not include digitalSignature.
    NotForSignatures,
}

/// GeneralizedTime as DER does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeForm {
    /// `20261122101500.5Z`
    Fraction,
    /// `202611221015Z`
    WithoutSeconds,
    /// `20261122101500+0000`
    Offset,
}
