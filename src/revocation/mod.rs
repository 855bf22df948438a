//! Is this certificate still good?
//!
//! The functions here judge revocation data that someone else fetched or was handed. They do no
//! input or output, read no clock and need no runtime; the caller gives the time.
//!
//! * [`ocsp::verify`] judges an OCSP response (RFC 6960, profile of RFC 9919), [`ocsp::Request`]
//!   makes what to ask.
//! * [`crl::check`] looks a certificate up in a CRL (RFC 5280, section 6.3) without building the
//!   list in memory.
//!
//! Both take the certificate's [`Issuer`] *from the verified path* and answer with a verdict or a
//! typed error that carries its evidence. [`Standing`] sorts either into the rows of the
//! revocation policy.
//!
//! ```no_run
//! # fn demo(response: &[u8], leaf: &rustls_pki_types::CertificateDer<'_>,
//! #     ca: &rustls_pki_types::CertificateDer<'_>, provider: &rustls::crypto::CryptoProvider)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! use sspr::revocation::{Issuer, ocsp};
//!
//! let profile = ocsp::Profile::leaf(provider.signature_verification_algorithms.all);
//! let now = rustls_pki_types::UnixTime::now();
//! let verdict = ocsp::verify(response, leaf, &Issuer::from_certificate(ca)?, now, &profile)?;
//! println!("{:?} until {:?}", verdict.status, verdict.next_update);
//! # Ok(())
//! # }
//! ```

pub mod crl;
mod freshness;
mod issuer;
pub mod ocsp;
mod reason;
mod standing;

pub use freshness::{Freshness, Untimely};
pub use issuer::Issuer;
pub use reason::{Reason, Revocation};
pub use standing::Standing;
