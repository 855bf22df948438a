//! The tenant's own certification authorities: root, intermediate, leaf.
//!
//! They are dated by the system's clock, not by the tenant's: whoever checks a certificate does so by their own clock.

mod certificate;
mod chain;
pub(super) mod der;
mod encoding;
pub(super) mod extension;
mod fault;
mod key;
mod pem;
mod reader;
mod urls;

use std::time::Duration;

pub(super) use certificate::{Entity, Template, name, serial_number};
pub(super) use chain::{Chain, Design};
pub use encoding::EncodingFault;
pub use fault::CertificateFault;
pub use key::SignatureName;
pub(super) use key::{Key, sha1, sha256};
pub(super) use pem::pem;
pub(super) use reader::read;
pub use urls::Certificate;
pub(super) use urls::Urls;

pub(super) const DAY: Duration = Duration::from_secs(86_400);
