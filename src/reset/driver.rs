//! Where protocol and network meet: carries out the actions of a flow, one after the other.
//!
//! What has begun is kept here and not in the future of a call. A call that is dropped loses nothing: the request goes on
//! in a task of its own, and the next call collects its answer first.

use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::debug;

use super::audit::{Audit, AuditResult};
use crate::error::{Correlation, Error, Fault, Sent};
use crate::exchange::{Effect, Exchange, ExchangeError, Request, Response};
use crate::protocol::{Action, Answer, AnswerKind, Event, Flow, Handoff, SignIn, Step};
use crate::report::{TrustReport, Trusted};

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
    trust: Option<Trusted>,
    /// What kind of answer led to what is pending.
    asked: Option<AnswerKind>,
    audit: Audit,
    /// A sign-in that was collected by another call than the one that asked for it.
    signed_in: Option<SignIn>,
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

/// What an action follows.
#[derive(Default)]
struct After {
    /// A response, from whatever it was made of.
    is_answer: bool,
    /// The response that will not come.
    lost: Option<Error>,
    /// The step to return to.
    before: Option<Step>,
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let result = self.audit.end(&self.step);
        self.account(result);
    }
}

impl Driver {
    pub(super) fn new(
        flow: Box<dyn Flow>,
        exchange: Arc<dyn Exchange>,
        correlation_id: String,
        audit: Audit,
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
            trust: None,
            asked: None,
            audit,
            signed_in: None,
        }
    }

    pub(super) fn step(&self) -> &Step {
        &self.step
    }

    pub(super) fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    pub(super) fn trust(&self) -> Option<&TrustReport> {
        self.trust.as_ref()?.report()
    }

    pub(super) fn correlation(&self) -> Correlation {
        Correlation {
            client: Some(self.correlation_id.clone()),
            server: self.flow.server_correlation().cloned(),
        }
    }

    /// Begins the attempt, up to the first step.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        let action = self.flow.handle(Event::Begin, now());
        self.proceed(action).await.map(|_| ())
    }

    /// Hands an answer of the person to the flow, after what is still under way has been collected.
    ///
    /// If the collected answer has led to another question, the person has not seen it, and their answer is not for it: it
    /// is dropped, and the caller looks at the step. A wish without content (another code, back) is not carried out twice.
    pub(super) async fn answer(
        &mut self,
        call: &'static str,
        answer: Answer,
    ) -> Result<Came, Error> {
        if Handle::try_current().is_err() {
            return Err(Error::new(Fault::NoRuntime).with_correlation(self.correlation()));
        }
        let kind = answer.kind();
        let is_under_way = !matches!(self.pending, Pending::Nothing);
        let fits = match kind {
            Some(AnswerKind::Wait) if is_under_way => true,
            Some(kind) => self.step.answers().contains(&kind),
            None => matches!(self.step, Step::Finished(_)),
        };
        if !fits {
            return Err(self.misuse(call));
        }
        if is_under_way {
            let question = self.step.question();
            let is_repeated = kind == self.asked
                && matches!(
                    kind,
                    Some(AnswerKind::ResendCode | AnswerKind::AnotherPicture | AnswerKind::Back)
                );
            if let Came::SignedIn(sign_in) = self.settle().await? {
                self.signed_in = Some(sign_in);
            }
            if kind == Some(AnswerKind::Wait) || is_repeated || self.step.question() != question {
                return Ok(Came::Step);
            }
        }
        if kind.is_none()
            && let Some(sign_in) = self.signed_in.take()
        {
            return Ok(Came::SignedIn(sign_in));
        }
        self.asked = kind;
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
        match self.carry_out(action, After::default()) {
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
            let mut after = After::default();
            let event = match (pending, result) {
                (Pending::Response(mut underway), Some(result)) => {
                    after.before = underway.before.take();
                    match result.unwrap_or_else(|_| Err(interrupted(&underway.host))) {
                        Ok(response) => {
                            self.trust = Some(response.trust.clone());
                            after.is_answer = true;
                            Event::Response(response)
                        }
                        Err(lost) => {
                            after.lost = Some(lost.error.with_sent(lost.sent));
                            Event::Lost(lost.sent)
                        }
                    }
                }
                _ => Event::Due,
            };
            let action = self.flow.handle(event, now());
            if let Some(came) = self.carry_out(action, after) {
                return came;
            }
        }
    }

    /// Does what an action says; `None` if something is under way now.
    fn carry_out(&mut self, action: Action, after: After) -> Option<Result<Came, Error>> {
        // An answer proves that the request had arrived.
        let arrived = |error: Error| match after.is_answer {
            true => error.with_sent(Sent::Maybe),
            false => error,
        };
        let why = match action {
            Action::Send(request) => {
                self.send(request);
                return None;
            }
            Action::WaitUntil(time) => {
                self.pending = Pending::Time(time);
                return None;
            }
            Action::Show(step) => {
                self.show(step, after.lost);
                return Some(Ok(Came::Step));
            }
            Action::ShowBecause(step, error) => {
                self.show(step, Some(arrived(error)));
                return Some(Ok(Came::Step));
            }
            Action::SignedIn(sign_in) => return Some(Ok(Came::SignedIn(sign_in))),
            Action::Stay => after.lost,
            Action::Fail(error) => Some(arrived(error)),
        };
        if let Some(step) = after.before {
            self.step = step;
        }
        Some(match why {
            Some(error) => {
                self.audit.failed(&error);
                Err(error.with_correlation(self.correlation()))
            }
            None => Ok(Came::Step),
        })
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
        if let Some(result) = self.audit.shown(&self.step) {
            self.account(result);
        }
    }

    fn account(&mut self, result: AuditResult) {
        let way = self.trust().map(|report| report.way.clone());
        let correlation = self.correlation();
        self.audit.tell(result, way, correlation);
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
