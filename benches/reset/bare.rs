//! The same requests by hand: hyper on rustls, and nothing else.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, client::Resumption};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::Result;
use crate::peer::{PASSWORD, Peer, USER};

pub(crate) async fn connect(peer: &Peer) -> Result<SendRequest<Full<Bytes>>> {
    let mut roots = RootCertStore::empty();
    roots.add(peer.root.clone().into())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let tcp = TcpStream::connect(peer.address).await?;
    tcp.set_nodelay(true)?;
    let name = ServerName::try_from("localhost")?;
    let tls = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await?;
    let (sender, connection) = http1::handshake(TokioIo::new(tls)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(crate) async fn steps(sender: SendRequest<Full<Bytes>>, peer: &Peer) -> Result<()> {
    let mut client = Client { sender, peer };
    let id = &peer.client_id;
    let answer = client
        .post(
            "/resetpassword/v1.0/start",
            format!("client_id={id}&username=adele%40contoso.com&challenge_type=oob+redirect"),
        )
        .await?;
    debug_assert_eq!(USER, "adele@contoso.com");
    let token = token(&answer)?;
    let answer = client
        .post(
            "/resetpassword/v1.0/challenge",
            format!("client_id={id}&continuation_token={token}&challenge_type=oob+redirect"),
        )
        .await?;
    let token = self::token(&answer)?;
    let code = peer.code()?;
    let answer = client
        .post(
            "/resetpassword/v1.0/continue",
            format!("client_id={id}&continuation_token={token}&grant_type=oob&oob={code}"),
        )
        .await?;
    let token = self::token(&answer)?;
    let answer = client
        .post(
            "/resetpassword/v1.0/submit",
            format!("client_id={id}&continuation_token={token}&new_password={PASSWORD}"),
        )
        .await?;
    let token = self::token(&answer)?;
    let answer = client
        .post(
            "/resetpassword/v1.0/poll_completion",
            format!("client_id={id}&continuation_token={token}"),
        )
        .await?;
    if answer["status"] == "succeeded" {
        Ok(())
    } else {
        Err("not succeeded".into())
    }
}

struct Client<'a> {
    sender: SendRequest<Full<Bytes>>,
    peer: &'a Peer,
}

impl Client<'_> {
    async fn post(&mut self, path: &str, body: String) -> Result<serde_json::Value> {
        let request = http::Request::post(format!("/contoso.onmicrosoft.com{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("client-request-id", "00000000-0000-4000-8000-000000000000")
            .header("host", format!("localhost:{}", self.peer.address.port()))
            .header("content-length", body.len())
            .body(Full::new(Bytes::from(body)))?;
        let response = self.sender.send_request(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}

fn token(answer: &serde_json::Value) -> Result<String> {
    Ok(answer["continuation_token"]
        .as_str()
        .ok_or("no token")?
        .to_owned())
}
