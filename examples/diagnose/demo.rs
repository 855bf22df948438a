//! A world on this computer in which one thing is wrong: a mock tenant, and what stands before it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sspr::diagnosis::Diagnosis;
use sspr::mock::{
    Certificate, CrlAnswer, Endpoint, Fault, OcspAnswer, Reason, Status, Tenant, TenantBuilder,
};
use sspr::proxy::pac::{PacEngine, PacScript, PacTarget};
use sspr::proxy::{Explicit, ProxyServer, SurveyOptions, ThisComputer, Ways};
use sspr::revocation::{Policy, Settings};
use sspr::{
    Channel, ChannelBuilder, NativeV1, Network, PacError, ProxyAccess, ProxyCredentials,
    ProxyPassword, Resolve, ResolveFuture, ScriptFetch, ScriptResolver, Timeouts, Trust,
};
use url::Url;

use super::Failure;
use super::proxy::{Behaviour, start};

/// What can be ordered.
pub(crate) const FAULTS: [(&str, &str); 17] = [
    ("healthy", "nothing is wrong"),
    (
        "blocked-responder",
        "nobody can be asked whether certificates were revoked",
    ),
    ("revoked", "the certificate of the service was revoked"),
    (
        "ntlm-proxy",
        "a proxy wants a login by NTLM, and there is none",
    ),
    ("wrong-proxy-password", "a proxy refuses the login"),
    (
        "proxy-refuses",
        "a proxy does not let the service's host pass",
    ),
    ("no-proxy", "the proxy cannot be reached"),
    (
        "inspecting-proxy",
        "a proxy shows certificates of its own authority",
    ),
    (
        "tls10-server",
        "the server speaks nothing newer than TLS 1.0",
    ),
    (
        "wrong-clock",
        "signed data proves that this computer's clock is slow",
    ),
    (
        "captive-portal",
        "a network wants a sign-in on a page of its own",
    ),
    ("pac-error", "the proxy script cannot be had"),
    ("dns", "the name of the service is not found"),
    ("refused", "the service's host refuses connections"),
    ("no-network", "this computer has no network"),
    ("busy", "the service answers that it is not available"),
    (
        "silent",
        "the service's host takes connections and says nothing",
    ),
];

/// The tenant's host, which counts as one of Microsoft's.
const HOST: &str = "contoso.ciamlogin.com";

const NTLM: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: NTLM\r\n\
    content-length: 0\r\n\r\n";
const BASIC: &str = "HTTP/1.1 407 Proxy Authentication Required\r\n\
    proxy-authenticate: Basic realm=\"corp\"\r\ncontent-length: 0\r\n\r\n";
const NO: &str = "HTTP/1.1 403 Not this host\r\ncontent-length: 0\r\n\r\n";
const PORTAL: &str = "HTTP/1.1 302 Found\r\nlocation: http://portal.hotel.example/welcome\r\n\
    content-length: 0\r\n\r\n";
const NOT_THERE: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";

/// A ServerHello of TLS 1.0 (RFC 2246, section 7.4.1.3): version, random bytes, no session, a suite, no compression.
const SERVER_HELLO: &[u8] = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01\
    0123456789abcdef0123456789abcdef\x00\x00\x2f\x00";

pub(crate) struct World {
    tenant: Tenant,
    /// Stands before the tenant where somebody inspects.
    _inspector: Option<Tenant>,
    channel: ChannelBuilder,
}

