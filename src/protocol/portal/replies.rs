//! What the server answers, up to the page that the answer makes.

use super::forms::{Applied, Delta, DeltaFault, Page, PageFault, PageLimit};
use std::time::Instant;

use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use super::flow::{Asked, PortalFlow, State, Why};
use super::profile::view::Meaning;
use super::reading::{self, Recognised};
use super::requests::PICTURE_LIMIT;
use crate::error::{Error, Fault, PeerText, ServerError};
use crate::exchange::Response;
use crate::protocol::status::{check_status, server_request_id, unexpected_status};
use crate::protocol::{Action, Outcome, Picture, origin};

/// How often a server may lead on before a page comes.
const REDIRECTS: u8 = 5;

/// What can be shown without running anything.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

impl PortalFlow {
    pub(super) fn responded(&mut self, response: &Response, now: Instant) -> Action {
        let State::Asked(asked) = &self.state else {
            return Action::Stay;
        };
        let asked = asked.clone();
        self.server_correlation = server_request_id(response);
        self.requests.keep(&asked.url, &response.headers);
        let status = response.status;
        if status == StatusCode::TOO_MANY_REQUESTS && !self.is_in_doubt(&asked) {
            let retry_after = response.retry_after();
            return self.finish(Outcome::Blocked { retry_after });
        }
        if status.is_redirection() && asked.why != Why::Picture {
            return self.redirected(response, &asked);
        }
        if let Err(error) = check_status(response) {
            return self.fail(error);
        }
        match asked.why {
            Why::Picture => self.pictured(response),
            _ => self.paged(response, &asked, now),
        }
    }

    /// Whether the server may have set the password, whatever this answer says: it was led on from the one that tells.
    fn is_in_doubt(&self, asked: &Asked) -> bool {
        self.password_left && (asked.why != Why::Password || asked.redirects > 0)
    }

    /// Follows to a page of the same origin, as browsers do after a form was sent (RFC 9110, section 15.4).
    fn redirected(&mut self, response: &Response, asked: &Asked) -> Action {
        let status = response.status;
        let location = location(response, &asked.url);
        let host = location.as_ref().and_then(origin::host);
        let keeps_body = matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
        let leads_on = matches!(
            status,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER
        ) || (keeps_body && !asked.is_post);
        let target = location.filter(|_| leads_on && asked.redirects < REDIRECTS);
        let Some(target) = target else {
            let status = status.as_u16();
            return self.leave_because(Fault::RedirectRefused { status, host });
        };
        if let Some(problem) = origin::problem(&self.settings.url, &target) {
            let relation = "location";
            return self.leave_because(Fault::LinkRefused {
                relation,
                problem,
                host,
            });
        }
        let request = self.requests.page(target, Some(&asked.url));
        self.ask(asked.why, request, asked.redirects + 1)
    }

    fn paged(&mut self, response: &Response, asked: &Asked, now: Instant) -> Action {
        let content_type = header(response, CONTENT_TYPE);
        let is_html = content_type.is_some_and(|text| text.trim_start().starts_with("text/html"));
        let after = self.at;
        if asked.is_partial && asked.redirects == 0 && !is_html && response.status.is_success() {
            match self.updated(response) {
                Ok(()) => {}
                Err(action) => return *action,
            }
        } else {
            let page = match Page::parse(&asked.url, content_type, response.body.as_ref()) {
                Ok(page) => page,
                Err(_) if !response.status.is_success() => {
                    return self.refused(response, asked);
                }
                Err(fault) => return self.fail(unreadable(response, &asked.url, fault)),
            };
            let found = reading::recognise(&self.settings.profile, &page, after);
            if !response.status.is_success() && !self.is_last(found) {
                return self.refused(response, asked);
            }
            self.page = Some(page);
        }
        self.arrived(asked.why, response.retry_after(), now)
    }

    /// An answer that is no page of the portal's. To a new password it says that nothing was done.
    fn refused(&mut self, response: &Response, asked: &Asked) -> Action {
        if !self.is_in_doubt(asked) && response.status.is_client_error() {
            self.password_left = false;
        }
        self.fail(unexpected_status(response))
    }

    /// Whether a page with an error status is one that the profile knows as the end. It is no proof of a success.
    fn is_last(&self, found: Recognised) -> bool {
        let Recognised::As(index) = found else {
            return false;
        };
        match self.settings.meaning(Some(index)) {
            Some(Meaning::End(end)) => !end.outcome.is_success(),
            meaning => matches!(meaning, Some(Meaning::Browser)),
        }
    }

    /// Applies a partial answer to the page that stands.
    fn updated(&mut self, response: &Response) -> Result<(), Box<Action>> {
        let status = response.status.as_u16();
        let delta = Delta::parse(response.body.as_ref());
        let Some(page) = &mut self.page else {
            return Err(Box::new(Action::Stay));
        };
        let applied = delta.and_then(|delta| page.apply(&delta));
        let error: Error = match applied {
            Ok(Applied::Updated) => return Ok(()),
            Ok(Applied::Redirect(url)) => {
                let host = origin::host(&url);
                Fault::RedirectRefused { status, host }.into()
            }
            Ok(Applied::Error { code, message }) => {
                let server = ServerError {
                    error: code,
                    suberror: Some(message).filter(|message| !message.is_empty()),
                    ..ServerError::default()
                };
                Fault::Refused { server }.into()
            }
            Err(DeltaFault::Redirect { problem, host }) => {
                let relation = "pageRedirect";
                Fault::LinkRefused {
                    relation,
                    problem,
                    host,
                }
                .into()
            }
            Err(fault) => Error::new(Fault::Unreadable { status }).with_source(fault),
        };
        Err(Box::new(self.leave_because(error)))
    }

    fn pictured(&mut self, response: &Response) -> Action {
        if response.status != StatusCode::OK {
            return self.fail(unexpected_status(response));
        }
        let content_type = header(response, CONTENT_TYPE).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let known = PICTURES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(essence));
        let bytes = response.body.as_ref();
        let (Some(media_type), true) = (known, (1..=PICTURE_LIMIT).contains(&bytes.len())) else {
            let fault = Fault::UnexpectedContentType {
                status: response.status.as_u16(),
                content_type: Some(PeerText::new(essence)),
            };
            return self.fail(fault.into());
        };
        self.picture = Some(Picture::new(media_type, bytes.to_vec()));
        let rejection = self.rejection.take();
        self.ask_person(rejection)
    }
}

fn header(response: &Response, name: http::HeaderName) -> Option<&str> {
    response.headers.get(name)?.to_str().ok()
}

/// Where a redirect leads, without the fragment, which is never sent.
fn location(response: &Response, from: &Url) -> Option<Url> {
    let text = header(response, LOCATION)?;
    if !origin::is_plain(text) {
        return None;
    }
    let mut url = from.join(text).ok()?;
    url.set_fragment(None);
    Some(url)
}

fn unreadable(response: &Response, url: &Url, fault: PageFault) -> Error {
    let status = response.status.as_u16();
    let host = url.host_str().unwrap_or_default();
    let told = match &fault {
        PageFault::NotHtml(content_type) => Fault::UnexpectedContentType {
            status,
            content_type: Some(content_type.clone()),
        },
        PageFault::Limit(PageLimit::Bytes) => Fault::TooLarge {
            host: host.to_owned(),
            limit: PageLimit::BYTES,
        },
        PageFault::Encoding(_) | PageFault::Limit(_) => Fault::Unreadable { status },
    };
    Error::new(told).with_source(fault)
}
