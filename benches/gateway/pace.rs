//! How fast a connection may be.

use std::io;
use std::mem::size_of;
use std::os::fd::AsRawFd;

use tokio::net::TcpStream;

use crate::Result;

/// Sends no more than so many bytes in a second, spread evenly.
#[allow(unsafe_code, reason = "the standard library does not know the option")]
pub(crate) fn limit(stream: &TcpStream, rate: u64) -> Result<()> {
    let length = libc::socklen_t::try_from(size_of::<u64>())?;
    // SAFETY: the pointer is to a value of that length that lives for the call.
    let outcome = unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_MAX_PACING_RATE,
            (&raw const rate).cast(),
            length,
        )
    };
    match outcome {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error().into()),
    }
}
