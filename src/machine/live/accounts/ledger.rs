//! Values of one key below `HKEY_LOCAL_MACHINE`, written and read: the only place of this crate that writes a registry.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_FILE_NOT_FOUND, ERROR_MORE_DATA, ERROR_NO_MORE_ITEMS, ERROR_PATH_NOT_FOUND, ERROR_SUCCESS,
};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, KEY_QUERY_VALUE, KEY_SET_VALUE, KEY_WOW64_64KEY, REG_DWORD,
    REG_OPTION_NON_VOLATILE, REG_SZ, RegCloseKey, RegCreateKeyExW, RegDeleteValueW, RegEnumValueW,
    RegOpenKeyExW, RegSetValueExW,
};

use super::{fault, wide};
use crate::machine::account::{AccountFault, Operation};
use crate::machine::registry::Value;

/// The path of the key.
pub(super) struct Values(pub(super) &'static str);

/// More values are not read: a keeper makes one account at a time.
const MAX_VALUES: u32 = 1024;
/// The longest name of a value, and the longest text that a keeper writes, in units with the NUL.
const MAX_NAME: usize = 256;

impl Values {
    pub(super) fn set_text(&self, name: &str, text: &str) -> Result<(), AccountFault> {
        self.set(name, &Value::text(text).data, REG_SZ)
    }

    pub(super) fn set_number(&self, name: &str, number: u32) -> Result<(), AccountFault> {
        self.set(name, &number.to_le_bytes(), REG_DWORD)
    }

    fn set(&self, name: &str, data: &[u8], kind: u32) -> Result<(), AccountFault> {
        let key = self.create()?;
        let name = wide(name);
        let size = data.len() as u32;
        // SAFETY: the key is open, the name ends with a NUL, and `size` is the size of `data`.
        let code = unsafe { RegSetValueExW(key.0, name.as_ptr(), 0, kind, data.as_ptr(), size) };
        check(code)
    }

    /// Removes a value; that it does not exist is as good.
    pub(super) fn remove(&self, name: &str) -> Result<(), AccountFault> {
        let Some(key) = self.open(KEY_SET_VALUE)? else {
            return Ok(());
        };
        let name = wide(name);
        // SAFETY: the key is open, and the name ends with a NUL.
        match unsafe { RegDeleteValueW(key.0, name.as_ptr()) } {
            ERROR_FILE_NOT_FOUND => Ok(()),
            code => check(code),
        }
    }

    /// Name and text of every value that is a text.
    pub(super) fn texts(&self) -> Result<Vec<(String, String)>, AccountFault> {
        let mut texts = Vec::new();
        let Some(key) = self.open(KEY_QUERY_VALUE)? else {
            return Ok(texts);
        };
        for index in 0..MAX_VALUES {
            let (mut name, mut data) = ([0_u16; MAX_NAME], vec![0_u8; 2 * MAX_NAME]);
            let (mut length, mut size) = (name.len() as u32, data.len() as u32);
            let mut kind = 0;
            // SAFETY: the key is open, and both sizes are those of their buffers.
            let code = unsafe {
                RegEnumValueW(
                    key.0,
                    index,
                    name.as_mut_ptr(),
                    &raw mut length,
                    ptr::null(),
                    &raw mut kind,
                    data.as_mut_ptr(),
                    &raw mut size,
                )
            };
            match code {
                ERROR_NO_MORE_ITEMS => break,
                // Longer than anything that a keeper writes, and so not its own.
                ERROR_MORE_DATA => continue,
                code => check(code)?,
            }
            data.truncate(size as usize);
            if let Ok(text) = (Value { kind, data }).as_text() {
                let units = name.get(..length as usize).unwrap_or_default();
                texts.push((String::from_utf16_lossy(units), text));
            }
        }
        Ok(texts)
    }

    fn create(&self) -> Result<OpenKey, AccountFault> {
        let path = wide(self.0);
        let mut key = ptr::null_mut();
        // SAFETY: the path ends with a NUL, what is not needed may be null, and `key` outlives the call.
        let code = unsafe {
            RegCreateKeyExW(
                HKEY_LOCAL_MACHINE,
                path.as_ptr(),
                0,
                ptr::null(),
                REG_OPTION_NON_VOLATILE,
                KEY_SET_VALUE | KEY_WOW64_64KEY,
                ptr::null(),
                &raw mut key,
                ptr::null_mut(),
            )
        };
        check(code)?;
        Ok(OpenKey(key))
    }

    fn open(&self, access: u32) -> Result<Option<OpenKey>, AccountFault> {
        let path = wide(self.0);
        let mut key = ptr::null_mut();
        // SAFETY: the path ends with a NUL, and `key` outlives the call.
        let code = unsafe {
            RegOpenKeyExW(
                HKEY_LOCAL_MACHINE,
                path.as_ptr(),
                0,
                access | KEY_WOW64_64KEY,
                &raw mut key,
            )
        };
        match code {
            ERROR_FILE_NOT_FOUND | ERROR_PATH_NOT_FOUND => Ok(None),
            code => check(code).map(|()| Some(OpenKey(key))),
        }
    }
}

struct OpenKey(HKEY);

impl Drop for OpenKey {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nobody else closes it.
        unsafe { RegCloseKey(self.0) };
    }
}

fn check(code: u32) -> Result<(), AccountFault> {
    if code == ERROR_SUCCESS {
        Ok(())
    } else {
        Err(fault(Operation::Record, code))
    }
}
