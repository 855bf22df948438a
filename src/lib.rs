//! Self-service password reset for sign-in screens.

#[cfg(feature = "mock")]
pub mod mock;
