//! Lists of revoked certificates: sound ones, and every fault.

use std::time::{Duration, SystemTime};

use sspr::mock::{
    Certificate, CertificateFault, CrlAnswer, CrlFault, CrlScope, EncodingFault, Reason,
    SignatureName, Status, Tenant,
};

use super::openssl::{Setting, setting};

const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn sound_lists() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    let revocation = setting.tenant.revocation();
    for answer in [
        CrlAnswer::new(),
        CrlAnswer::new().number(77).more_entries(1000),
        CrlAnswer::new().scope(CrlScope::Partition),
        CrlAnswer::new().status(Status::Unknown),
    ] {
        assert_verdict(&setting, &answer, "leaf: OK");
    }
    let signed = CrlAnswer::new().number(0x1234);
    setting.write("list", &revocation.crl(Certificate::Leaf, &signed));
    let wanted = [
        "verify OK",
        "CRL Number: \n                4660",
        "No Revoked Certificates",
    ];
    let read = "crl -inform DER -in list -text -CAfile intermediate";
    setting.expect(read, &wanted);
    for of in [Certificate::Leaf, Certificate::Intermediate] {
        revocation.set_status(of, Status::revoked(Reason::CessationOfOperation));
        assert_verdict(&setting, &CrlAnswer::new(), "certificate revoked");
        revocation.set_status(of, Status::Good);
    }
    let hold = CrlAnswer::new().status(Status::revoked(Reason::CertificateHold));
    assert_verdict(&setting, &hold, "certificate revoked");
    setting.write("list", &revocation.crl(Certificate::Leaf, &hold));
    setting.expect(
        read,
        &["CRL Reason Code: \n                Certificate Hold"],
    );
}

#[test]
fn every_fault() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    let now = SystemTime::now();
    let new = CrlAnswer::new;
    let fault = |fault| CrlAnswer::new().fault(fault);
    for (answer, verdict) in [
        (new().next_update(now - DAY), "CRL has expired"),
        (new().this_update(now + DAY), "CRL is not yet valid"),
        (new().scope(CrlScope::OtherPartition), "different CRL scope"),
        (new().scope(CrlScope::UserCertificates), "leaf: OK"),
        (
            new().scope(CrlScope::AuthorityCertificates),
            "different CRL scope",
        ),
        (
            new().scope(CrlScope::AttributeCertificates),
            "different CRL scope",
        ),
        (
            new().scope(CrlScope::Indirect),
            "unable to get certificate CRL",
        ),
        (
            new().scope(CrlScope::SomeReasons),
            "unable to get certificate CRL",
        ),
        (
            fault(CrlFault::WrongIssuer),
            "unable to get certificate CRL",
        ),
        (fault(CrlFault::FlippedSignature), "CRL signature failure"),
        (fault(CrlFault::SignedByStranger), "CRL signature failure"),
        (
            fault(CrlFault::Called(SignatureName::EcdsaSha1)),
            "CRL signature failure",
        ),
        (
            fault(CrlFault::UnknownCriticalExtension),
            "unhandled critical CRL extension",
        ),
        (
            fault(CrlFault::UnknownCriticalEntryExtension),
            "unhandled critical CRL extension",
        ),
        (
            fault(CrlFault::Encoding(EncodingFault::Truncated)),
            "unable to get certificate CRL",
        ),
    ] {
        assert_verdict(&setting, &answer, verdict);
    }
}

#[test]
fn what_openssl_does_not_mind() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    let text = |answer: CrlAnswer| {
        let list = setting.tenant.revocation().crl(Certificate::Leaf, &answer);
        setting.write("list", &list);
        setting.run("crl -inform DER -in list -text -noout")
    };
    let revoked = CrlAnswer::new().status(Status::revoked(Reason::KeyCompromise));
    let first = text(revoked.fault(CrlFault::Version1));
    assert!(first.contains("Version 1 (0x0)"), "{first}");
    assert!(
        first.contains("Serial Number") && !first.contains("X509v3"),
        "{first}"
    );
    let without = text(CrlAnswer::new().next_update(None));
    assert!(without.contains("Next Update: NONE"), "{without}");
    text(CrlAnswer::new().fault(CrlFault::CalledWithin(SignatureName::EcdsaSha512)));
    // The text form names only one of the two.
    let parsed = setting.run("asn1parse -inform DER -in list");
    let names: Vec<_> = parsed
        .lines()
        .filter_map(|line| line.split_once(":ecdsa-with-").map(|(_, hash)| hash))
        .collect();
    assert_eq!(names, ["SHA512", "SHA256"]);
    // As a list of its own; with -extended_crl it is set aside.
    let delta = text(CrlAnswer::new().fault(CrlFault::Delta));
    assert!(delta.contains("Delta CRL Indicator: critical"), "{delta}");
    let empty = text(CrlAnswer::new().fault(CrlFault::EmptyEntries));
    assert!(!empty.contains("unable to load"), "{empty}");
    let removed = text(CrlAnswer::new().status(Status::revoked(Reason::RemoveFromCrl)));
    assert!(removed.contains("Remove From CRL"), "{removed}");
    let pem = setting.tenant.revocation();
    let pem = pem.crl(Certificate::Leaf, &CrlAnswer::new().fault(CrlFault::Pem));
    assert!(pem.starts_with(b"-----BEGIN X509 CRL-----\n"));
}

#[test]
fn signers_without_the_right() {
    for fault in [
        CertificateFault::IntermediateWithoutCrlSign,
        CertificateFault::RootWithoutCrlSign,
    ] {
        let Some(setting) = setting(Tenant::builder().certificate(fault)) else {
            return;
        };
        assert_verdict(
            &setting,
            &CrlAnswer::new(),
            "key usage does not include CRL signing",
        );
    }
}

/// The answer is about the leaf; the intermediate's list is as the tenant has it.
#[track_caller]
fn assert_verdict(setting: &Setting, answer: &CrlAnswer, verdict: &str) {
    let revocation = setting.tenant.revocation();
    let of_intermediate = revocation.crl(Certificate::Intermediate, &CrlAnswer::new());
    let mut lists = Vec::new();
    for list in [revocation.crl(Certificate::Leaf, answer), of_intermediate] {
        setting.write("list", &list);
        lists.extend(setting.run("crl -inform DER -in list").into_bytes());
    }
    setting.write("lists", &lists);
    let verify = "verify -crl_check_all -CAfile root -untrusted intermediate -CRLfile lists leaf";
    let text = setting.run(verify);
    assert!(
        text.contains(verdict),
        "{answer:?}: no {verdict:?} in\n{text}"
    );
}
