//! What the fuzz targets see of the parsers here, which have no public name.

pub use super::auth::fuzzing::{ntlm_challenge, spnego_response};
