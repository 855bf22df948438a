//! The few functions of `advapi32` that reading takes, each called in one place.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::os::windows::io::{AsRawHandle, BorrowedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_BADDB, ERROR_BADKEY, ERROR_FILE_NOT_FOUND, ERROR_INVALID_NAME,
    ERROR_KEY_DELETED, ERROR_MORE_DATA, ERROR_NO_MORE_ITEMS, ERROR_PATH_NOT_FOUND,
    ERROR_REGISTRY_CORRUPT, ERROR_SUCCESS, WIN32_ERROR,
};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, HKEY_USERS, KEY_READ, KEY_WOW64_64KEY,
    REG_NOTIFY_CHANGE_LAST_SET, REG_NOTIFY_CHANGE_NAME, REG_NOTIFY_THREAD_AGNOSTIC, RegCloseKey,
    RegEnumKeyExW, RegNotifyChangeKeyValue, RegOpenKeyExW, RegQueryValueExW,
};

use crate::machine::registry::{Key, RegistryError, Root, Value};

/// The error number of a function of the registry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code(WIN32_ERROR);

impl Code {
    fn check(code: WIN32_ERROR) -> Result<(), Self> {
        if code == ERROR_SUCCESS {
            Ok(())
        } else {
            Err(Self(code))
        }
    }

    /// Whether it says that a key or value does not exist.
    pub(super) fn is_absent(self) -> bool {
        matches!(
            self.0,
            ERROR_FILE_NOT_FOUND | ERROR_PATH_NOT_FOUND | ERROR_KEY_DELETED
        )
    }

    pub(super) fn about(self, key: &Key) -> RegistryError {
        let key = key.to_string();
        match self.0 {
            ERROR_ACCESS_DENIED => RegistryError::Denied { key },
            ERROR_BADDB | ERROR_BADKEY | ERROR_REGISTRY_CORRUPT => RegistryError::Corrupt {
                key,
                detail: "Windows says so",
            },
            code => RegistryError::System {
                key,
                code: code.cast_signed(),
            },
        }
    }
}

/// What about a key is watched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// Which keys are directly below it.
    Names,
    /// Its values, and the keys below it with theirs.
    Tree,
}

/// A key that is open for reading.
#[derive(Debug)]
pub(super) struct OpenKey(HKEY);

// SAFETY: a key's handle belongs to the process, not to a thread, and nothing is stored beside it.
unsafe impl Send for OpenKey {}
// SAFETY: as above; the functions called with it only read.
unsafe impl Sync for OpenKey {}

impl OpenKey {
    /// More than any setting has; values are read whole.
    const MAX_VALUE: usize = 1 << 20;
    /// With the NUL. Windows allows 255 units.
    const MAX_NAME: usize = 256;
    /// More than any key has that this crate lists.
    const MAX_SUBKEYS: u32 = 1 << 20;

    pub(super) fn open(key: &Key) -> Result<Self, Code> {
        let root = match key.root {
            Root::LocalMachine => HKEY_LOCAL_MACHINE,
            Root::CurrentUser => HKEY_CURRENT_USER,
            Root::Users => HKEY_USERS,
        };
        let path = terminated(&key.path)?;
        let mut open = ptr::null_mut();
        // SAFETY: the path ends with a NUL, and `open` outlives the call.
        let code = unsafe {
            RegOpenKeyExW(
                root,
                path.as_ptr(),
                0,
                KEY_READ | KEY_WOW64_64KEY,
                &raw mut open,
            )
        };
        Code::check(code)?;
        Ok(Self(open))
    }

    /// The value as it is at one moment: type and data come from one call.
    pub(super) fn value(&self, name: &str) -> Result<Value, Code> {
        let name = terminated(name)?;
        let mut data = vec![0; 1024];
        loop {
            let (mut kind, mut size) = (0, data.len() as u32);
            // SAFETY: the name ends with a NUL, and `size` is the size of `data`.
            let code = unsafe {
                RegQueryValueExW(
                    self.0,
                    name.as_ptr(),
                    ptr::null(),
                    &raw mut kind,
                    data.as_mut_ptr(),
                    &raw mut size,
                )
            };
            if code != ERROR_MORE_DATA {
                Code::check(code)?;
                data.truncate(size as usize);
                return Ok(Value { kind, data });
            }
            // It may have grown again before the next call, so there is something to spare, and always more.
            let larger = (size as usize).max(data.len()) + 1024;
            if larger > Self::MAX_VALUE {
                return Err(Code(code));
            }
            data.resize(larger, 0);
        }
    }

    pub(super) fn subkeys(&self) -> Result<Vec<String>, Code> {
        let mut names = Vec::new();
        let mut name = [0; Self::MAX_NAME];
        for index in 0..Self::MAX_SUBKEYS {
            let mut length = name.len() as u32;
            // SAFETY: `length` is the size of `name`; what is not asked for may be null.
            let code = unsafe {
                RegEnumKeyExW(
                    self.0,
                    index,
                    name.as_mut_ptr(),
                    &raw mut length,
                    ptr::null(),
                    ptr::null_mut(),
                    ptr::null_mut(),
                    ptr::null_mut(),
                )
            };
            if code == ERROR_NO_MORE_ITEMS {
                return Ok(names);
            }
            Code::check(code)?;
            let units = name.get(..length as usize).unwrap_or_default();
            names.push(String::from_utf16_lossy(units));
        }
        Err(Code(ERROR_MORE_DATA))
    }

    /// Lets `event` be set, once, when something in `scope` changes, or when the key is closed.
    pub(super) fn notify(&self, scope: Scope, event: BorrowedHandle<'_>) -> Result<(), Code> {
        let (below, changes) = match scope {
            Scope::Names => (0, REG_NOTIFY_CHANGE_NAME),
            Scope::Tree => (1, REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET),
        };
        // Else the end of the calling thread would count as a change.
        let changes = changes | REG_NOTIFY_THREAD_AGNOSTIC;
        // SAFETY: both handles are open. The system keeps a reference of its own to the event.
        let code =
            unsafe { RegNotifyChangeKeyValue(self.0, below, changes, event.as_raw_handle(), 1) };
        Code::check(code)
    }
}

impl Drop for OpenKey {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nobody else closes it.
        unsafe { RegCloseKey(self.0) };
    }
}

/// UTF-16 with a NUL at its end, and none before: Windows would read a shorter name.
fn terminated(text: &str) -> Result<Vec<u16>, Code> {
    if text.contains('\0') {
        return Err(Code(ERROR_INVALID_NAME));
    }
    Ok(text.encode_utf16().chain([0]).collect())
}
