//! Self-service password reset for sign-in screens.
//!
//! A person forgot the password and stands at the sign-in screen. This crate resets it there, before anyone is signed
//! in: for Windows credential providers, Linux greeters and PAM modules, kiosk shells. It brings the reset protocols as
//! typed steps, a connection that can be trusted, and an answer to what is in the way: where, what, and who can mend it.
//!
//! # A reset, step by step
//!
//! ```text
//!                  ┌──────────────┐ wrong code
//!  start ────────▶ │  EnterCode   │ ◀───┐  another code
//!    │             └──────┬───────┘ ────┘
//!    │                    ▼
//!    │             ┌──────────────┐ refused, or could not be applied
//!    │             │ NewPassword  │ ◀───┐
//!    │             └──────┬───────┘     │
//!    │                    ▼             │
//!    │             ┌──────────────┐ ────┘
//!    │             │   Applying   │ ◀───┐ not yet
//!    │             └──────┬───────┘ ────┘
//!    ▼                    ▼
//!  UseBrowser          Finished: PasswordChanged, Expired, Declined, Unknown …
//!  (from any step)
//! ```
//!
//! Other protocols have more steps: [`Step`] is an open enum. A refused answer is no error: the step stays and says why.
//! An [`Error`] leaves the attempt standing, too, and the same call may be made again. What has begun belongs to
//! [`Reset`] and not to a future, so every call may be dropped.
//!
//! ```
//! use sspr::mock::Tenant;
//! use sspr::proxy::Explicit;
//! use sspr::{Code, NativeV1, NewPassword, Outcome, ResetClient, RootScope, Step, Trust, Username};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant::start()?; // instead of a real one
//! let protocol = NativeV1::new(tenant.authority(), tenant.client_id())?;
//! let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
//! let direct = Explicit::Direct; // instead of what this computer's proxy settings say
//! let client = ResetClient::builder(protocol).trust(trust).way(direct).build()?;
//!
//! let mut reset = client.start(Username::parse("adele@contoso.com")?).await?;
//! let outcome = loop {
//!     match reset.step() {
//!         Step::EnterCode { .. } => {
//!             let mail = tenant.inbox().latest("adele@contoso.com").ok_or("no mail")?;
//!             reset.enter_code(Code::new(mail.code)).await?;
//!         }
//!         Step::NewPassword { .. } => reset.set_password(NewPassword::new("Winter-Snow-9")).await?,
//!         Step::Applying { .. } => reset.wait().await?,
//!         Step::Finished(outcome) => break outcome.clone(),
//!         other => return Err(format!("this frontend cannot show {}", other.id()).into()),
//!     }
//! };
//! assert!(matches!(outcome, Outcome::PasswordChanged { .. }));
//! # Ok(()) }
//! ```
//!
//! # Who is who
//!
//! * [`ResetClient`] and [`Reset`]: the desk a frontend stands at. [`blocking`] is the same without an async runtime.
//! * [`protocol`]: the reset protocols, sans-IO, and the vocabulary of steps.
//! * [`Channel`]: HTTPS as this crate does it, behind the trait [`Exchange`], which another HTTP stack may implement.
//! * [`Trust`]: which roots are trusted for which host; [`path`] judges a chain by them.
//! * [`probe`]: what a server speaks that refuses the handshake.
//! * [`revocation`]: whether a certificate is still good, and the policy for it. [`TrustReport`] tells what was found.
//! * [`Error`], [`Stage`], [`Fault`], [`Remedy`]: what is in the way.
//! * [`diagnosis`]: walks the way once and tells what is in it.
//! * [`messages`]: what a person reads, in English and Japanese.
//! * [`Workforce`] and `gateway`: the reset page of workforce accounts, in a web view that goes this crate's way.
//! * `protocol::portal`: server-rendered reset pages by their forms, with a profile that says what they mean; experimental.
//! * `event_log`: keeps what happened in the logs of the system.
//! * [`mock`]: a tenant to test against.
//!
//! # Proxies
//!
//! Nothing has to be set: for every address the settings of this computer decide, in the order in which they count before
//! anyone is signed in ([`proxy`]). A connection goes direct only if they say so, or if all of them can be read and are
//! empty; what cannot be read, or a script that gives no answer, is a [`ProxyResolutionFault`]. Fetches of revocation data
//! are decided by their own address. [`TrustReport::way`] tells how a connection went, [`ResetClient::plan`] what was
//! decided and why.
//!
//! Every part can be replaced in [`ResetClientBuilder`]: `way` (direct, one server, servers with exceptions, a script),
//! `survey_options` (as a service, with environment variables, with automatic detection), `ways` (a source and an
//! evaluator of one's own), `connect_to` (another destination, for split DNS and tests).
//!
//! A proxy that demands a login gets what [`ProxyAccess`] has for it: credentials that were given for that proxy by name,
//! or what a frontend answers ([`AskCredentials`]). A password goes in clear text only where that is allowed by name.
//!
//! ```
//! use sspr::proxy::ProxyServer;
//! use sspr::{NativeV1, ProxyAccess, ProxyCredentials, ProxyPassword, ResetClient};
//!
//! # #[cfg(feature = "native-v1")]
//! # fn build(password: String) -> Result<ResetClient, Box<dyn std::error::Error>> {
//! let proxy: ProxyServer = "http://proxy.corp.example:8080".parse()?;
//! let account = ProxyCredentials::new("CORP\\kiosk", ProxyPassword::new(password));
//! let protocol = NativeV1::new("https://contoso.ciamlogin.com/contoso.onmicrosoft.com", "your-client-id")?;
//! let client = ResetClient::builder(protocol)
//!     .way(proxy.clone()) // leave it out to go the way that this computer's settings say
//!     .proxy_access(ProxyAccess::new().credentials(proxy, account))
//!     .build()?;
//! # Ok(client) }
//! ```
//!
//! When the network changes, call [`ResetClient::network_changed`].
//!
//! # Events
//!
//! The event trail goes to [`tracing`], at level `debug` and free of secrets: no user name, code, password, token or login
//! is in it, and no body. Everything below one attempt to reset can be found by its correlation id ([`Reset::correlation`]).
//! Targets are `sspr::reset`, `sspr::diagnosis`, `sspr::revocation`, and the modules below `sspr::channel`,
//! `sspr::tunnel` and `sspr::tls`.
//!
//! | event | fields | when |
//! |---|---|---|
//! | `request` | host, path, effect | a request of an attempt is about to be sent |
//! | `step` | step | another step is shown |
//! | `attempt` | activity, result, correlation, way, ms | an attempt has ended: see [`AuditRecord`] |
//! | `planned` | url, ways, from | the ways to a host were decided |
//! | `script fetched`, `script not fetched` | source, error | a proxy script was asked for |
//! | `resolved` | host, found | a name was looked up |
//! | `passed over` | way, fault | a way could not be gone, and the next is tried |
//! | `asked for a tunnel` | proxy, status | a proxy answered |
//! | `tunnel opened` | proxy | a SOCKS proxy let the connection pass |
//! | `proxy secured` | proxy, warnings | TLS with a proxy stands |
//! | `secured` | host, version, root | TLS with the host stands |
//! | `classical` | host | the way here swallows post-quantum hellos |
//! | `refused` | host, fault | a certificate was refused for what is known about its revocation |
//! | `connected` | host, port, ms | a connection can be used |
//! | `reused`, `renewed` | host, quiet ms | a connection was used again, or was too old for that |
//! | `answered` | host, status, bytes, ms | an answer came |
//! | `failed` | host, fault, sent | no answer came |
//! | `repeated` | host | a request without effect is sent again |
//! | `fetched`, `not fetched` | host, bytes or fault, ms | revocation data |
//! | `refreshed`, `not kept on disk` | attempts, error | revocation data, in the background |
//! | `station` | stage, subject, passed, ms | a diagnosis has left a station |
//! | `problem` | host, stage, fault | a diagnosis has found something |
//! | `diagnosed` | verdict, problems, ms | a diagnosis has ended |
//!
//! Spans: `diagnosis` around each of them.
//!
//! What an administrator should find later, the feature `event-log` writes into the logs of the system: audit records and
//! the problems of a diagnosis, as events with stable numbers, to the journal of systemd, to syslog, or to the event log
//! of Windows (`event_log`).
//!
//! # Runtime
//!
//! Any tokio runtime with IO and time, a current-thread one included.
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `native-v1` | yes | [`NativeV1`] |
//! | `aws-lc-rs` | yes | TLS with aws-lc-rs, a post-quantum key exchange among what is offered |
//! | `ring` | no | TLS with ring; `aws-lc-rs` goes first if both are on |
//! | `native-certs` | no | `Trust::machine_store`: the roots that this computer trusts |
//! | `blocking` | no | [`blocking`] |
//! | `gateway` | no | `gateway`: a web view goes the way of this crate |
//! | `reqwest` | no | `ReqwestExchange` |
//! | `pac` | no | `proxy::pac::QuickJs`, which evaluates proxy scripts in this process |
//! | `preview` | no | `NativeV2`: a protocol in preview, outside the semver promise |
//! | `login-change` | no | `LoginChange`: an expired password is changed by the sign-in page; undocumented, outside the semver promise |
//! | `portal-forms` | no | `Portal`: reset pages with forms, driven by a profile; experimental, outside the semver promise |
//! | `account` | no | `machine::account`: throw-away accounts of Windows, for a frontend that opens a web view |
//! | `event-log` | no | `event_log`: writers for the journal, syslog, and the event log of Windows |
//! | `mock` | no | [`mock`] |

