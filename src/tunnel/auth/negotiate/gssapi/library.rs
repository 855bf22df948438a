//! The few functions of the library that a login takes (RFC 2744), each called in one place.
#![allow(unsafe_code, reason = "functions of a library of the operating system")]

use std::ffi::{CString, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use super::abi::{
    Buffer, ChannelBindings, Functions, HOST_BASED_SERVICE, KERBEROS, KeyValue, KeyValueSet,
    OidSet, PRINCIPAL,
};

/// The library of this system.
pub(super) struct Library(Functions);

/// Why a function failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// The code of GSSAPI.
    pub(super) major: u32,
    /// The code of Kerberos.
    pub(super) minor: u32,
    /// The library's own words.
    pub(super) words: String,
}

/// How a name is to be read.
#[derive(Clone, Copy)]
pub(super) enum NameKind {
    /// `service@host`
    Service,
    /// A name as Kerberos writes it.
    Principal,
}

/// Where credentials are.
pub(super) struct StoreEntry {
    key: &'static str,
    value: Vec<u8>,
}

impl StoreEntry {
    pub(super) fn new(key: &'static str, value: impl Into<Vec<u8>>) -> Self {
        let value = value.into();
        Self { key, value }
    }
}

impl Library {
    /// The library of this system, if there is one.
    pub(super) fn get() -> Option<&'static Self> {
        static LOADED: OnceLock<Option<Library>> = OnceLock::new();
        LOADED.get_or_init(|| Functions::load().map(Self)).as_ref()
    }

    /// A name.
    pub(super) fn name(&'static self, text: &str, kind: NameKind) -> Result<Name, Failure> {
        let kind = match kind {
            NameKind::Service => &HOST_BASED_SERVICE,
            NameKind::Principal => &PRINCIPAL,
        };
        let mut text = Buffer::of(text.as_bytes());
        let (mut minor, mut name) = (0, ptr::null_mut());
        // SAFETY: the buffer holds the text, which outlives the call; the kind is static.
        let major =
            unsafe { (self.0.import_name)(&raw mut minor, &raw mut text, kind, &raw mut name) };
        self.check(major, minor)?;
        Ok(Name {
            library: self,
            handle: name,
        })
    }

    /// Credentials of `name`, or whichever are there. An empty `store` stands for the default one.
    pub(super) fn credential(
        &'static self,
        name: Option<&Name>,
        store: &[StoreEntry],
    ) -> Result<Credential, Failure> {
        let mut kerberos = KERBEROS;
        let mut mechanisms = OidSet {
            count: 1,
            elements: &raw mut kerberos,
        };
        let name = name.map_or(ptr::null_mut(), |name| name.handle);
        let (mut minor, mut credential) = (0, ptr::null_mut());
        let major = if store.is_empty() {
            // SAFETY: the set and the name outlive the call; what is not asked for may be null.
            unsafe {
                (self.0.acquire_cred)(
                    &raw mut minor,
                    name,
                    INDEFINITE,
                    &raw mut mechanisms,
                    INITIATE,
                    &raw mut credential,
                    ptr::null_mut(),
                    ptr::null_mut(),
                )
            }
        } else {
            let acquire = self.0.acquire_cred_from.ok_or_else(Failure::unavailable)?;
            let texts = Texts::new(store)?;
            let elements = texts.elements();
            let store = KeyValueSet {
                count: elements.len() as u32,
                elements: elements.as_ptr(),
            };
            // SAFETY: as above; the store and its texts, which end with a NUL, outlive the call as well.
            unsafe {
                acquire(
                    &raw mut minor,
                    name,
                    INDEFINITE,
                    &raw mut mechanisms,
                    INITIATE,
                    &raw const store,
                    &raw mut credential,
                    ptr::null_mut(),
                    ptr::null_mut(),
                )
            }
        };
        self.check(major, minor)?;
        Ok(Credential {
            library: self,
            handle: credential,
        })
    }

    /// The failure that a status tells of, if it does. Called on the thread that got it, which keeps the words.
    fn check(&self, major: u32, minor: u32) -> Result<(), Failure> {
        if major & ERRORS == 0 {
            return Ok(());
        }
        const BY_GSSAPI: c_int = 1;
        const BY_MECHANISM: c_int = 2;
        let words = match minor {
            0 => self.words(major, BY_GSSAPI),
            _ => self.words(minor, BY_MECHANISM),
        };
        Err(Failure {
            major,
            minor,
            words,
        })
    }

    fn words(&self, code: u32, kind: c_int) -> String {
        let (mut minor, mut more, mut text) = (0, 0, Buffer::of(&[]));
        // SAFETY: the mechanism is static, and all that is written to outlives the call.
        let major = unsafe {
            (self.0.display_status)(
                &raw mut minor,
                code,
                kind,
                &KERBEROS,
                &raw mut more,
                &raw mut text,
            )
        };
        let text = self.take(text);
        if major & ERRORS != 0 {
            return String::new();
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// A copy of a buffer of the library, which is given back.
    fn take(&self, mut buffer: Buffer) -> Vec<u8> {
        let (length, value) = (buffer.length, buffer.value);
        if value.is_null() {
            return Vec::new();
        }
        // SAFETY: the library filled the buffer with this many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(value.cast::<u8>(), length) }.to_vec();
        let mut minor = 0;
        // SAFETY: the buffer is the library's, and is not used any more.
        unsafe { (self.0.release_buffer)(&raw mut minor, &raw mut buffer) };
        bytes
    }
}

impl Failure {
    /// The library has no function for it.
    fn unavailable() -> Self {
        Self {
            major: 16 << 16,
            minor: 0,
            words: String::new(),
        }
    }

    /// A name or path that the library cannot be told.
    fn unspeakable() -> Self {
        Self {
            major: 7 << 16,
            minor: 0,
            words: String::new(),
        }
    }
}

/// A name that the library has read.
pub(super) struct Name {
    library: &'static Library,
    handle: *mut c_void,
}

// SAFETY: the library ties a name to no thread.
unsafe impl Send for Name {}

impl Drop for Name {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: the name is this value's own.
        unsafe { (self.library.0.release_name)(&raw mut minor, &raw mut self.handle) };
    }
}

