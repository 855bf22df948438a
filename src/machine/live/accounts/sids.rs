//! Between names of accounts and their SIDs.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::c_void;
use std::{io, ptr};

use windows_sys::Win32::Foundation::{ERROR_NONE_MAPPED, LocalFree};
use windows_sys::Win32::Security::Authorization::{ConvertSidToStringSidW, ConvertStringSidToSidW};
use windows_sys::Win32::Security::{
    LookupAccountNameW, LookupAccountSidW, PSID, SECURITY_MAX_SID_SIZE,
};

use super::super::wide::text_at;
use super::{last_fault, wide};
use crate::machine::account::{AccountFault, Operation};

/// The longest name of an account or a domain, in units with the NUL.
const MAX_NAME: usize = 256;

pub(super) fn sid_of(name: &str) -> Result<Option<String>, AccountFault> {
    let name = wide(name);
    // In words, since a SID is aligned.
    let mut sid = [0_u32; SECURITY_MAX_SID_SIZE as usize / size_of::<u32>()];
    let mut domain = [0; MAX_NAME];
    let (mut size, mut length) = (size_of_val(&sid) as u32, domain.len() as u32);
    let mut kind = 0;
    // SAFETY: the name ends with a NUL, and both sizes are those of their buffers.
    let done = unsafe {
        LookupAccountNameW(
            ptr::null(),
            name.as_ptr(),
            sid.as_mut_ptr().cast(),
            &raw mut size,
            domain.as_mut_ptr(),
            &raw mut length,
            &raw mut kind,
        )
    };
    if done == 0 {
        return not_found();
    }
    // SAFETY: the system wrote a SID there.
    unsafe { text_of(sid.as_mut_ptr().cast()) }.map(Some)
}

pub(super) fn name_of(sid: &str) -> Result<Option<String>, AccountFault> {
    let text = wide(sid);
    let mut sid = ptr::null_mut();
    // SAFETY: the text ends with a NUL, and `sid` outlives the call.
    if unsafe { ConvertStringSidToSidW(text.as_ptr(), &raw mut sid) } == 0 {
        return Err(last_fault(Operation::LookUp));
    }
    let sid = Local(sid);
    let (mut name, mut domain) = ([0; MAX_NAME], [0; MAX_NAME]);
    let (mut name_length, mut domain_length) = (name.len() as u32, domain.len() as u32);
    let mut kind = 0;
    // SAFETY: the SID is one, and both lengths are those of their buffers.
    let done = unsafe {
        LookupAccountSidW(
            ptr::null(),
            sid.0,
            name.as_mut_ptr(),
            &raw mut name_length,
            domain.as_mut_ptr(),
            &raw mut domain_length,
            &raw mut kind,
        )
    };
    if done == 0 {
        return not_found();
    }
    let units = name.get(..name_length as usize).unwrap_or_default();
    Ok(Some(String::from_utf16_lossy(units)))
}

/// # Safety
/// `sid` is a SID.
pub(super) unsafe fn text_of(sid: PSID) -> Result<String, AccountFault> {
    let mut text = ptr::null_mut();
    // SAFETY: the caller promises a SID, and `text` outlives the call.
    if unsafe { ConvertSidToStringSidW(sid, &raw mut text) } == 0 {
        return Err(last_fault(Operation::LookUp));
    }
    let text = Local(text.cast());
    // SAFETY: the system wrote a text that ends with a NUL.
    Ok(unsafe { text_at(text.0.cast()) })
}

fn not_found() -> Result<Option<String>, AccountFault> {
    match io::Error::last_os_error().raw_os_error() {
        Some(code) if code.cast_unsigned() == ERROR_NONE_MAPPED => Ok(None),
        _ => Err(last_fault(Operation::LookUp)),
    }
}

/// What the system allocated.
struct Local(*mut c_void);

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: the system gave it, and nobody frees it twice.
        unsafe { LocalFree(self.0) };
    }
}
