//! Any text as a list of servers: a server that is read reads back as itself, and no scheme with a refused server is
//! said to be left out.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::proxy::{ProxyServer, ServerChoice, ServerList, ServerUse};

fuzz_target!(|input: &str| {
    let list = ServerList::parse(input);
    for (_, server) in list.servers() {
        assert_ne!(server.port, 0);
        assert_eq!(
            server.to_string().parse::<ProxyServer>().as_ref(),
            Ok(server)
        );
    }
    for refused in list.refused() {
        assert!(!refused.token.contains('@') || refused.token.starts_with("…@"));
    }
    for (scheme, used_for) in [("http", ServerUse::Http), ("https", ServerUse::Https)] {
        let meant = list
            .refused()
            .iter()
            .any(|refused| refused.used_for == Some(used_for));
        assert!(!(meant && list.choose(scheme) == ServerChoice::NotListed));
    }
});
