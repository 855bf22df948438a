//! Gives a person time to answer, without taking it from what waits for the answer.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::access::{CredentialFuture, ProxyCredentials};

/// Whether a person is being asked, and for how long that was so.
pub(crate) struct Asking {
    /// How long one answer may take.
    limit: Duration,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// How many are being asked; with several proxies there may be more than one.
    open: usize,
    /// Since when, if any.
    since: Option<Instant>,
    /// The time before.
    earlier: Duration,
}

impl Asking {
    pub(crate) fn new(limit: Duration) -> Arc<Self> {
        let state = watch::Sender::default();
        Arc::new(Self { limit, state })
    }

    /// The answer; `None` also if none comes in time.
    pub(super) async fn ask(&self, answer: CredentialFuture<'_>) -> Option<ProxyCredentials> {
        let _open = Open::begin(&self.state);
        timeout(self.limit, answer).await.ok().flatten()
    }

    /// A deadline that moves on while a person is asked.
    pub(crate) fn deadline(&self, end: Instant) -> Deadline<'_> {
        Deadline {
            asking: self,
            end,
            asked_before: self.state.borrow().asked(),
        }
    }

    /// Waits until nobody is asked.
    async fn answered(&self) {
        // It fails if there is no sender any more, and `self` is one.
        let _ = self.state.subscribe().wait_for(|now| now.open == 0).await;
    }
}

/// A point in time, as far from now as it was at first, less the time in which nobody was asked.
pub(crate) struct Deadline<'a> {
    asking: &'a Asking,
    end: Instant,
    asked_before: Duration,
}

impl Deadline<'_> {
    /// When it is, if nobody is asked from now on.
    pub(crate) fn end(&self) -> Instant {
        let asked = self.asking.state.borrow().asked();
        self.end + asked.saturating_sub(self.asked_before)
    }

    /// The outcome of `future`, or `None` if the time is over before.
    pub(crate) async fn limit<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        loop {
            if let Ok(outcome) = timeout_at(self.end(), future.as_mut()).await {
                return Some(outcome);
            }
            if let Some(outcome) = unless(self.asking.answered(), future.as_mut()).await {
                return Some(outcome);
            }
            if self.end() <= Instant::now() {
                return None;
            }
        }
    }
}

impl State {
    fn asked(&self) -> Duration {
        self.earlier + self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}

/// Somebody is being asked as long as this lives: a question may be withdrawn.
struct Open<'a>(&'a watch::Sender<State>);

impl<'a> Open<'a> {
    fn begin(state: &'a watch::Sender<State>) -> Self {
        state.send_modify(|state| {
            state.open += 1;
            state.since.get_or_insert_with(Instant::now);
        });
        Self(state)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|state| {
            state.open -= 1;
            if state.open == 0 {
                state.earlier = state.asked();
                state.since = None;
            }
        });
    }
}

/// The outcome of `future`, unless `end` comes first.
async fn unless<F: Future>(
    end: impl Future<Output = ()>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    let mut end = pin!(end);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => end.as_mut().poll(cx).map(|()| None),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn nothing_after(time: Duration) -> CredentialFuture<'static> {
        Box::pin(async move {
            sleep(time).await;
            None
        })
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_for_asking_does_not_count() {
        let (asking, start) = (Asking::new(300 * SECOND), Instant::now());
        let deadline = asking.deadline(start + 60 * SECOND);
        let work = async {
            sleep(50 * SECOND).await;
            asking.ask(nothing_after(200 * SECOND)).await;
            sleep(9 * SECOND).await;
            asking.ask(nothing_after(20 * SECOND)).await;
        };
        assert!(deadline.limit(work).await.is_some());
        assert_eq!(start.elapsed(), 279 * SECOND);
        assert_eq!(deadline.end(), Instant::now() + SECOND);
        assert!(deadline.limit(pending::<()>()).await.is_none());
        assert_eq!(start.elapsed(), 280 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_for_the_answer_have_the_time_as_well() {
        let (asking, start) = (Asking::new(300 * SECOND), Instant::now());
        let deadline = asking.deadline(start + 60 * SECOND);
        let question = asking.ask(nothing_after(100 * SECOND));
        let (_, waited) = tokio::join!(question, deadline.limit(pending::<()>()));
        assert!(waited.is_none());
        assert_eq!(start.elapsed(), 160 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_who_never_answers_is_asked_no_longer() {
        let (asking, start) = (Asking::new(300 * SECOND), Instant::now());
        assert!(asking.ask(Box::pin(pending())).await.is_none());
        assert_eq!(start.elapsed(), 300 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_that_is_withdrawn_ends() {
        let (asking, start) = (Asking::new(300 * SECOND), Instant::now());
        let question = timeout(10 * SECOND, asking.ask(Box::pin(pending()))).await;
        assert!(question.is_err());
        let deadline = asking.deadline(start + 60 * SECOND);
        assert!(deadline.limit(pending::<()>()).await.is_none());
        assert_eq!(start.elapsed(), 60 * SECOND);
    }
}
