//! This computer's clock, which an empty battery may have set back by years.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls_pki_types::UnixTime;

use crate::error::ClockFault;

/// The day on which this version was made: 2026-11-01. No true clock shows an earlier time.
const BUILT: u64 = 1_793_491_200;

/// The time by the clock; 1970 if it shows an earlier one.
pub(crate) fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixTime::since_unix_epoch(since.unwrap_or(Duration::ZERO))
}

/// Refuses a time that cannot be.
pub(crate) fn check(now: UnixTime) -> Result<(), ClockFault> {
    let now = now.as_secs();
    match now < BUILT {
        true => Err(ClockFault::BeforeBuild { built: BUILT, now }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn a_clock_from_before_the_build_is_wrong() {
        let built = BUILT;
        assert_eq!(check(at(built)), Ok(()));
        for now in [0, built - 1] {
            assert_eq!(check(at(now)), Err(ClockFault::BeforeBuild { built, now }));
        }
        assert_eq!(check(now()), Ok(()));
    }

    /// The constant must follow every release.
    #[test]
    fn the_newest_release_is_not_newer_than_the_build() {
        let log = include_str!("../CHANGELOG.md");
        let dated = log.lines().filter_map(|line| {
            let (version, date) = line.strip_prefix("## [")?.split_once("] - ")?;
            Some((version, date.trim()))
        });
        for (version, date) in dated {
            assert!(date <= "2026-11-01", "{version} was released on {date}");
        }
        let day = httpdate::parse_http_date("Sun, 01 Nov 2026 00:00:00 GMT").unwrap();
        assert_eq!(day, UNIX_EPOCH + Duration::from_secs(BUILT));
    }
}
