//! Ways on which several things stand, or that only a second look tells apart.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;

use sspr::diagnosis::{Severity, Sign, Verdict};
use sspr::mock::Tenant;
use sspr::proxy::ProxyServer;
use sspr::revocation::Policy;
use sspr::{NativeV1, RequiredEndpoint, ResetClient, RootScope, Stage, Trust};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::site::{asking, channel, diagnosis, over};

type Served = Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// A server on this computer that treats each connection as `serve` says; the first is 0.
async fn server(serve: impl Fn(usize, TcpStream) -> Served + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(number, stream));
        }
    });
    address
}

async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Some old servers refuse a version that they do not know as if it were about cipher suites.
#[tokio::test]
async fn an_old_server_that_gives_another_reason_is_told_apart_by_a_probe() {
    const REFUSED: &[u8] = b"\x15\x03\x01\x00\x02\x02\x28";
    const HELLO: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
        0123456789abcdef0123456789abcdef\x00\x00\x2f\x00";
    let old = server(|number, mut stream| {
        Box::pin(async move {
            let mut record = [0; 5];
            stream.read_exact(&mut record).await?;
            let mut hello = vec![0; usize::from(u16::from_be_bytes([record[3], record[4]]))];
            stream.read_exact(&mut hello).await?;
            stream
                .write_all(if number == 0 { REFUSED } else { HELLO })
                .await?;
            stream.shutdown().await?;
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
            Ok(())
        })
    })
    .await;
    let tenant = Tenant::start().unwrap();
    let from = format!("localhost:{}", tenant.address().port());
    let channel = channel(&tenant).connect_to(from, old.to_string());
    let report = over(&tenant, channel).diagnose().await;
    let problem = &report.problems[0];
    assert_eq!((problem.stage, &*problem.fault), (Stage::Tls, "too-old"));
    assert_eq!(problem.evidence["chosen"], 0x0302);
}

#[tokio::test]
async fn some_hosts_blocked_and_others_not() {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("https://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    let tenant = Tenant::start().unwrap();
    let other = RequiredEndpoint::page(Url::parse(&url).unwrap());
    let report = diagnosis(&tenant).endpoint(other).diagnose().await;
    assert_eq!(report.verdict, Verdict::Blocked);
    assert_eq!(report.signs, [Sign::MixedAnswers]);
    let verdicts = report.endpoints.iter().map(|one| one.verdict);
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        [Verdict::Ok, Verdict::Blocked]
    );
    assert_eq!(report.problems[0].hosts, ["127.0.0.1"]);
}

/// A proxy that opens tunnels and fetches nothing.
async fn tunnels_only() -> ProxyServer {
    let address = server(|_, mut client| {
        Box::pin(async move {
            let head = head(&mut client).await?;
            let Some(target) = head.strip_prefix("CONNECT ") else {
                return client
                    .write_all(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n")
                    .await;
            };
            let (_, port) = target.split_once(' ').unwrap().0.rsplit_once(':').unwrap();
            let port: u16 = port.parse().unwrap();
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            copy_bidirectional(&mut client, &mut server).await?;
            Ok(())
        })
    })
    .await;
    format!("http://{address}").parse().unwrap()
}

#[tokio::test]
async fn a_proxy_that_lets_only_the_tenant_through() {
    let tenant = Tenant::start().unwrap();
    let lenient = channel(&tenant).way(tunnels_only().await);
    let report = over(&tenant, lenient).diagnose().await;
    assert_eq!(report.verdict, Verdict::Degraded);
    let told: Vec<_> = report
        .problems
        .iter()
        .map(|one| (one.stage, &*one.fault))
        .collect();
    assert_eq!(
        told,
        [
            (Stage::Proxy, "refused"),
            (Stage::Revocation, "unreachable")
        ]
    );
    assert_eq!(report.signs, [Sign::RevocationBlocked]);

    let strict = channel(&tenant)
        .way(tunnels_only().await)
        .revocation(asking(Policy::Strict));
    let report = over(&tenant, strict).diagnose().await;
    assert_eq!(report.verdict, Verdict::Blocked);
    let problem = &report.problems[0];
    assert_eq!(
        (problem.stage, problem.severity),
        (Stage::Revocation, Severity::Blocks)
    );
    // What blocks it is the proxy, so the remedy is the proxy's.
    assert_eq!(problem.remedy, sspr::Remedy::OpenFirewall);
}

#[tokio::test]
async fn a_page_in_the_place_of_tls_points_to_a_portal() {
    let portal = server(|_, mut stream| {
        Box::pin(async move {
            stream.read_u8().await?;
            stream
                .write_all(b"HTTP/1.1 302 Found\r\nlocation: http://portal/\r\n\r\n")
                .await?;
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
            Ok(())
        })
    })
    .await;
    let tenant = Tenant::start().unwrap();
    let from = format!("localhost:{}", tenant.address().port());
    let report = over(
        &tenant,
        channel(&tenant).connect_to(from, portal.to_string()),
    )
    .diagnose()
    .await;
    assert_eq!(
        (report.problems[0].stage, &*report.problems[0].fault),
        (Stage::Tls, "not-tls")
    );
    assert_eq!(report.signs, [Sign::CaptivePortal]);
}

#[tokio::test]
async fn a_client_is_diagnosed_with_its_own_settings() {
    let tenant = Tenant::start().unwrap();
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let client = || ResetClient::builder(protocol.clone()).way(sspr::proxy::Explicit::Direct);
    let report = client()
        .trust(trust)
        .revocation(asking(Policy::Strict))
        .diagnosis()
        .diagnose()
        .await;
    assert_eq!(
        (report.verdict, report.protocol),
        (Verdict::Ok, Some("native-v1"))
    );
    let report = client().diagnosis().diagnose().await;
    assert_eq!(report.problems[0].stage, Stage::Trust);
    assert_eq!(report.signs, [Sign::Inspection]);
}
