//! OCSP: the responder as OpenSSL's client sees it, and every fault.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sspr::mock::{
    Certificate, DelegateFault, EncodingFault, OcspAnswer, OcspFault, Reason, SignatureName,
    Status, Tenant, TimeForm,
};

use super::openssl::{Setting, setting};

const DAY: Duration = Duration::from_secs(86_400);
const LEAF: &str = "-CAfile root -issuer intermediate -cert leaf";
const INTERMEDIATE: &str = "-CAfile root -issuer root -cert intermediate";

#[test]
fn over_post() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    let revocation = setting.tenant.revocation();
    let ask = |of, options: &str, wanted: &[&str]| {
        let who = if of == Certificate::Leaf {
            LEAF
        } else {
            INTERMEDIATE
        };
        let url = revocation.ocsp_url(of);
        // The hash has to come before the certificate.
        let text = setting.run(&format!("ocsp {options} {who} -url {url} -resp_text"));
        for wanted in wanted {
            assert!(
                text.contains(wanted),
                "{options} {of:?}: no {wanted:?} in\n{text}"
            );
        }
    };
    for of in [Certificate::Leaf, Certificate::Intermediate] {
        for answer in [
            OcspAnswer::new(),
            OcspAnswer::new().by_key(),
            OcspAnswer::new().delegated(),
            OcspAnswer::new().delegated().by_key(),
        ] {
            revocation.set_ocsp(of, answer);
            for options in ["-no_nonce", "-nonce", "-sha1 -nonce", "-sha256 -nonce"] {
                ask(
                    of,
                    options,
                    &[
                        "Response verify OK",
                        ": good\n",
                        "Response Type: Basic OCSP",
                    ],
                );
            }
        }
        let text = setting.tenant.traffic().revocation;
        assert!(text.iter().all(|request| request.method == "POST"));

        revocation.set_status(of, Status::revoked(Reason::KeyCompromise));
        ask(
            of,
            "-nonce",
            &["Response verify OK", ": revoked\n", "Reason: keyCompromise"],
        );
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_342_500);
        revocation.set_status(of, Status::Revoked { reason: None, time });
        ask(
            of,
            "-nonce",
            &[": revoked\n", "Revocation Time: Nov 22 10:15:00 2026 GMT"],
        );
        revocation.set_status(of, Status::Unknown);
        ask(of, "-nonce", &["Response verify OK", ": unknown\n"]);
    }
    // About somebody else's certificate, and about none.
    let url = revocation.ocsp_url(Certificate::Leaf);
    let other = format!("ocsp -nonce {INTERMEDIATE} -url {url}");
    setting.expect(&other, &["Responder Error: unauthorized (6)"]);
    let unissued = format!("ocsp -nonce -CAfile root -issuer intermediate -serial 17 -url {url}");
    setting.expect(&unissued, &["Responder Error: unauthorized (6)"]);
}

#[test]
fn over_get() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    setting.run(&format!("ocsp -no_nonce {LEAF} -reqout request"));
    let request = STANDARD.encode(setting.read("request"));
    let escaped = request
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3d");
    assert_ne!(request, escaped);
    let url = setting.tenant.revocation().ocsp_url(Certificate::Leaf);
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    for encoded in [request, escaped] {
        let mut tcp = TcpStream::connect(host).unwrap();
        let get =
            format!("GET /{path}/{encoded} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        tcp.write_all(get.as_bytes()).unwrap();
        let mut answer = Vec::new();
        tcp.read_to_end(&mut answer).unwrap();
        let head = answer
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .unwrap()
            + 4;
        let (head, body) = answer.split_at(head);
        assert!(String::from_utf8_lossy(head).contains("application/ocsp-response"));
        setting.write("response", body);
        judge(&setting, &["Response verify OK", "leaf: good"]);
    }
}

