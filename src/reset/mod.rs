//! The desk a frontend stands at: a client per tenant, and an attempt per person.

mod audit;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod driver;
mod session;

pub use self::audit::{Activity, AuditRecord, AuditResult};
pub use self::client::{ResetClient, ResetClientBuilder};
pub use self::session::Reset;
