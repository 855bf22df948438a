//! The handle that a test holds.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use serde_json::Value;
use url::Url;

use super::audit::AuditEntry;
use super::fault::Fault;
use super::inbox::Inbox;
use super::order::Order;
use super::pki::{Certificate, CertificateFault, Chain, Design, Urls, pem};
use super::policy::PasswordPolicy;
use super::polling::Poll;
use super::revocation::{Revocation, Stapler};
use super::server::{Bound, Port, Server};
use super::state::{Settings, Shared};
use super::traffic::Traffic;
use super::users::{User, Users};

/// A running tenant. It stops when it is dropped, and closes every connection then.
#[derive(Debug)]
pub struct Tenant {
    pub(super) shared: Shared,
    server: Server,
    authority: Url,
    client_id: String,
    chain: Arc<Chain>,
}

impl Tenant {
    /// A tenant with one user, adele@contoso.com, whose codes go to adele@fabrikam.example.
    ///
    /// # Errors
    /// If no port or thread is to be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// A tenant to be set up.
    pub fn builder() -> TenantBuilder {
        TenantBuilder::default()
    }

    /// `https://localhost:PORT/contoso.onmicrosoft.com`. Any other first path segment is served as well.
    pub fn authority(&self) -> Url {
        self.authority.clone()
    }

    /// The id of the one registered app, a GUID.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The certificate of the tenant's own root, DER. An intermediate stands between it and the server's.
    pub fn ca_der(&self) -> &[u8] {
        &self.chain.anchor.der
    }

    /// The certificate of the tenant's own root, PEM.
    pub fn ca_pem(&self) -> String {
        pem("CERTIFICATE", self.ca_der())
    }

    /// Where the tenant listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The mail that the tenant has sent.
    pub fn inbox(&self) -> Inbox {
        self.shared.lock().inbox.clone()
    }

    /// The audit log so far.
    pub fn audit(&self) -> Vec<AuditEntry> {
        self.shared.lock().audit.clone()
    }

    /// What has arrived so far.
    pub fn traffic(&self) -> Traffic {
        self.shared.lock().traffic.clone()
    }

    /// What is said about the tenant's certificates, and where.
    pub fn revocation(&self) -> Revocation<'_> {
        Revocation {
            shared: &self.shared,
            chain: &self.chain,
            server: &self.server,
        }
    }

    /// Waits until no connection to the tenant is open (those to its responder do not count), and says whether it came
    /// to that within `limit`. What [`Traffic`] says is complete then.
    pub fn idle_within(&self, limit: Duration) -> bool {
        self.server.idle_within(limit)
    }

    /// Whether this is the password of the user now.
    pub fn password_is(&self, user: &str, password: &str) -> bool {
        self.shared
            .lock()
            .users
            .find(user)
            .is_some_and(|user| user.password.as_deref() == Some(password))
    }

    /// How often the password of the user has been changed.
    pub fn password_changes(&self, user: &str) -> usize {
        self.shared
            .lock()
            .users
            .find(user)
            .map_or(0, |user| user.changes)
    }

    /// Adds a user, or replaces the one of that name.
    pub fn put_user(&self, user: User) {
        self.shared.lock().users.put(user);
    }

    /// Moves the tenant's clock forward: tokens expire, the throttle forgets.
    ///
    /// Certificates and what is said about them do not age by it: they keep to the system's clock, as whoever checks
    /// them does.
    pub fn advance(&self, time: Duration) {
        self.shared.lock().clock.advance(time);
    }

    /// Lets every continuation token expire that has been issued so far.
    pub fn expire_tokens(&self) {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.flows.expire_all(now);
    }

    /// Sets what the polls say in resets whose password has not been submitted yet.
    pub fn set_polling(&self, polls: impl IntoIterator<Item = Poll>) {
        self.shared.lock().settings.polls = polls.into_iter().collect();
    }

    /// Orders a fault.
    pub fn order(&self, fault: Fault) -> Order {
        self.shared.lock().faults.order(fault)
    }

    /// Takes back every fault that has not happened yet.
    pub fn cancel_orders(&self) {
        self.shared.lock().faults.clear();
    }

    /// Refuses new connections; open ones stay.
    ///
    /// # Errors
    /// If the system does not give the port back.
    pub fn close_port(&self) -> io::Result<()> {
        self.server.close_port(Port::Tenant)
    }

    /// Takes connections again, on the same port.
    ///
    /// # Errors
    /// If the system does not let the port be listened on.
    pub fn open_port(&self) -> io::Result<()> {
        self.server.open_port(Port::Tenant)
    }

    /// Closes every open connection without a TLS goodbye; new ones are taken.
    ///
    /// # Errors
    /// If the server thread has ended.
    pub fn drop_connections(&self) -> io::Result<()> {
        self.server.drop_connections()
    }
}

/// A tenant before it is started.
#[derive(Clone, Debug)]
#[must_use = "a tenant has to be started"]
pub struct TenantBuilder {
    pub(super) settings: Settings,
    users: Users,
    ip: IpAddr,
    design: Design,
    tls_versions: Vec<&'static SupportedProtocolVersion>,
}

impl Default for TenantBuilder {
    fn default() -> Self {
        let mut users = Users::default();
        users.put(User::new("adele@contoso.com").contact("adele@fabrikam.example"));
        Self {
            settings: Settings::default(),
            users,
            ip: Ipv4Addr::LOCALHOST.into(),
            design: Design::default(),
            tls_versions: vec![&TLS13, &TLS12],
        }
    }
}