#[test]
fn times() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    let now = SystemTime::now();
    for (answer, verdict) in [
        (OcspAnswer::new().next_update(now - DAY), "status expired"),
        (
            OcspAnswer::new().this_update(now + DAY),
            "status not yet valid",
        ),
        (
            OcspAnswer::new().this_update(now - 8 * DAY),
            "status too old",
        ),
        (
            OcspAnswer::new()
                .this_update(now - DAY)
                .next_update(now - 2 * DAY),
            "nextupdate before thisupdate",
        ),
        (
            OcspAnswer::new().next_update(None),
            "leaf: good\n\tThis Update",
        ),
    ] {
        give(&setting, &answer);
        judge(&setting, &[verdict]);
    }
    let text = setting.run("ocsp -respin response -resp_text -noverify");
    assert!(!text.contains("Next Update"), "{text}");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(951_868_799);
    give(&setting, &OcspAnswer::new().produced_at(long_ago));
    judge(
        &setting,
        &["Produced At: Feb 29 23:59:59 2000 GMT", "leaf: good"],
    );
}

#[test]
fn faults_that_openssl_names() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    use {DelegateFault as Delegate, OcspFault as Fault};
    let serial = &["Response verify OK", "ERROR: No Status found"];
    // Whether the issuer may sign about another issuer's certificate is answered differently from 3.0.22 on.
    let id = &["leaf: ERROR: No Status found"];
    let no_signer = &["Response Verify Failure", "signer certificate not found"];
    let table: &[(Fault, &[&str])] = &[
        (
            Fault::ResponseStatus(1),
            &["Responder Error: malformedrequest (1)"],
        ),
        (
            Fault::ResponseStatus(2),
            &["Responder Error: internalerror (2)"],
        ),
        (Fault::ResponseStatus(3), &["Responder Error: trylater (3)"]),
        (
            Fault::ResponseStatus(4),
            &["Responder Error: (UNKNOWN) (4)"],
        ),
        (
            Fault::ResponseStatus(5),
            &["Responder Error: sigrequired (5)"],
        ),
        (
            Fault::ResponseStatus(17),
            &["Responder Error: (UNKNOWN) (17)"],
        ),
        (Fault::WithoutBytes, &["no response data"]),
        (Fault::WrongType, &["not basic response"]),
        (Fault::WrongResponderName, no_signer),
        (Fault::WrongResponderKey, no_signer),
        (Fault::DelegateMissing, no_signer),
        (Fault::WithoutSingles, &["No Status found"]),
        (Fault::WrongSerial, serial),
        (Fault::WrongNameHash, id),
        (Fault::WrongKeyHash, id),
        (
            Fault::Md5CertId,
            &["Hash Algorithm: md5", "No Status found"],
        ),
        (
            Fault::UnknownCertIdHash,
            &["Hash Algorithm: 2.999.2", "No Status found"],
        ),
        (
            Fault::FlippedSignature,
            &["Response Verify Failure", "signature failure"],
        ),
        (
            Fault::SignedByStranger,
            &["Response Verify Failure", "signature failure"],
        ),
        (
            Fault::SignedByLeaf,
            &["Response Verify Failure", "missing ocspsigning usage"],
        ),
        (
            Fault::Called(SignatureName::EcdsaSha1),
            &["Response Verify Failure"],
        ),
        (
            Fault::Called(SignatureName::EcdsaSha512),
            &["Response Verify Failure"],
        ),
        (
            Fault::Called(SignatureName::RsaMd5),
            &["Response Verify Failure"],
        ),
        (
            Fault::Delegate(Delegate::WithoutPurpose),
            &["missing ocspsigning usage"],
        ),
        (
            Fault::Delegate(Delegate::AnyPurpose),
            &["missing ocspsigning usage"],
        ),
        (
            Fault::Delegate(Delegate::AnotherAuthority),
            &["Response Verify Failure"],
        ),
        (
            Fault::Delegate(Delegate::LowerAuthority),
            &["Response Verify Failure"],
        ),
        (
            Fault::Delegate(Delegate::Expired),
            &["certificate has expired"],
        ),
        (
            Fault::Delegate(Delegate::NotYetValid),
            &["certificate is not yet valid"],
        ),
        (
            Fault::Encoding(EncodingFault::Truncated),
            &["Error reading OCSP response"],
        ),
        (
            Fault::Encoding(EncodingFault::LengthBeyondEnd),
            &["Error reading OCSP response"],
        ),
        (
            Fault::Encoding(EncodingFault::DeepNesting),
            &["Error reading OCSP response"],
        ),
    ];
    for (fault, verdicts) in table {
        give(&setting, &OcspAnswer::new().fault(*fault));
        let text = judged(&setting);
        for verdict in *verdicts {
            assert!(
                text.contains(verdict),
                "{fault:?}: no {verdict:?} in\n{text}"
            );
        }
    }
}

