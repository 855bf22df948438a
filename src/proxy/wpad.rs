//! What automatic detection may trust: one fully qualified name below the own domain, with addresses of the own network.

use std::net::IpAddr;

use super::{Network, Target};
use crate::error::{HostProblem, PacError};

/// The name that is asked for the script: `wpad.` and the whole domain of this computer. No shorter suffix is tried, and
/// a domain of one label gives no name, as everybody can register names below it.
///
/// # Errors
/// [`HostProblem`] if the domain is none, or has fewer than two labels.
pub fn wpad_name(domain: &str) -> Result<String, HostProblem> {
    let domain = Target::new("http", domain, None)?;
    if domain.ip().is_some() || !domain.host().contains('.') {
        return Err(HostProblem::NotAName);
    }
    Ok(format!("wpad.{}", domain.host()))
}

/// Checks the addresses of that name: private, link-local or unique local ones are of the own network, and those in
/// `own`, which the caller names.
///
/// # Errors
/// [`PacError::DetectionUntrusted`] with the first address that is none of these.
pub fn check_wpad_addresses(
    name: &str,
    addresses: &[IpAddr],
    own: &[Network],
) -> Result<(), PacError> {
    let untrusted = addresses.iter().map(IpAddr::to_canonical).find(|address| {
        !is_of_a_private_network(*address) && !own.iter().any(|network| network.contains(*address))
    });
    match untrusted {
        Some(address) => Err(PacError::DetectionUntrusted {
            name: name.to_owned(),
            address,
        }),
        None => Ok(()),
    }
}

fn is_of_a_private_network(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_domain_is_asked() {
        assert_eq!(
            wpad_name("Corp.Example.").as_deref(),
            Ok("wpad.corp.example")
        );
        assert_eq!(wpad_name("example"), Err(HostProblem::NotAName));
        assert_eq!(wpad_name("10.0.0.1"), Err(HostProblem::NotAName));
        assert_eq!(wpad_name(""), Err(HostProblem::Empty));
    }

    /// P16
    #[test]
    fn p16_an_address_outside_of_the_network_is_not_trusted() {
        let check = |addresses: &[&str], own: &[Network]| {
            let addresses: Vec<IpAddr> = addresses.iter().map(|a| a.parse().unwrap()).collect();
            check_wpad_addresses("wpad.corp.example", &addresses, own)
        };
        assert_eq!(
            check(&["10.1.2.3", "fd00::1", "::ffff:192.168.0.1"], &[]),
            Ok(())
        );
        for address in [
            "203.0.113.9",
            "2001:db8::1",
            "::ffff:203.0.113.9",
            "127.0.0.1",
        ] {
            assert!(matches!(
                check(&["10.1.2.3", address], &[]),
                Err(PacError::DetectionUntrusted { name, .. }) if name == "wpad.corp.example"
            ));
        }
        let own = Network::new("203.0.113.0".parse().unwrap(), 24).unwrap();
        assert_eq!(check(&["203.0.113.9"], &[own]), Ok(()));
    }
}
