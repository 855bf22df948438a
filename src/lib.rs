//! Self-service password reset for sign-in screens.

mod channel;
mod cloud;
mod error;
mod exchange;
mod message;
mod ports;
mod secret;
mod tls;
mod tunnel;

pub use channel::*;
pub use cloud::{Cloud, CloudTable};
pub use error::*;
pub use exchange::*;
pub use message::Message;
pub use ports::*;
pub use secret::*;
pub use tls::{RootClass, RootScope, Trust};
pub use tunnel::{SystemNetwork, SystemResolver};
