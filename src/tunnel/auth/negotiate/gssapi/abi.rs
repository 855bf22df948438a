//! The library as C sees it: its functions (RFC 2744; `gssapi_ext.h` of MIT krb5) and their structures.
#![allow(unsafe_code, reason = "functions of a library of the operating system")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use super::spnego;

/// The functions. The library stays loaded once it is: it has threads and tables of its own.
pub(super) struct Functions {
    pub(super) import_name: ImportName,
    pub(super) release_name: Release,
    pub(super) acquire_cred: AcquireCred,
    /// What Heimdal had not before version 8.
    pub(super) acquire_cred_from: Option<AcquireCredFrom>,
    pub(super) release_cred: Release,
    pub(super) init_sec_context: InitSecContext,
    pub(super) delete_sec_context: DeleteSecContext,
    pub(super) display_status: DisplayStatus,
    pub(super) release_buffer: ReleaseBuffer,
}

impl Functions {
    /// Loads the first library that is there and has all of them.
    pub(super) fn load() -> Option<Self> {
        FILES.iter().find_map(|file| {
            let library = Open::new(file)?;
            // SAFETY: the types are those of the functions of these names.
            unsafe {
                Some(Self {
                    import_name: library.function(c"gss_import_name")?,
                    release_name: library.function(c"gss_release_name")?,
                    acquire_cred: library.function(c"gss_acquire_cred")?,
                    acquire_cred_from: library.function(c"gss_acquire_cred_from"),
                    release_cred: library.function(c"gss_release_cred")?,
                    init_sec_context: library.function(c"gss_init_sec_context")?,
                    delete_sec_context: library.function(c"gss_delete_sec_context")?,
                    display_status: library.function(c"gss_display_status")?,
                    release_buffer: library.function(c"gss_release_buffer")?,
                })
            }
        })
    }
}

/// A library that is loaded, for good.
struct Open(*mut c_void);

impl Open {
    fn new(file: &CStr) -> Option<Self> {
        // SAFETY: the name ends with a NUL. What the library does when it is loaded is made for any program.
        let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        (!library.is_null()).then_some(Self(library))
    }

    /// # Safety
    /// `F` is the type of a pointer to the function of this name.
    unsafe fn function<F: Copy>(&self, name: &CStr) -> Option<F> {
        // SAFETY: the library is loaded, and the name ends with a NUL.
        let address = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        // SAFETY: pointers to functions and to data have one size wherever there is `dlsym`; the rest is the caller's.
        (!address.is_null()).then(|| unsafe { std::mem::transmute_copy(&address) })
    }
}

/// Where the library may be: MIT krb5, Heimdal, Heimdal as FreeBSD has it.
#[cfg(not(target_vendor = "apple"))]
const FILES: [&CStr; 3] = [
    c"libgssapi_krb5.so.2",
    c"libgssapi.so.3",
    c"libgssapi.so.10",
];
#[cfg(target_vendor = "apple")]
const FILES: [&CStr; 1] = [c"/System/Library/Frameworks/GSS.framework/GSS"];

pub(super) static HOST_BASED_SERVICE: Oid = Oid::of(b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04");
pub(super) static PRINCIPAL: Oid = Oid::of(b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01");
pub(super) static KERBEROS: Oid = Oid::of(spnego::KERBEROS);

// The structures of gssapi.h. On Intel, Apple's has them packed.

#[derive(Clone, Copy)]
#[cfg_attr(not(all(target_vendor = "apple", target_arch = "x86_64")), repr(C))]
#[cfg_attr(
    all(target_vendor = "apple", target_arch = "x86_64"),
    repr(C, packed(2))
)]
pub(super) struct Oid {
    pub(super) length: u32,
    pub(super) elements: *const u8,
}

// SAFETY: it points to constant bytes only.
unsafe impl Sync for Oid {}

impl Oid {
    pub(super) const fn of(bytes: &'static [u8]) -> Self {
        Self {
            length: bytes.len() as u32,
            elements: bytes.as_ptr(),
        }
    }
}

#[cfg_attr(not(all(target_vendor = "apple", target_arch = "x86_64")), repr(C))]
#[cfg_attr(
    all(target_vendor = "apple", target_arch = "x86_64"),
    repr(C, packed(2))
)]
pub(super) struct OidSet {
    pub(super) count: usize,
    pub(super) elements: *mut Oid,
}

#[derive(Clone, Copy)]
#[cfg_attr(not(all(target_vendor = "apple", target_arch = "x86_64")), repr(C))]
#[cfg_attr(
    all(target_vendor = "apple", target_arch = "x86_64"),
    repr(C, packed(2))
)]
pub(super) struct Buffer {
    pub(super) length: usize,
    pub(super) value: *mut c_void,
}

impl Buffer {
    /// Bytes for the library, which only reads them. None at all are no bytes and no place.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let value = if bytes.is_empty() {
            ptr::null_mut()
        } else {
            bytes.as_ptr().cast_mut().cast()
        };
        let length = bytes.len();
        Self { length, value }
    }
}

#[cfg_attr(not(all(target_vendor = "apple", target_arch = "x86_64")), repr(C))]
#[cfg_attr(
    all(target_vendor = "apple", target_arch = "x86_64"),
    repr(C, packed(2))
)]
pub(super) struct ChannelBindings {
    initiator_kind: u32,
    initiator: Buffer,
    acceptor_kind: u32,
    acceptor: Buffer,
    data: Buffer,
}

impl ChannelBindings {
    /// No addresses.
    pub(super) fn new(data: &[u8]) -> Self {
        Self {
            initiator_kind: 0,
            initiator: Buffer::of(&[]),
            acceptor_kind: 0,
            acceptor: Buffer::of(&[]),
            data: Buffer::of(data),
        }
    }
}

#[repr(C)]
pub(super) struct KeyValue {
    pub(super) key: *const c_char,
    pub(super) value: *const c_char,
}

#[repr(C)]
pub(super) struct KeyValueSet {
    pub(super) count: u32,
    pub(super) elements: *const KeyValue,
}

type Release = unsafe extern "C" fn(*mut u32, *mut *mut c_void) -> u32;
type ReleaseBuffer = unsafe extern "C" fn(*mut u32, *mut Buffer) -> u32;
type ImportName = unsafe extern "C" fn(*mut u32, *mut Buffer, *const Oid, *mut *mut c_void) -> u32;
type AcquireCred = unsafe extern "C" fn(
    *mut u32,
    *mut c_void,
    u32,
    *mut OidSet,
    c_int,
    *mut *mut c_void,
    *mut *mut OidSet,
    *mut u32,
) -> u32;
type AcquireCredFrom = unsafe extern "C" fn(
    *mut u32,
    *mut c_void,
    u32,
    *mut OidSet,
    c_int,
    *const KeyValueSet,
    *mut *mut c_void,
    *mut *mut OidSet,
    *mut u32,
) -> u32;
type InitSecContext = unsafe extern "C" fn(
    *mut u32,
    *mut c_void,
    *mut *mut c_void,
    *mut c_void,
    *const Oid,
    u32,
    u32,
    *mut ChannelBindings,
    *mut Buffer,
    *mut *mut Oid,
    *mut Buffer,
    *mut u32,
    *mut u32,
) -> u32;
type DeleteSecContext = unsafe extern "C" fn(*mut u32, *mut *mut c_void, *mut Buffer) -> u32;
type DisplayStatus =
    unsafe extern "C" fn(*mut u32, u32, c_int, *const Oid, *mut u32, *mut Buffer) -> u32;
