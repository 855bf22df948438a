//! CRLs: looking one certificate up in a list of revoked ones (RFC 5280, sections 5 and 6.3).
//!
//! [`check`] judges one list, [`check_freshest`] the freshest of several, [`check_path`] does so
//! for every certificate of a verified [`Path`](crate::path::Path).
//! [`CertificateList::parse`] reads a list and judges nothing; [`CertificateList::find`] looks a
//! serial number up in it.
//!
//! A list may have a hundred thousand entries. It is never built in memory: the entries are
//! walked where they lie, in the bytes received, and nothing is allocated for them.
//!
//! Delta lists, indirect lists and lists for some reasons only are refused with a typed error,
//! not misread as complete ones.

mod check;
mod entries;
mod error;
mod list;
mod number;
mod path;
mod scope;

pub use check::{Profile, Verdict, check, check_freshest};
pub use error::{CrlError, OutOfScope, Unsupported};
pub use list::CertificateList;
pub use number::Number;
pub use path::check_path;
pub use scope::IssuingDistributionPoint;
