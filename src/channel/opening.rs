//! A way that is opened beside something else.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::time::Instant;

use super::FRESH;
use crate::error::Error;
use crate::tunnel::Opened;

type Outcome = Result<Opened, Error>;

/// Gives the way that is opened to whoever waits for it. Dropping it closes the way.
pub(crate) struct Opening<'a>(Progress<'a>);

enum Progress<'a> {
    Running(Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>),
    Done(Outcome, Instant),
    Given,
}

impl<'a> Opening<'a> {
    pub(super) fn new(open: impl Future<Output = Outcome> + Send + 'a) -> Self {
        Self(Progress::Running(Box::pin(open)))
    }

    /// Goes on while `other` runs, until that is done.
    pub(super) async fn beside<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|cx| {
            let _ = self.poll_done(cx);
            other.as_mut().poll(cx)
        })
        .await
    }

    /// Whether the way was open for so long that the other end may not wait any more for someone to begin.
    pub(super) fn has_waited(&self) -> bool {
        matches!(&self.0, Progress::Done(_, since) if since.elapsed() > FRESH)
    }

    fn poll_done(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Progress::Running(open) = &mut self.0 {
            let outcome = ready!(open.as_mut().poll(cx));
            self.0 = Progress::Done(outcome, Instant::now());
        }
        Poll::Ready(())
    }
}

impl Future for Opening<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        ready!(self.poll_done(cx));
        match std::mem::replace(&mut self.0, Progress::Given) {
            Progress::Done(outcome, _) => Poll::Ready(outcome),
            // Nobody waits for it after it was given.
            _ => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::time::Duration;

    use tokio::time::{pause, sleep};

    use super::*;
    use crate::error::Fault;

    fn outcome() -> Outcome {
        Err(Fault::NoRuntime.into())
    }

    #[tokio::test]
    async fn it_goes_on_beside_something_else_and_is_kept() {
        pause();
        let mut opening = Opening::new(async {
            sleep(Duration::from_secs(1)).await;
            outcome()
        });
        assert_eq!(opening.beside(ready("at once")).await, "at once");
        assert!(matches!(opening.0, Progress::Running(_)));
        opening.beside(sleep(Duration::from_secs(2))).await;
        assert!(matches!(opening.0, Progress::Done(..)));
        assert!(!opening.has_waited());
        assert!(matches!(opening.await, Err(error) if matches!(error.fault(), Fault::NoRuntime)));
    }

    #[tokio::test]
    async fn what_was_not_done_is_waited_for() {
        pause();
        let mut opening = Opening::new(async {
            sleep(Duration::from_secs(60)).await;
            outcome()
        });
        opening.beside(sleep(Duration::from_secs(30))).await;
        assert!(!opening.has_waited());
        assert!(opening.await.is_err());
    }

    #[tokio::test]
    async fn it_grows_old() {
        pause();
        let mut opening = Opening::new(async { outcome() });
        opening.beside(sleep(FRESH / 2)).await;
        assert!(!opening.has_waited());
        opening.beside(sleep(FRESH)).await;
        assert!(opening.has_waited());
    }
}
