//! Whose fault it is when a server behind a tunnel does not answer as it must.

use crate::error::{Error, Fault, ProxyFault, TlsFault};
use crate::ports::Way;

/// The failure of a handshake with a server, told as the proxy's where the proxy said that the way is open and no TLS came
/// through it: the page of a guest network's portal, most often.
pub(crate) fn blame(error: Error, way: &Way) -> Error {
    let Way::Proxy { proxy, .. } = way else {
        return error;
    };
    let Fault::Tls(TlsFault::NotTls { host, first_bytes }) = error.fault() else {
        return error;
    };
    let fault = ProxyFault::TunnelNotTls {
        proxy: proxy.clone(),
        host: host.clone(),
        first_bytes: first_bytes.clone(),
    };
    Error::from(fault).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_tls() -> Fault {
        Fault::Tls(TlsFault::NotTls {
            host: "login.example".into(),
            first_bytes: b"<html>".to_vec(),
        })
    }

    fn through_proxy() -> Way {
        Way::Proxy {
            proxy: "http://proxy:80".into(),
            login: None,
        }
    }

    #[test]
    fn a_page_instead_of_tls_is_the_proxy_s_fault() {
        let blamed = blame(not_tls().into(), &through_proxy());
        let expected = ProxyFault::TunnelNotTls {
            proxy: "http://proxy:80".into(),
            host: "login.example".into(),
            first_bytes: b"<html>".to_vec(),
        };
        assert_eq!(*blamed.fault(), Fault::Proxy(expected));
    }

    #[test]
    fn everything_else_stays_what_it_is() {
        let direct = blame(not_tls().into(), &Way::Direct);
        assert_eq!(*direct.fault(), not_tls());
        let ended = Fault::Tls(TlsFault::Ended {
            host: "login.example".into(),
            received: 0,
            reset: false,
        });
        let kept = blame(ended.clone().into(), &through_proxy());
        assert_eq!(*kept.fault(), ended);
    }
}
