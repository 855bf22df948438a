//! The check as a channel does it: against a TLS server that counts what reaches it, and an HTTP server that answers
//! with whatever a test orders.

mod answers;
mod authority;
mod cache;
mod fetch;
mod openssl;
mod policy;
mod questions;
mod report;
mod responder;
mod site;
mod sources;
mod staple;
