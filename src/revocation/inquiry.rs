//! What can be learned about one certificate: cache, staple, OCSP, lists, in this order.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use rustls_pki_types::UnixTime;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::cache::{Cache, Kind};
use super::evidence::{Evidence, Origin};
use super::ocsp::{self, HashAlgorithm, OcspError};
use super::subject::{Algorithms, Subject};
use super::{Policy, Settings, Situation, crl};
use crate::error::{AnswerFault, FetchFault, FetchPhase, PeerText};
use crate::ports::{Fetch, FetchRequest, FetchResponse};
use crate::report::{Attempt, Source};

/// The most bytes of an OCSP response.
const OCSP_LIMIT: usize = 64 << 10;

/// How long a source must have been waited for before it is left alone for not having answered.
const CHANCE: Duration = Duration::from_secs(1);

/// What every inquiry of a channel shares.
pub(super) struct Tools {
    pub(super) settings: Settings,
    pub(super) algorithms: &'static Algorithms,
    pub(super) cache: Arc<Cache>,
    /// Who asks the network; `None` if only what is at hand counts.
    pub(super) fetch: Option<Box<dyn Fetch>>,
}

/// The inquiry about one certificate.
pub(super) struct Inquiry<'a> {
    tools: &'a Tools,
    subject: &'a Subject<'a>,
    now: UnixTime,
    end: Instant,
    /// Everything that was tried, for the report.
    pub(super) attempts: Vec<Attempt>,
    /// Everything that counts for the policy.
    pub(super) evidence: Vec<Evidence>,
    /// Whether the answer came from the cache and has lived more than half of its time.
    pub(super) is_aging: bool,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        tools: &'a Tools,
        subject: &'a Subject<'a>,
        now: UnixTime,
        end: Instant,
    ) -> Self {
        Self {
            tools,
            subject,
            now,
            end,
            attempts: Vec::new(),
            evidence: Vec::new(),
            is_aging: false,
        }
    }

    /// Asks until the question is settled, the sources are used up, or the time is over.
    pub(super) async fn run(&mut self) {
        self.look_into_cache().await;
        self.look_at_staple().await;
        if !self.is_settled() && self.tools.settings.policy != Policy::Off {
            self.ask_everyone().await;
        }
    }

    /// Asks the network only, so that the cache holds a newer answer.
    pub(super) async fn ask_everyone(&mut self) {
        let Some(network) = self.tools.fetch.as_deref() else {
            return;
        };
        let (responders, lists) = (self.subject.responders(), self.subject.lists());
        for text in &responders.skipped {
            self.skip(Source::Ocsp, text);
        }
        for text in &lists.skipped {
            self.skip(Source::Crl, text);
        }
        for url in &responders.asked {
            if self.is_settled() {
                return;
            }
            self.ask_responder(network, url).await;
        }
        for url in &lists.asked {
            if self.is_settled() {
                return;
            }
            self.ask_for_list(network, url).await;
        }
    }

    /// What the policy decides about. A revocation outranks everything; a demanded staple comes before answers from
    /// elsewhere; then the first authentic, current answer counts.
    pub(super) fn situation(&self) -> (Situation, Option<&Evidence>) {
        let find = |wanted: Situation| self.evidence.iter().find(|one| one.situation == wanted);
        if let Some(revoked) = find(Situation::Revoked) {
            return (Situation::Revoked, Some(revoked));
        }
        if self.lacks_staple() {
            return (Situation::StapleMissing, None);
        }
        let settling = self.evidence.iter().find(|one| one.settles());
        let telling = self.evidence.iter().rev().max_by_key(|one| one.weight());
        match settling.or(telling) {
            Some(evidence) => (evidence.situation, Some(evidence)),
            None if self.subject.has_information() => (Situation::Unreachable, None),
            None => {
                let certificate = &self.subject.certificate;
                let situation = Situation::NoInformation {
                    short_lived: certificate.is_short_lived(),
                    local_anchor: self.subject.class.is_local(),
                };
                (situation, None)
            }
        }
    }

    fn is_settled(&self) -> bool {
        self.lacks_staple() || self.evidence.iter().any(Evidence::settles)
    }

    /// RFC 7633: the certificate demands a staple, and there is none that says good.
    fn lacks_staple(&self) -> bool {
        let is_good = |one: &Evidence| {
            one.origin.source == Source::Staple && one.situation == Situation::Good
        };
        self.subject.is_leaf
            && self.subject.certificate.must_staple
            && !self.evidence.iter().any(is_good)
    }

    async fn look_into_cache(&mut self) {
        let (tools, subject) = (self.tools, self.subject);
        let kinds =
            std::iter::once(Kind::Ocsp).chain(subject.lists().asked.into_iter().map(Kind::Crl));
        for kind in kinds {
            let Some(der) = tools.cache.get(subject, &kind).await else {
                continue;
            };
            let origin = Origin::at_hand(Source::Cache);
            let evidence = match kind {
                Kind::Ocsp => Evidence::ocsp(origin, self.judge_ocsp(&der)),
                Kind::Crl(_) => Evidence::crl(origin, self.judge_crl(&der, None)),
            };
            match evidence.situation {
                Situation::Good | Situation::Revoked => {
                    self.is_aging |= is_past_half_life(&evidence, self.now);
                    self.note(evidence);
                }
                // Whoever can write to the disk must not be able to lock anyone out: it is as if it were not there.
                // A list that is out of date still tells which number came last.
                Situation::Untimely if matches!(kind, Kind::Crl(_)) => {}
                _ => {
                    self.attempts.push(evidence.attempt());
                    tools.cache.remove(subject, &kind).await;
                }
            }
        }
    }

    async fn look_at_staple(&mut self) {
        let Some(staple) = self.subject.staple else {
            return;
        };
        let evidence = Evidence::ocsp(Origin::at_hand(Source::Staple), self.judge_ocsp(staple));
        // A server that has shown its revocation once may not show it again.
        if evidence.situation == Situation::Revoked {
            self.keep(&Kind::Ocsp, Bytes::copy_from_slice(staple)).await;
        }
        self.note(evidence);
    }

    /// RFC 9919: GET where the address is short enough; SHA-1 first, which answers are prepared for.
    async fn ask_responder(&mut self, network: &dyn Fetch, url: &Url) {
        for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
            let (certificate, issuer) = (&self.subject.certificate, &self.subject.issuer);
            let Ok(request) = ocsp::Request::new(certificate, issuer, hash) else {
                let origin = self.origin(Source::Ocsp, url, Instant::now());
                return self.note(Evidence::wrong(origin, AnswerFault::WrongIssuer));
            };
            let mut question = self.question(url, "application/ocsp-response", OCSP_LIMIT);
            match request.get_url(url.as_str()).map(|url| Url::parse(&url)) {
                Some(Ok(url)) => question.url = url,
                _ => {
                    question.method = Method::POST;
                    question.content_type = Some("application/ocsp-request");
                    question.body = Bytes::copy_from_slice(request.der());
                }
            }
            let Some((origin, der)) = self.fetch(network, Source::Ocsp, url, question).await else {
                return;
            };
            let judged = self.judge_ocsp(&der);
            let ask_again = judged.as_ref().is_err_and(OcspError::retry_with_sha256);
            let evidence = Evidence::ocsp(origin, judged);
            if evidence.situation == Situation::Good || evidence.situation == Situation::Revoked {
                self.keep(&Kind::Ocsp, der).await;
            }
            self.note(evidence);
            if !ask_again {
                return;
            }
        }
    }

    async fn ask_for_list(&mut self, network: &dyn Fetch, url: &Url) {
        let limit = self.tools.settings.crl_limit;
        let question = self.question(url, "application/pkix-crl", limit);
        let Some((origin, der)) = self.fetch(network, Source::Crl, url, question).await else {
            return;
        };
        let kind = Kind::Crl(url.clone());
        let known = self.tools.cache.list_number(self.subject, &kind).await;
        let judged = self.judge_crl(&der, known);
        let evidence = Evidence::crl(origin, judged);
        if evidence.situation == Situation::Good || evidence.situation == Situation::Revoked {
            self.keep(&kind, der).await;
        }
        self.note(evidence);
    }

    /// Fetches, and once more past the caches on the way if the answer is out of date. `None` if nothing came, which is
    /// noted then.
    async fn fetch(
        &mut self,
        network: &dyn Fetch,
        source: Source,
        url: &Url,
        mut question: FetchRequest,
    ) -> Option<(Origin, Bytes)> {
        loop {
            let start = Instant::now();
            match self.fetch_once(network, url, question.clone()).await {
                Ok(response) => {
                    let mut origin = self.origin(source, url, start);
                    origin.way = Some(response.way);
                    if question.no_cache || !self.is_stale(source, &response.body) {
                        return Some((origin, response.body));
                    }
                    let judged = self.judge(origin, &response.body);
                    self.attempts.push(judged.attempt());
                    question.no_cache = true;
                }
                Err(fault) => {
                    let origin = self.origin(source, url, start);
                    self.note(Evidence::unreachable(origin, fault));
                    return None;
                }
            }
        }
    }

    async fn fetch_once(
        &self,
        network: &dyn Fetch,
        url: &Url,
        question: FetchRequest,
    ) -> Result<FetchResponse, FetchFault> {
        if let Some(fault) = self.tools.cache.recent_failure(url) {
            return Err(fault);
        }
        let out_of_time = FetchFault::Timeout {
            phase: FetchPhase::Whole,
        };
        let start = Instant::now();
        let fetched = timeout_at(self.end, network.fetch(question)).await;
        let result = fetched.unwrap_or_else(|_| Err(out_of_time.clone()));
        if let Err(fault) = &result {
            // Whoever was asked when the time was nearly over has had no chance.
            if *fault != out_of_time || start.elapsed() >= CHANCE {
                self.tools.cache.note_failure(url, fault);
            }
        }
        result
    }

    fn question(&self, url: &Url, accept: &'static str, limit: usize) -> FetchRequest {
        FetchRequest {
            method: Method::GET,
            url: url.clone(),
            accept,
            content_type: None,
            body: Bytes::new(),
            limit,
            no_cache: false,
            deny_private_addresses: self.subject.class.is_local(),
            deadline: self.end.into_std(),
        }
    }

    fn is_stale(&self, source: Source, der: &[u8]) -> bool {
        let evidence = self.judge(Origin::at_hand(source), der);
        evidence.fault() == Some(AnswerFault::Stale)
    }

    fn judge(&self, origin: Origin, der: &[u8]) -> Evidence {
        match origin.source {
            Source::Crl => Evidence::crl(origin, self.judge_crl(der, None)),
            _ => Evidence::ocsp(origin, self.judge_ocsp(der)),
        }
    }

    fn judge_ocsp(&self, der: &[u8]) -> Result<ocsp::Verdict, OcspError> {
        let Subject {
            der: own, issuer, ..
        } = self.subject;
        let profile = self
            .subject
            .ocsp_profile(&self.tools.settings, self.tools.algorithms);
        ocsp::verify(der, own, issuer, self.now, &profile)
    }

    fn judge_crl(
        &self,
        der: &[u8],
        known_number: Option<crl::Number>,
    ) -> Result<crl::Verdict, crl::CrlError> {
        let Subject {
            der: own, issuer, ..
        } = self.subject;
        let mut profile = self
            .subject
            .crl_profile(&self.tools.settings, self.tools.algorithms);
        profile.known_number = known_number;
        crl::check(der, own, issuer, self.now, &profile)
    }

    async fn keep(&self, kind: &Kind, der: Bytes) {
        self.tools.cache.put(self.subject, kind, der).await;
    }

    fn skip(&mut self, source: Source, text: &str) {
        let scheme = text.split_once(':').map_or(text, |(scheme, _)| scheme);
        let fault = FetchFault::UnsupportedScheme {
            scheme: PeerText::new(scheme),
        };
        let mut origin = Origin::at_hand(source);
        origin.url = Some(PeerText::new(text));
        self.note(Evidence::unreachable(origin, fault));
    }

    fn origin(&self, source: Source, url: &Url, start: Instant) -> Origin {
        Origin {
            source,
            url: Some(PeerText::new(url.as_str())),
            way: None,
            ms: start.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
        }
    }

    fn note(&mut self, evidence: Evidence) {
        self.attempts.push(evidence.attempt());
        self.evidence.push(evidence);
    }
}

/// Whether an answer has lived more than half of its time, so that a newer one should be there.
fn is_past_half_life(evidence: &Evidence, now: UnixTime) -> bool {
    match (evidence.this_update, evidence.next_update) {
        (Some(from), Some(until)) => {
            let (from, until) = (from.as_secs(), until.as_secs());
            now.as_secs() > from + until.saturating_sub(from) / 2
        }
        _ => false,
    }
}