impl TenantBuilder {
    /// Starts the tenant on a thread of its own, on a port that the system picks.
    ///
    /// # Errors
    /// If no port or thread is to be had.
    pub fn start(self) -> io::Result<Tenant> {
        let bound = Bound::bind(self.ip)?;
        let chain = Arc::new(Chain::create(&self.design, Urls(bound.responder()?)));
        let client_id = self.settings.client_id.clone();
        let shared = Shared::new(self.settings, self.users);
        let tls = tls(&self.tls_versions, &chain, &shared).map_err(io::Error::other)?;
        let server = bound.serve(Arc::new(tls), chain.clone(), shared.clone())?;
        let host = if self.ip.is_ipv4() {
            "localhost"
        } else {
            "[::1]"
        };
        let authority = format!(
            "https://{host}:{}/contoso.onmicrosoft.com",
            server.address.port()
        );
        let authority = Url::parse(&authority).map_err(io::Error::other)?;
        Ok(Tenant {
            shared,
            server,
            authority,
            client_id,
            chain,
        })
    }

    /// Adds a user, or replaces the one of that name.
    pub fn user(mut self, user: User) -> Self {
        self.users.put(user);
        self
    }

    /// The id of the registered app instead of a random one.
    pub fn client_id(mut self, guid: impl Into<String>) -> Self {
        self.settings.client_id = guid.into();
        self
    }

    /// Another DNS name that the certificate is valid for.
    pub fn host_name(mut self, name: impl Into<String>) -> Self {
        self.design.host_names.push(name.into());
        self
    }

    /// The common name of the root: for a second tenant that stands before the first, as those do who inspect.
    pub fn root_name(mut self, name: impl Into<String>) -> Self {
        self.design.root_name = name.into();
        self
    }

    /// Makes something about the certificates wrong. Several combine, as far as they can be true together.
    pub fn certificate(mut self, fault: CertificateFault) -> Self {
        self.design.faults.push(fault);
        self
    }

    /// How long the server's certificate is valid; 90 days by default. A third of it is over.
    pub fn certificate_lifetime(mut self, time: Duration) -> Self {
        self.design.lifetime = time;
        self
    }

    /// The server's certificate demands a staple (RFC 7633). Whether there is one is another matter:
    /// [`Revocation::set_staple`].
    pub fn must_staple(mut self) -> Self {
        self.design.must_staple = true;
        self
    }

    /// The certificates do not say where their status is to be had.
    pub fn without_revocation(mut self) -> Self {
        for of in Certificate::ALL {
            self = self
                .ocsp_urls(of, Vec::<String>::new())
                .crl_urls(of, Vec::<String>::new());
        }
        self
    }

    /// The OCSP URLs in a certificate, instead of the responder's own. `{responder}` stands for the responder's address
    /// and port.
    pub fn ocsp_urls(
        mut self,
        of: Certificate,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let urls = urls.into_iter().map(Into::into).collect();
        self.design.pointers(of).ocsp = Some(urls);
        self
    }

    /// The URLs of lists in a certificate, each a distribution point of its own; as [`ocsp_urls`](Self::ocsp_urls).
    pub fn crl_urls(
        mut self,
        of: Certificate,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let urls = urls.into_iter().map(Into::into).collect();
        self.design.pointers(of).crl = Some(urls);
        self
    }

    /// Speaks TLS 1.2 and nothing newer.
    pub fn tls12_only(mut self) -> Self {
        self.tls_versions = vec![&TLS12];
        self
    }

    /// Listens on `[::1]` instead of `127.0.0.1`.
    pub fn ipv6(mut self) -> Self {
        self.ip = Ipv6Addr::LOCALHOST.into();
        self
    }

    /// The app is not enabled for native authentication (`nativeauthapi_disabled`).
    pub fn native_auth_disabled(mut self) -> Self {
        self.settings.native_auth = false;
        self
    }

    /// The rules for new passwords.
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// Password errors come out on the poll, not on the submit.
    pub fn password_errors_on_poll(mut self) -> Self {
        self.settings.password_errors_on_poll = true;
        self
    }

    /// Refused codes and passwords carry a new continuation token, and the older one is no longer taken.
    pub fn tokens_in_errors(mut self) -> Self {
        self.settings.tokens_in_errors = true;
        self
    }

    /// Older continuation tokens of a reset stay valid at their step.
    ///
    /// Documented is that the newest has to be sent, not what becomes of an older one. One known client, MSAL.js,
    /// submits another password after a failed poll with an older one.
    pub fn keep_older_tokens(mut self) -> Self {
        self.settings.keep_older_tokens = true;
        self
    }

    /// How many digits a code has; 8 by default.
    pub fn code_length(mut self, digits: usize) -> Self {
        self.settings.code_length = digits;
        self
    }

    /// How many codes an account may ask for in an hour before it is blocked for a day; 5 by default.
    pub fn codes_per_hour(mut self, codes: usize) -> Self {
        self.settings.codes_per_hour = codes;
        self
    }

    /// How long a continuation token is valid; 600 seconds by default.
    pub fn token_lifetime(mut self, time: Duration) -> Self {
        self.settings.token_lifetime = time;
        self
    }

    /// `poll_interval` of the submit: seconds, 2 by default, or any other JSON value.
    pub fn poll_interval(mut self, value: impl Into<Value>) -> Self {
        self.settings.poll_interval = value.into();
        self
    }

    /// What the polls of each reset say, one after the other; `succeeded` when the list has run out, so also by
    /// default. A second submit goes on where the first has stopped.
    pub fn polling(mut self, polls: impl IntoIterator<Item = Poll>) -> Self {
        self.settings.polls = polls.into_iter().collect();
        self
    }
}

fn tls(
    versions: &[&'static SupportedProtocolVersion],
    chain: &Arc<Chain>,
    shared: &Shared,
) -> Result<ServerConfig, rustls::Error> {
    let stapler = Stapler::new(chain.clone(), shared.clone(), versions == [&TLS12])?;
    let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(stapler));
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}
