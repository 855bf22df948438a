//! The answers to what proxies say in a login, with all that is random fixed.

pub use super::challenge::Challenge;
use super::negotiate;
use super::ntlm::{self, Account, Bound, Fresh};
use crate::secret::ProxyPassword;

/// The third message of NTLM, if the challenge can be answered.
pub fn ntlm_challenge(challenge: &[u8]) -> Option<Vec<u8>> {
    let password = ProxyPassword::new("Pa55word");
    let account = Account::new(r"CORP\adele", &password, "WS1");
    let bound = Bound {
        service: "HTTP/proxy.corp.example",
        channel: Some([7; 16]),
    };
    let fresh = Fresh {
        random: [1; 8],
        time: 2,
    };
    let message = ntlm::authenticate(challenge, &account, &bound, fresh);
    message.ok().map(|message| message.to_vec())
}

/// The Kerberos token in the answer to a ticket.
#[cfg(unix)]
pub fn spnego_response(message: &[u8]) -> Option<&[u8]> {
    negotiate::spnego_response(message)
}
