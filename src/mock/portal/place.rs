//! The address of a page, and what its query says.

use url::{Url, form_urlencoded};

use super::super::traffic::Request;

pub(super) const PASSWORD_RESET: &str = "/n/passwordreset";
pub(super) const PICTURE: &str = "/captcha";
/// Where partial posts are sent whose session is gone, below `/` and `/n/`: *invented*.
const ENDED: &str = "sessionexpired";

/// Whether the path is one of a page that says that the session is gone.
pub(super) fn is_ended(path: &str) -> bool {
    path.strip_prefix("/n/").or_else(|| path.strip_prefix('/')) == Some(ENDED)
}

/// Where a page stands. It posts to where it came from, query included.
#[derive(Debug)]
pub(super) struct Place {
    /// Relative to the page.
    pub(super) action: String,
    /// The path, query included, of the page that says that the session is gone.
    pub(super) ended: String,
    /// `mkt`: the language.
    pub(super) language: Option<String>,
    /// `whr`: the realm.
    pub(super) realm: Option<String>,
    /// `username`: the user ID to begin with.
    pub(super) user: Option<String>,
    /// `ru`: where to return to.
    pub(super) return_to: Option<Url>,
    /// What the audit log says: *invented*.
    pub(super) client_type: &'static str,
}

impl Place {
    pub(super) fn of(request: &Request) -> Self {
        let query = request.target.split_once('?').map(|(_, query)| query);
        let value = |wanted: &str| {
            form_urlencoded::parse(query.unwrap_or_default().as_bytes())
                .find(|(name, value)| name == wanted && !value.is_empty())
                .map(|(_, value)| value.into_owned())
        };
        let (folder, page, client_type) = if request.path().starts_with("/n/") {
            ("/n/", "passwordreset", "Windows sign-in screen")
        } else {
            ("/", "", "Web portal")
        };
        let query_part = query.map_or_else(String::new, |query| format!("?{query}"));
        Self {
            action: format!("./{page}{query_part}"),
            ended: format!("{folder}{ENDED}{query_part}"),
            language: value("mkt"),
            realm: value("whr"),
            user: value("username"),
            return_to: value("ru").as_deref().and_then(sign_in_page),
            client_type,
        }
    }
}

/// *Invented*: only https, and only hosts called `login.…`, so that the portal leads nobody astray.
fn sign_in_page(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let is_login = url.host_str()?.starts_with("login.");
    let plain = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && is_login && plain).then_some(url)
}

/// The value of a cookie (RFC 6265, section 5.4).
pub(super) fn cookie<'a>(request: &'a Request, wanted: &str) -> Option<&'a str> {
    let fields = request.headers.iter();
    fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sign_in_pages_are_returned_to() {
        let taken = |url| sign_in_page(url).is_some();
        assert!(taken(
            "https://login.microsoftonline.com/common/reprocess?ctx=1"
        ));
        assert!(!taken("http://login.microsoftonline.com/"));
        assert!(!taken("https://evil.example/login."));
        assert!(!taken("https://login.microsoftonline.com@evil.example/"));
        assert!(!taken("javascript:alert(1)"));
    }
}
