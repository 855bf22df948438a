//! Resets under way, and the continuation tokens that lead from one step to the next.
//!
//! Documented: tokens are opaque, bound to their flow, limited in time, and every answer carries a new one.
//! That an older token, or one at the wrong step, gets the answer for an invalid token is *invented*.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use super::polling::Poll;
use super::random;

/// One person's attempt.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) user: String,
    /// What the app said it can handle after the reset.
    pub(super) capabilities: Vec<String>,
    /// The only valid code; a new challenge replaces it.
    pub(super) code: Option<String>,
    /// The contact that is being registered after the reset.
    pub(super) enrolling: Option<String>,
    /// What the polls to come say; nothing before the first submit.
    pub(super) polls: Option<VecDeque<Poll>>,
    /// The last word about the submitted password; further polls repeat it.
    pub(super) verdict: Option<Poll>,
    /// The rule that the submitted password breaks, if that comes out on the poll only.
    pub(super) refused: Option<&'static str>,
}

impl Flow {
    /// What the next poll says, counted as said.
    pub(super) fn next_poll(&mut self) -> Poll {
        if let Some(verdict) = &self.verdict {
            return verdict.clone();
        }
        let polls = self.polls.get_or_insert_default();
        let said = match polls.front() {
            Some(Poll::Never) => Poll::Never,
            Some(_) => polls.pop_front().unwrap_or(Poll::Never),
            None => Poll::Succeeded,
        };
        let said = match self.refused {
            Some(suberror) if said.is_success() => Poll::Refused(suberror.to_owned()),
            _ => said,
        };
        if !said.is_pending() {
            self.verdict = Some(said.clone());
        }
        said
    }

    /// Whether the polls will report success for the password submitted last.
    pub(super) fn will_succeed(&self) -> bool {
        let polls = self.polls.iter().flatten();
        let decisive = polls
            .clone()
            .find(|poll| !poll.is_pending() || **poll == Poll::Never);
        self.refused.is_none() && decisive.is_none_or(Poll::is_success)
    }
}

/// What a continuation token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// V2: to say whose password it is.
    Start,
    Challenge,
    /// V2: the check for risk.
    Risk,
    /// The code, or another challenge.
    Code,
    Submit,
    Poll,
    /// V2: the registration of a second factor.
    Enroll,
    /// V2: the code to the contact to be registered.
    Activate,
    Redeem,
    /// V2: a code for tokens.
    AuthorizationCode,
}

/// Why a continuation token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    Invalid,
    Expired,
}

/// Handle of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FlowId(usize);

#[derive(Debug)]
pub(super) struct Flows {
    lifetime: Duration,
    keep_older: bool,
    flows: Vec<Flow>,
    tokens: HashMap<String, Token>,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    flow: FlowId,
    purpose: Purpose,
    expires: SystemTime,
}

impl Flows {
    /// Every token lives for `lifetime` from the time it is issued, unless a newer one ends it before.
    pub(super) fn new(lifetime: Duration, keep_older: bool) -> Self {
        Self {
            lifetime,
            keep_older,
            flows: Vec::new(),
            tokens: HashMap::new(),
        }
    }

    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    pub(super) fn begin(&mut self, user: String, capabilities: Vec<String>) -> FlowId {
        let id = FlowId(self.flows.len());
        let flow = Flow {
            user,
            capabilities,
            code: None,
            enrolling: None,
            polls: None,
            verdict: None,
            refused: None,
        };
        self.flows.push(flow);
        id
    }

    /// The flow that a token belongs to, if the token fits one of `purposes`.
    pub(super) fn find(
        &self,
        token: &str,
        purposes: &[Purpose],
        now: SystemTime,
    ) -> Result<FlowId, TokenFault> {
        let token = self.tokens.get(token).ok_or(TokenFault::Invalid)?;
        if !purposes.contains(&token.purpose) {
            return Err(TokenFault::Invalid);
        }
        if token.expires <= now {
            return Err(TokenFault::Expired);
        }
        Ok(token.flow)
    }

