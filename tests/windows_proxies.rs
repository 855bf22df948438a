//! The proxy settings of a running Windows: what `reg.exe` and WinHTTP's own setter write, this crate and WinHTTP read
//! alike. These are the real settings of the account, so they are put back, and the tests take turns.
#![cfg(windows)]
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sspr::WinHttpPac;
use sspr::machine::live::LiveRegistry;
use sspr::machine::registry::{Key, RegistryView, Root, Value};
use sspr::proxy::pac::{PacEngine, PacScript, PacTarget};
use sspr::proxy::{Candidate, Store, SurveyOptions, ThisComputer, Ways, WinHttpBlob, WinInetBlob};
use url::Url;
use windows_sys::Win32::Networking::WinHttp::{
    WINHTTP_ACCESS_TYPE_NAMED_PROXY, WINHTTP_CURRENT_USER_IE_PROXY_CONFIG, WINHTTP_PROXY_INFO,
    WinHttpGetDefaultProxyConfiguration, WinHttpGetIEProxyConfigForCurrentUser,
    WinHttpSetDefaultProxyConfiguration,
};

const CONNECTIONS: &str =
    r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections";

#[test]
fn winhttp_and_we_read_what_reg_wrote_for_the_user() {
    let _turn = Turn::take();
    let blob = wininet_blob(
        2 | 4 | 8,
        "p1.corp.example:8080",
        "<local>;*.corp.example",
        "http://pac.corp.example/p.pac",
    );
    reg_add("HKCU", "DefaultConnectionSettings", &blob);

    let value = value(Root::CurrentUser, "DefaultConnectionSettings").unwrap();
    let ours = WinInetBlob::parse(value.as_binary().unwrap()).unwrap();
    let theirs = ie_config();
    assert_eq!(ours.proxy, theirs.proxy);
    assert_eq!(ours.bypass, theirs.bypass);
    assert_eq!(ours.pac_url, theirs.pac_url);
    assert_eq!(ours.auto_detect(), theirs.auto_detect);
    assert_eq!(theirs.proxy, "p1.corp.example:8080");
}

#[test]
fn winhttp_and_we_read_what_its_setter_wrote_for_the_machine() {
    let _turn = Turn::take();
    let (proxy, bypass) = ("p2.corp.example:3128", "<local>;10.*");
    set_default(proxy, bypass);
    let value = value(Root::LocalMachine, "WinHttpSettings").unwrap();
    let ours = WinHttpBlob::parse(value.as_binary().unwrap()).unwrap();
    assert_eq!((ours.proxy.as_str(), ours.bypass.as_str()), (proxy, bypass));
    let theirs = default_config();
    assert_eq!((theirs.0.as_str(), theirs.1.as_str()), (proxy, bypass));
}

#[test]
fn winhttp_and_we_read_what_reg_wrote_for_the_machine() {
    let _turn = Turn::take();
    let mut blob = [0x18_u32, 0, 3].map(u32::to_le_bytes).concat();
    for text in ["p3.corp.example:8080", "*.corp.example"] {
        blob.extend((text.len() as u32).to_le_bytes());
        blob.extend(text.as_bytes());
    }
    reg_add("HKLM", "WinHttpSettings", &blob);
    let value = value(Root::LocalMachine, "WinHttpSettings").unwrap();
    let ours = WinHttpBlob::parse(value.as_binary().unwrap()).unwrap();
    assert_eq!((ours.proxy, ours.bypass), default_config());
}

#[tokio::test]
async fn a_change_of_the_registry_changes_the_next_plan() {
    let _turn = Turn::take();
    let url = Url::parse("https://passwordreset.microsoftonline.com/").unwrap();
    let ways = Ways::new(ThisComputer::new(SurveyOptions::default()));
    for proxy in ["p4.corp.example:8080", "p5.corp.example:8080"] {
        reg_add(
            "HKCU",
            "DefaultConnectionSettings",
            &wininet_blob(2, proxy, "", ""),
        );
        let plan = ways.plan(&url).await.unwrap();
        assert_eq!(plan.candidates, [Candidate::Proxy(proxy.parse().unwrap())]);
        assert_eq!(plan.provenance.as_ref().unwrap().store, Store::UserWinInet);
        let again = ways.plan(&url).await.unwrap();
        assert_eq!(plan, again);
    }
}

