//! Names and networks, in namespaces of the test's own: the resolver of the system asks a dnsmasq, or nobody.

use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use sspr::diagnosis::{Diagnosis, Report};
use sspr::proxy::{Explicit, ProxyServer};
use sspr::{Channel, NativeV1};

use crate::namespace::is_inside;
use crate::stand::PATIENCE;
use crate::stand::installed::has;

crate::scenarios![
    no_network,
    dnsmasq_does_not_know_the_name,
    dnsmasq_does_not_know_the_proxy,
    dnsmasq_filters_the_name,
    no_name_server,
];

/// Whether this is the process in the namespaces; if not, it is run.
fn inside(name: &str) -> bool {
    has("dnsmasq", &["dnsmasq", "unshare", "ip"])
        && is_inside(&["--net", "--mount"], &format!("names::tests::{name}"))
}

fn run(program: &str, arguments: &str) {
    let status = Command::new(program)
        .args(arguments.split(' '))
        .status()
        .unwrap();
    assert!(status.success(), "{program} {arguments}");
}

/// A network with a route to everywhere, at which nobody is but this computer.
fn bring_up() {
    run("ip", "link set lo up");
    run("ip", "route add default dev lo");
}

/// Makes the system ask this computer for names.
fn ask_here() {
    run("mount", "-t tmpfs tmpfs /mnt");
    fs::write(
        "/mnt/resolv.conf",
        "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    )
    .unwrap();
    run("mount", "--bind /mnt/resolv.conf /etc/resolv.conf");
}

/// The way to Microsoft's own sign-in service, as the system finds it.
async fn told(way: impl Into<Explicit>) -> Option<Report> {
    let authority = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com";
    let protocol = NativeV1::new(authority, "an-id").unwrap();
    let channel = Channel::builder().way(way);
    let diagnosis = Diagnosis::new().protocol(&protocol).over(channel);
    Some(diagnosis.diagnose().await)
}

async fn no_network() -> Option<Report> {
    if !inside("no_network") {
        return None;
    }
    told(Explicit::Direct).await
}

/// Where dnsmasq answers with these options.
async fn answered(options: &[&str], way: impl Into<Explicit>) -> Option<Report> {
    bring_up();
    ask_here();
    let mut dnsmasq = Command::new("dnsmasq");
    dnsmasq
        .args([
            "--no-daemon",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
        ])
        .args([
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            "--user=root",
            "--group=root",
        ])
        .args(["--pid-file="])
        .args(options);
    let mut running = dnsmasq.spawn().unwrap();
    let deadline = Instant::now() + PATIENCE;
    // It listens over TCP as well.
    while TcpStream::connect("127.0.0.1:53").is_err() {
        assert!(running.try_wait().unwrap().is_none());
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(10));
    }
    let report = told(way).await;
    let _ = running.kill();
    let _ = running.wait();
    report
}

async fn dnsmasq_does_not_know_the_name() -> Option<Report> {
    if !inside("dnsmasq_does_not_know_the_name") {
        return None;
    }
    answered(&["--local=/com/"], Explicit::Direct).await
}

async fn dnsmasq_does_not_know_the_proxy() -> Option<Report> {
    if !inside("dnsmasq_does_not_know_the_proxy") {
        return None;
    }
    let proxy: ProxyServer = "http://proxy.corp.example:8080".parse().unwrap();
    answered(&["--local=/example/"], proxy).await
}

/// As filters of names do it.
async fn dnsmasq_filters_the_name() -> Option<Report> {
    if !inside("dnsmasq_filters_the_name") {
        return None;
    }
    answered(&["--address=/ciamlogin.com/0.0.0.0"], Explicit::Direct).await
}

async fn no_name_server() -> Option<Report> {
    if !inside("no_name_server") {
        return None;
    }
    bring_up();
    ask_here();
    told(Explicit::Direct).await
}
