//! Everything that the tenant knows, behind one lock.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::audit::AuditEntry;
use super::clock::{self, Clock};
use super::flow::{FlowId, Flows, Purpose, TokenFault};
use super::inbox::Inbox;
use super::login_change::SignIns;
use super::order::Faults;
use super::policy::PasswordPolicy;
use super::polling::Poll;
use super::portal::{Portal, PortalPolicy};
use super::random;
use super::revocation::Records;
use super::throttle::Throttle;
use super::traffic::Traffic;
use super::users::{User, Users};

/// How the tenant is set up.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) client_id: String,
    pub(super) tenant_id: String,
    pub(super) native_auth: bool,
    pub(super) policy: PasswordPolicy,
    pub(super) code_length: usize,
    pub(super) codes_per_hour: usize,
    pub(super) token_lifetime: Duration,
    pub(super) keep_older_tokens: bool,
    pub(super) tokens_in_errors: bool,
    pub(super) password_errors_on_poll: bool,
    pub(super) poll_interval: Value,
    pub(super) polls: Vec<Poll>,
    pub(super) portal: PortalPolicy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            client_id: random::guid(),
            tenant_id: random::guid(),
            native_auth: true,
            policy: PasswordPolicy::default(),
            code_length: 8,
            codes_per_hour: 5,
            token_lifetime: Duration::from_secs(600),
            keep_older_tokens: false,
            tokens_in_errors: false,
            password_errors_on_poll: false,
            poll_interval: json!(2),
            polls: Vec::new(),
            portal: PortalPolicy::default(),
        }
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) users: Users,
    pub(super) flows: Flows,
    pub(super) throttle: Throttle,
    pub(super) portal: Portal,
    pub(super) sign_ins: SignIns,
    pub(super) inbox: Inbox,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) traffic: Traffic,
    pub(super) faults: Faults,
    pub(super) revocation: Records,
}

/// The state as the handle and the server thread share it.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(super) fn new(settings: Settings, users: Users) -> Self {
        Self(Arc::new(Mutex::new(State {
            flows: Flows::new(settings.token_lifetime, settings.keep_older_tokens),
            throttle: Throttle::new(settings.codes_per_hour),
            sign_ins: SignIns::default(),
            portal: Portal::new(settings.portal.clone()),
            settings,
            clock: Clock::start(),
            users,
            inbox: Inbox::new(),
            audit: Vec::new(),
            traffic: Traffic::default(),
            faults: Faults::default(),
            revocation: Records::default(),
        })))
    }

    /// A panic of another test thread does not make the state unreadable.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn timestamp(&self) -> String {
        clock::timestamp(self.clock.now())
    }

    /// The flow of a continuation token, and the person whose it is.
    pub(super) fn flow(
        &mut self,
        token: &str,
        purposes: &[Purpose],
    ) -> Result<(FlowId, User), TokenFault> {
        let id = self.flows.find(token, purposes, self.clock.now())?;
        let name = &self.flows.get(id).user;
        let user = self.users.find(name).cloned();
        Ok((id, user.ok_or(TokenFault::Invalid)?))
    }

    /// Takes a submitted password in.
    ///
    /// *Invented*: the change takes effect at once if the polls to come will report success; they only tell of it.
    pub(super) fn take_password(
        &mut self,
        id: FlowId,
        password: &str,
        refused: Option<&'static str>,
    ) {
        let flow = self.flows.get(id);
        if flow.polls.is_none() {
            flow.polls = Some(self.settings.polls.clone().into());
        }
        flow.verdict = None;
        flow.refused = refused;
        if !flow.will_succeed() {
            return;
        }
        if let Some(user) = self.users.find_mut(&flow.user) {
            user.password = Some(password.to_owned());
            user.changes += 1;
        }
    }

    pub(super) fn record(
        &mut self,
        activity: &'static str,
        user: &str,
        ip: IpAddr,
        client_type: &'static str,
        success: bool,
        detail: &str,
    ) {
        self.audit.push(AuditEntry {
            time: self.clock.now(),
            activity,
            user: user.to_owned(),
            ip,
            client_type,
            success,
            detail: detail.to_owned(),
        });
    }
}
