//! Native authentication V1: the password reset.
//!
//! Follows Microsoft's `reference-native-authentication-api`. Labelled *invented* where that says nothing.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::fault::Endpoint;
use super::flow::{FlowId, Purpose};
use super::form::Form;
use super::http::Response;
use super::inbox::{Channel, Message};
use super::polling::Poll;
use super::refusal::{Ids, Refusal};
use super::state::State;
use super::traffic::Request;
use super::users::User;
use super::{audit, random};

/// What a request names by its path: the tenant's segment may be anything.
pub(super) fn endpoint(target: &str) -> Endpoint {
    let path = target.split('?').next().unwrap_or_default();
    let rest = path
        .strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .map(|(_tenant, rest)| rest);
    match rest {
        Some("resetpassword/v1.0/start") => Endpoint::Start,
        Some("resetpassword/v1.0/challenge") => Endpoint::Challenge,
        Some("resetpassword/v1.0/continue") => Endpoint::Continue,
        Some("resetpassword/v1.0/submit") => Endpoint::Submit,
        Some("resetpassword/v1.0/poll_completion") => Endpoint::Poll,
        Some("oauth2/v2.0/token") => Endpoint::Token,
        _ => Endpoint::Other,
    }
}

/// Acts on a request and answers it.
pub(super) fn answer(
    state: &mut State,
    endpoint: Endpoint,
    request: &Request,
    ids: &Ids,
    ip: IpAddr,
) -> Response {
    // How Entra answers these three is not public: *invented*.
    if endpoint == Endpoint::Other {
        return Response::page(404);
    }
    if request.method != "POST" {
        let mut response = Response::page(405);
        response.set_header("Allow", "POST");
        return response;
    }
    if !request.is_of_type("application/x-www-form-urlencoded") {
        return Response::page(415);
    }
    let mut call = Call {
        state,
        form: Form::read(request),
        ip,
    };
    let mut response = match call.dispatch(endpoint) {
        Ok(body) => Response::json(200, &body),
        Err(refusal) => refusal.response(call.state, ids),
    };
    response.set_header("x-ms-request-id", &ids.trace);
    response
}

/// One request while it is answered.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    pub(super) form: Form,
    ip: IpAddr,
}

