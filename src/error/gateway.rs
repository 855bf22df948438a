//! Why the gateway let something not pass.

use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::{PeerText, Remedy, Stage};
use crate::message::{Message, message_ids};

/// What the gateway for a web view refused by itself, without anyone else's fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GatewayFault {
    /// The page wants a host that is not on the list.
    #[error("the page wants {host}, which is not allowed")]
    HostNotAllowed {
        /// The host.
        host: PeerText,
    },
    /// The page wants another port than 443.
    #[error("the page wants port {port} of {host}")]
    PortNotAllowed {
        /// The host.
        host: PeerText,
        /// The TCP port.
        port: u16,
    },
    /// The page wants an address and no name, in whatever way it is written.
    #[error("the page wants the address {address} and names no host")]
    AddressNotAllowed {
        /// The address.
        address: PeerText,
    },
    /// The name leads to this computer or its own network, and was not configured to.
    #[error("{host} is at {address}, an address of this network")]
    PrivateAddress {
        /// The host.
        host: String,
        /// The address.
        address: IpAddr,
    },
    /// The way to the host was another one each time it had been looked at.
    #[error("the way to {host} keeps changing")]
    WayChanges {
        /// The host.
        host: String,
    },
    /// A process knocked that is not the web view, or not one below it, or not of the same user.
    #[error("a process that is not the web view used the gateway")]
    ForeignProcess,
    /// It could not be found out which process knocked.
    #[error("the gateway could not find out which process used it")]
    UnknownProcess,
    /// The password of the gateway is wrong.
    #[error("the gateway was used with a wrong token")]
    WrongToken,
    /// Another method than `CONNECT`, or another address than those of the list for revocation data.
    #[error("the gateway was used with the method {method}")]
    MethodNotAllowed {
        /// The method.
        method: PeerText,
    },
    /// The request breaks a rule of HTTP, or one of the gateway.
    #[error("the gateway was sent a request that breaks a rule: {rule}")]
    Malformed {
        /// The rule.
        rule: &'static str,
    },
    /// The head of the request is larger than 8 KiB.
    #[error("the gateway was sent a request whose head is too large")]
    HeadTooLarge,
    /// The head of the request did not come in time.
    #[error("the gateway was sent no whole request within {after:?}")]
    HeadTimedOut {
        /// How long was waited.
        after: Duration,
    },
    /// There are as many tunnels as there may be.
    #[error("there are {limit} tunnels already")]
    TooManyTunnels {
        /// How many there may be.
        limit: usize,
    },
    /// As many bytes have passed as may.
    #[error("{limit} bytes have passed through the gateway")]
    TrafficLimit {
        /// How many may.
        limit: u64,
    },
}

impl GatewayFault {
    /// The station of the way it belongs to.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::HostNotAllowed { .. }
            | Self::PortNotAllowed { .. }
            | Self::AddressNotAllowed { .. } => Stage::Configuration,
            Self::PrivateAddress { .. } => Stage::Dns,
            Self::WayChanges { .. } => Stage::ProxyResolution,
            Self::ForeignProcess
            | Self::UnknownProcess
            | Self::WrongToken
            | Self::MethodNotAllowed { .. }
            | Self::Malformed { .. }
            | Self::HeadTooLarge
            | Self::HeadTimedOut { .. }
            | Self::TooManyTunnels { .. }
            | Self::TrafficLimit { .. } => Stage::Local,
        }
    }

    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::HostNotAllowed { .. } => Remedy::AllowHost,
            Self::PrivateAddress { .. } => Remedy::CorrectHostName,
            Self::WayChanges { .. } | Self::TooManyTunnels { .. } | Self::TrafficLimit { .. } => {
                Remedy::TryAgain
            }
            Self::PortNotAllowed { .. }
            | Self::AddressNotAllowed { .. }
            | Self::ForeignProcess
            | Self::UnknownProcess
            | Self::WrongToken
            | Self::MethodNotAllowed { .. }
            | Self::Malformed { .. }
            | Self::HeadTooLarge
            | Self::HeadTimedOut { .. } => Remedy::ReportAnswer,
        }
    }
}

message_ids!(impl GatewayFault {
    HostNotAllowed => "fault-gateway-host-not-allowed",
    PortNotAllowed => "fault-gateway-port-not-allowed",
    AddressNotAllowed => "fault-gateway-address-not-allowed",
    PrivateAddress => "fault-gateway-private-address",
    WayChanges => "fault-gateway-way-changes",
    ForeignProcess => "fault-gateway-foreign-process",
    UnknownProcess => "fault-gateway-unknown-process",
    WrongToken => "fault-gateway-wrong-token",
    MethodNotAllowed => "fault-gateway-method-not-allowed",
    Malformed => "fault-gateway-malformed",
    HeadTooLarge => "fault-gateway-head-too-large",
    HeadTimedOut => "fault-gateway-head-timed-out",
    TooManyTunnels => "fault-gateway-too-many-tunnels",
    TrafficLimit => "fault-gateway-traffic-limit",
});

impl Message for GatewayFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::HostNotAllowed { host } => vec![("host", host.to_string())],
            Self::PortNotAllowed { host, port } => {
                vec![("host", host.to_string()), ("port", port.to_string())]
            }
            Self::AddressNotAllowed { address } => vec![("address", address.to_string())],
            Self::PrivateAddress { host, address } => {
                vec![("host", host.clone()), ("address", address.to_string())]
            }
            Self::WayChanges { host } => vec![("host", host.clone())],
            _ => Vec::new(),
        }
    }
}
