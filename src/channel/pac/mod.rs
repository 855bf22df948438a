//! Proxy scripts: fetched straight from their host, and asked on a thread that may block.

mod fetch;
#[cfg(windows)]
mod winhttp;

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use tracing::debug;
use url::Url;

pub use self::fetch::ScriptFetch;
#[cfg(windows)]
pub use self::winhttp::WinHttpPac;
use crate::error::{PacError, PeerText};
use crate::ports::{FetchScript, Resolve, ScriptRequest};
use crate::proxy::pac::{CachedPac, PacEngine, PacScript, PacTarget};
#[cfg(feature = "pac")]
use crate::proxy::pac::{OsWorld, QuickJs};
use crate::proxy::{Network, PacFuture, PacResolver, PacSource, check_wpad_addresses, wpad_name};

/// What evaluates the scripts that `fetch` brings, if this build has anything to do so.
pub(super) fn script_resolver(fetch: ScriptFetch) -> Option<Arc<dyn PacResolver>> {
    #[cfg(feature = "pac")]
    return Some(Arc::new(ScriptResolver::new(
        QuickJs::new(Arc::new(OsWorld)),
        fetch,
    )));
    #[cfg(all(windows, not(feature = "pac")))]
    return Some(Arc::new(ScriptResolver::new(WinHttpPac::new(), fetch)));
    #[cfg(not(any(windows, feature = "pac")))]
    {
        drop(fetch);
        None
    }
}

/// How long a script is kept.
const KEPT: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a failure is kept, the first, the second … in a row: the steps of Chromium (`net/docs/proxy.md`).
fn back_off(failures: usize) -> Duration {
    Duration::from_secs(match failures {
        0 | 1 => 8,
        2 => 32,
        3 => 2 * 60,
        _ => 4 * 60 * 60,
    })
}

/// The time for one fetch, redirects included.
const FETCH_LIMIT: Duration = Duration::from_secs(30);

/// The most scripts that are kept. A store names one, and automatic detection another.
const MOST_SCRIPTS: usize = 4;

/// Fetches scripts and asks an engine.
///
/// A script is kept for 12 hours; after a failure the next fetch waits for 8 s, 32 s, 2 minutes, then 4 hours. Answers are
/// kept as [`CachedPac`] keeps them. [`forget`](PacResolver::forget) ends all of this, as is due when the network changes.
///
/// Automatic detection needs [`detect_in`](Self::detect_in), and tries one name by DNS; DHCP is not asked.
pub struct ScriptResolver<E> {
    engine: Arc<CachedPac<E>>,
    fetch: Arc<dyn FetchScript>,
    detection: Option<Detection>,
    kept: Mutex<Kept>,
    /// Held by who fetches: the others wait, and find the script.
    turn: tokio::sync::Mutex<()>,
}

struct Detection {
    domain: String,
    resolver: Arc<dyn Resolve>,
    own: Vec<Network>,
}

#[derive(Default)]
struct Kept {
    scripts: HashMap<PacSource, Outcome>,
    /// How often everything was forgotten: what was fetched before is not kept after.
    age: u64,
}

struct Outcome {
    script: Result<PacScript, PacError>,
    until: Instant,
    failures: usize,
}