impl Call<'_> {
    fn dispatch(&mut self, endpoint: Endpoint) -> Result<Value, Refusal> {
        check_client(self.state, &self.form)?;
        match endpoint {
            Endpoint::Start => self.start(),
            Endpoint::Challenge => self.challenge(),
            Endpoint::Continue => self.check_code(),
            Endpoint::Submit => self.submit(),
            Endpoint::Poll => self.poll(),
            _ => self.token(),
        }
    }

    fn start(&mut self) -> Result<Value, Refusal> {
        let name = self.form.required("username")?.to_owned();
        let offers_code = offers_code(self.form.required("challenge_type")?)?;
        let user = self.state.users.find(&name).cloned().ok_or_else(|| {
            Refusal::new(
                "user_not_found",
                50_034,
                "There is no such account in this tenant.",
            )
        })?;
        if user.password.is_none() {
            let text = "The account has no password that could be reset.";
            return Err(Refusal::new("invalid_request", 500_222, text));
        }
        if user.browser_only || !offers_code {
            return Ok(redirect());
        }
        let now = self.state.clock.now();
        if let Some(left) = self.state.throttle.blocked(&user.name, now) {
            return Err(Refusal::throttled(left));
        }
        self.progress(&user.name, true, "Entered the user ID");
        let flow = self.state.flows.begin(user.name, self.form.capabilities());
        Ok(json!({ "continuation_token": self.state.flows.issue(flow, Purpose::Challenge, now) }))
    }

    fn challenge(&mut self) -> Result<Value, Refusal> {
        let token = self.form.required("continuation_token")?.to_owned();
        let offers_code = match self.form.optional("challenge_type")? {
            Some(list) => offers_code(list)?,
            None => true,
        };
        let now = self.state.clock.now();
        let (flow, user) = self
            .state
            .flow(&token, &[Purpose::Challenge, Purpose::Code])?;
        if !offers_code {
            return Ok(redirect());
        }
        if user.contact_blocked {
            let text = "The verification contact is blocked for its reputation.";
            return Err(
                Refusal::new("access_denied", 550_024, text).suberror("provider_blocked_by_rep")
            );
        }
        if let Err(left) = self.state.throttle.attempt(&user.name, now) {
            self.record(
                audit::BLOCKED,
                &user.name,
                false,
                "Asked for a code too often",
            );
            return Err(Refusal::throttled(left));
        }
        let code = random::digits(self.state.settings.code_length);
        self.state.inbox.deliver(Message {
            user: user.name.clone(),
            to: user.contact.clone(),
            channel: Channel::Email,
            code: code.clone(),
            time: now,
        });
        self.state.flows.get(flow).code = Some(code);
        self.progress(&user.name, true, "Started the email verification option");
        Ok(json!({
            "continuation_token": self.state.flows.issue(flow, Purpose::Code, now),
            "challenge_type": "oob",
            "binding_method": "prompt",
            "challenge_channel": "email",
            "challenge_target_label": user.masked_contact(),
            "code_length": self.state.settings.code_length,
        }))
    }

    fn check_code(&mut self) -> Result<Value, Refusal> {
        let token = self.form.required("continuation_token")?.to_owned();
        let grant = self.form.required("grant_type")?;
        if grant != "oob" {
            let text = format!("The grant type '{grant}' is not supported here.");
            return Err(Refusal::new("invalid_grant", 55_000, &text));
        }
        let code = self.form.required("oob")?.to_owned();
        let now = self.state.clock.now();
        let (id, User { name: user, .. }) = self.state.flow(&token, &[Purpose::Code])?;
        let flow = self.state.flows.get(id);
        if flow.code.as_ref() != Some(&code) {
            self.progress(&user, false, "Entered a wrong code");
            let text = "The one-time code is not valid.";
            let next = self.token_in_error(id, Purpose::Code);
            return Err(Refusal::new("invalid_grant", 50_181, text)
                .suberror("invalid_oob_value")
                .token(next));
        }
        flow.code = None;
        self.progress(&user, true, "Completed the email verification option");
        Ok(json!({
            "continuation_token": self.state.flows.issue(id, Purpose::Submit, now),
            "expires_in": self.state.flows.lifetime().as_secs(),
        }))
    }

    fn submit(&mut self) -> Result<Value, Refusal> {
        let token = self.form.required("continuation_token")?.to_owned();
        let password = self.form.required("new_password")?.to_owned();
        let now = self.state.clock.now();
        let (id, user) = self.state.flow(&token, &[Purpose::Submit])?;
        let policy = &self.state.settings.policy;
        let verdict = policy.judge(&password, user.password.as_deref());
        if let (Err(suberror), false) = (verdict, self.state.settings.password_errors_on_poll) {
            self.record(audit::RESET, &user.name, false, suberror);
            let next = self.token_in_error(id, Purpose::Submit);
            return Err(Refusal::password(suberror).token(next));
        }
        self.state.take_password(id, &password, verdict.err());
        Ok(json!({
            "continuation_token": self.state.flows.issue(id, Purpose::Poll, now),
            "poll_interval": self.state.settings.poll_interval,
        }))
    }

    fn poll(&mut self) -> Result<Value, Refusal> {
        let token = self.form.required("continuation_token")?.to_owned();
        let now = self.state.clock.now();
        let (id, User { name: user, .. }) = self.state.flow(&token, &[Purpose::Poll])?;
        let flow = self.state.flows.get(id);
        let first = flow.verdict.is_none();
        let said = flow.next_poll();
        if first && said.is_success() {
            self.record(audit::RESET, &user, true, "Successfully reset the password");
        } else if first && !said.is_pending() {
            self.record(audit::RESET, &user, false, "The password was not changed");
        }
        let (status, purpose) = match said {
            Poll::NotStarted => ("not_started".to_owned(), Some(Purpose::Poll)),
            Poll::InProgress | Poll::Never => ("in_progress".to_owned(), Some(Purpose::Poll)),
            Poll::Word(word) => (word, Some(Purpose::Poll)),
            Poll::Succeeded => ("succeeded".to_owned(), Some(Purpose::Redeem)),
            Poll::SucceededWithoutToken => ("succeeded".to_owned(), None),
            Poll::Failed => ("failed".to_owned(), Some(Purpose::Submit)),
            Poll::Refused(suberror) => {
                self.state.flows.reopen(id);
                let next = self.token_in_error(id, Purpose::Submit);
                return Err(Refusal::password(&suberror).token(next));
            }
        };
        let mut body = json!({ "status": status });
        if let Some(purpose) = purpose {
            body["continuation_token"] = json!(self.state.flows.issue_beside(id, purpose, now));
        }
        Ok(body)
    }

    /// A token for the next try, if errors are to carry one.
    fn token_in_error(&mut self, flow: FlowId, purpose: Purpose) -> Option<String> {
        let now = self.state.clock.now();
        let wanted = self.state.settings.tokens_in_errors;
        wanted.then(|| self.state.flows.issue(flow, purpose, now))
    }

    fn progress(&mut self, user: &str, success: bool, detail: &str) {
        self.record(audit::PROGRESS, user, success, detail);
    }

    fn record(&mut self, activity: &'static str, user: &str, success: bool, detail: &str) {
        let client_type = "Native authentication";
        self.state
            .record(activity, user, self.ip, client_type, success, detail);
    }
}

/// Whether the application may speak at all.
pub(super) fn check_client(state: &State, form: &Form) -> Result<(), Refusal> {
    let client = form.required("client_id")?;
    if !is_guid(client) {
        return Err(Refusal::missing("client_id"));
    }
    if !client.eq_ignore_ascii_case(&state.settings.client_id) {
        let text = format!("No application '{client}' is registered in this tenant.");
        return Err(Refusal::new("unauthorized_client", 700_016, &text));
    }
    if !state.settings.native_auth {
        let text = "The application is not enabled for native authentication.";
        return Err(
            Refusal::new("invalid_client", 7_000_218, text).suberror("nativeauthapi_disabled")
        );
    }
    Ok(())
}

/// Whether the list offers a one-time code; it has to offer the redirect in any case.
fn offers_code(list: &str) -> Result<bool, Refusal> {
    let offered: Vec<&str> = list.split_ascii_whitespace().collect();
    if let Some(unknown) = offered
        .iter()
        .find(|word| !["oob", "password", "redirect"].contains(word))
    {
        let text = format!("challenge_type parameter is empty or not valid: '{unknown}'.");
        return Err(Refusal::new("invalid_request", 90_100, &text));
    }
    if !offered.contains(&"redirect") {
        let text = "The list in challenge_type lacks the type 'redirect'.";
        return Err(Refusal::new("unsupported_challenge_type", 901_007, text));
    }
    Ok(offered.contains(&"oob"))
}

/// The answer that leads to the browser.
pub(super) fn redirect() -> Value {
    json!({ "challenge_type": "redirect" })
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts
            .iter()
            .all(|part| part.chars().all(|c| c.is_ascii_hexdigit()))
}
