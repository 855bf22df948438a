//! Answers of scripts, kept for a while.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{PacEngine, PacError, PacScript, PacTarget};

/// An engine whose answers are kept, so that the same question about the same script is not evaluated twice.
/// Errors are not kept.
pub struct CachedPac<E> {
    engine: E,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    script: Option<PacScript>,
    known: HashMap<PacTarget, Answer>,
}

struct Answer {
    text: String,
    until: Instant,
}

impl<E: PacEngine> CachedPac<E> {
    /// How long an answer is kept: 5 minutes.
    pub const KEPT: Duration = Duration::from_secs(300);
    /// The most answers that are kept. A further one takes the place of the oldest.
    pub const LIMIT: usize = 256;

    /// Keeps the answers of `engine`.
    pub fn new(engine: E) -> Self {
        Self {
            engine,
            answers: Mutex::default(),
        }
    }

    /// Forgets every answer, as is due when the network changes.
    pub fn forget(&self) {
        *self.answers() = Answers::default();
    }

    fn known(&self, script: &PacScript, target: &PacTarget, now: Instant) -> Option<String> {
        let answers = self.answers();
        if answers.script.as_ref() != Some(script) {
            return None;
        }
        let answer = answers.known.get(target)?;
        (now < answer.until).then(|| answer.text.clone())
    }

    fn keep(&self, script: &PacScript, target: &PacTarget, text: &str, now: Instant) {
        let mut answers = self.answers();
        if answers.script.as_ref() != Some(script) {
            *answers = Answers {
                script: Some(script.clone()),
                known: HashMap::new(),
            };
        }
        if answers.known.len() >= Self::LIMIT {
            answers.make_room(now);
        }
        answers.known.insert(
            target.clone(),
            Answer {
                text: text.to_owned(),
                until: now + Self::KEPT,
            },
        );
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        // Nothing that holds this lock can leave it half changed.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers {
    fn make_room(&mut self, now: Instant) {
        let before = self.known.len();
        self.known.retain(|_, answer| now < answer.until);
        if self.known.len() < before {
            return;
        }
        let oldest = self
            .known
            .iter()
            .min_by_key(|(_, answer)| answer.until)
            .map(|(target, _)| target.clone());
        if let Some(oldest) = oldest {
            self.known.remove(&oldest);
        }
    }
}

impl<E: PacEngine> PacEngine for CachedPac<E> {
    fn find_proxy(&self, script: &PacScript, target: &PacTarget) -> Result<String, PacError> {
        if let Some(text) = self.known(script, target, Instant::now()) {
            return Ok(text);
        }
        let text = self.engine.find_proxy(script, target)?;
        self.keep(script, target, &text, Instant::now());
        Ok(text)
    }

    fn fetches(&self) -> bool {
        self.engine.fetches()
    }
}

impl<E> fmt::Debug for CachedPac<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedPac").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use url::Url;

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl PacEngine for Counting {
        fn find_proxy(&self, _: &PacScript, target: &PacTarget) -> Result<String, PacError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            match target.host() {
                "bad.example" => Err(PacError::DnsBudget),
                host => Ok(format!("PROXY {host}:8080")),
            }
        }
    }

    fn target(host: &str) -> PacTarget {
        PacTarget::new(&Url::parse(&format!("https://{host}/")).unwrap()).unwrap()
    }

    fn asked(pac: &CachedPac<Counting>) -> usize {
        pac.engine.0.load(Ordering::Relaxed)
    }

    #[test]
    fn the_same_question_is_asked_once() {
        let pac = CachedPac::new(Counting::default());
        let script = PacScript::new("x");
        for _ in 0..3 {
            let answer = pac.find_proxy(&script, &target("a.example")).unwrap();
            assert_eq!(answer, "PROXY a.example:8080");
        }
        assert_eq!(asked(&pac), 1);
        pac.find_proxy(&script, &target("b.example")).unwrap();
        assert_eq!(asked(&pac), 2);
    }

    #[test]
    fn another_script_a_forgotten_answer_and_an_error_are_asked_again() {
        let pac = CachedPac::new(Counting::default());
        let script = PacScript::new("x");
        pac.find_proxy(&script, &target("a.example")).unwrap();
        pac.find_proxy(&PacScript::new("y"), &target("a.example"))
            .unwrap();
        assert_eq!(asked(&pac), 2);
        pac.forget();
        pac.find_proxy(&PacScript::new("y"), &target("a.example"))
            .unwrap();
        assert_eq!(asked(&pac), 3);
        for _ in 0..2 {
            pac.find_proxy(&script, &target("bad.example")).unwrap_err();
        }
        assert_eq!(asked(&pac), 5);
    }

    #[test]
    fn answers_age_and_are_bounded() {
        let pac = CachedPac::new(Counting::default());
        let script = PacScript::new("x");
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        pac.keep(&script, &target("a.example"), "DIRECT", start);
        assert!(
            pac.known(&script, &target("a.example"), later(299))
                .is_some()
        );
        assert!(
            pac.known(&script, &target("a.example"), later(300))
                .is_none()
        );

        for number in 0..300_u64 {
            let host = format!("h{number}.example");
            pac.keep(
                &script,
                &target(&host),
                "DIRECT",
                start + Duration::from_millis(number),
            );
        }
        assert_eq!(pac.answers().known.len(), CachedPac::<Counting>::LIMIT);
        assert!(pac.known(&script, &target("h0.example"), start).is_none());
        assert!(pac.known(&script, &target("h299.example"), start).is_some());
    }
}
