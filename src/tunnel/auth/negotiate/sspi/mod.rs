//! Kerberos by Windows.

mod package;
mod status;

use std::sync::Arc;

use self::package::{Context, Credential, Exclusion};
use super::{Negotiate, NegotiateContext, application_data, holds_ntlm, service};
use crate::error::KerberosProblem;
use crate::tunnel::auth::ProxyCredentials;

/// Kerberos by Windows (SSPI, package `Negotiate`), without delegation.
///
/// Without credentials of its own it logs in as the account of the process. For `LocalSystem` and `NetworkService` that
/// is the computer's account in the domain; `LocalService` is nobody, and the temporary account of the sign-in screen has
/// no tickets.
///
/// NTLM is excluded, and a token that holds it all the same is refused ([`KerberosProblem::NtlmRefused`]).
///
/// What was tried: types and calls, with Wine. **A whole login was never run on Windows.**
#[derive(Debug, Clone, Default)]
pub struct Sspi {
    given: Option<Arc<ProxyCredentials>>,
    ntlm: bool,
}

impl Sspi {
    /// The account of this process.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another account of a domain: `CORP\adele` or `adele@corp.example`.
    pub fn with_credentials(credentials: ProxyCredentials) -> Self {
        Self {
            given: Some(Arc::new(credentials)),
            ntlm: false,
        }
    }

    /// Whether Windows may speak NTLM where Kerberos does not work.
    #[must_use]
    pub fn allow_ntlm(mut self, allow: bool) -> Self {
        self.ntlm = allow;
        self
    }
}

impl Negotiate for Sspi {
    fn begin(
        &self,
        host: &str,
        tls_server_end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem> {
        let exclusion = if self.ntlm {
            Exclusion::Nothing
        } else {
            Exclusion::Ntlm
        };
        let credential = Credential::acquire(self.given.as_deref(), exclusion);
        let service = service(host);
        let credential = credential.map_err(|code| status::problem(code, &service))?;
        let binding = tls_server_end_point.map(application_data);
        Ok(Box::new(Login {
            context: Context::new(credential, &service, binding.as_deref()),
            service,
            ntlm: self.ntlm,
        }))
    }

    fn allows_ntlm(&self) -> bool {
        self.ntlm
    }
}

/// A login at one proxy.
struct Login {
    context: Context,
    service: String,
    ntlm: bool,
}

impl NegotiateContext for Login {
    fn step(&mut self, input: &[u8]) -> Result<Vec<u8>, KerberosProblem> {
        let token = self
            .context
            .step(input)
            .map_err(|code| status::problem(code, &self.service))?;
        if !self.ntlm && holds_ntlm(&token) {
            return Err(KerberosProblem::NtlmRefused);
        }
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ProxyPassword;

    /// Not with credentials: Wine 8 takes the structure that excludes packages for an older one, and falls over them.
    #[test]
    fn without_a_domain_there_is_no_token() {
        let told = Sspi::new()
            .begin("localhost", Some(&[7; 32]))
            .and_then(|mut context| context.step(&[]));
        assert!(told.is_err(), "{told:02x?}");
    }

    /// As if Windows did not heed the exclusion. Wine has NTLM if Samba's `ntlm_auth` is there.
    #[test]
    fn a_token_of_ntlm_is_refused_unless_it_is_allowed() {
        let login = |ntlm| {
            let given = given().given;
            let credential = Credential::acquire(given.as_deref(), Exclusion::Nothing);
            let service = service("localhost");
            let problem = |code| status::problem(code, &service);
            let context = Context::new(credential.map_err(problem)?, &service, None);
            Login {
                context,
                service,
                ntlm,
            }
            .step(&[])
        };
        match login(true) {
            Ok(token) => {
                assert!(holds_ntlm(&token));
                assert_eq!(login(false), Err(KerberosProblem::NtlmRefused));
            }
            Err(problem) => {
                assert_eq!(problem, KerberosProblem::NoCredentials);
                println!("skipped: there is no NTLM here");
            }
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        assert!(!format!("{:?}", given()).contains("Pa55word"));
    }

    fn given() -> Sspi {
        let password = ProxyPassword::new("Pa55word");
        Sspi::with_credentials(ProxyCredentials::new(r"CORP\adele", password))
    }
}
