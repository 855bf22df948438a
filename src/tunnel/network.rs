//! Whether this computer has a network at all.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::limit::end_of;
use crate::ports::Network;

/// How often [`wait_for_network`] looks again.
const RECHECK: Duration = Duration::from_millis(500);

/// Asks the operating system for a route.
///
/// A UDP socket is connected to an address outside, once per address family. That looks up the route and the source
/// address and sends nothing. The addresses belong to no host: they are set aside for documentation (RFC 5737, RFC 3849).
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn is_up(&self) -> bool {
        has_route(
            (Ipv4Addr::UNSPECIFIED, 0).into(),
            (Ipv4Addr::new(192, 0, 2, 1), 9).into(),
        ) || has_route(
            (Ipv6Addr::UNSPECIFIED, 0).into(),
            (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9).into(),
        )
    }
}

fn has_route(from: SocketAddr, to: SocketAddr) -> bool {
    UdpSocket::bind(from)
        .and_then(|socket| socket.connect(to))
        .is_ok()
}

/// Waits until there is a network, at most `limit`, looking twice a second. Says whether there is one.
pub(crate) async fn wait_for_network(network: &dyn Network, limit: Duration) -> bool {
    let end = end_of(limit);
    loop {
        if network.is_up() {
            return true;
        }
        let now = Instant::now();
        if now >= end {
            return false;
        }
        sleep_until(end.min(now + RECHECK)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Is up from the given look on.
    struct UpAt(usize, AtomicUsize);

    impl Network for UpAt {
        fn is_up(&self) -> bool {
            self.1.fetch_add(1, Ordering::Relaxed) >= self.0
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_when_the_network_is_there() {
        let start = Instant::now();
        assert!(wait_for_network(&UpAt(3, AtomicUsize::new(0)), Duration::from_secs(30)).await);
        assert_eq!(start.elapsed(), 3 * RECHECK);
        assert!(wait_for_network(&UpAt(1, AtomicUsize::new(0)), Duration::MAX).await);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_at_the_limit() {
        let start = Instant::now();
        assert!(
            !wait_for_network(
                &UpAt(usize::MAX, AtomicUsize::new(0)),
                Duration::from_millis(1200)
            )
            .await
        );
        assert_eq!(start.elapsed(), Duration::from_millis(1200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_that_is_there_costs_no_time() {
        let start = Instant::now();
        assert!(wait_for_network(&UpAt(0, AtomicUsize::new(0)), Duration::ZERO).await);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[test]
    fn loopback_has_a_route_to_itself() {
        assert!(has_route(
            (Ipv4Addr::LOCALHOST, 0).into(),
            (Ipv4Addr::LOCALHOST, 9).into()
        ));
        assert!(!has_route(
            (Ipv4Addr::LOCALHOST, 0).into(),
            (Ipv6Addr::LOCALHOST, 9).into()
        ));
    }
}
