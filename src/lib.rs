//! Self-service password reset for sign-in screens.

mod channel;
mod cloud;
mod error;
mod exchange;
pub mod machine;
mod message;
pub mod messages;
#[cfg(feature = "mock")]
pub mod mock;
mod ports;
pub mod protocol;
mod reset;
pub mod revocation;
mod secret;
mod tls;
mod tunnel;
pub mod x509;

pub use channel::*;
pub use cloud::{Cloud, CloudTable};
pub use error::*;
pub use exchange::*;
pub use message::Message;
pub use ports::*;
#[cfg(feature = "native-v1")]
pub use protocol::NativeV1;
pub use protocol::{Advice, Handoff, Outcome, Privacy, Rejection, SignIn, Step};
#[cfg(feature = "blocking")]
pub use reset::blocking;
pub use reset::{Reset, ResetClient, ResetClientBuilder};
pub use secret::*;
pub use tls::{RootClass, RootScope, Trust};
pub use tunnel::{SystemNetwork, SystemResolver};
