//! Any bytes, as an OCSP message.

#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use sspr::revocation::Issuer;
use sspr::revocation::ocsp::{self, Profile, RequestFields, Response};

use world::{ALGORITHMS, NOW, WORLD};

fuzz_target!(|input: &[u8]| {
    let _ = RequestFields::parse(input);
    if let Ok(response) = Response::parse(input) {
        let _ = (response.nonce(), format!("{response:?}"));
    }

    let issuer = Issuer::from_certificate(&WORLD.ca).unwrap();
    let mut profile = Profile::leaf(&ALGORITHMS);
    profile.nonce = Some(b"nonce");
    match ocsp::verify(input, &WORLD.leaf, &issuer, NOW, &profile) {
        Ok(verdict) => _ = verdict.standing(),
        Err(error) => _ = (error.standing(), error.to_string()),
    }
});
