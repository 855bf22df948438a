//! What a failed exchange means: the errors of hyper as faults.

use std::io;

use super::meter::HeadFlood;
use crate::error::{Error, Fault};
use crate::tls::{cause, tls_fault};

/// A failure after the request was handed to the connection.
pub(super) fn http_fault(host: &str, error: hyper::Error) -> Error {
    Error::new(fault(host, &error)).with_source(error)
}

fn fault(host: &str, error: &hyper::Error) -> Fault {
    let host = host.to_owned();
    if cause::<HeadFlood>(error).is_some() {
        return Fault::HeadTooLarge { host };
    }
    if let Some(error) = cause::<rustls::Error>(error) {
        return Fault::Tls(tls_fault(&host, error, &Default::default()));
    }
    if error.is_parse() {
        return Fault::NotHttp { host };
    }
    match cause::<io::Error>(error).map(io::Error::kind) {
        // A chunk whose size or end is not as it must be (RFC 9112, section 7.1).
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => Fault::NotHttp { host },
        _ => Fault::Closed { host },
    }
}
