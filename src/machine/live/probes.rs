//! What a running Windows answers to the questions of [`readiness`](crate::machine::readiness).
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::c_void;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::ptr;
use std::time::SystemTime;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_NO_SUCH_DOMAIN, ERROR_SUCCESS, FARPROC,
};
use windows_sys::Win32::NetworkManagement::NetManagement::{
    NetApiBufferFree, NetGetJoinInformation, NetSetupDomainName,
};
use windows_sys::Win32::Networking::ActiveDirectory::{
    DS_DIRECTORY_SERVICE_REQUIRED, DS_FORCE_REDISCOVERY, DsGetDcNameW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{GetSystemMetrics, SM_REMOTESESSION};
use windows_sys::core::{HRESULT, PCWSTR, PWSTR};

use super::LiveRegistry;
use super::library::function;
use super::wide::{text_at, wide};
use crate::machine::profiles;
use crate::machine::readiness::{Answer, NetworkProfile, NoAnswer, Probes, SystemJoin};
use crate::machine::registry::RegistryError;

/// Asks the running Windows.
///
/// | question | asked of | needs |
/// |---|---|---|
/// | remote session | `GetSystemMetrics(SM_REMOTESESSION)` | nothing |
/// | join | `NetGetAadJoinInformation` (version 1607 and newer), `NetGetJoinInformation` | nothing |
/// | domain controller | `DsGetDcName` | to be wanted: it may take seconds |
/// | profile folders | the folder that the registry names | to be read by this process |
/// | network profiles | the files of the services for wired and wireless networks | an administrator |
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct LiveProbes {
    asks_for_controllers: bool,
}

impl LiveProbes {
    /// Everything that is answered at once.
    pub const fn new() -> Self {
        Self {
            asks_for_controllers: false,
        }
    }

    /// Also whether a controller of the device's domain answers now, which may take seconds.
    #[must_use]
    pub const fn asking_for_domain_controllers(self) -> Self {
        Self {
            asks_for_controllers: true,
        }
    }
}

impl Probes for LiveProbes {
    fn now(&self) -> Answer<SystemTime> {
        Ok(SystemTime::now())
    }

    fn is_remote_session(&self) -> Answer<bool> {
        // SAFETY: the function takes any number.
        Ok(unsafe { GetSystemMetrics(SM_REMOTESESSION) } != 0)
    }

    fn join(&self) -> Answer<SystemJoin> {
        Ok(SystemJoin::new(tenant()?, domain()?))
    }

    fn sees_domain_controller(&self, domain: &str) -> Answer<bool> {
        if !self.asks_for_controllers {
            return Err(NoAnswer::NotAsked);
        }
        let domain = wide(domain);
        let mut found = ptr::null_mut();
        // SAFETY: the name ends with a NUL, the rest may be null, and `found` outlives the call.
        let code = unsafe {
            DsGetDcNameW(
                ptr::null(),
                domain.as_ptr(),
                ptr::null(),
                ptr::null(),
                DS_FORCE_REDISCOVERY | DS_DIRECTORY_SERVICE_REQUIRED,
                &raw mut found,
            )
        };
        free(found.cast());
        match code {
            ERROR_SUCCESS => Ok(true),
            ERROR_NO_SUCH_DOMAIN => Ok(false),
            code => Err(no_answer(code)),
        }
    }

    fn profile_folders(&self) -> Answer<Vec<String>> {
        let folder = profiles::profiles_folder(&LiveRegistry::new()).map_err(not_read)?;
        let entries = fs::read_dir(folder.ok_or(NoAnswer::NotSupported)?).map_err(not_listed)?;
        let names = entries
            .take(MAX_ENTRIES)
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.collect())
    }

    fn network_profiles(&self) -> Answer<Vec<NetworkProfile>> {
        let folder = profiles::program_data_folder(&LiveRegistry::new()).map_err(not_read)?;
        let folder = PathBuf::from(folder.ok_or(NoAnswer::NotSupported)?).join("Microsoft");
        let mut profiles = Vec::new();
        for place in [
            r"Wlansvc\Profiles\Interfaces",
            r"dot3svc\Profiles\Interfaces",
            r"dot3svc\Policies",
        ] {
            gather(&folder.join(place), 2, &mut profiles).map_err(not_listed)?;
        }
        Ok(profiles)
    }
}

