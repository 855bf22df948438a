//! Faults of this computer's clock. It is never moved: a wrong clock is told, with what is known about the true time.

use serde::Serialize;

use super::Remedy;
use crate::message::{Message, message_ids};

/// How the clock is known to be wrong. All times are seconds since 1970 (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClockFault {
    /// It shows a time before this crate was released.
    #[error("the clock shows {now}, before this program was made ({built})")]
    BeforeBuild {
        /// When this version was released.
        built: u64,
        /// The time that the clock shows.
        now: u64,
    },
    /// Signed revocation data is from its future, so it is slow.
    #[error("the clock shows {now}, but it is {at_least} or later")]
    Behind {
        /// The true time is this or later.
        at_least: u64,
        /// The time that the clock shows.
        now: u64,
    },
    /// The server's clock shows another time (RFC 9110, section 6.6.1). One of the two is wrong. Told by a diagnosis only.
    #[error("the clock shows {now}, and the server's shows {server}")]
    Differs {
        /// The time that the server's clock shows.
        server: u64,
        /// The time that the clock shows.
        now: u64,
    },
}

impl ClockFault {
    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        Remedy::SetClock
    }
}

message_ids!(impl ClockFault {
    BeforeBuild => "fault-clock-before-build",
    Behind => "fault-clock-behind",
    Differs => "fault-clock-differs",
});

impl Message for ClockFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}
