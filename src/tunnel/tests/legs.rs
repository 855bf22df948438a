//! Logins over several connections.
