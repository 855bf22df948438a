//! Native authentication V2 (preview): the password reset.
//!
//! Follows what could be read of Microsoft's `reference-native-authentication-password-reset`, and the V2 client in
//! MSAL.js. Labelled *invented* where neither says anything.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::fault::Endpoint;
use super::flow::{FlowId, Purpose};
use super::form::Form;
use super::hal::{self, Body, link};
use super::http::Response;
use super::inbox::Message;
use super::polling::Poll;
use super::refusal::{Ids, Refusal};
use super::state::State;
use super::traffic::Request;
use super::users::{CodeChannel, Contact, SignIn, User};
use super::{audit, native_v1, random};

/// What a request names by its path, if that is one of this protocol. Only the two paths below `oauth2` and the shape of
/// the others are documented, and they are nobody's business but the tenant's: a client follows links.
pub(super) fn endpoint(target: &str) -> Option<Endpoint> {
    Some(match path(target)?.as_slice() {
        ["oauth2", "v2.0", "authorize-challenge"] => Endpoint::AuthorizeChallenge,
        ["api", "v2.0", "resetpassword", "start"] => Endpoint::V2Start,
        ["api", "v2.0", "auth", "methods", "password", _] => Endpoint::V2Update,
        [
            "api",
            "v2.0",
            "auth",
            "methods",
            "password",
            _,
            "pollUpdate",
        ] => Endpoint::V2Poll,
        ["api", "v2.0", "auth", "methods", _, "enroll" | "resend"] => Endpoint::V2Enroll,
        ["api", "v2.0", "auth", "methods", _, "activate"] => Endpoint::V2Activate,
        ["api", "v2.0", "auth", "methods", _, _, action] => match *action {
            "challenge" => Endpoint::V2Challenge,
            "riskverify" => Endpoint::V2RiskVerify,
            "resend" => Endpoint::V2Resend,
            "verify" => Endpoint::V2Verify,
            _ => return None,
        },
        _ => return None,
    })
}

/// Acts on a request and answers it.
pub(super) fn answer(
    state: &mut State,
    endpoint: Endpoint,
    request: &Request,
    ids: &Ids,
    ip: IpAddr,
) -> Response {
    let is_entry = endpoint == Endpoint::AuthorizeChallenge;
    let (method, media_type) = match endpoint {
        Endpoint::AuthorizeChallenge => ("POST", "application/x-www-form-urlencoded"),
        Endpoint::V2Update => ("PUT", "application/json"),
        _ => ("POST", "application/json"),
    };
    // How the service answers these two is not public: *invented*.
    if request.method != method {
        let mut response = Response::page(405);
        response.set_header("Allow", method);
        return response;
    }
    if !request.is_of_type(media_type) {
        return Response::page(415);
    }
    let mut response = if is_entry {
        enter(state, request, ids)
    } else {
        act(state, endpoint, request, ids, ip)
    };
    response.set_header("x-ms-request-id", &ids.trace);
    response
}

/// Answers at the OAuth endpoint: the beginning of everything, and the code at its end.
fn enter(state: &mut State, request: &Request, ids: &Ids) -> Response {
    let form = Form::read(request);
    let now = state.clock.now();
    let answered = match form.optional("continuation_token") {
        Ok(Some(token)) => match state.flow(token, &[Purpose::Redeem]) {
            Ok((flow, _)) => {
                let code = state.flows.issue(flow, Purpose::AuthorizationCode, now);
                return Response::json(200, &json!({ "code": code }));
            }
            Err(fault) => Err(fault.into()),
        },
        Ok(None) => native_v1::check_client(state, &form),
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = answered {
        return refusal.response(state, ids);
    }
    let flow = state.flows.begin(String::new(), Vec::new());
    let token = state.flows.issue(flow, Purpose::Start, now);
    // Status and links are documented; the words of the error are *invented*.
    let text = "The request needs more than it brings.";
    let refusal = Refusal::new("insufficient_authorization", 0, text).token(Some(token));
    let mut body = refusal.body(state, ids);
    let tenant = tenant(&request.target);
    for (name, path) in [
        ("reset_password", "resetpassword/start"),
        ("sign_in", "signin/start"),
        ("sign_up", "signup/start"),
    ] {
        body[name] = json!(format!("/{tenant}/api/v2.0/{path}"));
    }
    Response::json(401, &body)
}

fn act(
    state: &mut State,
    endpoint: Endpoint,
    request: &Request,
    ids: &Ids,
    ip: IpAddr,
) -> Response {
    let answered = Body::read(request).and_then(|body| {
        let mut call = Call {
            state,
            body,
            target: &request.target,
            ip,
        };
        call.dispatch(endpoint)
    });
    match answered {
        Ok(body) => hal::response(&body),
        Err(refusal) => hal::refuse(&refusal, state, ids),
    }
}

/// One request while it is answered.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    pub(super) body: Body,
    pub(super) target: &'a str,
    ip: IpAddr,
}

