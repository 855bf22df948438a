//! What the fuzz targets see of the parsers here, which have no public name.

pub use super::auth::fuzzing::{Challenge, ntlm_challenge, spnego_response};
use super::connect;
use super::socks::{self, Flaw, Progress, v4, v5};

pub use connect::fuzzing::connect_response;

/// Reads an answer of a SOCKS proxy as it is asked for: to the greeting, the login or the request of version 5, or to the
/// request of version 4. Says whether it is a good one, and how many bytes were taken; `None` if it ended too early.
pub fn socks_reply(which: u8, input: &[u8]) -> Option<(bool, usize)> {
    match which % 4 {
        0 => fed(v5::chosen, input),
        1 => fed(v5::logged_in, input),
        2 => fed(v5::reply, input),
        _ => fed(v4::reply, input),
    }
}

fn fed<T>(
    parse: fn(&[u8]) -> Result<Progress<T>, socks::Flaw>,
    input: &[u8],
) -> Option<(bool, usize)> {
    let mut taken = 0;
    loop {
        match parse(input.get(..taken)?) {
            Ok(Progress::Needs(more)) => {
                assert!(more > 0, "asks for nothing");
                taken += more;
            }
            Ok(Progress::Done(_)) => return Some((true, taken)),
            Err(Flaw::NotSocks | Flaw::Problem(_)) => return Some((false, taken)),
        }
    }
}