/// More entries of a folder are not looked at.
const MAX_ENTRIES: usize = 4096;
/// No profile of a network is larger.
const MAX_PROFILE: u64 = 256 << 10;
/// More profiles of networks are not looked at.
const MAX_PROFILES: usize = 512;

/// The profiles in a folder and, one level for each interface, below it. What does not exist holds none.
fn gather(folder: &Path, levels: u8, profiles: &mut Vec<NetworkProfile>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries.take(MAX_ENTRIES) {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && levels > 1 {
            gather(&path, levels - 1, profiles)?;
        } else if kind.is_file() && profiles.len() < MAX_PROFILES {
            let mut bytes = Vec::new();
            File::open(&path)?
                .take(MAX_PROFILE)
                .read_to_end(&mut bytes)?;
            let xml = String::from_utf8_lossy(&bytes);
            profiles.push(NetworkProfile::new(path.display().to_string(), xml));
        }
    }
    Ok(())
}

type GetAadJoin = unsafe extern "system" fn(PCWSTR, *mut *mut AadJoin) -> HRESULT;
type FreeAadJoin = unsafe extern "system" fn(*mut AadJoin);

/// The beginning of `DSREG_JOIN_INFO` (`lmjoin.h`).
#[repr(C)]
struct AadJoin {
    kind: i32,
    certificate: *const c_void,
    device_id: PWSTR,
    idp_domain: PWSTR,
    tenant_id: PWSTR,
}

/// A device that is joined, not only registered for one person's work account.
const DEVICE_JOIN: i32 = 1;

fn tenant() -> Answer<Option<String>> {
    let library = "netapi32.dll";
    // SAFETY: the types are those of the functions of these names (`lmjoin.h`).
    let functions = unsafe {
        (
            std::mem::transmute::<FARPROC, Option<GetAadJoin>>(function(
                library,
                c"NetGetAadJoinInformation",
            )),
            std::mem::transmute::<FARPROC, Option<FreeAadJoin>>(function(
                library,
                c"NetFreeAadJoinInformation",
            )),
        )
    };
    let (Some(get), Some(free)) = functions else {
        return Err(NoAnswer::NotSupported);
    };
    let mut join = ptr::null_mut();
    // SAFETY: no tenant need be named, and `join` outlives the call.
    let code = unsafe { get(ptr::null(), &raw mut join) };
    if code < 0 {
        return Err(NoAnswer::System { code });
    }
    if join.is_null() {
        return Ok(None);
    }
    // SAFETY: the structure was given by the system and is freed once, after its text was copied.
    unsafe {
        let tenant = ((*join).kind == DEVICE_JOIN).then(|| text_at((*join).tenant_id));
        free(join);
        Ok(tenant)
    }
}

fn domain() -> Answer<Option<String>> {
    let (mut name, mut status) = (ptr::null_mut(), 0);
    // SAFETY: no computer need be named; the rest outlives the call.
    let code = unsafe { NetGetJoinInformation(ptr::null(), &raw mut name, &raw mut status) };
    if code != ERROR_SUCCESS {
        return Err(no_answer(code));
    }
    // SAFETY: the system gave a text that ends with a NUL.
    let text = unsafe { text_at(name) };
    free(name.cast());
    Ok((status == NetSetupDomainName).then_some(text))
}

/// Frees what the functions of this library gave.
fn free(buffer: *const c_void) {
    if !buffer.is_null() {
        // SAFETY: the system gave it, and nobody frees it twice.
        unsafe { NetApiBufferFree(buffer) };
    }
}

fn no_answer(code: u32) -> NoAnswer {
    match code {
        ERROR_ACCESS_DENIED => NoAnswer::Denied,
        code => NoAnswer::System {
            code: code.cast_signed(),
        },
    }
}

fn not_listed(error: io::Error) -> NoAnswer {
    match error.kind() {
        io::ErrorKind::PermissionDenied => NoAnswer::Denied,
        _ => NoAnswer::System {
            code: error.raw_os_error().unwrap_or_default(),
        },
    }
}

fn not_read(error: RegistryError) -> NoAnswer {
    match error {
        RegistryError::Denied { .. } => NoAnswer::Denied,
        RegistryError::System { code, .. } => NoAnswer::System { code },
        RegistryError::Corrupt { .. } | RegistryError::NotHeld { .. } => NoAnswer::NotSupported,
    }
}
