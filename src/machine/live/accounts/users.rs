//! Making, changing and removing local accounts (`lmaccess.h`).
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::c_void;
use std::ptr;

use windows_sys::Win32::NetworkManagement::NetManagement::{
    NERR_UserNotFound, NetApiBufferFree, NetUserAdd, NetUserDel, NetUserGetInfo, NetUserModalsGet,
    NetUserSetInfo, UF_ACCOUNTDISABLE, UF_DONT_EXPIRE_PASSWD, UF_NOT_DELEGATED,
    UF_PASSWD_CANT_CHANGE, UF_SCRIPT, USER_INFO_1, USER_INFO_1008, USER_MODALS_INFO_0,
    USER_PRIV_ADMIN, USER_PRIV_USER,
};
use zeroize::Zeroizing;

use super::{fault, wide};
use crate::machine::account::{AccountFault, AccountPassword, Operation};

/// `UF_SCRIPT` must be set; the others take rights away. In a local group it is not put.
const FLAGS: u32 = UF_SCRIPT | UF_PASSWD_CANT_CHANGE | UF_DONT_EXPIRE_PASSWD | UF_NOT_DELEGATED;

pub(super) fn min_password_length() -> Result<usize, AccountFault> {
    let operation = Operation::ReadPolicy;
    let info = Buffer::<USER_MODALS_INFO_0>::filled(operation, |buffer| {
        // SAFETY: no computer need be named, and `buffer` outlives the call.
        unsafe { NetUserModalsGet(ptr::null(), 0, buffer) }
    })?;
    Ok(info.get().usrmod0_min_passwd_len as usize)
}

pub(super) fn add_disabled(name: &str, password: &AccountPassword) -> Result<(), AccountFault> {
    let mut name = wide(name);
    let mut comment = wide("Temporary account for a password reset; it is removed afterwards");
    let password = password.expose_secret();
    // A buffer that never grows, so that no copy is left behind.
    let mut secret = Zeroizing::new(Vec::with_capacity(password.len() + 1));
    secret.extend(password.encode_utf16().chain([0]));
    let info = USER_INFO_1 {
        usri1_name: name.as_mut_ptr(),
        usri1_password: secret.as_mut_ptr(),
        usri1_priv: USER_PRIV_USER,
        usri1_comment: comment.as_mut_ptr(),
        usri1_flags: FLAGS | UF_ACCOUNTDISABLE,
        ..USER_INFO_1::default()
    };
    // SAFETY: every text ends with a NUL and outlives the call; which field is wrong is not asked.
    let code = unsafe { NetUserAdd(ptr::null(), 1, (&raw const info).cast(), ptr::null_mut()) };
    check(Operation::Add, code)
}

pub(super) fn set_enabled(name: &str, enabled: bool) -> Result<(), AccountFault> {
    let name = wide(name);
    let info = USER_INFO_1008 {
        usri1008_flags: if enabled {
            FLAGS
        } else {
            FLAGS | UF_ACCOUNTDISABLE
        },
    };
    // SAFETY: the name ends with a NUL, and the structure is that of the level.
    let code = unsafe {
        NetUserSetInfo(
            ptr::null(),
            name.as_ptr(),
            1008,
            (&raw const info).cast(),
            ptr::null_mut(),
        )
    };
    check(Operation::Enable, code)
}

pub(super) fn is_privileged(name: &str) -> Result<bool, AccountFault> {
    let name = wide(name);
    let info = Buffer::<USER_INFO_1>::filled(Operation::ReadRights, |buffer| {
        // SAFETY: the name ends with a NUL, and `buffer` outlives the call.
        unsafe { NetUserGetInfo(ptr::null(), name.as_ptr(), 1, buffer) }
    })?;
    Ok(info.get().usri1_priv == USER_PRIV_ADMIN)
}

/// Removes it; that it does not exist is as good.
pub(super) fn delete(name: &str) -> Result<(), AccountFault> {
    let name = wide(name);
    // SAFETY: the name ends with a NUL.
    let code = unsafe { NetUserDel(ptr::null(), name.as_ptr()) };
    if code == NERR_UserNotFound {
        return Ok(());
    }
    check(Operation::Delete, code)
}

/// A structure that the system allocated.
struct Buffer<T>(*mut T);

impl<T> Buffer<T> {
    fn filled(
        operation: Operation,
        fill: impl FnOnce(*mut *mut u8) -> u32,
    ) -> Result<Self, AccountFault> {
        let mut buffer = ptr::null_mut();
        let code = fill(&raw mut buffer);
        let buffer = Self(buffer.cast());
        check(operation, code)?;
        if buffer.0.is_null() {
            return Err(AccountFault::NotSupported { operation });
        }
        Ok(buffer)
    }

    fn get(&self) -> &T {
        // SAFETY: the system filled it with this structure; it is not null, and lives as long as `self`.
        unsafe { &*self.0 }
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: the system gave it, and nobody frees it twice.
            unsafe { NetApiBufferFree(self.0.cast::<c_void>()) };
        }
    }
}

fn check(operation: Operation, code: u32) -> Result<(), AccountFault> {
    if code == 0 {
        Ok(())
    } else {
        Err(fault(operation, code))
    }
}
