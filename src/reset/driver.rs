//! Where protocol and network meet: carries out the actions of a flow, one after the other.
//!
//! What has begun is kept here and not in the future of a call. A call that is dropped loses nothing: the request goes on
//! in a task of its own, and the next call collects its answer first.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinHandle;
use tracing::debug;

use crate::error::{Correlation, Error, Fault, Sent};
use crate::exchange::{Effect, Exchange, ExchangeError, Request, Response};
use crate::protocol::{Action, Answer, Event, Flow, Handoff, SignIn, Step};

/// What came of a call.
#[derive(Debug)]
pub(super) enum Came {
    /// The step may be another one now.
    Step,
    /// A sign-in was answered.
    SignedIn(SignIn),
}

pub(super) struct Driver {
    flow: Box<dyn Flow>,
    exchange: Arc<dyn Exchange>,
    correlation_id: String,
    step: Step,
    cause: Option<Error>,
    pending: Pending,
}

/// What has begun and has not ended.
#[derive(Default)]
enum Pending {
    #[default]
    Nothing,
    Response(Underway),
    Time(Instant),
}

/// A request whose answer has not been collected.
struct Underway {
    task: JoinHandle<Result<Response, ExchangeError>>,
    host: String,
    /// The step to return to if it turns out that no password left.
    before: Option<Step>,
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Driver {
    pub(super) fn new(
        flow: Box<dyn Flow>,
        exchange: Arc<dyn Exchange>,
        correlation_id: String,
    ) -> Self {
        // Before the first answer nothing is shown; a flow that shows nothing at all leaves the person to a browser.
        let step = Step::UseBrowser(Handoff::default());
        Self {
            flow,
            exchange,
            correlation_id,
            step,
            cause: None,
            pending: Pending::Nothing,
        }
    }

    pub(super) fn step(&self) -> &Step {
        &self.step
    }

    pub(super) fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    pub(super) fn correlation(&self) -> Correlation {
        let mut correlation = Correlation::default();
        correlation.client = Some(self.correlation_id.clone());
        correlation.server = self.flow.server_correlation().cloned();
        correlation
    }

    /// Begins the attempt, up to the first step.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        let action = self.flow.handle(Event::Begin, now());
        self.proceed(action).await.map(|_| ())
    }

    /// Hands an answer of the person to the flow, after what is still under way has been collected.
    ///
    /// If the collected answer has led to another step, the person has not seen it, and their answer is not for it: it is
    /// dropped, and the caller looks at the step.
    pub(super) async fn answer(
        &mut self,
        call: &'static str,
        answer: Answer,
    ) -> Result<Came, Error> {
        let is_waiting = matches!(answer, Answer::Wait);
        let is_under_way = !matches!(self.pending, Pending::Nothing);
        let is_asked_for = answer
            .kind()
            .is_none_or(|kind| self.step.answers().contains(&kind));
        if !(is_asked_for || is_waiting && is_under_way) {
            return Err(self.misuse(call));
        }
        if is_under_way {
            let shown = self.step.id();
            let came = self.settle().await?;
            if is_waiting || self.step.id() != shown || matches!(came, Came::SignedIn(_)) {
                return Ok(came);
            }
        }
        match self.flow.handle(Event::Answer(answer), now()) {
            Action::Stay => Err(self.misuse(call)),
            action => self.proceed(action).await,
        }
    }

    pub(super) fn misuse(&self, call: &'static str) -> Error {
        let fault = Fault::Misuse {
            call,
            step: self.step.id(),
        };
        Error::new(fault).with_correlation(self.correlation())
    }

    async fn proceed(&mut self, action: Action) -> Result<Came, Error> {
        match self.carry_out(action, None, None) {
            Some(came) => came,
            None => self.settle().await,
        }
    }

    /// Waits for what is under way, and for what follows from it, until the person is asked again.
    async fn settle(&mut self) -> Result<Came, Error> {
        loop {
            let result = match &mut self.pending {
                Pending::Nothing => return Ok(Came::Step),
                Pending::Time(time) => {
                    tokio::time::sleep_until((*time).into()).await;
                    None
                }
                Pending::Response(underway) => Some((&mut underway.task).await),
            };
            // From here to the next wait nothing can interrupt.
            let pending = std::mem::take(&mut self.pending);
            let (event, lost, before) = match (pending, result) {
                (Pending::Response(mut underway), Some(result)) => {
                    let before = underway.before.take();
                    match result.unwrap_or_else(|_| Err(interrupted(&underway.host))) {
                        Ok(response) => (Event::Response(response), None, before),
                        Err(lost) => (Event::Lost(lost.sent), Some(lost), before),
                    }
                }
                _ => (Event::Due, None, None),
            };
            let action = self.flow.handle(event, now());
            if let Some(came) = self.carry_out(action, lost, before) {
                return came;
            }
        }
    }

    /// Does what an action says; `None` if something is under way now.
    fn carry_out(
        &mut self,
        action: Action,
        lost: Option<ExchangeError>,
        before: Option<Step>,
    ) -> Option<Result<Came, Error>> {
        let lost = lost.map(|lost| lost.error.with_sent(lost.sent));
        match action {
            Action::Send(request) => {
                self.send(request);
                return None;
            }
            Action::WaitUntil(time) => {
                self.pending = Pending::Time(time);
                return None;
            }
            Action::Show(step) => self.show(step, lost),
            Action::ShowBecause(step, error) => self.show(step, Some(error.with_sent(Sent::Maybe))),
            Action::Stay => {
                self.step = before.unwrap_or_else(|| self.step.clone());
                if let Some(error) = lost {
                    return Some(Err(error.with_correlation(self.correlation())));
                }
            }
            Action::Fail(error) => {
                self.step = before.unwrap_or_else(|| self.step.clone());
                return Some(Err(error.with_correlation(self.correlation())));
            }
            Action::SignedIn(sign_in) => return Some(Ok(Came::SignedIn(sign_in))),
        }
        Some(Ok(Came::Step))
    }

    fn send(&mut self, request: Request) {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        debug!(target: "sspr::reset", %host, path = request.url.path(), effect = ?request.effect, "request");
        // From here on a password may have left, whatever becomes of the caller's future.
        let before = (request.effect == Effect::SetsPassword)
            .then(|| std::mem::replace(&mut self.step, Step::Applying { polls: 0 }));
        let exchange = Arc::clone(&self.exchange);
        let task = tokio::spawn(async move { exchange.exchange(request).await });
        self.pending = Pending::Response(Underway { task, host, before });
    }

    fn show(&mut self, step: Step, cause: Option<Error>) {
        debug!(target: "sspr::reset", step = step.id(), "step");
        self.step = step;
        self.cause = cause.map(|error| error.with_correlation(self.correlation()));
    }
}

/// The time by the runtime's clock, which tests may hold.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// The task ended without a result: the embedding program's exchange panicked, or the runtime was shut down.
fn interrupted(host: &str) -> ExchangeError {
    ExchangeError::new(
        Sent::Maybe,
        Fault::ExchangeFailed {
            host: host.to_owned(),
        },
    )
}
