//! The tenant's own clock: the system's time plus whatever a test has advanced it by.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Runs with real time and can be moved forward, never back.
#[derive(Debug)]
pub(super) struct Clock {
    origin: SystemTime,
    started: Instant,
    advanced: Duration,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self {
            origin: SystemTime::now(),
            started: Instant::now(),
            advanced: Duration::ZERO,
        }
    }

    pub(super) fn now(&self) -> SystemTime {
        self.origin + self.started.elapsed() + self.advanced
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.advanced += by;
    }
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// The UTC day of an instant.
pub(super) fn date(time: SystemTime) -> Date {
    civil(seconds(time) / 86_400)
}

/// The form of `timestamp` in Entra's error bodies: `2026-11-22 10:15:00Z`.
pub(super) fn timestamp(time: SystemTime) -> String {
    let Date { year, month, day } = date(time);
    let second = seconds(time) % 86_400;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

/// Whole seconds since 1970; the tenant knows no time before that.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// Counts years from 1 March, so that the leap day is the last one of a year.
fn civil(days_since_1970: u64) -> Date {
    let days = days_since_1970 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    Date {
        year: year as i32,
        month: month as u8,
        day: day as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn writes_times_as_entra_does() {
        assert_eq!(timestamp(at(0)), "1970-01-01 00:00:00Z");
        assert_eq!(timestamp(at(951_782_399)), "2000-02-28 23:59:59Z");
        assert_eq!(timestamp(at(951_868_799)), "2000-02-29 23:59:59Z");
        assert_eq!(timestamp(at(1_795_342_500)), "2026-11-22 10:15:00Z");
        assert_eq!(timestamp(at(4_107_542_400)), "2100-03-01 00:00:00Z");
    }

    #[test]
    fn moves_forward() {
        let mut clock = Clock::start();
        let before = clock.now();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() >= before + Duration::from_secs(3600));
    }
}
