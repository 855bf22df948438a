//! What the gateway for a web view needs of a channel: someone who vouches for a host, and a bare way to it.

use std::net::IpAddr;
use std::sync::Arc;

use tracing::debug;

use super::Channel;
use super::private::{PublicOnly, private_literal};
use crate::error::{Error, FetchFault, GatewayFault};
use crate::ports::{FetchRequest, FetchResponse};
use crate::report::TrustReport;
use crate::tunnel::{Destination, Dialer, Opened, end_of};

/// Where a host may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// On the internet only. What stands in for the host by the caller's word may be anywhere, and where a proxy resolves
    /// the name, it alone knows.
    Public,
    /// Also on this computer and its own network.
    Anywhere,
}

impl Channel {
    /// Makes sure, with a connection of its own, that `destination` can be reached and trusted. Nothing but the handshake
    /// is sent.
    ///
    /// # Errors
    /// What is in the way; [`GatewayFault::PrivateAddress`] if the host is elsewhere than it may be.
    pub(crate) async fn vouch(
        &self,
        destination: &Destination,
        whereabouts: Whereabouts,
    ) -> Result<Arc<TrustReport>, Error> {
        let guard = self.guard(destination, whereabouts)?;
        let deadline = self.asking.deadline(end_of(self.timeouts.exchange));
        match deadline
            .limit(self.checked_way(destination, &guard.dialer))
            .await
        {
            Some(Ok((_, report))) => {
                debug!(host = %destination, "vouched for");
                Ok(Arc::new(report))
            }
            Some(Err(error)) => Err(guard.blame(destination, error)),
            None => Err(self.out_of_time(destination)),
        }
    }

    /// Opens a way to `destination` on which nothing was said yet. Where it is direct, the addresses that were looked at
    /// are the ones that are connected to.
    ///
    /// # Errors
    /// As those of [`vouch`](Self::vouch).
    pub(crate) async fn open(
        &self,
        destination: &Destination,
        whereabouts: Whereabouts,
    ) -> Result<Opened, Error> {
        let guard = self.guard(destination, whereabouts)?;
        let deadline = self.asking.deadline(end_of(self.timeouts.exchange));
        match deadline
            .limit(self.way_out.open(destination, &guard.dialer))
            .await
        {
            Some(outcome) => outcome.map_err(|error| guard.blame(destination, error)),
            None => Err(self.out_of_time(destination)),
        }
    }

    /// Fetches revocation data for someone else.
    pub(crate) async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchFault> {
        self.fetch.fetch(request).await
    }

    fn guard(&self, destination: &Destination, whereabouts: Whereabouts) -> Result<Guard, Error> {
        let dialer = self.dialer.clone();
        let is_free = whereabouts == Whereabouts::Anywhere
            || self.way_out.instead_of(destination) != destination;
        if is_free {
            let public = None;
            return Ok(Guard { dialer, public });
        }
        if let Some(address) = private_literal(&destination.host) {
            return Err(private(destination, address));
        }
        let public = Arc::new(PublicOnly::new(Arc::clone(&dialer.resolver)));
        Ok(Guard {
            dialer: Dialer {
                resolver: Arc::<PublicOnly>::clone(&public),
                ..dialer
            },
            public: Some(public),
        })
    }
}

/// Dials, and knows what it did not dial.
struct Guard {
    dialer: Dialer,
    public: Option<Arc<PublicOnly>>,
}

impl Guard {
    /// The failure, told as what it is if an address was held back.
    fn blame(&self, destination: &Destination, error: Error) -> Error {
        match self.public.as_ref().and_then(|public| public.refused()) {
            Some(address) => private(destination, address).with_source(error),
            None => error,
        }
    }
}

fn private(destination: &Destination, address: IpAddr) -> Error {
    let host = destination.name();
    GatewayFault::PrivateAddress { host, address }.into()
}