mod channel;
mod clock;
mod cloud;
pub mod diagnosis;
mod endpoint;
mod error;
#[cfg(feature = "event-log")]
pub mod event_log;
mod exchange;
#[cfg(feature = "gateway")]
pub mod gateway;
pub mod machine;
mod message;
pub mod messages;
#[cfg(feature = "mock")]
pub mod mock;
mod ports;
pub mod protocol;
pub mod proxy;
mod report;
mod reset;
pub mod revocation;
mod secret;
mod tls;
mod trail;
mod tunnel;
pub mod x509;

pub use channel::*;
pub use cloud::{Cloud, CloudTable};
pub use endpoint::{Answers, RequiredEndpoint};
pub use error::*;
pub use exchange::*;
pub use message::Message;
pub use ports::*;
#[cfg(feature = "login-change")]
pub use protocol::LoginChange;
#[cfg(feature = "native-v1")]
pub use protocol::NativeV1;
#[cfg(feature = "preview")]
pub use protocol::NativeV2;
#[cfg(feature = "portal-forms")]
pub use protocol::Portal;
pub use protocol::{Advice, Handoff, Outcome, Privacy, Rejection, SignIn, Step, Workforce};
pub use report::*;
#[cfg(feature = "blocking")]
pub use reset::blocking;
pub use reset::{Activity, AuditRecord, AuditResult, Reset, ResetClient, ResetClientBuilder};
pub use secret::*;
pub use tls::{RootScope, Trust};
pub use tls::{path, probe};
#[cfg(unix)]
pub use tunnel::Gssapi;
#[cfg(windows)]
pub use tunnel::Sspi;
#[cfg(fuzzing)]
#[doc(hidden)]
pub use tunnel::fuzzing;
pub use tunnel::{
    AskCredentials, CredentialFuture, CredentialQuestion, Negotiate, NegotiateContext, ProxyAccess,
    ProxyCredentials, SystemNetwork, SystemResolver,
};

/// The README's code is compiled with the documentation tests.
#[cfg(all(doctest, feature = "native-v1"))]
#[doc = include_str!("../README.md")]
struct Readme;
