//! The `ProxyServer` text of WinINET and WinHTTP: one server for everything, or one for each scheme.

use std::collections::BTreeMap;

use serde::Serialize;

use super::server::{ProxyScheme, ProxyServer, without_credentials};
use crate::error::{PeerText, ServerProblem};

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ServerUse {
    /// Every scheme that has no server of its own (no key).
    Any,
    /// `http` (key `http=`).
    Http,
    /// `https` (key `https=`).
    Https,
    /// `ftp` (key `ftp=`).
    Ftp,
    /// What is left (key `socks=`).
    Socks,
}

/// A part of the text that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RefusedServer {
    /// What it was for; `None` if its key is not known.
    pub used_for: Option<ServerUse>,
    /// The part, without credentials.
    pub token: PeerText,
    /// Why it was not taken.
    pub problem: ServerProblem,
}

/// The servers of a manual proxy setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ServerList {
    servers: BTreeMap<ServerUse, ProxyServer>,
    refused: Vec<RefusedServer>,
}

/// What a list says about a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerChoice<'a> {
    /// This server.
    Server(&'a ProxyServer),
    /// The list leaves this scheme out: it goes without a proxy.
    NotListed,
    /// The list may mean a server for this scheme, but what stands there cannot be used.
    Refused(&'a RefusedServer),
}

impl ServerList {
    /// The most parts that are read; what follows is refused as a whole.
    pub const MAX_PARTS: usize = 64;

    /// Reads `([<scheme>=][<scheme>"://"]<server>[":"<port>])`, separated by `;` or white space (the grammar that the
    /// WinHTTP documentation gives for `lpszProxy`).
    ///
    /// A server without a port listens at 80, one under `socks=` at 1080; `https=` names an HTTP proxy for `https`
    /// addresses, and `socks=` a SOCKS 4 server for every scheme without one. The first server for a use counts.
    /// A part that cannot be used is listed in [`refused`](Self::refused), the others still count.
    pub fn parse(text: &str) -> Self {
        let mut list = Self::default();
        let mut parts = text.split(is_separator).filter(|part| !part.is_empty());
        for part in parts.by_ref().take(Self::MAX_PARTS) {
            list.add_part(part);
        }
        if let Some(part) = parts.next() {
            // Any use may be meant by what follows, so no scheme counts as left out.
            list.refuse(None, part, ServerProblem::Surplus);
        }
        list
    }

    /// One server for everything.
    pub fn single(server: ProxyServer) -> Self {
        Self {
            servers: BTreeMap::from([(ServerUse::Any, server)]),
            refused: Vec::new(),
        }
    }

    /// The server of one use.
    pub fn server(&self, used_for: ServerUse) -> Option<&ProxyServer> {
        self.servers.get(&used_for)
    }

    /// Every server with its use.
    pub fn servers(&self) -> impl Iterator<Item = (ServerUse, &ProxyServer)> {
        self.servers
            .iter()
            .map(|(used_for, server)| (*used_for, server))
    }

    /// The parts that were not taken, in their order.
    pub fn refused(&self) -> &[RefusedServer] {
        &self.refused
    }

    /// Whether the text named nothing at all.
    pub fn is_empty(&self) -> bool {
        self.servers.is_empty() && self.refused.is_empty()
    }

    /// What the list says about addresses with this scheme (in lower case).
    pub fn choose(&self, scheme: &str) -> ServerChoice<'_> {
        let own = match scheme {
            "http" => Some(ServerUse::Http),
            "https" => Some(ServerUse::Https),
            "ftp" => Some(ServerUse::Ftp),
            _ => None,
        };
        let uses = [own, Some(ServerUse::Any), Some(ServerUse::Socks)];
        let mut found = uses.into_iter().flatten();
        if let Some(server) = found.find_map(|used_for| self.servers.get(&used_for)) {
            return ServerChoice::Server(server);
        }
        let may_be_meant = |refused: &&RefusedServer| {
            refused.used_for.is_none() || uses.contains(&refused.used_for)
        };
        match self.refused.iter().find(may_be_meant) {
            Some(refused) => ServerChoice::Refused(refused),
            None => ServerChoice::NotListed,
        }
    }

    pub(super) fn insert(&mut self, used_for: ServerUse, server: ProxyServer) {
        self.servers.insert(used_for, server);
    }

    pub(super) fn refuse(
        &mut self,
        used_for: Option<ServerUse>,
        token: &str,
        problem: ServerProblem,
    ) {
        self.refused.push(RefusedServer {
            used_for,
            token: without_credentials(token),
            problem,
        });
    }

    fn add_part(&mut self, part: &str) {
        let (key, value) = split_key(part);
        let used_for = match key.map(str::to_ascii_lowercase).as_deref() {
            None => ServerUse::Any,
            Some("http") => ServerUse::Http,
            Some("https") => ServerUse::Https,
            Some("ftp") => ServerUse::Ftp,
            Some("socks") => ServerUse::Socks,
            Some(other) => {
                let problem = ServerProblem::Key(PeerText::new(other));
                return self.refuse(None, part, problem);
            }
        };
        let without_scheme = match used_for {
            ServerUse::Socks => ProxyScheme::Socks4,
            _ => ProxyScheme::Http,
        };
        match ProxyServer::parse(value, without_scheme) {
            Ok(_) if self.servers.contains_key(&used_for) => {
                self.refuse(Some(used_for), part, ServerProblem::Surplus);
            }
            Ok(server) => self.insert(used_for, server),
            Err(problem) => self.refuse(Some(used_for), part, problem),
        }
    }
}

