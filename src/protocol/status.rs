//! What the head of an answer says, whatever the protocol.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};
use url::Url;

use crate::error::{Error, Fault, PeerText};
use crate::exchange::Response;

/// Where the service names its side of an exchange.
const SERVER_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");

/// Refuses the statuses whose bodies no protocol reads: redirects, 429 and 5xx.
pub(super) fn check_status(response: &Response) -> Result<(), Error> {
    let status = response.status;
    if status.is_redirection() {
        return Err(Fault::RedirectRefused {
            status: status.as_u16(),
            host: redirect_host(&response.headers),
        }
        .into());
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Fault::Throttled {
            retry_after: response.retry_after(),
        }
        .into());
    }
    if status.is_server_error() {
        return Err(Fault::ServiceUnavailable {
            status: status.as_u16(),
            retry_after: response.retry_after(),
        }
        .into());
    }
    Ok(())
}

/// The fault of a status that the protocol does not know.
pub(super) fn unexpected_status(response: &Response) -> Error {
    Fault::UnexpectedStatus {
        status: response.status.as_u16(),
        content_type: content_type(&response.headers),
    }
    .into()
}

/// The service's own name for the exchange, from the head of its answer.
pub(super) fn server_request_id(response: &Response) -> Option<PeerText> {
    let text = response.headers.get(SERVER_REQUEST_ID)?.to_str().ok()?;
    Some(PeerText::new(text)).filter(|text| !text.is_empty())
}

pub(super) fn content_type(headers: &HeaderMap) -> Option<PeerText> {
    headers
        .get(CONTENT_TYPE)
        .map(|value| PeerText::new(&String::from_utf8_lossy(value.as_bytes())))
}

fn redirect_host(headers: &HeaderMap) -> Option<PeerText> {
    let url = Url::parse(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    url.host_str().map(PeerText::new)
}
