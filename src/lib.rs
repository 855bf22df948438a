//! Self-service password reset for sign-in screens.

mod error;
mod exchange;
mod message;
mod secret;

pub use error::*;
pub use exchange::*;
pub use message::Message;
pub use secret::*;
