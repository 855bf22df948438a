//! Native authentication V2: the registration of a second factor, where a reset ends in it.

use serde_json::{Value, json};

use super::flow::Purpose;
use super::hal::link;
use super::inbox::{Channel, Message};
use super::native_v2::Call;
use super::random;
use super::refusal::Refusal;
use super::users::{mask, masked_number};

impl Call<'_> {
    /// What can be registered. A contact takes the place of no other.
    pub(super) fn enrolment(&self, token: &str) -> Value {
        let method = |kind: &str| {
            let href = self.in_tenant(&format!("auth/methods/{kind}/enroll"));
            json!({ "type": kind, "_links": { "enroll": link(&href) } })
        };
        let mut phone = method("phone");
        phone["channels"] = json!(["sms"]);
        json!({
            "state": "interactionRequired",
            "action": "enroll",
            "continuationToken": token,
            "_embedded": { "methods": [method("email"), phone] },
        })
    }

    /// Sends a code to the contact to be registered; without one in the request, again to the same.
    pub(super) fn enroll(&mut self) -> Result<Value, Refusal> {
        let token = self.body.required("continuationToken")?.to_owned();
        let now = self.state.clock.now();
        let purposes = &[Purpose::Enroll, Purpose::Activate];
        let (id, user) = self.state.flow(&token, purposes)?;
        let kind = self.method_type().to_owned();
        let is_phone = kind == "phone";
        let field = if is_phone { "phoneNumber" } else { "email" };
        let contact = match &self.state.flows.get(id).enrolling {
            Some(contact) if self.target.ends_with("/resend") => contact.clone(),
            _ => self.body.required(field)?.to_owned(),
        };
        let code = random::digits(self.state.settings.code_length);
        self.state.inbox.deliver(Message {
            user: user.name,
            to: contact.clone(),
            channel: if is_phone {
                Channel::Text
            } else {
                Channel::Email
            },
            code: code.clone(),
            time: now,
        });
        let hint = match is_phone {
            true => masked_number(&contact),
            false => mask(&contact),
        };
        let flow = self.state.flows.get(id);
        flow.code = Some(code);
        flow.enrolling = Some(contact);
        let in_method = |action| self.in_tenant(&format!("auth/methods/{kind}/{action}"));
        Ok(json!({
            "state": "interactionRequired",
            "action": "activate",
            "type": kind,
            "hint": hint,
            "codeLength": self.state.settings.code_length,
            "_links": {
                "activate": link(&in_method("activate")),
                "resend": link(&in_method("resend")),
            },
            "continuationToken": self.state.flows.issue(id, Purpose::Activate, now),
        }))
    }

    pub(super) fn activate(&mut self) -> Result<Value, Refusal> {
        let token = self.body.required("continuationToken")?.to_owned();
        let code = self.body.required("otp")?.to_owned();
        let now = self.state.clock.now();
        let (id, _) = self.state.flow(&token, &[Purpose::Activate])?;
        if self
            .state
            .flows
            .get(id)
            .code
            .take_if(|sent| *sent == code)
            .is_none()
        {
            return Err(self.wrong_code(id, Purpose::Activate));
        }
        let token = self.state.flows.issue(id, Purpose::Redeem, now);
        Ok(json!({ "state": "continue", "continuationToken": token }))
    }
}
