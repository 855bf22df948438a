//! Points in time at which something is given up.

use std::time::Duration;

use tokio::time::Instant;

/// No wait is longer: a point in time must exist.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The point in time after `limit`, at most a year from now: what lies beyond cannot be told by every clock.
pub(crate) fn end_of(limit: Duration) -> Instant {
    Instant::now() + limit.min(LONGEST)
}
