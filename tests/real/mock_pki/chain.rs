//! Certificates: sound ones, and every fault.

use std::time::Duration;

use sspr::mock::{Certificate, CertificateFault, EncodingFault, Tenant};

use super::openssl::setting;

const VERIFY: &str = "verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile root \
                      -no-CApath -untrusted shown leaf";

#[test]
fn a_sound_chain() {
    let Some(sound) = setting(Tenant::builder().must_staple()) else {
        return;
    };
    sound.expect(VERIFY, &["leaf: OK"]);
    for host in ["127.0.0.1", "::1"] {
        let verify = format!("verify -CAfile root -untrusted shown -verify_ip {host} leaf");
        sound.expect(&verify, &["leaf: OK"]);
    }
    let revocation = sound.tenant.revocation();
    let (ocsp, crl, issuer) = (
        format!("OCSP - URI:{}", revocation.ocsp_url(Certificate::Leaf)),
        format!("URI:{}", revocation.crl_url(Certificate::Leaf)),
        format!(
            "CA Issuers - URI:{}",
            revocation.issuer_url(Certificate::Leaf)
        ),
    );
    let wanted = [
        &ocsp,
        &crl,
        &issuer,
        "TLS Feature: \n                status_request",
        "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
        "TLS Web Server Authentication",
        "X509v3 Key Usage: critical\n                Digital Signature\n",
        "X509v3 Basic Constraints: critical\n                CA:FALSE",
    ];
    sound.expect("x509 -in leaf -noout -text", &wanted);
    let wanted = [
        &format!(
            "OCSP - URI:{}",
            revocation.ocsp_url(Certificate::Intermediate)
        ),
        &format!("URI:{}", revocation.crl_url(Certificate::Intermediate)),
        "Digital Signature, Certificate Sign, CRL Sign",
        "CA:TRUE, pathlen:0",
    ];
    sound.expect("x509 -in intermediate -noout -text", &wanted);
    sound.expect(
        "x509 -in root -noout -text",
        &["Certificate Sign, CRL Sign", "CA:TRUE\n"],
    );
}

#[test]
fn pointers_as_ordered() {
    let builder = Tenant::builder()
        .certificate_lifetime(Duration::from_secs(6 * 86_400))
        .ocsp_urls(
            Certificate::Leaf,
            ["ldap://directory", "http://{responder}/other"],
        )
        .crl_urls(
            Certificate::Leaf,
            ["http://{responder}/1", "http://{responder}/2"],
        );
    let Some(ordered) = setting(builder) else {
        return;
    };
    ordered.expect(VERIFY, &["leaf: OK"]);
    ordered.expect(
        "x509 -in leaf -noout -text",
        &["OCSP - URI:ldap://directory", "/other\n", "/1\n", "/2\n"],
    );
    // Two thirds of six days are left.
    ordered.expect(
        "x509 -in leaf -noout -checkend 345000",
        &["will not expire"],
    );
    ordered.expect("x509 -in leaf -noout -checkend 346000", &["will expire"]);
    let Some(silent) = setting(Tenant::builder().without_revocation()) else {
        return;
    };
    for certificate in ["leaf", "intermediate"] {
        let text = silent.run(&format!("x509 -in {certificate} -noout -text"));
        assert!(!text.contains("OCSP - URI"), "{text}");
        assert!(!text.contains("Distribution"), "{text}");
    }
}

#[test]
fn every_fault() {
    use CertificateFault as Fault;
    let names = |names: &[&str]| Fault::Names(names.iter().map(ToString::to_string).collect());
    for (fault, verdict) in [
        (Fault::Expired, "certificate has expired"),
        (Fault::NotYetValid, "certificate is not yet valid"),
        (names(&["login.example.com"]), "hostname mismatch"),
        (names(&["*.localhost"]), "hostname mismatch"),
        (names(&["*.example.com", "localhost"]), "leaf: OK"),
        // OpenSSL takes the common name if there is no alternative name.
        (Fault::CommonNameOnly, "leaf: OK"),
        (Fault::SelfSigned, "self-signed certificate"),
        (Fault::UnknownRoot, "unable to get local issuer certificate"),
        (
            Fault::MissingIntermediate,
            "unable to get local issuer certificate",
        ),
        (Fault::NotForServers, "unsuitable certificate purpose"),
        // Nor does it mind an authority as a server.
        (Fault::CaAsLeaf, "leaf: OK"),
        (Fault::PathLengthExceeded, "path length constraint exceeded"),
        (Fault::NameConstraintViolated, "permitted subtree violation"),
        (
            Fault::UnknownCriticalExtension,
            "unhandled critical extension",
        ),
        (Fault::Intermediates(2), "leaf: OK"),
        (Fault::Intermediates(30), "leaf: OK"),
        (Fault::Loop, "unable to get"),
        (Fault::ExpiredIntermediate, "certificate has expired"),
        (Fault::ExpiredIntermediateFirst, "leaf: OK"),
        (Fault::ExpiredRoot, "certificate has expired"),
        (Fault::WeakIntermediate, "certificate signature failure"),
        (
            Fault::Encoding(EncodingFault::LengthBeyondEnd),
            "Could not read cert",
        ),
        (
            Fault::Encoding(EncodingFault::Truncated),
            "Could not read cert",
        ),
        (
            Fault::Encoding(EncodingFault::DeepNesting),
            "Could not read cert",
        ),
    ] {
        let Some(faulty) = setting(Tenant::builder().certificate(fault.clone())) else {
            return;
        };
        let text = faulty.run(VERIFY);
        assert!(text.contains(verdict), "{fault:?}: {text}");
    }
}

#[test]
fn what_openssl_reads_without_complaint() {
    let ber = CertificateFault::Encoding(EncodingFault::IndefiniteLength);
    let longer = CertificateFault::Encoding(EncodingFault::TrailingByte);
    for (fault, first, last) in [(ber, [0x30, 0x80], [0, 0]), (longer, [0x30, 0x82], [0, 0])] {
        let tenant = Tenant::builder().certificate(fault).start().unwrap();
        let leaf = tenant.revocation().certificate(Certificate::Leaf);
        assert_eq!(leaf[..2], first);
        assert_eq!(leaf[leaf.len() - 1], last[1]);
    }
}
