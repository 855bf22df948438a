//! What the gateway for a web view needs of a channel: someone who vouches for a host, and a bare way to it.

use std::net::IpAddr;
use std::sync::Arc;

use tracing::debug;

use super::private::{PublicOnly, private_literal};
use super::{Channel, Checked, Opening};
use crate::error::{Error, FetchFault, GatewayFault, Stage};
use crate::ports::{FetchRequest, FetchResponse, Resolve, ResolveFuture, Way};
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

/// A host that was found good.
#[derive(Debug, Clone)]
pub(crate) struct Vouched {
    pub(crate) report: Arc<TrustReport>,
    /// Where it was, if no proxy was between.
    pub(crate) peer: Option<IpAddr>,
}

impl Vouched {
    /// Whether `error` says that the host is not any more where it was.
    pub(crate) fn has_moved(&self, error: &Error) -> bool {
        self.peer.is_some() && error.stage() == Stage::Connect
    }

    /// Whether the host was looked at by another way than this one.
    pub(crate) fn is_by_another_way(&self, way: &Way) -> bool {
        match (&self.report.way, way) {
            (Way::Direct, Way::Direct) => false,
            (Way::Proxy { proxy: looked, .. }, Way::Proxy { proxy, .. }) => looked != proxy,
            _ => true,
        }
    }
}

impl Channel {
    /// Makes sure, with a connection of its own, that `destination` can be reached and trusted. Nothing but the handshake
    /// is sent. As soon as it is known where that is, what [`open`](Self::open) does is begun beside it, which saves a round
    /// trip; whoever is not vouched for hears nothing on that way.
    ///
    /// # Errors
    /// What is in the way; [`GatewayFault::PrivateAddress`] if the host is elsewhere than it may be.
    pub(crate) async fn vouch<'a>(
        &'a self,
        destination: &'a Destination,
        whereabouts: Whereabouts,
    ) -> Result<(Vouched, Opening<'a>), Error> {
        let guard = self.guard(destination, whereabouts)?;
        let deadline = self.asking.deadline(end_of(self.timeouts.exchange));
        let looked = async {
            let first = self.begin(destination, &guard.dialer).await?;
            let peer = first.peer;
            let mut opening = self.open(destination, whereabouts, peer);
            let check = self.check(destination, first, &guard.dialer);
            let checked = opening.beside(check).await?;
            if checked.peer != peer || opening.has_waited() {
                opening = self.open(destination, whereabouts, checked.peer);
            }
            Ok((checked, opening))
        };
        match deadline.limit(looked).await {
            Some(Ok((Checked { report, peer, .. }, opening))) => {
                debug!(host = %destination, "vouched for");
                let report = Arc::new(report);
                Ok((Vouched { report, peer }, opening))
            }
            Some(Err(error)) => Err(guard.blame(destination, error)),
            None => Err(self.out_of_time(destination)),
        }
    }

    /// Opens a way to `destination` on which nothing was said yet. Where it is direct, it leads to `peer`, the very address
    /// that is vouched for.
    ///
    /// # Errors
    /// As those of [`vouch`](Self::vouch).
    pub(crate) fn open<'a>(
        &'a self,
        destination: &'a Destination,
        whereabouts: Whereabouts,
        peer: Option<IpAddr>,
    ) -> Opening<'a> {
        Opening::new(self.open_at(destination, whereabouts, peer))
    }

    async fn open_at(
        &self,
        destination: &Destination,
        whereabouts: Whereabouts,
        peer: Option<IpAddr>,
    ) -> Result<Opened, Error> {
        let mut guard = self.guard(destination, whereabouts)?;
        if let Some(peer) = peer {
            guard.dialer.resolver = Arc::new(At(peer));
        }
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

/// Knows where the host was.
struct At(IpAddr);

impl Resolve for At {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![self.0]) })
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
