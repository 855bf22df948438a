//! The application and the tenant that a protocol is configured for.

use url::Url;

use crate::error::{AuthorityProblem, Error, Fault};

/// Reads an authority: `https`, a host, perhaps a path, and nothing else. The path ends without a slash.
pub(super) fn check_authority(text: &str) -> Result<Url, Error> {
    let refuse = |problem| Err(Fault::InvalidAuthority { problem }.into());
    let Ok(mut url) = Url::parse(text) else {
        return refuse(AuthorityProblem::NotAUrl);
    };
    if url.scheme() != "https" {
        return refuse(AuthorityProblem::NotHttps);
    }
    if url.host_str().is_none_or(str::is_empty) {
        return refuse(AuthorityProblem::NoHost);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(AuthorityProblem::HasCredentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(AuthorityProblem::HasQueryOrFragment);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Takes over a client id if it can stand in a form as it is.
pub(super) fn check_client_id(client_id: String) -> Result<String, Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if client_id.is_empty() || client_id.len() > 128 || !client_id.bytes().all(is_allowed) {
        return Err(Fault::InvalidClientId.into());
    }
    Ok(client_id)
}

/// The endpoint whose path stands behind the authority's own.
pub(super) fn endpoint(authority: &Url, path: &str) -> Url {
    let mut url = authority.clone();
    url.set_path(&[authority.path().trim_end_matches('/'), path].concat());
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(authority: &str) -> AuthorityProblem {
        match check_authority(authority).unwrap_err().fault() {
            Fault::InvalidAuthority { problem } => *problem,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_authority_is_https_and_nothing_but_a_place() {
        assert_eq!(problem("contoso"), AuthorityProblem::NotAUrl);
        assert_eq!(
            problem("http://contoso.ciamlogin.com/contoso.onmicrosoft.com"),
            AuthorityProblem::NotHttps
        );
        assert_eq!(
            problem("https://user@contoso.ciamlogin.com/"),
            AuthorityProblem::HasCredentials
        );
        assert_eq!(
            problem("https://contoso.ciamlogin.com/?p=1"),
            AuthorityProblem::HasQueryOrFragment
        );
        assert_eq!(
            problem("https://contoso.ciamlogin.com/#x"),
            AuthorityProblem::HasQueryOrFragment
        );
        let authority = check_authority("https://contoso.ciamlogin.com/contoso.onmicrosoft.com/");
        assert_eq!(
            authority.unwrap().as_str(),
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com"
        );
    }

    #[test]
    fn a_client_id_goes_into_a_form_as_it_is() {
        for id in ["", "a b", "a&b=c", "ä", &"a".repeat(129)] {
            let error = check_client_id(id.to_owned()).unwrap_err();
            assert_eq!(error.fault(), &Fault::InvalidClientId, "{id:?}");
        }
    }
}
