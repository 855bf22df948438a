//! The tokens that a sign-in after the reset yields.
//!
//! Their form is documented (JWTs; `client_info` as base64url JSON), their content is *invented* and signed by nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::clock;
use super::random;
use super::state::State;
use super::users::User;

const LIFETIME: u64 = 3600;

/// The success answer of the token endpoint.
pub(super) fn tokens(state: &State, user: &User, scope: &str) -> Value {
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
