//! Asks an identity for its tokens, which may take as long as a network takes.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::negotiate::{Negotiate, NegotiateContext};
use crate::error::{KerberosProblem, PeerText};

/// How long one answer may take. The libraries try several domain controllers, some seconds each.
const LIMIT: Duration = Duration::from_secs(15);

/// A login that has begun, and what to send next.
pub(super) struct Ticket {
    pub(super) context: Context,
    pub(super) token: Zeroizing<Vec<u8>>,
}

/// A login between two of its tokens.
pub(super) struct Context {
    inner: Box<dyn NegotiateContext>,
    allows_ntlm: bool,
}

impl Ticket {
    /// The first token for the proxy on `host`.
    pub(super) async fn begin(
        identity: Arc<dyn Negotiate>,
        host: String,
        end_point: Option<Vec<u8>>,
    ) -> Result<Self, KerberosProblem> {
        in_time(move || {
            let context = Context {
                inner: identity.begin(&host, end_point.as_deref())?,
                allows_ntlm: identity.allows_ntlm(),
            };
            Self::next(context, &[])
        })
        .await
    }

    /// The token in answer to `input`.
    pub(super) async fn step(context: Context, input: Vec<u8>) -> Result<Self, KerberosProblem> {
        context.check(&input)?;
        in_time(move || Self::next(context, &input)).await
    }

    fn next(mut context: Context, input: &[u8]) -> Result<Self, KerberosProblem> {
        let token = Zeroizing::new(context.inner.step(input)?);
        context.check(&token)?;
        Ok(Self { context, token })
    }
}

impl Context {
    /// NTLM inside of Negotiate would give a hash of the account's password to whoever asks.
    fn check(&self, token: &[u8]) -> Result<(), KerberosProblem> {
        const SIGNATURE: &[u8] = b"NTLMSSP";
        match memchr::memmem::find(token, SIGNATURE) {
            Some(_) if !self.allows_ntlm => Err(KerberosProblem::NtlmRefused),
            _ => Ok(()),
        }
    }
}

async fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KerberosProblem> + Send + 'static,
) -> Result<T, KerberosProblem> {
    match timeout(LIMIT, spawn_blocking(work)).await {
        Ok(Ok(outcome)) => outcome,
        // It panicked, or the runtime ends.
        Ok(Err(_)) => Err(KerberosProblem::Failed {
            code: 0,
            detail: PeerText::new("the call was aborted"),
        }),
        Err(_) => Err(KerberosProblem::TimedOut { after: LIMIT }),
    }
}
