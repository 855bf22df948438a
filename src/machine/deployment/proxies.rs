//! A proxy that the temporary account of Windows, and services, find before anyone is signed in.

use std::fmt;
use std::str::FromStr;

use super::{Piece, Undo};

/// A proxy as `HOST:PORT`, harmless in a command line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProxyAddress {
    host: String,
    port: u16,
}

/// Why a text is no `HOST:PORT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyProblem {
    /// No host, or one with characters other than letters, digits, `-` and `.`, or the parts of an address in brackets.
    #[error("not the name or address of a host")]
    Host,
    /// No port from 1 to 65535.
    #[error("not a port")]
    Port,
}

impl FromStr for ProxyAddress {
    type Err = ProxyProblem;

    fn from_str(text: &str) -> Result<Self, ProxyProblem> {
        let (host, port) = text.rsplit_once(':').ok_or(ProxyProblem::Port)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        let inside = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let usable = match inside {
            Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
            None => !host.is_empty() && host.len() <= 253 && host.chars().all(plain),
        };
        if !usable {
            return Err(ProxyProblem::Host);
        }
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        match port.parse() {
            Ok(port) if digits && port != 0 => Ok(Self {
                host: host.to_owned(),
                port,
            }),
            _ => Err(ProxyProblem::Port),
        }
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

const POLICY: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
const MACHINE: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings";
const PROFILE: &str = r"HKU\Default\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings";

pub(super) fn pieces(proxy: &ProxyAddress) -> [Piece; 2] {
    [
        Piece {
            file: "machine-proxy.cmd",
            purpose: "Makes one proxy count for the whole computer (policy \"Make proxy settings per-machine\"). The \
                      proxy must not ask for a user: the temporary account is none that it knows. The undo puts the \
                      values of the whole key back as they stood.",
            content: script(&[
                export(POLICY, "machine-proxy.policy.before.reg"),
                export(MACHINE, "machine-proxy.before.reg"),
                add(POLICY, "ProxySettingsPerUser", "REG_DWORD", "0"),
                add(MACHINE, "ProxyEnable", "REG_DWORD", "1"),
                add(MACHINE, "ProxyServer", "REG_SZ", &proxy.to_string()),
                add(MACHINE, "ProxyOverride", "REG_SZ", "<local>"),
            ]),
            undo: Undo::File {
                file: "machine-proxy.undo.cmd",
                content: script(&[
                    delete(POLICY, "ProxySettingsPerUser"),
                    delete(MACHINE, "ProxyEnable"),
                    delete(MACHINE, "ProxyServer"),
                    delete(MACHINE, "ProxyOverride"),
                    import("machine-proxy.policy.before.reg"),
                    import("machine-proxy.before.reg"),
                ]),
            },
        },
        Piece {
            file: "default-profile-proxy.cmd",
            purpose: "Gives the proxy to new profiles, and so to the temporary account of Windows: the other way, where \
                      users keep settings of their own.",
            content: script(&[
                load(),
                export(PROFILE, "default-profile-proxy.before.reg"),
                add(PROFILE, "ProxyEnable", "REG_DWORD", "1"),
                add(PROFILE, "ProxyServer", "REG_SZ", &proxy.to_string()),
                unload(),
            ]),
            undo: Undo::File {
                file: "default-profile-proxy.undo.cmd",
                content: script(&[
                    load(),
                    delete(PROFILE, "ProxyEnable"),
                    delete(PROFILE, "ProxyServer"),
                    import("default-profile-proxy.before.reg"),
                    unload(),
                ]),
            },
        },
    ]
}

fn script(lines: &[String]) -> String {
    format!(
        "@echo off\nrem Run as an administrator.\n{}\n",
        lines.join("\n")
    )
}

fn add(key: &str, name: &str, kind: &str, data: &str) -> String {
    format!("reg add \"{key}\" /v {name} /t {kind} /d \"{data}\" /f")
}

fn delete(key: &str, name: &str) -> String {
    format!("reg delete \"{key}\" /v {name} /f")
}

/// What stood there before, for the undo; once only, so that a second run does not overwrite it with what the first wrote.
/// For a key that does not exist that is an export of nothing.
fn export(key: &str, file: &str) -> String {
    let file = format!("\"%~dp0{file}\"");
    format!(
        "if not exist {file} reg export \"{key}\" {file} /y\nif not exist {file} echo REGEDIT4> {file}"
    )
}

fn import(file: &str) -> String {
    format!("if exist \"%~dp0{file}\" reg import \"%~dp0{file}\" && del \"%~dp0{file}\"")
}

fn load() -> String {
    "reg load \"HKU\\Default\" \"%SystemDrive%\\Users\\Default\\NTUSER.DAT\" || exit /b 1"
        .to_owned()
}

fn unload() -> String {
    "reg unload \"HKU\\Default\"".to_owned()
}