impl<E: PacEngine + 'static> ScriptResolver<E> {
    /// Asks `engine` about scripts that `fetch` brings, usually a [`ScriptFetch`].
    pub fn new(engine: E, fetch: impl FetchScript + 'static) -> Self {
        Self {
            engine: Arc::new(CachedPac::new(engine)),
            fetch: Arc::new(fetch),
            detection: None,
            kept: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Allows automatic detection in `domain`, the whole DNS domain of this computer: the script is
    /// `http://wpad.<domain>/wpad.dat`, if `resolver` finds addresses of private networks or of those in `own` only.
    #[must_use]
    pub fn detect_in(
        mut self,
        domain: impl Into<String>,
        resolver: impl Resolve + 'static,
        own: impl IntoIterator<Item = Network>,
    ) -> Self {
        self.detection = Some(Detection {
            domain: domain.into(),
            resolver: Arc::new(resolver),
            own: own.into_iter().collect(),
        });
        self
    }

    async fn answer(&self, source: &PacSource, url: &Url) -> Result<String, PacError> {
        let target = PacTarget::new(url)?;
        let script = match source {
            PacSource::Url(url) if self.engine.fetches() => PacScript::at(url.clone()),
            // Who fetches by itself resolves the name again, perhaps to another address than the one that was checked.
            PacSource::AutoDetect if self.engine.fetches() => {
                return Err(PacError::DetectionImpossible);
            }
            _ => self.script(source).await?,
        };
        let engine = Arc::clone(&self.engine);
        spawn_blocking(move || engine.find_proxy(&script, &target))
            .await
            .unwrap_or(Err(PacError::EngineFailed))
    }

    async fn script(&self, source: &PacSource) -> Result<PacScript, PacError> {
        if let Some(script) = self.known(source) {
            return script;
        }
        let _turn = self.turn.lock().await;
        if let Some(script) = self.known(source) {
            return script;
        }
        let age = self.kept().age;
        let script = self.fetch(source).await;
        match &script {
            Ok(_) => debug!(?source, "script fetched"),
            Err(error) => debug!(?source, %error, "script not fetched"),
        }
        self.keep(source, script.clone(), age);
        script
    }

    async fn fetch(&self, source: &PacSource) -> Result<PacScript, PacError> {
        let (url, addresses) = match source {
            PacSource::Url(url) => (url.clone(), None),
            PacSource::AutoDetect => {
                let detection = self.detection.as_ref();
                let (url, addresses) = detection
                    .ok_or(PacError::DetectionImpossible)?
                    .find()
                    .await?;
                (url, Some(addresses))
            }
        };
        let request = ScriptRequest {
            url: url.clone(),
            addresses,
            size_limit: PacScript::LIMIT,
            time_limit: FETCH_LIMIT,
        };
        let fetched = self.fetch.fetch_script(request).await?;
        let script = PacScript::decode(&fetched.body, fetched.charset.as_deref())?;
        Ok(script.from_location(url))
    }

    fn known(&self, source: &PacSource) -> Option<Result<PacScript, PacError>> {
        let kept = self.kept();
        let outcome = kept.scripts.get(source)?;
        (Instant::now() < outcome.until).then(|| outcome.script.clone())
    }

    fn keep(&self, source: &PacSource, script: Result<PacScript, PacError>, age: u64) {
        let mut kept = self.kept();
        if kept.age != age {
            return;
        }
        let before = kept.scripts.get(source);
        let failures = match &script {
            Ok(_) => 0,
            Err(_) => before.map_or(0, |outcome| outcome.failures) + 1,
        };
        let time = match failures {
            0 => KEPT,
            _ => back_off(failures),
        };
        if kept.scripts.len() >= MOST_SCRIPTS && !kept.scripts.contains_key(source) {
            kept.scripts.clear();
        }
        let outcome = Outcome {
            script,
            until: Instant::now() + time,
            failures,
        };
        kept.scripts.insert(source.clone(), outcome);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that holds this lock can leave it half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Detection {
    /// The address of the script, and those of its host.
    async fn find(&self) -> Result<(Url, Vec<IpAddr>), PacError> {
        let name = wpad_name(&self.domain).map_err(|_| PacError::DetectionImpossible)?;
        let unreachable = |detail: &str| PacError::Unreachable {
            detail: PeerText::new(detail),
        };
        let url = Url::parse(&format!("http://{name}/wpad.dat"))
            .map_err(|_| PacError::DetectionImpossible)?;
        // The final dot keeps resolvers from searching elsewhere, and from asking neighbours.
        let lookup = self.resolver.resolve(&format!("{name}.")).await;
        let addresses = lookup.map_err(|error| unreachable(&error.to_string()))?;
        if addresses.is_empty() {
            return Err(unreachable("no such name"));
        }
        check_wpad_addresses(&name, &addresses, &self.own)?;
        Ok((url, addresses))
    }
}

impl<E: PacEngine + 'static> PacResolver for ScriptResolver<E> {
    fn resolve<'a>(&'a self, source: &'a PacSource, url: &'a Url) -> PacFuture<'a> {
        Box::pin(self.answer(source, url))
    }

    fn forget(&self) {
        let mut kept = self.kept();
        kept.scripts.clear();
        kept.age += 1;
        drop(kept);
        self.engine.forget();
    }
}

impl<E> fmt::Debug for ScriptResolver<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptResolver").finish_non_exhaustive()
    }
}
