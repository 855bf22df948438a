//! Whether what answers is the service that was asked for.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{CONTENT_TYPE, DATE, LOCATION};
use serde_json::Value;
use url::Url;

use super::Severity;
use crate::endpoint::{Answers, RequiredEndpoint};
use crate::error::{ClockFault, Fault, PeerText};
use crate::exchange::Response;

/// How far the clocks of both sides may differ: what Kerberos allows, too.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5 * 60);

/// What is wrong with the answer of `endpoint`.
pub(super) fn fault(endpoint: &RequiredEndpoint, response: &Response) -> Option<(Fault, Severity)> {
    let status = response.status;
    if status == StatusCode::TOO_MANY_REQUESTS {
        let retry_after = response.retry_after();
        return Some((Fault::Throttled { retry_after }, Severity::Degrades));
    }
    if status.is_server_error() {
        let fault = Fault::ServiceUnavailable {
            status: status.as_u16(),
            retry_after: response.retry_after(),
        };
        return Some((fault, Severity::Blocks));
    }
    let fault = match (endpoint.answers, status) {
        (Answers::Page, _) if status.is_success() => None,
        (Answers::Page, _) if status.is_redirection() && stays(&endpoint.url, response) => None,
        (_, _) if status.is_redirection() => Some(Fault::RedirectRefused {
            status: status.as_u16(),
            host: target(&endpoint.url, response).and_then(|to| to.host_str().map(PeerText::new)),
        }),
        (Answers::OpenIdConfiguration, StatusCode::OK) => description(response),
        _ => Some(Fault::UnexpectedStatus {
            status: status.as_u16(),
            content_type: content_type(response),
        }),
    };
    // The connection stands: a reset may work although this answer is odd.
    fault.map(|fault| (fault, Severity::Degrades))
}

/// What the date in the answer says about this computer's clock (RFC 9110, section 6.6.1). TLS vouches for it.
pub(super) fn clock(response: &Response, now: SystemTime) -> Option<ClockFault> {
    let text = response.headers.get(DATE)?.to_str().ok()?;
    let server = httpdate::parse_http_date(text).ok()?;
    let apart = match now.duration_since(server) {
        Ok(apart) => apart,
        Err(error) => error.duration(),
    };
    let seconds = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    };
    (apart > CLOCKS_DIFFER).then(|| ClockFault::Differs {
        server: seconds(server),
        now: seconds(now),
    })
}

/// The fields that this crate's protocols and every sign-in need (OpenID Connect Discovery 1.0, section 3).
fn description(response: &Response) -> Option<Fault> {
    let status = response.status.as_u16();
    let kind = content_type(response);
    let is_json = kind
        .as_ref()
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
    if !is_json {
        return Some(Fault::UnexpectedContentType {
            status,
            content_type: kind,
        });
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice(response.body.as_ref()) else {
        return Some(Fault::Unreadable { status });
    };
    ["issuer", "token_endpoint"].into_iter().find_map(|field| {
        let Some(value) = fields.get(field) else {
            return Some(Fault::MissingField { field });
        };
        let url = value.as_str().and_then(|text| Url::parse(text).ok());
        let is_sound = url.is_some_and(|url| url.scheme() == "https");
        (!is_sound).then_some(Fault::InvalidField { field })
    })
}

fn content_type(response: &Response) -> Option<PeerText> {
    let value = response.headers.get(CONTENT_TYPE)?;
    Some(PeerText::new(&String::from_utf8_lossy(value.as_bytes())))
}

fn target(url: &Url, response: &Response) -> Option<Url> {
    let location = response.headers.get(LOCATION)?.to_str().ok()?;
    url.join(location).ok()
}

/// Whether a redirect leads to the same host, or to one of the same service.
fn stays(url: &Url, response: &Response) -> bool {
    let Some(to) = target(url, response) else {
        return false;
    };
    let service = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        host.split_once('.')
            .map_or(host.clone(), |(_, rest)| rest.to_owned())
    };
    to.scheme() == "https" && (to.host_str() == url.host_str() || service(&to) == service(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    fn endpoint(answers: Answers) -> RequiredEndpoint {
        RequiredEndpoint {
            url: Url::parse("https://login.example.com/x").unwrap(),
            answers,
        }
    }

    fn response(status: u16, headers: &[(http::HeaderName, &str)], body: &str) -> Response {
        let headers = headers.iter().cloned();
        Response::new(
            StatusCode::from_u16(status).unwrap(),
            headers
                .map(|(name, value)| (name, value.parse().unwrap()))
                .collect(),
            Body::new(body.into()),
        )
    }

    fn told(answers: Answers, response: &Response) -> Option<Fault> {
        fault(&endpoint(answers), response).map(|(fault, _)| fault)
    }

    #[test]
    fn a_description_must_be_one() {
        let json = (CONTENT_TYPE, "application/json; charset=utf-8");
        let told = |kind: &(http::HeaderName, &str), body: &str| {
            told(
                Answers::OpenIdConfiguration,
                &response(200, std::slice::from_ref(kind), body),
            )
        };
        let sound = r#"{"issuer":"https://a/","token_endpoint":"https://a/t"}"#;
        assert_eq!(told(&json, sound), None);
        let html = (CONTENT_TYPE, "text/html");
        assert!(matches!(
            told(&html, sound),
            Some(Fault::UnexpectedContentType { .. })
        ));
        assert!(matches!(told(&json, "[]"), Some(Fault::Unreadable { .. })));
        let field = "token_endpoint";
        let without = r#"{"issuer":"https://a/"}"#;
        assert_eq!(told(&json, without), Some(Fault::MissingField { field }));
        let plain = r#"{"issuer":"https://a/","token_endpoint":"http://a/"}"#;
        assert_eq!(told(&json, plain), Some(Fault::InvalidField { field }));
    }

    #[test]
    fn a_page_may_lead_to_its_neighbour_and_nowhere_else() {
        let to = |place| told(Answers::Page, &response(302, &[(LOCATION, place)], ""));
        assert_eq!(to("/start"), None);
        assert_eq!(to("https://reset.example.com/"), None);
        assert!(matches!(
            to("http://login.example.com/"),
            Some(Fault::RedirectRefused { .. })
        ));
        assert!(matches!(
            to("https://portal.hotel.example/"),
            Some(Fault::RedirectRefused { .. })
        ));
        assert_eq!(told(Answers::Page, &response(200, &[], "")), None);
        let busy = fault(&endpoint(Answers::Page), &response(503, &[], ""));
        assert!(matches!(
            busy,
            Some((
                Fault::ServiceUnavailable { status: 503, .. },
                Severity::Blocks
            ))
        ));
    }

    #[test]
    fn clocks_may_differ_by_minutes() {
        let at = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 + seconds);
        let dated = response(200, &[(DATE, "Sun, 06 Nov 1994 08:49:37 GMT")], "");
        assert_eq!(clock(&dated, at(300)), None);
        let now = 784_111_777 + 301;
        let server = 784_111_777;
        assert_eq!(
            clock(&dated, at(301)),
            Some(ClockFault::Differs { server, now })
        );
    }
}
