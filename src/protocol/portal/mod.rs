//! Server-rendered reset pages, driven by data. Experimental, outside the semver promise.

mod profile;

pub use self::profile::{Profile, ProfileFault};
