//! Revocation through the public API: public test data, and every fault that data can have.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod algorithms;
mod assert_error;
mod boringssl;
mod builder;
mod certificates;
mod crl_faults;
mod ocsp_answers;
mod ocsp_form;
mod ocsp_signers;
mod ocsp_verdict;
mod openssl;
mod pyca;
mod rfc9919;
mod second_opinion;
mod vectors;
