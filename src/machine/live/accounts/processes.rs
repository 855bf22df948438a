//! What an account leaves behind: processes and a profile.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::{io, ptr, slice};

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, FARPROC};
use windows_sys::Win32::System::RemoteDesktop::{
    WTS_CURRENT_SERVER_HANDLE, WTSEnumerateProcessesW, WTSFreeMemory,
};
use windows_sys::core::{BOOL, PCWSTR};

use super::super::library::function;
use super::{last_fault, sids, wide};
use crate::machine::account::{AccountFault, Operation};

/// How many processes run in the name of an account. A process whose account is not told is one of the system.
pub(super) fn count(sid: &str) -> Result<usize, AccountFault> {
    let (mut list, mut length) = (ptr::null_mut(), 0);
    // SAFETY: the handle stands for this computer; the rest outlives the call.
    let done = unsafe {
        WTSEnumerateProcessesW(
            WTS_CURRENT_SERVER_HANDLE,
            0,
            1,
            &raw mut list,
            &raw mut length,
        )
    };
    if done == 0 {
        return Err(last_fault(Operation::ListProcesses));
    }
    if list.is_null() {
        let operation = Operation::ListProcesses;
        return Err(AccountFault::NotSupported { operation });
    }
    // SAFETY: the system gave so many structures, which stay until they are freed below.
    let processes = unsafe { slice::from_raw_parts(list, length as usize) };
    let theirs = processes
        .iter()
        .filter(|process| !process.pUserSid.is_null())
        // SAFETY: it is not null, and so a SID.
        .filter(|process| unsafe { sids::text_of(process.pUserSid) }.is_ok_and(|text| text == sid))
        .count();
    // SAFETY: the list came from the system, and is not used any more.
    unsafe { WTSFreeMemory(list.cast()) };
    Ok(theirs)
}

type DeleteProfile = unsafe extern "system" fn(PCWSTR, PCWSTR, PCWSTR) -> BOOL;

/// Removes the profile; that there is none is as good.
pub(super) fn delete_profile(sid: &str) -> Result<(), AccountFault> {
    let operation = Operation::DeleteProfile;
    // SAFETY: the type is that of the function of this name (`userenv.h`).
    let delete = unsafe {
        std::mem::transmute::<FARPROC, Option<DeleteProfile>>(function(
            "userenv.dll",
            c"DeleteProfileW",
        ))
    };
    let delete = delete.ok_or(AccountFault::NotSupported { operation })?;
    let sid = wide(sid);
    // SAFETY: the SID ends with a NUL; folder and computer need not be named.
    if unsafe { delete(sid.as_ptr(), ptr::null(), ptr::null()) } != 0 {
        return Ok(());
    }
    match io::Error::last_os_error().raw_os_error() {
        Some(code) if code.cast_unsigned() == ERROR_FILE_NOT_FOUND => Ok(()),
        _ => Err(last_fault(operation)),
    }
}
