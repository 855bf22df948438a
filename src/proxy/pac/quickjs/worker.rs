//! The thread of the engine, and the caller's end of it.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::proxy::pac::{Clock, PacError, PacPhase, PacScript, PacTarget, PacWorld};

use super::PacLimits;
use super::run::{Addresses, Event, Run};
use super::sandbox::Sandbox;

/// Threads that were given up since their script cannot be stopped. A few loops inside the JavaScript engine look at no
/// clock; whoever writes one on purpose gets this far and no further.
static LOST: AtomicUsize = AtomicUsize::new(0);

/// The most threads that may be lost at a time, in this process.
const MOST_LOST: usize = 4;

/// How much longer than its limits a script may keep the thread before the thread is given up.
const GRACE: Duration = Duration::from_millis(500);

/// Room for the engine's own frames below the script's stack.
const NATIVE_STACK: usize = 512 * 1024;

/// The caller's end. Dropping it ends the thread.
pub(super) struct Worker {
    jobs: Sender<Job>,
    events: Receiver<Event>,
    answers: Sender<Addresses>,
    is_lost: Arc<AtomicBool>,
}

struct Job {
    script: PacScript,
    target: PacTarget,
    clock: Clock,
}

impl Worker {
    pub(super) fn start(limits: &PacLimits) -> Result<Self, PacError> {
        if LOST.load(Ordering::Acquire) >= MOST_LOST {
            return Err(PacError::EngineFailed);
        }
        let (jobs, jobs_end) = mpsc::channel();
        let (events_end, events) = mpsc::channel();
        let (answers, answers_end) = mpsc::channel();
        let is_lost = Arc::new(AtomicBool::new(false));
        let lost = is_lost.clone();
        let limits = limits.clone();
        thread::Builder::new()
            .name("sspr-pac".to_owned())
            .stack_size(limits.stack.saturating_add(NATIVE_STACK))
            .spawn(move || {
                work(
                    &jobs_end,
                    &Rc::new(Run::new(events_end, answers_end, &limits)),
                    &limits,
                );
                if lost.load(Ordering::Acquire) {
                    LOST.fetch_sub(1, Ordering::AcqRel);
                }
            })
            .map_err(|_| PacError::EngineFailed)?;
        Ok(Self {
            jobs,
            events,
            answers,
            is_lost,
        })
    }

    /// Has the script asked, and answers its questions about the world meanwhile. `None` if the thread came to no end:
    /// it was given up.
    pub(super) fn run(
        &self,
        script: &PacScript,
        target: &PacTarget,
        world: &dyn PacWorld,
        limits: &PacLimits,
    ) -> Option<Result<String, PacError>> {
        let job = Job {
            script: script.clone(),
            target: target.clone(),
            clock: world.clock(),
        };
        if self.jobs.send(job).is_err() {
            return Some(Err(PacError::EngineFailed));
        }
        let mut patience = longest(limits);
        let mut names_time = limits.names_time;
        loop {
            let waiting = Instant::now();
            let event = match self.events.recv_timeout(patience) {
                Ok(event) => event,
                Err(RecvTimeoutError::Disconnected) => return Some(Err(PacError::EngineFailed)),
                Err(RecvTimeoutError::Timeout) => {
                    self.give_up();
                    return None;
                }
            };
            patience = patience.saturating_sub(waiting.elapsed());
            let answer = match event {
                Event::Done(outcome) => return Some(outcome),
                Event::Alert(text) => {
                    world.alert(&text);
                    continue;
                }
                Event::LocalAddresses => Some(world.local_addresses()),
                Event::Resolve(name) => {
                    let asked = Instant::now();
                    let found = world.resolve(&name, names_time);
                    let took = asked.elapsed();
                    let left = names_time.checked_sub(took);
                    names_time = left.unwrap_or_default();
                    left.map(|_| found)
                }
            };
            // If the thread is gone, the next turn notices.
            let _ = self.answers.send(answer);
        }
    }

    fn give_up(&self) {
        LOST.fetch_add(1, Ordering::AcqRel);
        self.is_lost.store(true, Ordering::Release);
    }
}

/// What a script that could not be stopped amounts to.
pub(super) fn unstoppable(limits: &PacLimits) -> PacError {
    PacError::Timeout {
        phase: PacPhase::Call,
        limit: longest(limits),
    }
}

fn longest(limits: &PacLimits) -> Duration {
    limits
        .load_time
        .saturating_add(limits.call_time)
        .saturating_add(GRACE)
}

/// The thread: keeps the script that it loaded last.
fn work(jobs: &Receiver<Job>, run: &Rc<Run>, limits: &PacLimits) {
    let mut loaded: Option<(PacScript, Clock, Sandbox)> = None;
    while let Ok(job) = jobs.recv() {
        let fits = |(script, clock, _): &(PacScript, Clock, Sandbox)| {
            *script == job.script && *clock == job.clock
        };
        if !loaded.as_ref().is_some_and(fits) {
            loaded = None;
        }
        let outcome = match &loaded {
            Some((_, _, sandbox)) => sandbox.call(&job.target),
            None => match load(&job, run, limits) {
                Ok(sandbox) => {
                    let outcome = sandbox.call(&job.target);
                    loaded = Some((job.script, job.clock, sandbox));
                    outcome
                }
                Err(error) => Err(error),
            },
        };
        let failed = matches!(
            outcome,
            Err(PacError::MemoryLimit { .. }
                | PacError::StackLimit { .. }
                | PacError::EngineFailed)
        );
        if failed
            || loaded
                .as_ref()
                .is_some_and(|(_, _, sandbox)| sandbox.is_spent())
        {
            loaded = None;
        }
        run.end(outcome);
    }
}

fn load(job: &Job, run: &Rc<Run>, limits: &PacLimits) -> Result<Sandbox, PacError> {
    let text = job.script.text().ok_or(PacError::NoText)?;
    if text.len() > limits.script_bytes {
        return Err(PacError::ScriptTooLarge {
            limit: limits.script_bytes,
        });
    }
    if text.contains('\0') {
        return Err(PacError::Encoding);
    }
    Sandbox::load(text, job.clock, run, limits)
}
