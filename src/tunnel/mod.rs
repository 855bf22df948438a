//! Opens the way that was decided: today the direct one.

mod dial;
mod network;

pub use self::dial::SystemResolver;
pub(crate) use self::dial::{Destination, Dialer};
pub use self::network::SystemNetwork;
pub(crate) use self::network::wait_for_network;
