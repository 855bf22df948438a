//! The SOCKS servers.

use super::{PASSWORD, Target, USER, WRONG};
use crate::probe::Probe;
use crate::stand::{Proxy, dante, microsocks};

#[test]
fn dante_opens_ways_without_a_password() {
    let Some(proxy) = dante::open() else { return };
    let target = Target::new();
    let mut probe = Probe::new(&proxy.url());
    probe.say(&[5, 1, 0]);
    assert_eq!(probe.hear(2), [5, 0]);
    target.passes_socks(probe);
    let port = format!("127.0.0.1.{}", target.port);
    proxy.log().line(&["pass(1): tcp/connect", &port]);
}

/// It takes the address that marks a name in SOCKS4a for an address.
#[test]
fn dante_takes_addresses_and_no_names_in_socks4() {
    let Some(proxy) = dante::open() else { return };
    let target = Target::new();
    let request = |address: [u8; 4], name: &str| {
        let port = target.port.to_be_bytes();
        let mut request = vec![4, 1, port[0], port[1]];
        request.extend(address);
        request.push(0);
        request.extend(name.bytes());
        let mut probe = Probe::new(&proxy.url());
        probe.say(&request);
        let answer = probe.hear(8);
        assert_eq!(answer[0], 0);
        (answer[1], probe)
    };
    let (granted, mut probe) = request([127, 0, 0, 1], "");
    assert_eq!(granted, 90);
    target.is_there(&probe.get_inside(&target.url));
    let (refused, _) = request([0, 0, 0, 1], "localhost\0");
    assert_eq!(refused, 91);
}

#[test]
fn microsocks_wants_a_password() {
    let Some(proxy) = microsocks::start(USER, PASSWORD) else {
        return;
    };
    let target = Target::new();
    let mut probe = Probe::new(&proxy.url());
    probe.say(&[5, 1, 0]);
    assert_eq!(probe.hear(2), [5, 0xff]);
    let mut probe = with_password(&proxy, WRONG);
    assert_ne!(probe.hear(2)[1], 0);
    assert!(probe.is_closed());
    let mut probe = with_password(&proxy, PASSWORD);
    assert_eq!(probe.hear(2), [1, 0]);
    target.passes_socks(probe);
    proxy.log().line(&["connected to", &target.host]);
}

/// A connection to a SOCKS5 proxy that has to say what it thinks of this password (RFC 1929).
fn with_password(proxy: &Proxy, password: &str) -> Probe {
    let mut probe = Probe::new(&proxy.url());
    probe.say(&[5, 1, 2]);
    assert_eq!(probe.hear(2), [5, 2]);
    let mut request = vec![1];
    for word in [USER, password] {
        request.push(word.len() as u8);
        request.extend(word.bytes());
    }
    probe.say(&request);
    probe
}
