//! OCSP: asking a responder about one certificate (RFC 6960), in the lightweight profile of RFC
//! 9919.
//!
//! [`Request`] makes the question and its address, [`verify`] judges the answer,
//! [`verify_staple`] an answer that came within a TLS handshake. [`Response`] and
//! [`RequestFields`] read the fields of either message and judge nothing.

mod cert_id;
mod error;
mod hash;
mod request;
mod responder;
mod response;
mod verify;

pub use cert_id::CertId;
pub use error::{Mismatch, OcspError, Part, ResponderStatus, Unauthorized};
pub use hash::HashAlgorithm;
pub use request::{Request, RequestFields};
pub use response::{ResponderId, Response, SingleResponse, Status};
pub use verify::{Profile, Responder, Verdict, verify, verify_staple};