#[test]
fn what_openssl_does_not_mind() {
    let Some(setting) = setting(Tenant::builder()) else {
        return;
    };
    use {DelegateFault as Delegate, OcspFault as Fault};
    let revoked = Status::revoked(Reason::Superseded);
    for (fault, seen) in [
        (Fault::Version(0), "Version: 1 (0x0)"),
        (Fault::Version(6), "Version: 7 (0x6)"),
        (Fault::UnknownCriticalExtension, "2.999.1: critical"),
        (Fault::UnknownCriticalSingleExtension, "2.999.1: critical"),
        (Fault::CriticalTimestamps, "CT Certificate SCTs: critical"),
        (Fault::Also(revoked), "Cert Status: revoked"),
        (Fault::BothHashes, "Hash Algorithm: sha256"),
        (Fault::WrongNonce, "OCSP Nonce"),
        (Fault::MoreCertificates(20), "Subject: CN=Mock stranger"),
        (Fault::Delegate(Delegate::Authority), "CA:TRUE"),
        (
            Fault::Delegate(Delegate::NotForSignatures),
            "Key Encipherment",
        ),
        (Fault::Delegate(Delegate::WithoutNoCheck), "OCSP Signing"),
    ] {
        give(&setting, &OcspAnswer::new().fault(fault));
        let text = judged(&setting).replace(" = ", "=");
        assert!(text.contains(seen), "{fault:?}: no {seen:?} in\n{text}");
        assert!(text.contains("Response verify OK"), "{fault:?}: {text}");
    }
    give(&setting, &OcspAnswer::new().delegated());
    judge(
        &setting,
        &["OCSP No Check", "Response verify OK", "leaf: good"],
    );
    give(
        &setting,
        &OcspAnswer::new().fault(Fault::Delegate(Delegate::WithoutNoCheck)),
    );
    assert!(!judged(&setting).contains("OCSP No Check"));
    give(
        &setting,
        &OcspAnswer::new()
            .fault(Fault::MoreCertificates(3))
            .delegated(),
    );
    judge(&setting, &["Response verify OK", "leaf: good"]);
    assert_eq!(judged(&setting).matches("Mock stranger").count(), 6);
    // The digits of times are read from the bytes: OpenSSL reads them all.
    for (form, part) in [(TimeForm::Fraction, ".5Z"), (TimeForm::Offset, "+0000")] {
        give(&setting, &OcspAnswer::new().fault(Fault::TimeForm(form)));
        let response = setting.read("response");
        assert!(String::from_utf8_lossy(&response).matches(part).count() >= 3);
    }
}

fn give(setting: &Setting, answer: &OcspAnswer) {
    let response = setting
        .tenant
        .revocation()
        .ocsp_response(Certificate::Leaf, answer);
    setting.write("response", &response);
}

fn judged(setting: &Setting) -> String {
    setting.run(&format!(
        "ocsp -no_nonce {LEAF} -respin response -resp_text -status_age 604800"
    ))
}

#[track_caller]
fn judge(setting: &Setting, verdicts: &[&str]) {
    let text = judged(setting);
    for verdict in verdicts {
        assert!(text.contains(verdict), "no {verdict:?} in\n{text}");
    }
}
