//! Certificates that are wrong on purpose, judged by rustls.

use std::time::Duration;

use sspr::mock::{CertificateFault, EncodingFault, Tenant, TenantBuilder};

use super::ADELE;
use super::client::Client;

#[test]
fn every_fault_is_seen() {
    use CertificateFault as Fault;
    let names = |names: &[&str]| Fault::Names(names.iter().map(ToString::to_string).collect());
    for (fault, verdict) in [
        (Fault::Expired, "ExpiredContext"),
        (Fault::NotYetValid, "NotValidYetContext"),
        (names(&["login.example.com"]), "NotValidForNameContext"),
        (Fault::CommonNameOnly, "NotValidForNameContext"),
        (Fault::SelfSigned, "UnknownIssuer"),
        (Fault::UnknownRoot, "UnknownIssuer"),
        (Fault::MissingIntermediate, "UnknownIssuer"),
        (Fault::NotForServers, "InvalidPurposeContext"),
        (Fault::CaAsLeaf, "CaUsedAsEndEntity"),
        (Fault::PathLengthExceeded, "PathLenConstraintViolated"),
        (Fault::NameConstraintViolated, "NameConstraintViolation"),
        (
            Fault::UnknownCriticalExtension,
            "UnsupportedCriticalExtension",
        ),
        (Fault::Intermediates(30), "MaximumPathDepthExceeded"),
        (Fault::Loop, "UnknownIssuer"),
        (Fault::ExpiredIntermediate, "ExpiredContext"),
        (Fault::WeakIntermediate, "UnsupportedSignatureAlgorithm"),
        (Fault::Encoding(EncodingFault::Truncated), "BadEncoding"),
        (Fault::Encoding(EncodingFault::TrailingByte), "BadEncoding"),
        (
            Fault::Encoding(EncodingFault::IndefiniteLength),
            "BadEncoding",
        ),
        (
            Fault::Encoding(EncodingFault::LengthBeyondEnd),
            "BadEncoding",
        ),
        (Fault::Encoding(EncodingFault::DeepNesting), "BadEncoding"),
    ] {
        let error = refusal(Tenant::builder().certificate(fault.clone())).unwrap_err();
        assert!(error.contains(verdict), "{fault:?}: {error}");
    }
}

#[test]
fn what_is_unusual_but_sound_is_taken() {
    for builder in [
        Tenant::builder().must_staple(),
        Tenant::builder().without_revocation(),
        Tenant::builder().certificate_lifetime(Duration::from_secs(3600)),
        Tenant::builder().certificate(CertificateFault::Intermediates(2)),
        Tenant::builder().certificate(CertificateFault::ExpiredIntermediateFirst),
        Tenant::builder().certificate(CertificateFault::IntermediateWithoutCrlSign),
        Tenant::builder().certificate(CertificateFault::RootWithoutCrlSign),
        // rustls does not look at the dates of a root.
        Tenant::builder().certificate(CertificateFault::ExpiredRoot),
    ] {
        refusal(builder).unwrap();
    }
}

#[test]
fn the_tenants_clock_does_not_age_certificates() {
    let tenant = Tenant::start().unwrap();
    tenant.advance(Duration::from_secs(10 * 365 * 86_400));
    let revocation = tenant.revocation();
    let year = httpdate::fmt_http_date(std::time::SystemTime::now())[12..16].to_owned();
    let list = revocation.crl(sspr::mock::Certificate::Leaf, &sspr::mock::CrlAnswer::new());
    let short = &year[2..];
    assert!(
        list.windows(4)
            .any(|four| four.starts_with(b"\x17\x0d") && &four[2..] == short.as_bytes())
    );
    assert_eq!(Client::connect(&tenant).try_start(ADELE).status, 200);
}

/// What rustls says to the tenant's certificate, in its debug form.
fn refusal(builder: TenantBuilder) -> Result<(), String> {
    let tenant = builder.start().unwrap();
    let mut client = Client::connect(&tenant);
    let request = client.start_request(ADELE);
    match client.exchange(&request) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{error:?}")),
    }
}
