//! Staples, as OpenSSL's TLS client gets them.

use sspr::mock::{Certificate, OcspAnswer, Reason, Staple, Status, Tenant};

use super::openssl::setting;

#[test]
fn staples_in_both_versions() {
    for builder in [Tenant::builder(), Tenant::builder().tls12_only()] {
        let Some(setting) = setting(builder.must_staple()) else {
            return;
        };
        let revocation = setting.tenant.revocation();
        let expect = |wanted: &[&str]| {
            let address = setting.tenant.address();
            setting.expect(
                &format!("s_client -connect {address} -servername localhost -CAfile root -status"),
                &[&["Verification: OK"], wanted].concat(),
            );
        };
        expect(&["OCSP response: no response sent"]);
        revocation.set_staple(Staple::Answer(OcspAnswer::new().delegated()));
        expect(&[
            "OCSP Response Status: successful",
            "Cert Status: good",
            "OCSP Signing",
        ]);
        revocation.set_status(Certificate::Leaf, Status::revoked(Reason::Superseded));
        expect(&["Cert Status: revoked", "Revocation Reason: superseded"]);
        let good = OcspAnswer::new().status(Status::Good);
        revocation.set_staple(Staple::Answer(good.clone()));
        expect(&["Cert Status: good"]);
        revocation.set_staple(Staple::OtherCertificate(good));
        expect(&["Cert Status: good", "CN = Mock tenant root"]);
        revocation.set_staple(Staple::Bytes(vec![1, 2, 3]));
        expect(&["OCSP response: response parse error"]);
    }
}
