//! Microsoft's national clouds and their hosts.

use url::Url;

use crate::endpoint::RequiredEndpoint;

/// One national cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cloud {
    /// The stable name, for instance `global`.
    pub name: String,
    /// The host that people sign in at.
    pub login_host: String,
    /// The hosts of the reset portal, the preferred one first.
    pub reset_hosts: Vec<String>,
    /// The hosts from which the portal's pages load what they need. They are trusted by the bundled roots.
    pub content_hosts: Vec<String>,
}

impl Cloud {
    /// A cloud from its parts.
    pub fn new(
        name: impl Into<String>,
        login_host: impl Into<String>,
        reset_hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            name: name.into(),
            login_host: login_host.into(),
            reset_hosts: reset_hosts.into_iter().map(Into::into).collect(),
            content_hosts: Vec::new(),
        }
    }

    /// The hosts from which the portal's pages load what they need.
    #[must_use]
    pub fn content_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.content_hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// The cloud of nearly everyone, `global`.
    pub fn global() -> Self {
        Self::new(
            "global",
            "login.microsoftonline.com",
            ["passwordreset.microsoftonline.com"],
        )
        .content_hosts([CONTENT])
    }

    /// The cloud of the government of the United States, `us-gov`. That its pages load from the same host as those of the
    /// global cloud is inferred, not documented.
    pub fn us_gov() -> Self {
        Self::new(
            "us-gov",
            "login.microsoftonline.us",
            [
                "passwordreset.microsoftonline.us",
                "passwordreset.activedirectory.windowsazure.us",
            ],
        )
        .content_hosts([CONTENT])
    }

    /// The cloud in China that 21Vianet runs, `china`, with the host that older documents name. Where its pages load from
    /// is inferred as for [`us_gov`](Self::us_gov).
    pub fn china() -> Self {
        Self::new(
            "china",
            "login.partner.microsoftonline.cn",
            ["passwordreset.activedirectory.windowsazure.cn"],
        )
        .content_hosts([CONTENT])
    }

    /// The addresses that must answer before anybody of this cloud can reset a password: the sign-in service and the
    /// preferred page for resets. A host that is none is left out.
    pub fn required_endpoints(&self) -> Vec<RequiredEndpoint> {
        let at = |host: &str, path: &str| Url::parse(&format!("https://{host}/{path}")).ok();
        let sign_in = at(&self.login_host, "common").map(|url| RequiredEndpoint::sign_in(&url));
        let page = self.reset_hosts.first().and_then(|host| at(host, ""));
        sign_in
            .into_iter()
            .chain(page.map(RequiredEndpoint::page))
            .collect()
    }
}

/// From where the portal loads scripts, as the documentation of the sign-in screen's reset says.
const CONTENT: &str = "ajax.aspnetcdn.com";

/// The known clouds. The table can be replaced, since Microsoft changes hosts without asking.
///
/// Hosts of the table, and those of External ID (`*.ciamlogin.com`), are trusted by the roots that Microsoft publishes
/// and by no others: see [`Trust`](crate::Trust).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudTable {
    clouds: Vec<Cloud>,
}

/// The names below this one belong to External ID tenants.
const EXTERNAL_ID: &str = "ciamlogin.com";

impl Default for CloudTable {
    /// `global`, `us-gov` and `china`, as documented in November 2026.
    fn default() -> Self {
        Self::new([Cloud::global(), Cloud::us_gov(), Cloud::china()])
    }
}

impl CloudTable {
    /// A table of these clouds.
    pub fn new(clouds: impl IntoIterator<Item = Cloud>) -> Self {
        Self {
            clouds: clouds.into_iter().collect(),
        }
    }

    /// The clouds, in the order they were given.
    pub fn clouds(&self) -> &[Cloud] {
        &self.clouds
    }

    /// Whether `host` belongs to Microsoft's sign-in and may be trusted by the pinned roots only.
    ///
    /// Case and a final dot do not matter.
    pub fn is_pinned_host(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let named = |name: &String| name.eq_ignore_ascii_case(&host);
        self.clouds
            .iter()
            .any(|cloud| named(&cloud.login_host) || cloud.reset_hosts.iter().any(named))
            || host
                .strip_suffix(EXTERNAL_ID)
                .is_some_and(|tenant| tenant.len() > 1 && tenant.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_table_and_of_external_id_are_pinned() {
        let table = CloudTable::default();
        for host in [
            "login.microsoftonline.com",
            "LOGIN.microsoftonline.US.",
            "passwordreset.microsoftonline.com",
            "passwordreset.activedirectory.windowsazure.cn",
            "contoso.ciamlogin.com",
        ] {
            assert!(table.is_pinned_host(host), "{host}");
        }
        for host in [
            "ciamlogin.com",
            ".ciamlogin.com",
            "evilciamlogin.com",
            "ciamlogin.com.evil.example",
            "passwordreset.partner.microsoftonline.cn",
            "login.contoso.com",
            "xlogin.microsoftonline.com",
            "",
        ] {
            assert!(!table.is_pinned_host(host), "{host}");
        }
    }

    #[test]
    fn a_replaced_table_forgets_the_old_hosts() {
        let table = CloudTable::new([Cloud::new(
            "own",
            "login.contoso.example",
            ["reset.contoso.example"],
        )]);
        assert!(table.is_pinned_host("reset.contoso.example"));
        assert!(!table.is_pinned_host("login.microsoftonline.com"));
    }
}
