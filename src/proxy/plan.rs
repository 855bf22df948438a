//! The ways to one address, in the order in which they are to be tried.

use serde::Serialize;
use url::Url;

use super::finding::Finding;
use super::pac_source::{PacResolver, address_for_script};
use super::survey::{Route, Survey};
use super::{
    Candidate, DisabledAuthentication, Manual, Provenance, ServerChoice, Target, pac_list,
};
use crate::error::{PacError, PeerText, ProxyResolutionFault, ServerProblem};

/// The ways to one address, where they come from, and what an administrator should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProxyPlan {
    /// At least one way. The next is tried only if a proxy cannot be reached (name, TCP, TLS to the proxy), never
    /// because of what it answered.
    pub candidates: Vec<Candidate>,
    /// The store that decided; `None` if every store is empty.
    pub provenance: Option<Provenance>,
    /// Remarks on the settings, and on this decision.
    pub findings: Vec<Finding>,
    /// Whether a script named the candidates. These get credentials only if they are on the caller's list.
    pub by_script: bool,
    /// Which ways to log in to a proxy the administrator forbids.
    pub disabled_authentication: DisabledAuthentication,
}

impl Survey {
    /// The ways to `url`. Asks `resolver` if the deciding store names a script.
    ///
    /// # Errors
    /// [`ProxyResolutionFault`] if the survey found no way, the host is none, the store's servers cannot be used for
    /// this address, or its script gave no answer. Going direct is never the answer to an error.
    pub async fn plan(
        &self,
        url: &Url,
        resolver: Option<&dyn PacResolver>,
    ) -> Result<ProxyPlan, ProxyResolutionFault> {
        let target = Target::from_url(url)
            .map_err(|problem| ProxyResolutionFault::HostInvalid { problem })?;
        let route = self.route.as_ref().map_err(Clone::clone)?;
        let mut plan = ProxyPlan {
            candidates: Vec::new(),
            provenance: route.provenance.clone(),
            findings: self.findings.clone(),
            by_script: false,
            disabled_authentication: self.disabled_authentication,
        };
        let without_script = match route.ask_scripts(url, resolver).await? {
            Asked::Answer(list) => {
                plan.by_script = true;
                plan.candidates = list.candidates;
                let dropped = list.dropped.into_iter();
                plan.findings
                    .extend(dropped.map(|part| Finding::ScriptAnswerPartDropped { part }));
                return Ok(plan);
            }
            Asked::NoScript => None,
            Asked::NotToBeHad(error) => Some(error),
        };
        match (&route.manual, without_script) {
            (None, Some(error)) => return Err(route.script_failed(error)),
            (None, None) => plan.candidates.push(Candidate::Direct),
            (Some(manual), error) => {
                plan.remark_on_script(error);
                plan.apply(manual, route, &target)?;
            }
        }
        Ok(plan)
    }
}

impl ProxyPlan {
    /// The remark that tells of a proxy which is not on this way, if the plan goes direct while the settings name one: for
    /// other hosts, or where they do not count.
    pub fn proxy_elsewhere(&self) -> Option<&Finding> {
        if self.candidates != [Candidate::Direct] {
            return None;
        }
        self.findings
            .iter()
            .find(|finding| finding.names_another_way())
    }

    fn remark_on_script(&mut self, error: Option<PacError>) {
        let Some(error) = error else { return };
        if let PacError::NotAScript {
            looks_like_html: true,
            ..
        } = error
        {
            self.findings.push(Finding::CaptivePortalSuspected);
        }
        self.findings.push(Finding::ManualInsteadOfScript { error });
    }

    fn apply(
        &mut self,
        manual: &Manual,
        route: &Route,
        target: &Target,
    ) -> Result<(), ProxyResolutionFault> {
        if manual.bypass.matches(target) {
            self.candidates.push(Candidate::Direct);
            self.findings.push(Finding::Bypassed {
                host: target.host().to_owned(),
            });
            return Ok(());
        }
        match manual.servers.choose(target.scheme()) {
            ServerChoice::Server(server) => self.candidates.push(Candidate::Proxy(server.clone())),
            // Only what the embedding program gave can be empty: no store that names nothing gets here.
            ServerChoice::NotListed if manual.servers.is_empty() => {
                return Err(ProxyResolutionFault::NoUsableServer {
                    place: route.place(),
                    token: PeerText::default(),
                    problem: ServerProblem::Empty,
                });
            }
            ServerChoice::NotListed => {
                self.candidates.push(Candidate::Direct);
                self.findings.push(Finding::NoServerForScheme {
                    scheme: target.scheme().to_owned(),
                });
            }
            ServerChoice::Refused(refused) => {
                return Err(ProxyResolutionFault::NoUsableServer {
                    place: route.place(),
                    token: refused.token.clone(),
                    problem: refused.problem.clone(),
                });
            }
        }
        Ok(())
    }
}

/// What came of asking the scripts.
enum Asked {
    NoScript,
    /// None came to run; the last reason.
    NotToBeHad(PacError),
    Answer(pac_list::PacList),
}

impl Route {
    async fn ask_scripts(
        &self,
        url: &Url,
        resolver: Option<&dyn PacResolver>,
    ) -> Result<Asked, ProxyResolutionFault> {
        let mut asked = Asked::NoScript;
        for script in &self.scripts {
            let answer = match script {
                Err(problem) => Err(PacError::UrlRejected(problem.clone())),
                Ok(source) => match resolver {
                    Some(resolver) => resolver.resolve(source, &address_for_script(url)).await,
                    None => {
                        return Err(ProxyResolutionFault::PacEngineMissing {
                            place: self.place(),
                        });
                    }
                },
            };
            match answer.and_then(|text| pac_list::parse(&text)) {
                Ok(list) => return Ok(Asked::Answer(list)),
                Err(error) if error.before_the_script_ran() => asked = Asked::NotToBeHad(error),
                Err(error) => return Err(self.script_failed(error)),
            }
        }
        Ok(asked)
    }

    fn script_failed(&self, error: PacError) -> ProxyResolutionFault {
        match error {
            PacError::DetectionUntrusted { name, address } => {
                ProxyResolutionFault::WpadUntrusted { name, address }
            }
            error => ProxyResolutionFault::Pac {
                place: self.place(),
                error,
            },
        }
    }

    fn place(&self) -> String {
        let provenance = self.provenance.as_ref();
        provenance.map_or_else(String::new, |provenance| provenance.place.clone())
    }
}

#[cfg(test)]
mod tests;
