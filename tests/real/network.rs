//! A computer without a network, then with one, then with IPv6 alone: in network namespaces of the test's own.
//!
//! Each test runs this program again for itself alone, in a namespace that has nothing but a loopback that is down.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod namespace;

use std::process::Command;
use std::time::Duration;

use sspr::mock::Tenant;
use sspr::proxy::Explicit;
use sspr::{
    Code, Fault, NativeV1, Network, NewPassword, Outcome, ResetClient, RootScope, Step,
    SystemNetwork, Trust, Username,
};

use namespace::is_inside;

const USER: &str = "adele@contoso.com";

#[test]
fn without_a_network_there_is_a_fault_and_waiting_ends_when_it_comes_up() {
    if !is_inside(
        &["--net"],
        "without_a_network_there_is_a_fault_and_waiting_ends_when_it_comes_up",
    ) {
        return;
    }
    assert!(!SystemNetwork.is_up());
    let protocol = NativeV1::new(
        "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
        "id",
    );
    let client = ResetClient::builder(protocol.unwrap())
        .way(Explicit::Direct)
        .build()
        .unwrap();
    run(async {
        let error = client
            .start(Username::parse(USER).unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.fault(), &Fault::NoNetwork);
        let error = client
            .wait_for_network(Some(Duration::ZERO))
            .await
            .unwrap_err();
        assert_eq!(error.fault(), &Fault::NoNetwork);

        let (waited, ()) = tokio::join!(client.wait_for_network(None), async {
            ip("link set lo up");
            ip("route add default dev lo");
        });
        waited.unwrap();
    });
    assert!(SystemNetwork.is_up());
}

#[test]
fn a_reset_needs_no_ipv4() {
    if !is_inside(&["--net"], "a_reset_needs_no_ipv4") {
        return;
    }
    ip("link set lo up");
    ip("-4 address flush dev lo");
    let tenant = Tenant::builder().ipv6().start().unwrap();
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let client = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust)
        .build()
        .unwrap();
    run(async {
        let mut reset = client.start(Username::parse(USER).unwrap()).await.unwrap();
        let code = tenant.inbox().latest(USER).unwrap().code;
        reset.enter_code(Code::new(code)).await.unwrap();
        reset
            .set_password(NewPassword::new("Winter-Snow-9"))
            .await
            .unwrap();
        while let Step::Applying { .. } = reset.step() {
            reset.wait().await.unwrap();
        }
        assert!(matches!(
            reset.step(),
            Step::Finished(Outcome::PasswordChanged { .. })
        ));
    });
}

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future);
}

fn ip(arguments: &str) {
    let status = Command::new("ip")
        .args(arguments.split(' '))
        .status()
        .unwrap();
    assert!(status.success(), "ip {arguments}");
}
