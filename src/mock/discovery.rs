//! What the tenant publishes about itself: OpenID Connect Discovery 1.0, section 3, at the path that Entra documents.

use serde_json::json;

use super::http::Response;
use super::state::State;
use super::traffic::Request;

/// Behind the tenant's segment, which may be anything.
const PATH: &str = "v2.0/.well-known/openid-configuration";

/// Whether a request names the description.
pub(super) fn is_meant(target: &str) -> bool {
    tenant(target).is_some()
}

/// The description. *Invented* is which of its fields a client looks at.
pub(super) fn answer(state: &State, request: &Request) -> Response {
    if request.method != "GET" {
        let mut response = Response::page(405);
        response.set_header("Allow", "GET");
        return response;
    }
    let host = request.header("host").unwrap_or_default();
    let tenant = tenant(&request.target).unwrap_or_default();
    let at = |path: &str| format!("https://{host}/{tenant}/{path}");
    let issuer = format!("https://{host}/{}/v2.0", state.settings.tenant_id);
    Response::json(
        200,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": at("oauth2/v2.0/authorize"),
            "token_endpoint": at("oauth2/v2.0/token"),
            "jwks_uri": at("discovery/v2.0/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
    )
}

fn tenant(target: &str) -> Option<&str> {
    let path = target.split('?').next()?;
    let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
    (rest == PATH).then_some(tenant)
}