    /// Flows are never removed, so every id names one.
    pub(super) fn get(&mut self, flow: FlowId) -> &mut Flow {
        &mut self.flows[flow.0]
    }

    /// A new token in place of all older ones of the flow, unless those are to be kept.
    pub(super) fn issue(&mut self, flow: FlowId, purpose: Purpose, now: SystemTime) -> String {
        if !self.keep_older {
            self.end(flow);
        }
        self.issue_beside(flow, purpose, now)
    }

    /// A new token that leaves the older ones valid.
    ///
    /// Polls need it: a poll may be repeated, and the known clients poll with the token of the submit all along.
    pub(super) fn issue_beside(
        &mut self,
        flow: FlowId,
        purpose: Purpose,
        now: SystemTime,
    ) -> String {
        let name = random::token();
        self.tokens.insert(
            name.clone(),
            Token {
                flow,
                purpose,
                expires: now + self.lifetime,
            },
        );
        name
    }

    /// Lets the tokens that polled submit another password.
    pub(super) fn reopen(&mut self, flow: FlowId) {
        for token in self.tokens.values_mut().filter(|token| token.flow == flow) {
            token.purpose = Purpose::Submit;
        }
    }

    /// Ends a flow; none of its tokens is valid any more.
    pub(super) fn end(&mut self, flow: FlowId) {
        self.tokens.retain(|_, token| token.flow != flow);
    }

    /// Ages every token so that it has expired.
    pub(super) fn expire_all(&mut self, now: SystemTime) {
        for token in self.tokens.values_mut() {
            token.expires = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn flows() -> (Flows, FlowId) {
        let mut flows = Flows::new(Duration::from_secs(600), false);
        let id = flows.begin("a@b".into(), Vec::new());
        (flows, id)
    }

    fn fault(
        flows: &mut Flows,
        token: &str,
        purpose: Purpose,
        now: SystemTime,
    ) -> Option<TokenFault> {
        flows.find(token, &[purpose], now).err()
    }

    #[test]
    fn a_new_token_ends_the_older_ones() {
        let (mut flows, id) = flows();
        let older = flows.issue(id, Purpose::Challenge, START);
        let newer = flows.issue(id, Purpose::Code, START);
        assert_eq!(
            fault(&mut flows, &older, Purpose::Challenge, START),
            Some(TokenFault::Invalid)
        );
        assert_eq!(fault(&mut flows, &newer, Purpose::Code, START), None);
    }

    #[test]
    fn older_tokens_may_be_kept() {
        let mut flows = Flows::new(Duration::from_secs(600), true);
        let id = flows.begin("a@b".into(), Vec::new());
        let older = flows.issue(id, Purpose::Challenge, START);
        flows.issue(id, Purpose::Code, START);
        assert_eq!(fault(&mut flows, &older, Purpose::Challenge, START), None);
        flows.end(id);
        let ended = fault(&mut flows, &older, Purpose::Challenge, START);
        assert_eq!(ended, Some(TokenFault::Invalid));
    }

    #[test]
    fn a_token_is_bound_to_its_step_and_time() {
        let (mut flows, id) = flows();
        let token = flows.issue(id, Purpose::Submit, START);
        assert_eq!(
            fault(&mut flows, &token, Purpose::Poll, START),
            Some(TokenFault::Invalid)
        );
        let last = START + Duration::from_secs(599);
        assert_eq!(fault(&mut flows, &token, Purpose::Submit, last), None);
        let late = START + Duration::from_secs(600);
        assert_eq!(
            fault(&mut flows, &token, Purpose::Submit, late),
            Some(TokenFault::Expired)
        );
    }

    #[test]
    fn flows_do_not_touch_each_other() {
        let (mut flows, one) = flows();
        let token = flows.issue(one, Purpose::Challenge, START);
        let other = flows.begin("c@d".into(), Vec::new());
        flows.issue(other, Purpose::Challenge, START);
        flows.end(other);
        assert_eq!(fault(&mut flows, &token, Purpose::Challenge, START), None);
    }
}
