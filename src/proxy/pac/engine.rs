//! The seam between the proxy decision and whatever evaluates scripts.

use url::Url;

use super::{PacError, PacScript};

/// Something that evaluates proxy auto-configuration scripts.
pub trait PacEngine: Send + Sync {
    /// Asks `script` for the way to `target`; the answer is the text that the script returned.
    ///
    /// This call blocks, for as long as the engine's own limits allow. An async caller moves it to a thread that may block.
    ///
    /// # Errors
    /// Any [`PacError`]. No error stands for a direct connection.
    fn find_proxy(&self, script: &PacScript, target: &PacTarget) -> Result<String, PacError>;

    /// Whether this engine fetches scripts itself, from [`PacScript::location`], as the evaluator of Windows does.
    /// Then a script without text is enough.
    fn fetches(&self) -> bool {
        false
    }
}

/// What a script is told about a request: an address without its private parts, and the host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PacTarget {
    url: String,
    host: String,
}

impl PacTarget {
    /// Takes from `url` what a script may see, as browsers do: user information and fragment never, path and query only
    /// of schemes that go over the network in the clear.
    ///
    /// # Errors
    /// [`PacError::NoHost`] if the address names no host.
    pub fn new(url: &Url) -> Result<Self, PacError> {
        let host = match url.host() {
            Some(url::Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(PacError::NoHost),
        };
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let authority = url.host_str().unwrap_or_default();
        let rest = match url.scheme() {
            "http" | "ws" | "ftp" => match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_owned(),
            },
            _ => "/".to_owned(),
        };
        Ok(Self {
            url: format!("{}://{authority}{port}{rest}", url.scheme()),
            host,
        })
    }

    /// The address as the script sees it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host as the script sees it: lower case, ASCII, without brackets and port.
    pub fn host(&self) -> &str {
        &self.host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(url: &str) -> (String, String) {
        let target = PacTarget::new(&Url::parse(url).unwrap()).unwrap();
        (target.url, target.host)
    }

    #[test]
    fn https_addresses_lose_path_query_fragment_and_user() {
        assert_eq!(
            seen("https://adele:hush@Contoso.com:8443/reset?code=1#top"),
            (
                "https://contoso.com:8443/".to_owned(),
                "contoso.com".to_owned()
            )
        );
        assert_eq!(seen("wss://contoso.com/chat").0, "wss://contoso.com/");
    }

    #[test]
    fn http_addresses_keep_path_and_query() {
        assert_eq!(
            seen("http://adele:hush@ocsp.example/a/b?c=d#top").0,
            "http://ocsp.example/a/b?c=d"
        );
    }

    #[test]
    fn hosts_come_without_brackets_and_in_ascii() {
        assert_eq!(
            seen("https://[2001:DB8::1]:8443/x"),
            (
                "https://[2001:db8::1]:8443/".to_owned(),
                "2001:db8::1".to_owned()
            )
        );
        assert_eq!(seen("https://bücher.example/").1, "xn--bcher-kva.example");
    }

    #[test]
    fn an_address_without_a_host_is_refused() {
        assert_eq!(
            PacTarget::new(&Url::parse("data:,x").unwrap()),
            Err(PacError::NoHost)
        );
    }
}
