//! How often what happened.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::error::GatewayFault;

/// How often what happened at one run of the gateway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Connections to the gateway.
    pub connections: u64,
    /// Tunnels that were opened.
    pub tunnels: u64,
    /// Revocation data that was fetched for the view.
    pub fetched: u64,
    /// Revocation data that could not be fetched.
    pub not_fetched: u64,
    /// Requests without a token. Every view makes one before it asks for the token.
    pub without_token: u64,
    /// Requests with a wrong token.
    pub wrong_token: u64,
    /// Connections of processes that are not the view's, or about which nothing could be found out.
    pub foreign_processes: u64,
    /// Requests that break a rule, are too large, or never ended.
    pub malformed: u64,
    /// Requests with another method.
    pub other_methods: u64,
    /// Requests for another port.
    pub other_ports: u64,
    /// Requests for a host that is not on the list.
    pub other_hosts: u64,
    /// Requests for an address instead of a host.
    pub addresses: u64,
    /// Tunnels beyond a limit.
    pub over_limit: u64,
    /// Tunnels to hosts that could not be reached or trusted, and tunnels that were cut for their hello.
    pub failed: u64,
    /// Events that nobody read in time.
    pub events_lost: u64,
}

impl Counts {
    fn of(&mut self, fault: &GatewayFault) -> &mut u64 {
        match fault {
            GatewayFault::HostNotAllowed { .. } => &mut self.other_hosts,
            GatewayFault::PortNotAllowed { .. } => &mut self.other_ports,
            GatewayFault::AddressNotAllowed { .. } => &mut self.addresses,
            GatewayFault::PrivateAddress { .. } | GatewayFault::WayChanges { .. } => {
                &mut self.failed
            }
            GatewayFault::ForeignProcess | GatewayFault::UnknownProcess => {
                &mut self.foreign_processes
            }
            GatewayFault::WrongToken => &mut self.wrong_token,
            GatewayFault::MethodNotAllowed { .. } => &mut self.other_methods,
            GatewayFault::Malformed { .. }
            | GatewayFault::HeadTooLarge
            | GatewayFault::HeadTimedOut { .. } => &mut self.malformed,
            GatewayFault::TooManyTunnels { .. } | GatewayFault::TrafficLimit { .. } => {
                &mut self.over_limit
            }
        }
    }
}

/// The counters of one run.
#[derive(Default)]
pub(super) struct Counters(Mutex<Counts>);

impl Counters {
    pub(super) fn now(&self) -> Counts {
        *self.counts()
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts());
    }

    /// Counts a refusal. Whether it was the first of its kind.
    pub(super) fn refused(&self, fault: &GatewayFault) -> bool {
        let mut counts = self.counts();
        let count = counts.of(fault);
        *count += 1;
        *count == 1
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
