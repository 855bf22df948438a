//! Self-service password reset for sign-in screens.

mod error;
mod exchange;
pub mod machine;
mod message;
pub mod protocol;
pub mod proxy;
mod secret;

pub use error::*;
pub use exchange::*;
pub use message::Message;
pub use protocol::Privacy;
pub use secret::*;
