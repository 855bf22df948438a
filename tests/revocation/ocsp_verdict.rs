//! Verdicts on responses to order, for the tests of OCSP.

use sspr::revocation::ocsp::{self, OcspError, Profile, Verdict};
use sspr::revocation::{Issuer, Standing};

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;

pub(crate) fn verify(world: &World, response: &[u8]) -> Result<Verdict, OcspError> {
    verify_with(world, response, &Profile::leaf(modern()))
}

pub(crate) fn verify_with(
    world: &World,
    response: &[u8],
    profile: &Profile<'_>,
) -> Result<Verdict, OcspError> {
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    ocsp::verify(response, &world.leaf, &issuer, NOW, profile)
}

/// The verdict on a response of the CA itself that differs from a good one by `change`.
pub(crate) fn changed(change: impl FnOnce(&mut Reply)) -> Result<Verdict, OcspError> {
    let world = World::new();
    let mut reply = Reply::new(&world);
    change(&mut reply);
    verify(&world, &reply.sign(&world.ca_key))
}

pub(crate) fn changed_answer(change: impl FnOnce(&mut Answer)) -> Result<Verdict, OcspError> {
    changed(|reply| change(&mut reply.answers[0]))
}

pub(crate) fn is_malformed(result: Result<Verdict, OcspError>) {
    let error = assert_error!(result, OcspError::Malformed { .. });
    assert_eq!(error.standing(), Standing::Wrong);
}