#[test]
fn winhttp_runs_a_script_for_us() {
    let script = "function FindProxyForURL(url, host) {\
                  return host == 'direct.example' ? 'DIRECT' : 'PROXY p6.corp.example:8080'; }";
    let script = PacScript::at(serve(script));
    let ask = |url: &str| {
        let target = PacTarget::new(&Url::parse(url).unwrap()).unwrap();
        WinHttpPac::new().find_proxy(&script, &target)
    };
    assert_eq!(
        ask("https://a.example/").as_deref(),
        Ok("PROXY p6.corp.example:8080")
    );
    assert_eq!(ask("https://direct.example/").as_deref(), Ok("DIRECT"));
    let nowhere = PacScript::at(Url::parse("http://127.0.0.1:1/proxy.pac").unwrap());
    let target = PacTarget::new(&Url::parse("https://a.example/").unwrap()).unwrap();
    assert!(WinHttpPac::new().find_proxy(&nowhere, &target).is_err());
}

/// Serves a script to everyone who asks, until the process ends.
fn serve(script: &'static str) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{script}",
                script.len()
            );
        }
    });
    Url::parse(&format!("http://127.0.0.1:{port}/proxy.pac")).unwrap()
}

fn wininet_blob(flags: u32, proxy: &str, bypass: &str, pac_url: &str) -> Vec<u8> {
    let mut blob = [0x46, 1, flags].map(u32::to_le_bytes).concat();
    for text in [proxy, bypass, pac_url] {
        blob.extend((text.len() as u32).to_le_bytes());
        blob.extend(text.as_bytes());
    }
    blob.extend([0; 32]);
    blob
}

struct IeConfig {
    auto_detect: bool,
    pac_url: String,
    proxy: String,
    bypass: String,
}

fn ie_config() -> IeConfig {
    let mut config = WINHTTP_CURRENT_USER_IE_PROXY_CONFIG::default();
    // SAFETY: the structure outlives the call.
    let done = unsafe { WinHttpGetIEProxyConfigForCurrentUser(&raw mut config) };
    assert_ne!(done, 0, "{}", std::io::Error::last_os_error());
    IeConfig {
        auto_detect: config.fAutoDetect != 0,
        pac_url: text(config.lpszAutoConfigUrl),
        proxy: text(config.lpszProxy),
        bypass: text(config.lpszProxyBypass),
    }
}

fn default_config() -> (String, String) {
    let mut info = WINHTTP_PROXY_INFO::default();
    // SAFETY: the structure outlives the call.
    let done = unsafe { WinHttpGetDefaultProxyConfiguration(&raw mut info) };
    assert_ne!(done, 0, "{}", std::io::Error::last_os_error());
    assert_eq!(info.dwAccessType, WINHTTP_ACCESS_TYPE_NAMED_PROXY);
    (text(info.lpszProxy), text(info.lpszProxyBypass))
}

fn set_default(proxy: &str, bypass: &str) {
    let (mut proxy, mut bypass) = (wide(proxy), wide(bypass));
    let mut info = WINHTTP_PROXY_INFO {
        dwAccessType: WINHTTP_ACCESS_TYPE_NAMED_PROXY,
        lpszProxy: proxy.as_mut_ptr(),
        lpszProxyBypass: bypass.as_mut_ptr(),
    };
    // SAFETY: the texts end with a NUL, and everything outlives the call.
    let done = unsafe { WinHttpSetDefaultProxyConfiguration(&raw mut info) };
    assert_ne!(done, 0, "{}", std::io::Error::last_os_error());
}

/// A text that WinHTTP allocated; a few bytes in a test need no freeing.
fn text(text: *const u16) -> String {
    if text == ptr::null() {
        return String::new();
    }
    // SAFETY: the text ends with a NUL.
    let units = (0..).map(|at| unsafe { *text.add(at) });
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(Result::unwrap)
        .collect()
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

fn value(root: Root, name: &str) -> Option<Value> {
    LiveRegistry::new()
        .value(&Key::new(root, CONNECTIONS), name)
        .unwrap()
}

fn reg_add(root: &str, name: &str, data: &[u8]) {
    let hex: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = format!(r"{root}\{CONNECTIONS}");
    let done = Command::new("reg")
        .args([
            "add",
            &key,
            "/v",
            name,
            "/t",
            "REG_BINARY",
            "/d",
            &hex,
            "/f",
        ])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// One test at a time, and the values as they were afterwards.
struct Turn {
    before: Vec<(Root, &'static str, Option<Value>)>,
    _turn: MutexGuard<'static, ()>,
}

impl Turn {
    fn take() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let values = [
            (Root::CurrentUser, "DefaultConnectionSettings"),
            (Root::LocalMachine, "WinHttpSettings"),
        ];
        Self {
            before: values
                .map(|(root, name)| (root, name, value(root, name)))
                .into(),
            _turn: turn,
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        for (root, name, before) in &self.before {
            match before {
                Some(value) => reg_add(root.short_name(), name, &value.data),
                None => {
                    let key = format!(r"{}\{CONNECTIONS}", root.short_name());
                    let _ = Command::new("reg")
                        .args(["delete", &key, "/v", name, "/f"])
                        .output();
                }
            }
        }
    }
}
