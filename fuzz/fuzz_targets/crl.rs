//! Any bytes, as a CRL.

#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use sspr::revocation::Issuer;
use sspr::revocation::crl::{self, CertificateList, Profile};

use world::{ALGORITHMS, NOW, WORLD};

fuzz_target!(|input: &[u8]| {
    if let Ok(list) = CertificateList::parse(input) {
        let _ = (list.find(&[5]), format!("{list:?}"));
    }

    let issuer = Issuer::from_certificate(&WORLD.ca).unwrap();
    match crl::check(
        input,
        &WORLD.leaf,
        &issuer,
        NOW,
        &Profile::leaf(&ALGORITHMS),
    ) {
        Ok(verdict) => _ = verdict.standing(),
        Err(error) => _ = (error.standing(), error.to_string()),
    }
});
