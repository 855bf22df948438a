//! A tenant to test against.
//!
//! [`Tenant`] is an Entra-like tenant on loopback, over real TLS with a certification authority of its own. It runs on
//! a thread of its own, so it serves tests with and without a runtime alike, and stops when it is dropped.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! use sspr::mock::{Endpoint, Fault, Tenant};
//!
//! let tenant = Tenant::start()?;
//! tenant.order(Fault::at(Endpoint::Submit).status(503).retry_after(2));
//! // … point a client at tenant.authority(), tenant.client_id() and tenant.ca_der(), run a reset …
//! assert!(tenant.inbox().latest("adele@contoso.com").is_none());
//! assert_eq!(tenant.password_changes("adele@contoso.com"), 0);
//! # Ok(()) }
//! ```
//!
//! Its certificates name a responder on loopback. A client asks a responder in the own network only if it is named to it:
//! `Settings::new(policy).private_responders(["127.0.0.1"])` for
//! [`ResetClientBuilder::revocation`](crate::ResetClientBuilder::revocation).
//!
//! # What it rests on
//!
//! * **Documented**: the endpoints of native authentication V1, their parameters, answers and errors; the password
//!   policy; the throttle's numbers; the activities of the audit log.
//!   Also the path of the description of a tenant (OpenID Connect Discovery), which names its endpoints.
//! * **Seen** in Microsoft's own clients: `capabilities` (the document says `capability`, both are taken), the error
//!   codes 50034, 500222 and 90100, `access_denied` with `provider_blocked_by_rep`, polling with the token of the
//!   submit all along.
//! * **At odds with itself**: for a `challenge_type` without `redirect` the document lists `unsupported_challenge_type`
//!   and shows `invalid_request`; the tenant says the former.
//! * **Preview**: native authentication V2. Documented in part are its steps, the entry's status 401 and the first
//!   links; seen in Microsoft's own client are the rest of the fields, both error bodies and their words. Its *invented*
//!   parts: the paths behind the links, `expiredToken`, what stands for an invalid token, a method that is not there, a
//!   blocked contact and a reset that failed; that an account without a password is answered like no account.
//! * ***Invented***, because nothing public says it: the error codes 50181, 55000, 70003, 550024, 700016 and 7000218
//!   where they are used, and 399246 for a password that is refused for anything but weakness; status 429 and its body;
//!   the answer to an older token, to a token at the wrong step, to a parameter given twice, to a wrong method or content
//!   type; how an address is masked; the values of `client_type` in the audit log; that a password changes when it is
//!   submitted and the polls only tell of it; that each code sent counts as an attempt.
//!
//! # Changing a password at sign-in
//!
//! The sign-in page of [`Tenant::authority`] lets a person whose password has expired ([`User::password_expired`]) choose
//! another one; [`User::sign_in_error`] lets it answer with any other code.
//!
//! * **Documented**: nothing but the meanings of the codes.
//! * **Seen** in public programs: `$Config` with its keys, the page `ConvergedChangePassword`, the fields of sign-in,
//!   Begin, Poll and End, those of the answers to Begin and Poll, that an error comes as text, that cookies are needed.
//!   One that is in use doubles the slash before the page's paths, and takes the answer to an End in JSON for success:
//!   so both get an answer here, the latter a page with an error.
//! * ***Invented***: the names of the other pages and of the cookie; the path of the sign-in; that the text of an error
//!   begins with a code, and which rule gives which; when the password changes; the answers to what is out of order.
//!
//! # Certificates and revocation
//!
//! The server's certificate is issued by an intermediate, and that one by the root of [`Tenant::ca_der`]. Both name a
//! responder for OCSP and lists of revoked certificates that runs with the tenant, over plain HTTP on loopback.
//! [`Tenant::revocation`] changes what it says; [`Traffic::revocation`] is what it was asked.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! use sspr::mock::{Certificate, OcspAnswer, OcspFault, Reason, Staple, Status, Tenant};
//!
//! let tenant = Tenant::builder().must_staple().start()?;
//! let revocation = tenant.revocation();
//! revocation.set_staple(Staple::Answer(OcspAnswer::new().delegated()));
//! revocation.set_ocsp(Certificate::Leaf, OcspAnswer::new().fault(OcspFault::FlippedSignature));
//! revocation.set_status(Certificate::Intermediate, Status::revoked(Reason::CaCompromise));
//! # Ok(()) }
//! ```
//!
//! # The portal
//!
//! At [`Tenant::portal_url`] stand the pages of the web portal for workforce accounts: they work in a browser, with and
//! without script. [`PortalPolicy`] says what is asked, [`User::method`] what a person can answer, [`Inbox`] what was
//! sent, and [`PortalError`] what may be in the way.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! use sspr::mock::{Endpoint, Fault, Method, PortalError, PortalPolicy, Tenant, User};
//!
//! let tenant = Tenant::builder()
//!     .host_name("passwordreset.microsoftonline.com")
//!     .portal(PortalPolicy::default().gates(2).captcha())
//!     .user(
//!         User::new("megan@contoso.com")
//!             .method(Method::mobile_phone("+1 4255550100"))
//!             .method(Method::app_approval()),
//!     )
//!     .start()?;
//! tenant.order(Fault::at(Endpoint::Portal).nth(9).portal_error(PortalError::ServiceError));
//! // … open tenant.portal_url() in a browser, type tenant.captcha_answer() and the code of tenant.inbox(), then
//! // approve the notification:
//! tenant.approve("megan@contoso.com");
//! # Ok(()) }
//! ```
//!
//! * **Documented**: both addresses, `mkt` and `whr`, the journey, the methods and what people do for each, one or two of
//!   them, more for administrators, unlocking, the errors with their numbers, the throttle's numbers, the outcomes in
//!   the audit log.
//! * **Seen** in public source, often in one place only: `username` and `ru`; the names of the cookies, of the hidden
//!   fields, of the first page's controls, of some views; the ids of picture, methods and first error; status 429; that
//!   a script posts in part.
//! * ***Invented***: all the rest, so nearly all of the markup. Past the user ID no public source shows a field, an event
//!   or a rule for how long something is waited for. [`Fault::portal_error`], [`Fault::portal`] and the unusual orders
//!   of events that tests need are the mock's own.
//!
//! Partial posts (`__ASYNCPOST`) are answered as ASP.NET answers them, with what has changed. [`PortalFault`] spoils a
//! page or such an answer. [`Tenant::portal_profile`] tells a client what the pages mean.
//!
//! A list of every field is in the comment on top of `src/mock/portal/mod.rs`.
//!
//! # What is missing
//!
//! Not served: what follows `mfa_required` and `registration_required` at the token endpoint; of V2 sign-in and sign-up.
//!
//! It shares no type, constant or parser with the client: a mistake must not pass because both sides make it.

