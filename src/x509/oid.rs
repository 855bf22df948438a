//! Object identifiers, compared as the bytes they are.

use std::fmt;

use crate::error::PeerText;

/// An object identifier: the contents octets of its DER form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Oid<'a>(pub &'a [u8]);

/// Dotted decimal, such as `2.5.29.15`.
impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let mut arc = 0u64;
        for octet in self.0 {
            arc = arc
                .saturating_mul(128)
                .saturating_add(u64::from(octet & 0x7f));
            if octet & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2);
                write!(f, "{root}.{}", arc - root * 40)?;
                first = false;
            } else {
                write!(f, ".{arc}")?;
            }
            arc = 0;
        }
        Ok(())
    }
}

impl From<Oid<'_>> for PeerText {
    fn from(oid: Oid<'_>) -> Self {
        Self::from(oid.to_string())
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $bytes:expr;)*) => {
        impl Oid<'static> {
            $($(#[$doc])* pub const $name: Self = Self(&$bytes);)*
        }
    };
}

oids! {
    /// `id-ce-keyUsage`
    KEY_USAGE = [0x55, 0x1d, 0x0f];
    /// `id-ce-subjectAltName`
    SUBJECT_ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
    /// `id-ce-basicConstraints`
    BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
    /// `id-ce-cRLNumber`
    CRL_NUMBER = [0x55, 0x1d, 0x14];
    /// `id-ce-cRLReasons`
    REASON_CODE = [0x55, 0x1d, 0x15];
    /// `id-ce-invalidityDate`
    INVALIDITY_DATE = [0x55, 0x1d, 0x18];
    /// `id-ce-deltaCRLIndicator`
    DELTA_CRL_INDICATOR = [0x55, 0x1d, 0x1b];
    /// `id-ce-issuingDistributionPoint`
    ISSUING_DISTRIBUTION_POINT = [0x55, 0x1d, 0x1c];
    /// `id-ce-certificateIssuer`
    CERTIFICATE_ISSUER = [0x55, 0x1d, 0x1d];
    /// `id-ce-nameConstraints`
    NAME_CONSTRAINTS = [0x55, 0x1d, 0x1e];
    /// `id-ce-cRLDistributionPoints`
    CRL_DISTRIBUTION_POINTS = [0x55, 0x1d, 0x1f];
    /// `id-ce-authorityKeyIdentifier`
    AUTHORITY_KEY_IDENTIFIER = [0x55, 0x1d, 0x23];
    /// `id-ce-extKeyUsage`
    EXTENDED_KEY_USAGE = [0x55, 0x1d, 0x25];
    /// `id-pe-authorityInfoAccess`
    AUTHORITY_INFORMATION_ACCESS = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01];
    /// `id-pe-tlsfeature` (RFC 7633)
    TLS_FEATURE = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18];
    /// `id-kp-serverAuth`
    SERVER_AUTH = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
    /// `id-kp-OCSPSigning`
    OCSP_SIGNING = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];
    /// `id-ad-ocsp`
    OCSP = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01];
    /// `id-pkix-ocsp-basic`
    OCSP_BASIC = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];
    /// `id-pkix-ocsp-nonce`
    OCSP_NONCE = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02];
    /// `id-pkix-ocsp-nocheck`
    OCSP_NO_CHECK = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x05];
    /// `id-ad-caIssuers`
    CA_ISSUERS = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
    /// The list of signed certificate timestamps in an OCSP single response (RFC 6962).
    OCSP_SCT_LIST = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x05];
    /// `rsaEncryption`
    RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    /// `id-ecPublicKey`
    EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    /// `id-sha1`
    SHA1 = [0x2b, 0x0e, 0x03, 0x02, 0x1a];
    /// `id-sha256`
    SHA256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    /// `id-sha384`
    SHA384 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
    /// `id-sha512`
    SHA512 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
}

impl Oid<'_> {
    /// Whether this names a signature over MD2, MD4, MD5 or SHA-1, which no one may trust now.
    pub fn is_weak_signature(&self) -> bool {
        const WEAK: [&[u8]; 9] = [
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02], // md2WithRSA
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x03], // md4WithRSA
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], // md5WithRSA
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], // sha1WithRSA
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],             // ecdsa-with-SHA1
            &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03],             // dsa-with-SHA1
            &[0x2b, 0x0e, 0x03, 0x02, 0x1d],                         // sha1WithRSA (OIW)
            &[0x2b, 0x0e, 0x03, 0x02, 0x1b],                         // dsaWithSHA1 (OIW)
            &[0x2b, 0x0e, 0x03, 0x02, 0x03],                         // md5WithRSA (OIW)
        ];
        WEAK.contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_in_dotted_decimal() {
        for (oid, text) in [
            (Oid::KEY_USAGE, "2.5.29.15"),
            (Oid::TLS_FEATURE, "1.3.6.1.5.5.7.1.24"),
            (Oid::OCSP_SCT_LIST, "1.3.6.1.4.1.11129.2.4.5"),
            (Oid::SHA512, "2.16.840.1.101.3.4.2.3"),
            (Oid::RSA, "1.2.840.113549.1.1.1"),
            (Oid(&[0x88, 0x37]), "2.999"),
            (Oid(&[]), ""),
        ] {
            assert_eq!(oid.to_string(), text);
        }
        assert_eq!(Oid(&[0xff; 40]).to_string(), "", "an arc without an end");
    }
}
