//! Self-service password reset for sign-in screens.
