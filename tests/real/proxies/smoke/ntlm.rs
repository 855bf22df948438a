//! squid, which takes every response, and px, which does not; and cntlm, whose responses are good ones.

use super::{PASSWORD, Target, USER, WRONG};
use crate::probe::{self, Probe};
use crate::stand::{Proxy, cntlm, px, squid};

#[test]
fn squid_with_ntlm() {
    let Some(proxy) = squid::ntlm() else { return };
    let target = Target::new();
    let refused = target.refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["NTLM"]));
    assert!(!has_target_information(&challenge(&proxy, &target)));
}

#[test]
fn px_with_ntlm() {
    let Some(proxy) = px::ntlm("CORP\\user", PASSWORD) else {
        return;
    };
    let target = Target::new();
    let refused = target.refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["NTLM"]));
    assert!(has_target_information(&challenge(&proxy, &target)));
    proxy.log().line(&["Auth type: NTLM"]);
}

/// That the response is a good one is up to px.
#[test]
fn cntlm_answers_px_by_itself() {
    let Some(px) = px::ntlm("CORP\\user", PASSWORD) else {
        return;
    };
    let Some(proxy) = cntlm::in_front_of(px, "CORP", USER, PASSWORD) else {
        return;
    };
    let target = Target::new();
    target.passes(&proxy, None);
    proxy.log().line(&["HEAD: CONNECT", &target.host]);
    proxy.log().line(&["HEAD: GET", &target.url]);
    let px = proxy.behind().log();
    px.line(&["Authenticated NTLM client"]);
    px.line(&["CONNECT", &target.host]);
    px.line(&["GET", &target.url]);
}

#[test]
fn cntlm_with_a_wrong_password_lets_nobody_through() {
    let Some(px) = px::ntlm("CORP\\user", PASSWORD) else {
        return;
    };
    let Some(proxy) = cntlm::in_front_of(px, "CORP", USER, WRONG) else {
        return;
    };
    let answer = Target::new().refused(&proxy, None);
    assert_eq!(answer.status, 401);
    proxy.behind().log().line(&["Authentication failed"]);
}

#[test]
fn px_with_digest() {
    let Some(proxy) = px::digest(USER, PASSWORD) else {
        return;
    };
    let refused = Target::new().refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Digest"]));
}

#[test]
fn px_with_basic() {
    let Some(proxy) = px::basic(USER, PASSWORD) else {
        return;
    };
    let target = Target::new();
    let refused = target.refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Basic"]));
    let refused = target.refused(&proxy, Some(&probe::basic(USER, WRONG)));
    assert_eq!((refused.status, refused.schemes()), (401, vec![]));
    target.passes(&proxy, Some(&probe::basic(USER, PASSWORD)));
    proxy.log().line(&["Authenticated Basic client"]);
    proxy.log().line(&["CONNECT", &target.host]);
    proxy.log().line(&["GET", &target.url]);
}

/// The message of type 2 that follows the smallest one of type 1.
fn challenge(proxy: &Proxy, target: &Target) -> Vec<u8> {
    // Unicode and NTLM, a target and the extended session security; no domain and no workstation.
    const HELLO: &str = "NTLM TlRMTVNTUAABAAAABQIIAAAAAAAAAAAAAAAAAAAAAAA=";
    let answer = Probe::new(&proxy.url()).connect(&target.host, Some(HELLO));
    assert_eq!(answer.status, 407);
    let message = answer.token("NTLM");
    assert!(message.starts_with(b"NTLMSSP\0\x02\0\0\0"), "{message:?}");
    message
}

/// `NTLMSSP_NEGOTIATE_TARGET_INFO` of MS-NLMP 2.2.2.5.
fn has_target_information(challenge: &[u8]) -> bool {
    challenge[22] & 0x80 != 0
}
