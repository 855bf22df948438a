//! Self-service password reset for sign-in screens.

pub mod revocation;
pub mod x509;