fn is_separator(c: char) -> bool {
    c == ';' || c.is_ascii_whitespace()
}

/// Splits `key=` off. An `=` behind a `:`, `/` or `@` belongs to the value.
fn split_key(part: &str) -> (Option<&str>, &str) {
    match part.split_once('=') {
        Some((key, value)) if !key.contains([':', '/', '@']) => (Some(key), value),
        _ => (None, part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str, scheme: &str) -> Option<String> {
        match ServerList::parse(text).choose(scheme) {
            ServerChoice::Server(server) => Some(server.to_string()),
            ServerChoice::NotListed => None,
            ServerChoice::Refused(refused) => Some(format!("refused: {}", refused.problem)),
        }
    }

    #[test]
    fn each_scheme_finds_its_server() {
        for (text, scheme, expected) in [
            ("p:8080", "https", Some("http://p:8080")),
            ("p", "http", Some("http://p:80")),
            ("http=a:1;https=b:2", "http", Some("http://a:1")),
            ("http=a:1;https=b:2", "https", Some("http://b:2")),
            ("http=a:1;https=b:2", "ftp", None),
            ("HTTP=a:1", "https", None),
            ("socks=s", "https", Some("socks4://s:1080")),
            ("http=a:1 socks=s:9", "https", Some("socks4://s:9")),
            ("socks=socks5://s", "http", Some("socks5://s:1080")),
            ("https=https://b", "https", Some("https://b:443")),
            ("https=http://b", "https", Some("http://b:80")),
            ("http=a:1\t\r\n;; https=b:2", "https", Some("http://b:2")),
            ("p1 p2", "http", Some("http://p1:80")),
            ("any:1;https=b:2", "https", Some("http://b:2")),
            ("any:1;socks=s:2", "https", Some("http://any:1")),
            ("", "https", None),
        ] {
            assert_eq!(chosen(text, scheme).as_deref(), expected, "{text} {scheme}");
        }
    }

    /// P26: every part that cannot be used is told, and the others still count.
    #[test]
    fn p26_what_cannot_be_used_is_told_part_by_part() {
        let list = ServerList::parse("http=;:8080;https=host:99999;p1 p2 u:s3cret@p3;ftp=f:21;x=y");
        let problems: Vec<_> = list
            .refused()
            .iter()
            .map(|refused| (refused.token.as_str(), &refused.problem))
            .collect();
        assert_eq!(
            problems,
            [
                ("http=", &ServerProblem::Empty),
                (":8080", &ServerProblem::Empty),
                ("https=host:99999", &ServerProblem::BadPort),
                ("p2", &ServerProblem::Surplus),
                ("…@p3", &ServerProblem::Userinfo),
                ("x=y", &ServerProblem::Key("x".into())),
            ]
        );
        let servers: Vec<_> = list.servers().map(|(_, s)| s.to_string()).collect();
        assert_eq!(servers, ["http://p1:80", "http://f:21"]);
    }

    /// P26: a scheme whose only server is refused never counts as left out.
    #[test]
    fn p26_a_refused_server_is_not_a_missing_one() {
        assert_eq!(chosen("http=", "http").unwrap(), "refused: no host");
        assert_eq!(
            chosen("https=h:0;http=a", "https").unwrap(),
            "refused: no usable port"
        );
        assert_eq!(
            chosen("prox=a:1", "https").unwrap(),
            "refused: unknown key prox"
        );
        assert_eq!(
            chosen("https=h:0;socks=s", "https").unwrap(),
            "socks4://s:1080"
        );
    }

    /// P28
    #[test]
    fn p28_addresses_may_stand_in_brackets_but_have_no_zone() {
        assert_eq!(
            chosen("[2001:db8::1]:8080", "http").unwrap(),
            "http://[2001:db8::1]:8080"
        );
        assert_eq!(chosen("https=[::1]", "https").unwrap(), "http://[::1]:80");
        assert_eq!(
            chosen("[fe80::1%4]:8080", "http").unwrap(),
            "refused: the host is not usable: an address with a zone"
        );
    }

    #[test]
    fn the_number_of_parts_is_bounded() {
        let list = ServerList::parse(&("ftp=p:0;".repeat(10_000) + "https=p:1"));
        assert_eq!(list.refused().len(), ServerList::MAX_PARTS + 1);
        assert!(matches!(list.choose("https"), ServerChoice::Refused(_)));
    }
}
