//! Which account runs this process.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Security::{
    GetTokenInformation, IsWellKnownSid, SECURITY_MAX_SID_SIZE, TOKEN_QUERY, TOKEN_USER, TokenUser,
    WinLocalServiceSid, WinLocalSystemSid, WinNetworkServiceSid,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// An account of Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Account {
    /// `S-1-5-18`, which also runs LogonUI.
    LocalSystem,
    /// `S-1-5-19`
    LocalService,
    /// `S-1-5-20`
    NetworkService,
    /// Any other.
    Other,
}

/// The account of this process.
///
/// # Errors
/// That of the operating system.
pub fn account() -> io::Result<Account> {
    let token = token()?;
    // The structure, and behind it the SID that it points to; in words, because it holds a pointer.
    const WORDS: usize =
        (size_of::<TOKEN_USER>() + SECURITY_MAX_SID_SIZE as usize).div_ceil(size_of::<usize>());
    let mut user = [0_usize; WORDS];
    let mut size = 0;
    // SAFETY: the token is open, and the size is that of `user`.
    let done = unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            user.as_mut_ptr().cast(),
            size_of_val(&user) as u32,
            &raw mut size,
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system filled `user`, which is aligned and large enough, with this structure.
    let sid = unsafe { (*user.as_ptr().cast::<TOKEN_USER>()).User.Sid };
    let known = [
        (WinLocalSystemSid, Account::LocalSystem),
        (WinLocalServiceSid, Account::LocalService),
        (WinNetworkServiceSid, Account::NetworkService),
    ];
    let found = known.into_iter().find(|(kind, _)| {
        // SAFETY: the SID lies in `user`, which outlives the call.
        unsafe { IsWellKnownSid(sid, *kind) != 0 }
    });
    Ok(found.map_or(Account::Other, |(_, account)| account))
}

fn token() -> io::Result<OwnedHandle> {
    let mut token = ptr::null_mut();
    // SAFETY: the pseudo handle of this process needs no closing, and `token` outlives the call.
    let done = unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else owns it.
    Ok(unsafe { OwnedHandle::from_raw_handle(token) })
}