impl Call<'_> {
    fn dispatch(&mut self, endpoint: Endpoint) -> Result<Value, Refusal> {
        match endpoint {
            Endpoint::V2Start => self.start(),
            Endpoint::V2Challenge => self.challenge(),
            Endpoint::V2RiskVerify => self.send_code(&[Purpose::Risk]),
            Endpoint::V2Resend => self.send_code(&[Purpose::Code]),
            Endpoint::V2Verify => self.verify(),
            Endpoint::V2Update => self.update(),
            Endpoint::V2Enroll => self.enroll(),
            Endpoint::V2Activate => self.activate(),
            _ => self.poll(),
        }
    }

    fn start(&mut self) -> Result<Value, Refusal> {
        let name = self.body.required("username")?.to_owned();
        let token = self.body.required("continuationToken")?.to_owned();
        let now = self.state.clock.now();
        let id = self.state.flows.find(&token, &[Purpose::Start], now)?;
        // That a person without a password is answered like nobody is *invented*.
        let user = self.state.users.find(&name).cloned();
        let user = user.filter(|user| user.password.is_some()).ok_or_else(|| {
            let text = "There is no such account in this tenant.";
            Refusal::new("invalid_request", 50_034, text).suberror("user_not_found")
        })?;
        if user.browser_only {
            let text = "The account can be served in a browser only.";
            return Err(Refusal::new("invalid_grant", 0, text).suberror("web_redirect_required"));
        }
        if let Some(left) = self.state.throttle.blocked(&user.name, now) {
            return Err(Refusal::throttled(left));
        }
        self.record(audit::PROGRESS, &user.name, true, "Entered the user ID");
        self.state.flows.get(id).user = user.name.clone();
        let token = self.state.flows.issue(id, Purpose::Challenge, now);
        Ok(self.choice(&user, "singleFactor", &token))
    }

    /// The methods of a person, to choose one of.
    fn choice(&self, user: &User, factor: &str, token: &str) -> Value {
        let method = |contact: &Contact| {
            json!({
                "id": contact.id,
                "type": contact.channel.word(),
                "hint": contact.hint,
                "_links": {
                    "challenge": link(&self.of_method(contact, "challenge")),
                    "verify": link(&self.of_method(contact, "verify")),
                },
            })
        };
        let methods: Vec<Value> = user.contacts().iter().map(method).collect();
        json!({
            "state": "interactionRequired",
            "action": "challenge",
            "scenario": "passwordReset",
            "challengeContext": { "authenticationFactor": factor },
            "continuationToken": token,
            "_links": { "self": link(self.target) },
            "_embedded": { "methods": methods },
        })
    }

    fn challenge(&mut self) -> Result<Value, Refusal> {
        let purposes = &[Purpose::Challenge, Purpose::Risk, Purpose::Code];
        let (flow, user, contact) = self.addressed(purposes)?;
        if user.contact_blocked {
            let text = "The verification contact is blocked for its reputation.";
            return Err(
                Refusal::new("access_denied", 550_024, text).suberror("provider_blocked_by_rep")
            );
        }
        if contact.channel == CodeChannel::Sms && user.sms_risk {
            let now = self.state.clock.now();
            return Ok(json!({
                "state": "interactionRequired",
                "action": "riskverify",
                "type": "sms",
                "continuationToken": self.state.flows.issue(flow, Purpose::Risk, now),
                "_links": { "riskverify": link(&self.of_method(&contact, "riskverify")) },
            }));
        }
        self.send_code(purposes)
    }

    fn send_code(&mut self, purposes: &[Purpose]) -> Result<Value, Refusal> {
        let (flow, user, contact) = self.addressed(purposes)?;
        let now = self.state.clock.now();
        if let Err(left) = self.state.throttle.attempt(&user.name, now) {
            let detail = "Asked for a code too often";
            self.record(audit::BLOCKED, &user.name, false, detail);
            return Err(Refusal::throttled(left));
        }
        let code = random::digits(self.state.settings.code_length);
        self.state.inbox.deliver(Message {
            user: user.name.clone(),
            to: contact.address.clone(),
            channel: contact.channel.in_inbox(),
            code: code.clone(),
            time: now,
        });
        self.state.flows.get(flow).code = Some(code);
        let detail = format!("Started the {} verification option", contact.channel.name());
        self.record(audit::PROGRESS, &user.name, true, &detail);
        Ok(json!({
            "state": "interactionRequired",
            "action": "verify",
            "id": contact.id,
            "type": contact.channel.word(),
            "hint": contact.hint,
            "codeLength": self.state.settings.code_length,
            "continuationToken": self.state.flows.issue(flow, Purpose::Code, now),
            "_links": {
                "verify": link(&self.of_method(&contact, "verify")),
                "resend": link(&self.of_method(&contact, "resend")),
            },
        }))
    }

    fn verify(&mut self) -> Result<Value, Refusal> {
        let code = self.body.required("otp")?.to_owned();
        let (id, user, contact) = self.addressed(&[Purpose::Code])?;
        let now = self.state.clock.now();
        let flow = self.state.flows.get(id);
        if flow.code.as_ref() != Some(&code) {
            self.record(audit::PROGRESS, &user.name, false, "Entered a wrong code");
            return Err(self.wrong_code(id, Purpose::Code));
        }
        flow.code = None;
        let is_second_factor = flow.verdict.is_some();
        let detail = format!(
            "Completed the {} verification option",
            contact.channel.name()
        );
        self.record(audit::PROGRESS, &user.name, true, &detail);
        if is_second_factor {
            let token = self.state.flows.issue(id, Purpose::Redeem, now);
            return Ok(json!({ "state": "continue", "continuationToken": token }));
        }
        Ok(json!({
            "state": "interactionRequired",
            "action": "update",
            "continuationToken": self.state.flows.issue(id, Purpose::Submit, now),
            "_links": { "update": link(&self.of_password("")) },
        }))
    }

    fn update(&mut self) -> Result<Value, Refusal> {
        let token = self.body.required("continuationToken")?.to_owned();
        let password = self.body.required("newPassword")?.to_owned();
        let now = self.state.clock.now();
        let (id, user) = self.state.flow(&token, &[Purpose::Submit])?;
        let policy = &self.state.settings.policy;
        let verdict = policy.judge(&password, user.password.as_deref());
        if let (Err(suberror), false) = (verdict, self.state.settings.password_errors_on_poll) {
            self.record(audit::RESET, &user.name, false, suberror);
            return Err(self.refuse_password(id, suberror));
        }
        self.state.take_password(id, &password, verdict.err());
        let token = self.state.flows.issue(id, Purpose::Poll, now);
        Ok(self.poll_again(&token))
    }

    fn poll(&mut self) -> Result<Value, Refusal> {
        let token = self.body.required("continuationToken")?.to_owned();
        let now = self.state.clock.now();
        let (id, user) = self.state.flow(&token, &[Purpose::Poll])?;
        let flow = self.state.flows.get(id);
        let first = flow.verdict.is_none();
        let said = flow.next_poll();
        if first && said.is_success() {
            let detail = "Successfully reset the password";
            self.record(audit::RESET, &user.name, true, detail);
        } else if first && !said.is_pending() {
            let detail = "The password was not changed";
            self.record(audit::RESET, &user.name, false, detail);
        }
        let mut issue = |purpose| self.state.flows.issue_beside(id, purpose, now);
        Ok(match said {
            Poll::NotStarted | Poll::InProgress | Poll::Never => {
                let token = issue(Purpose::Poll);
                self.poll_again(&token)
            }
            Poll::Word(word) => {
                json!({ "state": word, "continuationToken": issue(Purpose::Poll) })
            }
            Poll::SucceededWithoutToken => json!({ "state": "continue" }),
            Poll::Succeeded => match user.sign_in {
                SignIn::PasswordOnly => {
                    json!({ "state": "continue", "continuationToken": issue(Purpose::Redeem) })
                }
                SignIn::Mfa => {
                    let token = issue(Purpose::Challenge);
                    self.choice(&user, "multiFactor", &token)
                }
                SignIn::Registration => {
                    let token = issue(Purpose::Enroll);
                    self.enrolment(&token)
                }
            },
            // This API has no word for it: *invented*.
            Poll::Failed => {
                self.state.flows.reopen(id);
                return Err(self.refuse_password(id, "password_reset_failed"));
            }
            Poll::Refused(suberror) => {
                self.state.flows.reopen(id);
                return Err(self.refuse_password(id, &suberror));
            }
        })
    }

    fn poll_again(&self, token: &str) -> Value {
        json!({
            "state": "interactionRequired",
            "action": "poll",
            "continuationToken": token,
            "_links": { "poll": link(&self.of_password("/pollUpdate")) },
        })
    }

    pub(super) fn wrong_code(&mut self, flow: FlowId, purpose: Purpose) -> Refusal {
        let text = "The one-time code is not valid.";
        let next = self.token_in_error(flow, purpose);
        Refusal::new("invalid_grant", 50_181, text)
            .suberror("invalid_one_time_code")
            .token(next)
    }

    fn refuse_password(&mut self, flow: FlowId, suberror: &str) -> Refusal {
        let text = "The new password does not meet the password policy.";
        let next = self.token_in_error(flow, Purpose::Submit);
        Refusal::new("invalid_request", 399_246, text)
            .suberror(suberror)
            .token(next)
    }

    /// The flow of the request's token, and the contact that its path names.
    fn addressed(&mut self, purposes: &[Purpose]) -> Result<(FlowId, User, Contact), Refusal> {
        let token = self.body.required("continuationToken")?.to_owned();
        let (flow, user) = self.state.flow(&token, purposes)?;
        let contact = match path(self.target).as_deref() {
            Some([.., channel, id, _]) => {
                let is_meant =
                    |contact: &Contact| contact.channel.word() == *channel && contact.id == *id;
                user.contacts().into_iter().find(is_meant)
            }
            _ => None,
        };
        let refuse = || {
            let text = "The account has no such method.";
            Refusal::new("invalid_request", 90_100, text).suberror("method_not_found")
        };
        Ok((flow, user, contact.ok_or_else(refuse)?))
    }

    /// A token for the next try, if errors are to carry one.
    fn token_in_error(&mut self, flow: FlowId, purpose: Purpose) -> Option<String> {
        let now = self.state.clock.now();
        let wanted = self.state.settings.tokens_in_errors;
        wanted.then(|| self.state.flows.issue(flow, purpose, now))
    }

    fn record(&mut self, activity: &'static str, user: &str, success: bool, detail: &str) {
        let client_type = "Native authentication";
        self.state
            .record(activity, user, self.ip, client_type, success, detail);
    }

    fn of_method(&self, contact: &Contact, action: &str) -> String {
        let (channel, id) = (contact.channel.word(), contact.id);
        self.in_tenant(&format!("auth/methods/{channel}/{id}/{action}"))
    }

    fn of_password(&self, action: &str) -> String {
        self.in_tenant(&format!("auth/methods/password/1{action}"))
    }

    /// The type in `auth/methods/{type}/{action}`.
    pub(super) fn method_type(&self) -> &str {
        let segments = path(self.target).unwrap_or_default();
        segments.get(4).copied().unwrap_or_default()
    }

    pub(super) fn in_tenant(&self, path: &str) -> String {
        format!("/{}/api/v2.0/{path}", tenant(self.target))
    }
}

/// The segments behind the tenant's.
fn path(target: &str) -> Option<Vec<&str>> {
    let path = target.split('?').next()?.strip_prefix('/')?;
    Some(path.split('/').skip(1).collect())
}

fn tenant(target: &str) -> &str {
    target.split(['/', '?']).nth(1).unwrap_or_default()
}
