//! What the crate reads of an X.509 certificate (RFC 5280), and the DER reader below it.
//!
//! Nothing here builds or judges a path: that is the work of `rustls-webpki`. This room answers
//! the questions that `rustls-webpki` leaves open: where a certificate's revocation information
//! lies, whether it demands a staple, how large its key is, who signed what.
//!
//! Everything borrows from the bytes it was given. Nothing recurses and nothing is unbounded:
//! the work is linear in the input, so that a hostile certificate costs no more than its length.

mod certificate;
pub mod der;
mod distribution;
mod extension;
mod key;
mod name;
mod oid;
mod signed;
mod time;

pub use certificate::{BasicConstraints, Certificate, ExtendedKeyUsage, KeyUsage, Validity};
pub use distribution::{DistributionPoint, PointName};
pub use extension::{Extension, Extensions};
pub use key::{KeyKind, PublicKey};
pub use name::Name;
pub use oid::Oid;
pub use signed::{SignatureError, Signed};

pub(crate) use distribution::same_general_name;
pub(crate) use extension::once;
pub(crate) use time::{generalized_time, time};
