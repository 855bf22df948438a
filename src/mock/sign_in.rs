//! Native authentication V1: the sign-in after a reset. V2 ends at the same endpoint.
//!
//! Documented: the redemption of a continuation token, and the answers where a second factor is wanted. What follows
//! those (`introspect`, `register`) is not served. The form of the tokens is documented (JWTs; `client_info` as base64url
//! JSON), their content is *invented* and signed by nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::flow::Purpose;
use super::native_v1::{Call, redirect};
use super::refusal::Refusal;
use super::state::State;
use super::users::{SignIn, User};
use super::{clock, random};

const LIFETIME: u64 = 3600;

impl Call<'_> {
    /// Redeems the token of a successful poll.
    pub(super) fn token(&mut self) -> Result<Value, Refusal> {
        let grant = self.form.required("grant_type")?;
        if grant == "authorization_code" {
            return self.redeem_code();
        }
        if grant != "continuation_token" {
            let text = format!("The grant type '{grant}' is not supported here.");
            return Err(Refusal::new("unsupported_grant_type", 70_003, &text));
        }
        let token = self.form.required("continuation_token")?.to_owned();
        let scope = self.form.required("scope")?.to_owned();
        let now = self.state.clock.now();
        let (id, user) = self.state.flow(&token, &[Purpose::Redeem])?;
        if let Some(name) = self.form.optional("username")?
            && !name.eq_ignore_ascii_case(&user.name)
        {
            return Err(Refusal::new(
                "invalid_grant",
                50_126,
                "The user name does not fit the continuation token.",
            ));
        }
        let (capability, code, text) = match user.sign_in {
            SignIn::PasswordOnly => {
                self.state.flows.end(id);
                return Ok(tokens(self.state, &user, &scope));
            }
            SignIn::Mfa => (
                "mfa_required",
                50_076,
                "A second factor is required to sign in.",
            ),
            SignIn::Registration => (
                "registration_required",
                50_079,
                "A second factor has to be registered first.",
            ),
        };
        let capabilities = &self.state.flows.get(id).capabilities;
        let handles_it = capabilities.iter().any(|known| known == capability);
        if !handles_it {
            let mut body = redirect();
            body["redirect_reason"] =
                json!(format!("The client lacks the capability {capability}."));
            return Ok(body);
        }
        let next = self.state.flows.issue(id, Purpose::Redeem, now);
        Err(Refusal::new("invalid_grant", code, text)
            .suberror(capability)
            .token(Some(next)))
    }

    /// Redeems the code that V2 gives for the token of a finished reset. Which scopes are granted is *invented*: those of
    /// the entry are not kept.
    fn redeem_code(&mut self) -> Result<Value, Refusal> {
        let code = self.form.required("code")?.to_owned();
        let (id, user) = self.state.flow(&code, &[Purpose::AuthorizationCode])?;
        self.state.flows.end(id);
        Ok(tokens(self.state, &user, "openid profile offline_access"))
    }
}

fn tokens(state: &State, user: &User, scope: &str) -> Value {
    let now = clock::seconds(state.clock.now());
    let (object, tenant) = (random::guid(), &state.settings.tenant_id);
    let claims = json!({
        "aud": state.settings.client_id,
        "iss": format!("https://login.microsoftonline.invalid/{tenant}/v2.0"),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "name": user.name,
        "preferred_username": user.name,
        "oid": object,
        "sub": random::token(),
        "tid": tenant,
        "ver": "2.0",
    });
    json!({
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": LIFETIME,
        "ext_expires_in": LIFETIME,
        "access_token": jwt(&claims),
        "refresh_token": random::token(),
        "id_token": jwt(&claims),
        "client_info": encode(&json!({ "uid": object, "utid": tenant })),
    })
}

fn jwt(claims: &Value) -> String {
    let header = json!({ "alg": "none", "typ": "JWT" });
    format!(
        "{}.{}.{}",
        encode(&header),
        encode(claims),
        URL_SAFE_NO_PAD.encode(random::bytes::<32>())
    )
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
