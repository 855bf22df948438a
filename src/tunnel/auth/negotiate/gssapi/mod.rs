//! Kerberos by the GSSAPI library of the system.

mod abi;
mod library;
mod spnego;
mod status;

use std::env;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use self::library::{Context, Failure, Library, NameKind, StoreEntry};
#[cfg(fuzzing)]
pub(in crate::tunnel::auth) use self::spnego::response as spnego_response;
use super::{Negotiate, NegotiateContext, application_data, service};
use crate::error::KerberosProblem;
use crate::machine::privilege;

/// Kerberos by the GSSAPI library of the system: MIT krb5, or Heimdal (macOS among others).
///
/// The library is loaded at the first login, so nothing of it is needed to build or to start. NTLM is never spoken, and
/// the credentials are not delegated. What the library reads by itself stays as it is: `krb5.conf` tells where domain
/// controllers are and whether names of hosts are looked up in DNS before a ticket is asked for.
#[derive(Debug, Clone)]
pub struct Gssapi {
    source: Source,
    principal: Option<String>,
    elevated: bool,
}

/// Where tickets come from.
#[derive(Debug, Clone)]
enum Source {
    Default,
    Cache(String),
    Keytab {
        path: PathBuf,
        /// Where the tickets are kept that the key brings: in the memory of this process.
        cache: String,
    },
}

impl Gssapi {
    /// The tickets of the account that runs this process.
    pub fn new() -> Self {
        Self::with(Source::Default)
    }

    /// The tickets of this cache, as `FILE:/run/sspr/krb5cc` or `KCM:`.
    pub fn ticket_cache(name: impl Into<String>) -> Self {
        Self::with(Source::Cache(name.into()))
    }

    /// Gets tickets with the first key of a file, usually the one of this computer: `/etc/krb5.keytab`. They are kept in
    /// the memory of this process until it ends. MIT krb5 can do that, Heimdal since version 8.
    pub fn keytab(path: impl Into<PathBuf>) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self::with(Source::Keytab {
            path: path.into(),
            cache: format!("MEMORY:sspr-{number}"),
        })
    }

    /// Whose tickets or key are used, where there are several: `adele@CORP.EXAMPLE`, `WS1$`, `host/ws1.corp.example`. Of
    /// the two names that a computer has, only the former may log in where domain controllers are Windows.
    #[must_use]
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.principal = Some(name.into());
        self
    }

    /// Says that this process has more rights than whoever set its environment, even if the operating system does not know
    /// ([`privilege::is_elevated`]). The library takes settings from variables, so with any of them set it is not used.
    #[must_use]
    pub fn elevated(mut self, elevated: bool) -> Self {
        self.elevated = elevated;
        self
    }

    fn with(source: Source) -> Self {
        Self {
            source,
            principal: None,
            elevated: false,
        }
    }

    fn context(
        &self,
        library: &'static Library,
        host: &str,
        tls_server_end_point: Option<&[u8]>,
    ) -> Result<Context, Failure> {
        let principal = self.principal.as_deref();
        let name = principal.map(|name| library.name(name, NameKind::Principal));
        let credential = library.credential(name.transpose()?.as_ref(), &self.source.store())?;
        let target = library.name(&format!("HTTP@{host}"), NameKind::Service)?;
        let binding = tls_server_end_point.map(application_data);
        Ok(Context::new(credential, target, binding))
    }

    fn check_environment(&self) -> Result<(), KerberosProblem> {
        let elevated = self.elevated || privilege::is_elevated();
        if !elevated || privilege::libraries_ignore_environment() {
            return Ok(());
        }
        let mut names = env::vars_os().map(|(name, _)| name);
        match names.find(|name| is_setting(name.as_bytes())) {
            None => Ok(()),
            Some(name) => Err(KerberosProblem::Environment {
                variable: name.to_string_lossy().into_owned(),
            }),
        }
    }
}

impl Default for Gssapi {
    fn default() -> Self {
        Self::new()
    }
}

impl Negotiate for Gssapi {
    fn begin(
        &self,
        host: &str,
        tls_server_end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem> {
        self.check_environment()?;
        let library = Library::get().ok_or(KerberosProblem::NoLibrary)?;
        let service = service(host);
        let context = self
            .context(library, host, tls_server_end_point)
            .map_err(|failure| status::problem(failure, &service))?;
        Ok(Box::new(Login {
            context,
            service,
            leg: Leg::First,
        }))
    }
}

impl Source {
    /// What the library has to be told about it.
    fn store(&self) -> Vec<StoreEntry> {
        match self {
            Self::Default => Vec::new(),
            Self::Cache(name) => vec![StoreEntry::new("ccache", name.as_str())],
            Self::Keytab { path, cache } => {
                let keytab = [b"FILE:", path.as_os_str().as_bytes()].concat();
                vec![
                    StoreEntry::new("client_keytab", keytab),
                    StoreEntry::new("ccache", cache.as_str()),
                ]
            }
        }
    }
}

/// A login at one proxy.
struct Login {
    context: Context,
    service: String,
    leg: Leg,
}

/// How far it is.
enum Leg {
    First,
    /// The ticket is sent. What the proxy has to say is its own proof, or why it refuses.
    Sent,
    Done,
}

impl NegotiateContext for Login {
    fn step(&mut self, input: &[u8]) -> Result<Vec<u8>, KerberosProblem> {
        match self.leg {
            Leg::First => {
                self.leg = Leg::Sent;
                let ticket = self.exchange(&[])?;
                Ok(spnego::begin(&ticket))
            }
            Leg::Sent => {
                self.leg = Leg::Done;
                if let Some(token) = spnego::response(input) {
                    self.exchange(token)?;
                }
                Ok(Vec::new())
            }
            Leg::Done => Ok(Vec::new()),
        }
    }
}

impl Login {
    fn exchange(&mut self, token: &[u8]) -> Result<Vec<u8>, KerberosProblem> {
        self.context
            .step(token)
            .map_err(|failure| status::problem(failure, &self.service))
    }
}

/// Whether an environment variable of this name may be one that a Kerberos library reads. Not all have an underscore:
/// `KRB5CCNAME`.
fn is_setting(name: &[u8]) -> bool {
    name.starts_with(b"KRB5") || name.starts_with(b"GSS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_kerberos_libraries_are_known() {
        for name in ["KRB5_CONFIG", "KRB5CCNAME", "GSS_USE_PROXY", "GSSAPI_X"] {
            assert!(is_setting(name.as_bytes()), "{name}");
        }
        assert!(!is_setting(b"HOME"));
    }

    #[test]
    fn every_keytab_has_its_own_tickets() {
        let cache = |gssapi: &Gssapi| match &gssapi.source {
            Source::Keytab { cache, .. } => cache.clone(),
            _ => String::new(),
        };
        let (one, other) = (Gssapi::keytab("/a"), Gssapi::keytab("/b"));
        assert_ne!(cache(&one), cache(&other));
        assert_eq!(cache(&one), cache(&one.clone()));
    }
}
