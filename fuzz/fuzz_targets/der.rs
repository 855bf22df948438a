//! Any bytes, as DER and as a certificate.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::x509::Certificate;
use sspr::x509::der::Reader;

fuzz_target!(|input: &[u8]| {
    let mut readers = vec![Reader::new(input)];
    while let Some(mut reader) = readers.pop() {
        while let Ok(element) = reader.any() {
            assert!(element.whole.ends_with(element.contents));
            assert!(element.offset + element.contents.len() <= input.len());
            if element.tag & 0x20 != 0 {
                readers.push(element.reader());
            }
        }
    }

    if let Ok(certificate) = Certificate::from_bytes(input) {
        let _ = (
            certificate.issuer.to_string(),
            certificate.subject.to_string(),
        );
        assert!(certificate.subject.matches(&certificate.subject));
        let _ = (certificate.ocsp_urls(), certificate.issuer_urls());
        for point in certificate.crl_distribution_points().into_iter().flatten() {
            let _ = point.urls();
        }
        let _ = (
            certificate.public_key.kind(),
            certificate.public_key.to_der(),
        );
        let _ = (certificate.is_short_lived(), format!("{certificate:?}"));
    }
});
