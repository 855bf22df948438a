//! The evaluator of Windows: WinHTTP, loaded when it is first used.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::{CStr, c_void};
use std::io;
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

use windows_sys::Win32::Foundation::{FARPROC, GlobalFree, HMODULE};
use windows_sys::Win32::Networking::WinHttp::{
    ERROR_WINHTTP_AUTODETECTION_FAILED, ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT,
    ERROR_WINHTTP_INVALID_URL, ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR, ERROR_WINHTTP_TIMEOUT,
    ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT, ERROR_WINHTTP_UNHANDLED_SCRIPT_TYPE,
    ERROR_WINHTTP_UNRECOGNIZED_SCHEME, WINHTTP_ACCESS_TYPE_NAMED_PROXY,
    WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_AUTOPROXY_CONFIG_URL, WINHTTP_AUTOPROXY_OPTIONS,
    WINHTTP_PROXY_INFO,
};
use windows_sys::Win32::System::LibraryLoader::{
    GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW,
};
use windows_sys::core::{BOOL, PCWSTR, PWSTR};

use crate::error::{PacError, PacPhase, PeerText};
use crate::proxy::pac::{PacEngine, PacScript, PacTarget};

/// Lets WinHTTP fetch and run scripts (`WinHttpGetProxyForUrl`), without credentials and without a proxy.
///
/// It fetches by itself, so a script needs a location and no text. What it answers leaves out what WinHTTP cannot use:
/// SOCKS proxies, and a `DIRECT` that follows a proxy. **A script whose only usable answer is a SOCKS proxy may come back
/// as `DIRECT`**; [`QuickJs`](crate::proxy::pac) has no such gap.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct WinHttpPac;

impl WinHttpPac {
    /// The evaluator of Windows. Nothing is loaded yet.
    pub const fn new() -> Self {
        Self
    }
}

/// The time for each phase of the fetch.
const LIMIT: Duration = Duration::from_secs(10);

impl PacEngine for WinHttpPac {
    fn find_proxy(&self, script: &PacScript, target: &PacTarget) -> Result<String, PacError> {
        let location = script.location().ok_or(PacError::NoText)?;
        let functions = Functions::get().ok_or(PacError::EngineFailed)?;
        let session = Session::open(functions).map_err(|_| PacError::EngineFailed)?;
        session.ask(location.as_str(), target.url()).map_err(fault)
    }

    fn fetches(&self) -> bool {
        true
    }
}

fn fault(error: io::Error) -> PacError {
    let code = error.raw_os_error().map_or(0, i32::cast_unsigned);
    let phase = PacPhase::Call;
    match code {
        ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT
        | ERROR_WINHTTP_AUTODETECTION_FAILED
        | ERROR_WINHTTP_INVALID_URL
        | ERROR_WINHTTP_UNRECOGNIZED_SCHEME => PacError::Unreachable {
            detail: PeerText::new(&format!("WinHTTP says {code}")),
        },
        ERROR_WINHTTP_TIMEOUT => PacError::FetchTimeout { limit: LIMIT },
        ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT | ERROR_WINHTTP_UNHANDLED_SCRIPT_TYPE => {
            PacError::NotAScript {
                looks_like_html: false,
                message: PeerText::new(&format!("WinHTTP says {code}")),
                line: None,
            }
        }
        ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR => PacError::Exception {
            phase,
            message: PeerText::new(&format!("WinHTTP says {code}")),
            line: None,
        },
        _ => PacError::EngineFailed,
    }
}

type Open = unsafe extern "system" fn(PCWSTR, u32, PCWSTR, PCWSTR, u32) -> *mut c_void;
type SetTimeouts = unsafe extern "system" fn(*mut c_void, i32, i32, i32, i32) -> BOOL;
type GetProxyForUrl = unsafe extern "system" fn(
    *mut c_void,
    PCWSTR,
    *mut WINHTTP_AUTOPROXY_OPTIONS,
    *mut WINHTTP_PROXY_INFO,
) -> BOOL;
type CloseHandle = unsafe extern "system" fn(*mut c_void) -> BOOL;

/// The functions of `winhttp.dll`, which stays loaded once it is.
#[derive(Clone, Copy)]
struct Functions {
    open: Open,
    set_timeouts: SetTimeouts,
    get_proxy_for_url: GetProxyForUrl,
    close_handle: CloseHandle,
}

impl Functions {
    fn get() -> Option<Self> {
        static LOADED: OnceLock<Option<Functions>> = OnceLock::new();
        *LOADED.get_or_init(Self::load)
    }

