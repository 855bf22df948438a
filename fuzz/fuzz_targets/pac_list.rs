//! Any text as a script's answer: bounded, without repetitions, and never empty.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::proxy::{Candidate, ProxyServer, pac_list};

fuzz_target!(|input: &str| {
    let Ok(list) = pac_list::parse(input) else {
        return;
    };
    assert!(!list.candidates.is_empty() && list.candidates.len() <= pac_list::MAX_CANDIDATES);
    for (at, candidate) in list.candidates.iter().enumerate() {
        assert!(!list.candidates[..at].contains(candidate));
        if let Candidate::Proxy(server) = candidate {
            assert_eq!(
                server.to_string().parse::<ProxyServer>().as_ref(),
                Ok(server)
            );
        }
    }
});
