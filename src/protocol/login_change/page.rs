//! What a page of the sign-in says in its `$Config`.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::script;
use super::sign_in_result::SignInResult;
use crate::error::{Error, Fault, PeerText};
use crate::exchange::Response;
use crate::protocol::json::{position, take_secret, word};
use crate::protocol::origin::{host, is_plain, problem};
use crate::protocol::status::{check_status, content_type, unexpected_status};
use crate::secret::ContinuationToken;

/// The page that wants another password.
const CHANGE_PAGE: &str = "ConvergedChangePassword";

/// No token of a page comes near.
const TOKEN_LIMIT: usize = 64 * 1024;

/// A page, as far as it says something to this crate.
pub(super) struct Page {
    config: Config,
}

/// What a page wants to be given back, and where.
pub(super) struct PageForm {
    pub(super) post: Url,
    pub(super) ctx: ContinuationToken,
    pub(super) flow_token: ContinuationToken,
    pub(super) canary: ContinuationToken,
    /// The page's `sessionId`, which browsers send as `hpgrequestid`.
    pub(super) session_id: Option<PeerText>,
}

/// The keys that are looked at. Which type each has is checked when it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    pgid: Option<Value>,
    #[serde(rename = "sFT")]
    s_ft: Option<Value>,
    s_ctx: Option<Value>,
    canary: Option<Value>,
    session_id: Option<Value>,
    url_post: Option<Value>,
    url_async_sspr_begin: Option<Value>,
    url_async_sspr_poll: Option<Value>,
    i_error_code: Option<Value>,
    s_error_code: Option<Value>,
    s_err_txt: Option<Value>,
    str_service_exception_message: Option<Value>,
}

impl Page {
    /// Reads an answer that is a page.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] if it has no `$Config` that can be read; what [`check_status`] refuses; and
    /// [`Fault::UnexpectedContentType`] if it is no HTML.
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        check_status(response)?;
        let status = response.status.as_u16();
        let content_type = content_type(&response.headers);
        if !content_type.as_deref().is_some_and(is_html) {
            return Err(Fault::UnexpectedContentType {
                status,
                content_type,
            }
            .into());
        }
        let Some(config) = script::config(response.body.as_ref()) else {
            return Err(match response.status.is_success() {
                true => Fault::Unreadable { status }.into(),
                false => unexpected_status(response),
            });
        };
        // Script follows the object, so not all of it is read.
        let mut reader = serde_json::Deserializer::from_slice(config);
        match Config::deserialize(&mut reader) {
            Ok(config) => Ok(Self { config }),
            Err(error) => {
                Err(Error::new(Fault::Unreadable { status }).with_source(position(&error)))
            }
        }
    }

    /// The name of the page.
    pub(super) fn pgid(&self) -> Option<PeerText> {
        word(self.config.pgid.as_ref(), "pgid").ok().flatten()
    }

    /// Whether the page asks for another password.
    pub(super) fn wants_change(&self) -> bool {
        self.pgid().as_deref() == Some(CHANGE_PAGE)
    }

    /// The code with which the page says that something was refused.
    pub(super) fn refusal(&self) -> Option<SignInResult> {
        let config = &self.config;
        let coded = [&config.s_error_code, &config.i_error_code];
        let texts = [&config.str_service_exception_message, &config.s_err_txt];
        let in_text = |text: &Option<Value>| SignInResult::in_text(text.as_ref()?.as_str()?);
        coded
            .into_iter()
            .find_map(|value| code(value.as_ref()?))
            .or_else(|| texts.into_iter().find_map(in_text))
    }

    /// Whether the page shows a text about an error.
    pub(super) fn shows_error(&self) -> bool {
        let is_empty = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
        self.config
            .s_err_txt
            .as_ref()
            .is_some_and(|text| !is_empty(text))
    }

    /// Takes out what the page wants back.
    ///
    /// # Errors
    /// A key that is missing or cannot be used, and [`Fault::LinkRefused`].
    pub(super) fn form(&mut self, authority: &Url) -> Result<PageForm, Error> {
        let config = &mut self.config;
        Ok(PageForm {
            post: link(authority, config.url_post.as_ref(), "urlPost")?,
            ctx: token(&mut config.s_ctx, "sCtx")?,
            flow_token: token(&mut config.s_ft, "sFT")?,
            canary: token(&mut config.canary, "canary")?,
            session_id: word(config.session_id.as_ref(), "sessionId")?,
        })
    }

    /// Where a change is begun and asked after.
    ///
    /// # Errors
    /// As [`form`](Self::form).
    pub(super) fn job_links(&self, authority: &Url) -> Result<(Url, Url), Error> {
        let config = &self.config;
        let begin = config.url_async_sspr_begin.as_ref();
        let poll = config.url_async_sspr_poll.as_ref();
        Ok((
            link(authority, begin, "urlAsyncSsprBegin")?,
            link(authority, poll, "urlAsyncSsprPoll")?,
        ))
    }
}

fn is_html(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/html")
}

/// A code, as a number or as a text. Zero and an empty text say that there is none.
fn code(value: &Value) -> Option<SignInResult> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!matches!(text.as_str(), "" | "0")).then(|| SignInResult::new(&text))
}

pub(super) fn token(
    value: &mut Option<Value>,
    field: &'static str,
) -> Result<ContinuationToken, Error> {
    match take_secret(value, field)? {
        Some(text) if text.len() <= TOKEN_LIMIT => Ok(ContinuationToken::new(text)),
        Some(_) => Err(Fault::InvalidField { field }.into()),
        None => Err(Fault::MissingField { field }.into()),
    }
}

/// An address on the origin of the authority.
fn link(authority: &Url, value: Option<&Value>, key: &'static str) -> Result<Url, Error> {
    let text = match value {
        None | Some(Value::Null) => return Err(Fault::MissingField { field: key }.into()),
        Some(Value::String(text)) if is_plain(text) => text,
        Some(_) => return Err(Fault::InvalidField { field: key }.into()),
    };
    let url = authority
        .join(text)
        .map_err(|_| Fault::InvalidField { field: key })?;
    match problem(authority, &url) {
        None => Ok(url),
        Some(problem) => Err(Fault::LinkRefused {
            relation: key,
            problem,
            host: host(&url),
        }
        .into()),
    }
}