    fn load() -> Option<Self> {
        let name = wide("winhttp.dll");
        // SAFETY: the name ends with a NUL. Only the system's folder is searched.
        let library =
            unsafe { LoadLibraryExW(name.as_ptr(), ptr::null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32) };
        if library.is_null() {
            return None;
        }
        // SAFETY: the types are those of the functions of these names (winhttp.h).
        unsafe {
            Some(Self {
                open: std::mem::transmute::<FARPROC, Option<Open>>(function(
                    library,
                    c"WinHttpOpen",
                ))?,
                set_timeouts: std::mem::transmute::<FARPROC, Option<SetTimeouts>>(function(
                    library,
                    c"WinHttpSetTimeouts",
                ))?,
                get_proxy_for_url: std::mem::transmute::<FARPROC, Option<GetProxyForUrl>>(
                    function(library, c"WinHttpGetProxyForUrl"),
                )?,
                close_handle: std::mem::transmute::<FARPROC, Option<CloseHandle>>(function(
                    library,
                    c"WinHttpCloseHandle",
                ))?,
            })
        }
    }
}

fn function(library: HMODULE, name: &CStr) -> FARPROC {
    // SAFETY: the library is loaded, and the name ends with a NUL.
    unsafe { GetProcAddress(library, name.as_ptr().cast()) }
}

/// A session of WinHTTP.
struct Session {
    handle: *mut c_void,
    functions: Functions,
}

impl Session {
    fn open(functions: Functions) -> io::Result<Self> {
        let agent = wide(concat!("sspr/", env!("CARGO_PKG_VERSION")));
        // SAFETY: the agent ends with a NUL; without a proxy, its name and exceptions may be null.
        let handle = unsafe {
            (functions.open)(
                agent.as_ptr(),
                WINHTTP_ACCESS_TYPE_NO_PROXY,
                ptr::null(),
                ptr::null(),
                0,
            )
        };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        let session = Self { handle, functions };
        let limit = LIMIT.as_millis() as i32;
        // SAFETY: the handle is open.
        let done = unsafe { (functions.set_timeouts)(handle, limit, limit, limit, limit) };
        check(done)?;
        Ok(session)
    }

    fn ask(&self, location: &str, url: &str) -> io::Result<String> {
        let (location, url) = (wide(location), wide(url));
        let mut options = WINHTTP_AUTOPROXY_OPTIONS {
            dwFlags: WINHTTP_AUTOPROXY_CONFIG_URL,
            lpszAutoConfigUrl: location.as_ptr(),
            fAutoLogonIfChallenged: 0,
            ..Default::default()
        };
        let mut info = WINHTTP_PROXY_INFO::default();
        // SAFETY: the handle is open, both texts end with a NUL, and everything outlives the call.
        let done = unsafe {
            (self.functions.get_proxy_for_url)(
                self.handle,
                url.as_ptr(),
                &raw mut options,
                &raw mut info,
            )
        };
        check(done)?;
        let (proxies, _) = (Text(info.lpszProxy), Text(info.lpszProxyBypass));
        match info.dwAccessType {
            WINHTTP_ACCESS_TYPE_NO_PROXY => Ok("DIRECT".to_owned()),
            WINHTTP_ACCESS_TYPE_NAMED_PROXY => Ok(as_script_answer(&proxies.read())),
            _ => Ok(String::new()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nobody else closes it.
        unsafe { (self.functions.close_handle)(self.handle) };
    }
}

/// WinHTTP lists the proxies by host and port, with `;` or blanks between them.
fn as_script_answer(proxies: &str) -> String {
    let proxies = proxies.split([';', ' ', '\t', '\n']);
    let proxies = proxies.filter(|proxy| !proxy.is_empty());
    proxies
        .map(|proxy| format!("PROXY {proxy}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// A text that WinHTTP allocated, or null.
struct Text(PWSTR);

impl Text {
    /// More than any list of proxies has; what is longer is cut off.
    const LONGEST: usize = 64 << 10;

    fn read(&self) -> String {
        if self.0.is_null() {
            return String::new();
        }
        // SAFETY: the text ends with a NUL, and nothing is read behind it.
        let units = (0..Self::LONGEST).map(|at| unsafe { *self.0.add(at) });
        let units = units.take_while(|unit| *unit != 0);
        char::decode_utf16(units)
            .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: WinHTTP leaves this memory, from `GlobalAlloc`, to the caller.
            unsafe { GlobalFree(self.0.cast()) };
        }
    }
}

fn check(done: BOOL) -> io::Result<()> {
    match done {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// UTF-16 with a NUL at its end. What is passed here comes from a [`url::Url`] or is constant: it holds none before.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
