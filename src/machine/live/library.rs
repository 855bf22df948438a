//! Functions that not every Windows has, found at run time: a program that imports them would not even start.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::CStr;
use std::ptr;

use windows_sys::Win32::Foundation::FARPROC;
use windows_sys::Win32::System::LibraryLoader::{
    GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW,
};

use super::wide::wide;

/// The function `name` of a library of the system, which stays loaded. Whoever calls it names its type.
pub(super) fn function(library: &str, name: &CStr) -> FARPROC {
    let library = wide(library);
    // SAFETY: the name ends with a NUL. Only the system's folder is searched.
    let library = unsafe {
        LoadLibraryExW(
            library.as_ptr(),
            ptr::null_mut(),
            LOAD_LIBRARY_SEARCH_SYSTEM32,
        )
    };
    if library.is_null() {
        return None;
    }
    // SAFETY: the library is loaded, and the name ends with a NUL.
    unsafe { GetProcAddress(library, name.as_ptr().cast()) }
}