mod audit;
mod clock;
mod connection;
mod counted;
mod discovery;
mod enrolment;
mod fault;
mod flow;
mod form;
mod hal;
mod http;
mod inbox;
mod login_change;
mod native_v1;
mod native_v2;
mod order;
mod pki;
mod policy;
mod polling;
mod portal;
mod random;
mod refusal;
mod revocation;
mod server;
mod sign_in;
mod spoil;
mod state;
mod tenant;
mod throttle;
mod traffic;
mod users;
mod waiting;

pub use audit::AuditEntry;
pub use fault::{Endpoint, Fault};
pub use inbox::{Channel, Inbox, Message};
pub use order::Order;
pub use pki::{Certificate, CertificateFault, EncodingFault, SignatureName};
pub use policy::PasswordPolicy;
pub use polling::Poll;
pub use portal::{Method, PortalError, PortalFault, PortalPolicy};
pub use revocation::{
    CertIdHash, CrlAnswer, CrlFault, CrlScope, DelegateFault, OcspAnswer, OcspFault, Reason,
    Revocation, Staple, Status, TimeForm,
};
pub use tenant::{Tenant, TenantBuilder};
pub use traffic::{Request, Traffic};
pub use users::User;

/// The password of every user who is given no other.
pub const INITIAL_PASSWORD: &str = "Autumn-Leaves-7";