impl World {
    /// # Errors
    /// If there is no such fault, or no port is to be had.
    pub(crate) async fn with(fault: &str) -> Result<Self, Failure> {
        if !FAULTS.iter().any(|(name, _)| *name == fault) {
            return Err(format!("unknown fault {fault}; --demo list names them").into());
        }
        let tenant = tenant().start()?;
        let mut inspector = None;
        let mut trust = Trust::new().pinned_roots([tenant.ca_der()]);
        let mut resolver = Names::Found;
        let mut network = Up(true);
        let mut way = Explicit::Direct;
        let mut access = ProxyAccess::new();
        let mut stand_in = None;
        let mut ways = None;
        let later = SystemTime::now() + Duration::from_secs(2 * 24 * 60 * 60);
        match fault {
            "blocked-responder" => tenant.revocation().close_port()?,
            "revoked" => {
                let status = Status::revoked(Reason::KeyCompromise);
                tenant.revocation().set_status(Certificate::Leaf, status);
            }
            "ntlm-proxy" => way = server(start(Behaviour::Says(NTLM)).await?)?.into(),
            "proxy-refuses" => way = server(start(Behaviour::Says(NO)).await?)?.into(),
            "captive-portal" => way = server(start(Behaviour::Says(PORTAL)).await?)?.into(),
            "wrong-proxy-password" => {
                let proxy = server(start(Behaviour::Says(BASIC)).await?)?;
                let account = ProxyCredentials::new("kiosk", ProxyPassword::new("not this one"));
                access = access
                    .credentials(proxy.clone(), account)
                    .allow_basic_over_plaintext(true);
                way = proxy.into();
            }
            "no-proxy" => way = server(nobody().await?)?.into(),
            "inspecting-proxy" => {
                let other = self::tenant()
                    .root_name("Example Corp inspection")
                    .start()?;
                let proxy = start(Behaviour::LeadsTo(other.address())).await?;
                // As an organisation installs its authority on its computers.
                trust = trust.machine_roots([other.ca_der()]);
                way = server(proxy)?.into();
                inspector = Some(other);
            }
            "tls10-server" => {
                stand_in = Some(start(Behaviour::SaysInTls(SERVER_HELLO)).await?);
            }
            "wrong-clock" => {
                let revocation = tenant.revocation();
                for of in [Certificate::Leaf, Certificate::Intermediate] {
                    let week = later + Duration::from_secs(7 * 24 * 60 * 60);
                    let answer = OcspAnswer::new().produced_at(later).this_update(later);
                    revocation.set_ocsp(of, answer.next_update(week));
                    let list = CrlAnswer::new().this_update(later).next_update(week);
                    revocation.set_crl(of, list);
                }
            }
            "pac-error" => {
                let address = start(Behaviour::Says(NOT_THERE)).await?;
                ways = Some(script(&format!("http://{address}/proxy.pac"))?);
            }
            "dns" => resolver = Names::Unknown,
            "refused" => tenant.close_port()?,
            "no-network" => (resolver, network) = (Names::Unknown, Up(false)),
            "busy" => {
                tenant.order(
                    Fault::at(Endpoint::Discovery)
                        .status(503)
                        .retry_after(30)
                        .always(),
                );
            }
            "silent" => {
                tenant.order(Fault::at(Endpoint::Connect).hold().always());
            }
            _ => {}
        }
        let mut channel = Channel::builder()
            .trust(trust)
            .revocation(Settings::new(Policy::default()).private_responders(["127.0.0.1"]))
            .proxy_access(access)
            .resolver(resolver)
            .network(network)
            .way(way);
        if let Some(address) = stand_in {
            let port = tenant.address().port();
            channel = channel.connect_to(format!("{HOST}:{port}"), address.to_string());
        }
        if let Some(ways) = ways {
            channel = channel.ways(ways);
        }
        Ok(Self {
            tenant,
            _inspector: inspector,
            channel,
        })
    }

    /// A diagnosis of the way to the tenant.
    pub(crate) fn diagnosis(&mut self) -> Result<Diagnosis, Failure> {
        let port = self.tenant.address().port();
        let authority = format!("https://{HOST}:{port}/contoso.onmicrosoft.com");
        let protocol = NativeV1::new(authority, self.tenant.client_id())?;
        Ok(Diagnosis::new()
            .protocol(&protocol)
            .over(std::mem::take(&mut self.channel)))
    }
}

fn tenant() -> TenantBuilder {
    Tenant::builder().host_name(HOST)
}

fn server(address: SocketAddr) -> Result<ProxyServer, Failure> {
    let text = format!("http://{address}");
    text.parse().map_err(|_| format!("no proxy: {text}").into())
}

/// An address at which nobody listens.
async fn nobody() -> io::Result<SocketAddr> {
    tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await?
        .local_addr()
}

/// The ways of a computer whose settings name a script.
fn script(url: &str) -> Result<Ways, Failure> {
    let script = Explicit::Script(Url::parse(url)?);
    let computer = ThisComputer::new(SurveyOptions::default()).explicit(script);
    let fetch = ScriptFetch::new(&Trust::new(), Timeouts::default())?;
    let resolver = ScriptResolver::new(NoScripts, fetch);
    Ok(Ways::new(computer).resolver(Arc::new(resolver)))
}

/// The script of this world cannot be had, so nothing has to be run.
struct NoScripts;

impl PacEngine for NoScripts {
    fn find_proxy(&self, _: &PacScript, _: &PacTarget) -> Result<String, PacError> {
        Err(PacError::EngineFailed)
    }
}

/// The names of this world, all of which are this computer.
enum Names {
    Found,
    Unknown,
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        let found: Vec<IpAddr> = match self {
            Self::Found => vec![Ipv4Addr::LOCALHOST.into()],
            Self::Unknown => Vec::new(),
        };
        Box::pin(async { Ok(found) })
    }
}

struct Up(bool);

impl Network for Up {
    fn is_up(&self) -> bool {
        self.0
    }
}
