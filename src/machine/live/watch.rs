//! Has anything changed?
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::WAIT_TIMEOUT;
use windows_sys::Win32::System::Threading::{CreateEventW, SetEvent, WaitForSingleObject};

use super::handle::{OpenKey, Scope};
use crate::machine::registry::{Key, RegistryError};

/// Tells whether some keys have changed, at the price of one system call.
#[derive(Debug)]
pub struct Watch {
    keys: Vec<Key>,
    armed: Armed,
}

/// Begins to watch `keys` and all keys below them. Keys that do not exist are watched for.
///
/// # Errors
/// [`RegistryError`] if one of them may not be watched.
pub fn watch(keys: &[Key]) -> Result<Watch, RegistryError> {
    Ok(Watch {
        keys: keys.to_vec(),
        armed: Armed::new(keys)?,
    })
}

impl Watch {
    /// Whether anything may have changed since the last call that said so, or since the beginning. What is read after
    /// this call is at least as new as what it tells of. It never waits.
    ///
    /// # Errors
    /// [`RegistryError`] if something has changed and the keys can no longer be watched. The next call tries again.
    pub fn changed(&mut self) -> Result<bool, RegistryError> {
        if !self.armed.has_fired() {
            return Ok(false);
        }
        // Armed anew before the caller reads: a change in between is told by the next call.
        self.armed = Armed::new(&self.keys)?;
        Ok(true)
    }
}

/// One event for all keys. It is set once; closing a key sets it too, so nothing of this is used again.
#[derive(Debug)]
struct Armed {
    event: OwnedHandle,
    _open: Vec<OpenKey>,
}

impl Armed {
    fn new(keys: &[Key]) -> Result<Self, RegistryError> {
        let event = event().map_err(|error| RegistryError::System {
            key: keys.first().map(Key::to_string).unwrap_or_default(),
            code: error.raw_os_error().unwrap_or_default(),
        })?;
        let mut open = Vec::new();
        for key in keys {
            arm(key, &event, &mut open)?;
        }
        Ok(Self { event, _open: open })
    }

    fn has_fired(&self) -> bool {
        // SAFETY: the handle is open.
        let waited = unsafe { WaitForSingleObject(self.event.as_raw_handle(), 0) };
        // A wait that fails is no proof that nothing has changed.
        waited != WAIT_TIMEOUT
    }
}

/// Watches the key with all below it, and the nearest one above that exists for the names of its keys: the key, or one
/// on the way to it, may be made or deleted.
fn arm(key: &Key, event: &OwnedHandle, open: &mut Vec<OpenKey>) -> Result<(), RegistryError> {
    let mut at = key.clone();
    let mut next_down: Option<(Key, bool)> = None;
    loop {
        let scope = match next_down {
            None => Scope::Tree,
            Some(_) => Scope::Names,
        };
        let armed = OpenKey::open(&at).and_then(|key| {
            key.notify(scope, event.as_handle())?;
            Ok(key)
        });
        let exists = match armed {
            Ok(key) => {
                open.push(key);
                true
            }
            Err(code) if code.is_absent() => false,
            Err(code) => return Err(code.about(key)),
        };
        if let Some((down, existed)) = &next_down
            && exists
        {
            // What happened before this key was watched is a change already.
            if OpenKey::open(down).is_ok() != *existed {
                set(event);
            }
            return Ok(());
        }
        if at.path.is_empty() {
            return Ok(());
        }
        let (above, _) = at.path.rsplit_once('\\').unwrap_or_default();
        let above = Key::new(at.root, above.to_owned());
        next_down = Some((std::mem::replace(&mut at, above), exists));
    }
}

/// An event that is not set, and stays set once it is.
fn event() -> io::Result<OwnedHandle> {
    // SAFETY: all arguments may be null or false.
    let handle = unsafe { CreateEventW(ptr::null(), 1, 0, ptr::null()) };
    if handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else owns it.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

fn set(event: &OwnedHandle) {
    // SAFETY: the handle is open.
    unsafe { SetEvent(event.as_raw_handle()) };
}
