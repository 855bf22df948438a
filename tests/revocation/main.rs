//! Revocation through the public API: public test data, and every fault that data can have.

mod algorithms;
mod boringssl;
mod pyca;
mod rfc9919;
mod vectors;
