//! Ordered faults: waiting for their request, and telling the test about it.

use std::time::Duration;

use tokio::sync::watch;

use super::fault::{Endpoint, Fault};
use super::waiting::wait;

/// A fault that has been ordered.
///
/// Dropping the handle does not take the order back.
#[derive(Clone, Debug)]
pub struct Order {
    reached: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

impl Order {
    fn new() -> Self {
        Self {
            reached: watch::Sender::new(0),
            released: watch::Sender::new(false),
        }
    }

    /// How often the fault has happened.
    pub fn hits(&self) -> usize {
        *self.reached.borrow()
    }

    /// Waits until the fault has happened at least once. With [`Fault::hold`]: until the answer is being kept back.
    pub async fn reached(&self) {
        // The sender is alive as long as `self` is, so waiting cannot fail.
        let _ = self.reached.subscribe().wait_for(|&hits| hits > 0).await;
    }

    /// The same for tests without a runtime: blocks, and says whether it happened within `limit`.
    pub fn reached_within(&self, limit: Duration) -> bool {
        wait(self.reached(), limit).is_some()
    }

    /// Lets every answer go that [`Fault::hold`] keeps back, now and later.
    pub fn release(&self) {
        self.released.send_replace(true);
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    fault: Fault,
    seen: usize,
    fired: usize,
    order: Order,
}

/// A fault whose time has come.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) fault: Fault,
    order: Order,
}

impl Faults {
    pub(super) fn order(&mut self, fault: Fault) -> Order {
        let order = Order::new();
        self.0.push(Pending {
            fault,
            seen: 0,
            fired: 0,
            order: order.clone(),
        });
        order
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a request to `endpoint` in every order and returns the first that is due.
    ///
    /// Of two orders for the same request, the later one waits for the next request.
    pub(super) fn due(&mut self, endpoint: Endpoint) -> Option<Due> {
        let mut due = None;
        for pending in self
            .0
            .iter_mut()
            .filter(|pending| pending.fault.at == endpoint)
        {
            pending.seen += 1;
            if due.is_none() && pending.seen >= pending.fault.nth {
                pending.fired += 1;
                due = Some(Due {
                    fault: pending.fault.clone(),
                    order: pending.order.clone(),
                });
            }
        }
        self.0.retain(|pending| pending.fired < pending.fault.times);
        due
    }
}

impl Due {
    /// Tells the order that it has happened, and keeps the answer back as ordered.
    pub(super) async fn happen(&self) {
        self.order.reached.send_modify(|hits| *hits += 1);
        if let Some(time) = self.fault.delay {
            tokio::time::sleep(time).await;
        }
        if self.fault.hold {
            // As in `reached`.
            let _ = self
                .order
                .released
                .subscribe()
                .wait_for(|&released| released)
                .await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(faults: &mut Faults, endpoint: Endpoint, count: usize) -> Vec<bool> {
        (0..count).map(|_| faults.due(endpoint).is_some()).collect()
    }

    #[test]
    fn a_fault_waits_for_its_request() {
        let mut faults = Faults::default();
        faults.order(Fault::at(Endpoint::Poll).nth(2).times(2));
        assert_eq!(hits(&mut faults, Endpoint::Submit, 3), [false; 3]);
        assert_eq!(
            hits(&mut faults, Endpoint::Poll, 4),
            [false, true, true, false]
        );
    }

    #[test]
    fn two_for_the_same_request_come_one_after_the_other() {
        let mut faults = Faults::default();
        faults.order(Fault::at(Endpoint::Poll));
        faults.order(Fault::at(Endpoint::Poll));
        assert_eq!(hits(&mut faults, Endpoint::Poll, 3), [true, true, false]);
    }
}
