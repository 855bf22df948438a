//! A responder to whom the issuer has delegated (RFC 6960, section 4.2.2.2), made for one response.

use super::ocsp_fault::DelegateFault;
use crate::mock::pki::{DAY, Entity, Key, Template, extension};

use extension::{Purpose, Usage};

/// The delegate, and what belongs in `certs`.
pub(super) fn delegate(issuer: &Entity, fault: Option<DelegateFault>) -> (Entity, Vec<Vec<u8>>) {
    let is = |wrong| fault == Some(wrong);
    let mut template = Template::new("Mock tenant OCSP responder", 90 * DAY)
        .may_issue(is(DelegateFault::Authority))
        .usages(if is(DelegateFault::NotForSignatures) {
            &[Usage::KeyEncipherment]
        } else {
            &[Usage::DigitalSignature]
        });
    template = match fault {
        Some(DelegateFault::WithoutPurpose) => template,
        Some(DelegateFault::AnyPurpose) => template.purpose(Purpose::Any),
        _ => template.purpose(Purpose::OcspSigning),
    };
    if !is(DelegateFault::WithoutNoCheck) {
        template = template.no_check();
    }
    template = match fault {
        Some(DelegateFault::Expired) => template.expired(),
        Some(DelegateFault::NotYetValid) => template.not_yet_valid(),
        _ => template,
    };
    let key = || Key::generate().into();
    let another = match fault {
        Some(DelegateFault::AnotherAuthority) => {
            Some(Template::authority("Mock other authority").self_signed(key()))
        }
        Some(DelegateFault::LowerAuthority) => {
            Some(Template::authority("Mock lower authority").signed_by(key(), issuer))
        }
        _ => None,
    };
    let delegate = template.signed_by(key(), another.as_ref().unwrap_or(issuer));
    let mut shown = vec![delegate.der.clone()];
    shown.extend(another.map(|another| another.der));
    (delegate, shown)
}