/// Credentials that the library has found.
pub(super) struct Credential {
    library: &'static Library,
    handle: *mut c_void,
}

// SAFETY: the library ties credentials to no thread.
unsafe impl Send for Credential {}

impl Drop for Credential {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: the credentials are this value's own.
        unsafe { (self.library.0.release_cred)(&raw mut minor, &raw mut self.handle) };
    }
}

/// A login at one service.
pub(super) struct Context {
    handle: *mut c_void,
    credential: Credential,
    target: Name,
    binding: Option<Vec<u8>>,
}

// SAFETY: the library ties a context to no thread, and nobody else has this one.
unsafe impl Send for Context {}

impl Context {
    pub(super) fn new(credential: Credential, target: Name, binding: Option<Vec<u8>>) -> Self {
        Self {
            handle: ptr::null_mut(),
            credential,
            target,
            binding,
        }
    }

    /// The next token for the service, in answer to its own.
    pub(super) fn step(&mut self, token: &[u8]) -> Result<Vec<u8>, Failure> {
        /// Not for the proof itself: a service that has to prove itself also says why it refuses.
        const MUTUAL: u32 = 2;
        let library = self.credential.library;
        let mut binding = self.binding.as_deref().map(ChannelBindings::new);
        let binding = binding.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        let mut input = Buffer::of(token);
        let mut output = Buffer::of(&[]);
        let mut minor = 0;
        // SAFETY: the handles are open or null, the mechanism is static, and the buffers and what they point to outlive
        // the call; what is not asked for may be null.
        let major = unsafe {
            (library.0.init_sec_context)(
                &raw mut minor,
                self.credential.handle,
                &raw mut self.handle,
                self.target.handle,
                &KERBEROS,
                MUTUAL,
                0,
                binding,
                &raw mut input,
                ptr::null_mut(),
                &raw mut output,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        let done = library.check(major, minor);
        let output = library.take(output);
        done.map(|()| output)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if self.handle.is_null() {
            return;
        }
        let mut minor = 0;
        // SAFETY: the context is this value's own, and no last token is asked for.
        unsafe {
            (self.credential.library.0.delete_sec_context)(
                &raw mut minor,
                &raw mut self.handle,
                ptr::null_mut(),
            )
        };
    }
}

/// The texts of a store, as C wants them.
struct Texts(Vec<(CString, CString)>);

impl Texts {
    fn new(store: &[StoreEntry]) -> Result<Self, Failure> {
        let texts = store.iter().map(|entry| {
            let text = |bytes: &[u8]| CString::new(bytes).map_err(|_| Failure::unspeakable());
            Ok((text(entry.key.as_bytes())?, text(&entry.value)?))
        });
        texts.collect::<Result<_, _>>().map(Self)
    }

    fn elements(&self) -> Vec<KeyValue> {
        let elements = self.0.iter().map(|(key, value)| KeyValue {
            key: key.as_ptr(),
            value: value.as_ptr(),
        });
        elements.collect()
    }
}

const INDEFINITE: u32 = u32::MAX;
const INITIATE: c_int = 1;
/// The bits of a status that tell of errors; the others are remarks.
const ERRORS: u32 = 0xffff_0000;
