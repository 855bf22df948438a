//! The few functions of SSPI that a login takes, each called in one place.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::ffi::c_void;
use std::ptr;

use windows_sys::Win32::Foundation::{SEC_E_INVALID_TOKEN, SEC_E_OK};
use windows_sys::Win32::Security::Authentication::Identity::{
    AcquireCredentialsHandleW, DeleteSecurityContext, FreeContextBuffer, FreeCredentialsHandle,
    ISC_REQ_ALLOCATE_MEMORY, ISC_REQ_CONNECTION, ISC_REQ_MUTUAL_AUTH, InitializeSecurityContextW,
    SEC_CHANNEL_BINDINGS, SEC_WINNT_AUTH_IDENTITY_EXW, SEC_WINNT_AUTH_IDENTITY_VERSION,
    SECBUFFER_CHANNEL_BINDINGS, SECBUFFER_TOKEN, SECBUFFER_VERSION, SECPKG_CRED_OUTBOUND,
    SECURITY_NATIVE_DREP, SecBuffer, SecBufferDesc,
};
use windows_sys::Win32::Security::Credentials::SecHandle;
use windows_sys::Win32::System::Rpc::{SEC_WINNT_AUTH_IDENTITY_UNICODE, SEC_WINNT_AUTH_IDENTITY_W};
use windows_sys::core::HRESULT;
use zeroize::Zeroizing;

use crate::tunnel::auth::ProxyCredentials;

/// What the package may not use.
#[derive(Debug, Clone, Copy)]
pub(super) enum Exclusion {
    Ntlm,
    Nothing,
}

/// Credentials that Windows has found.
pub(super) struct Credential(SecHandle);

impl Credential {
    /// Those given, or those of the process.
    pub(super) fn acquire(
        given: Option<&ProxyCredentials>,
        exclusion: Exclusion,
    ) -> Result<Self, HRESULT> {
        let texts = Texts::new(given);
        let plain = given.map(|_| texts.identity());
        let without_ntlm = texts.identity_without_ntlm();
        let identity: *const c_void = match (exclusion, &plain) {
            (Exclusion::Ntlm, _) => ptr::from_ref(&without_ntlm).cast(),
            (Exclusion::Nothing, Some(plain)) => ptr::from_ref(plain).cast(),
            (Exclusion::Nothing, None) => ptr::null(),
        };
        let (mut handle, mut expires) = (SecHandle::default(), 0);
        // SAFETY: the identity and its texts, which end with a NUL, outlive the call; what is not asked for may be null.
        let code = unsafe {
            AcquireCredentialsHandleW(
                ptr::null(),
                windows_sys::core::w!("Negotiate"),
                SECPKG_CRED_OUTBOUND,
                ptr::null(),
                identity,
                None,
                ptr::null(),
                &raw mut handle,
                &raw mut expires,
            )
        };
        if code == SEC_E_OK {
            Ok(Self(handle))
        } else {
            Err(code)
        }
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // SAFETY: the handle is this value's own.
        unsafe { FreeCredentialsHandle(&raw const self.0) };
    }
}

/// A login at one service.
pub(super) struct Context {
    /// None before the first step.
    handle: Option<SecHandle>,
    done: bool,
    target: Vec<u16>,
    binding: Option<Vec<u8>>,
    credential: Credential,
}

impl Context {
    /// `binding` is what the login is bound to.
    pub(super) fn new(credential: Credential, service: &str, binding: Option<&[u8]>) -> Self {
        Self {
            handle: None,
            done: false,
            target: service.encode_utf16().chain([0]).collect(),
            binding: binding.map(channel_bindings),
            credential,
        }
    }

    /// The next token for the service, in answer to its own. Empty if nothing is left to be said.
    pub(super) fn step(&mut self, token: &[u8]) -> Result<Vec<u8>, HRESULT> {
        if self.done {
            return Ok(Vec::new());
        }
        let mut input = Vec::with_capacity(2);
        if !token.is_empty() {
            input.push(buffer(SECBUFFER_TOKEN, token)?);
        }
        if let Some(binding) = &self.binding {
            input.push(buffer(SECBUFFER_CHANNEL_BINDINGS, binding)?);
        }
        let input = list(&mut input);
        let mut output = [SecBuffer {
            cbBuffer: 0,
            BufferType: SECBUFFER_TOKEN,
            pvBuffer: ptr::null_mut(),
        }];
        let mut written = list(&mut output);
        let before = self.handle.as_ref().map_or(ptr::null(), ptr::from_ref);
        let mut handle = self.handle.unwrap_or_default();
        let (mut granted, mut expires) = (0, 0);
        // SAFETY: the handles are open, or null at the first step; the name ends with a NUL; the lists and what they point
        // to outlive the call.
        let code = unsafe {
            InitializeSecurityContextW(
                &raw const self.credential.0,
                before,
                self.target.as_ptr(),
                ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONNECTION | ISC_REQ_MUTUAL_AUTH,
                0,
                SECURITY_NATIVE_DREP,
                if input.cBuffers == 0 {
                    ptr::null()
                } else {
                    &raw const input
                },
                0,
                &raw mut handle,
                &raw mut written,
                &raw mut granted,
                &raw mut expires,
            )
        };
        let [output] = output;
        let output = take(output);
        if code < 0 {
            self.done = true;
            return Err(code);
        }
        self.handle = Some(handle);
        self.done = code == SEC_E_OK;
        Ok(output)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            // SAFETY: the handle is this value's own.
            unsafe { DeleteSecurityContext(handle) };
        }
    }
}

/// The structure of Windows for what a login is bound to, with the data behind it.
fn channel_bindings(data: &[u8]) -> Vec<u8> {
    const HEAD: u32 = size_of::<SEC_CHANNEL_BINDINGS>() as u32;
    // No addresses; the length of the data, and where it begins.
    let words = [0, 0, 0, 0, 0, 0, data.len() as u32, HEAD];
    let mut bindings = words.map(u32::to_le_bytes).concat();
    bindings.extend(data);
    bindings
}

/// Bytes for Windows, which only reads them.
fn buffer(kind: u32, bytes: &[u8]) -> Result<SecBuffer, HRESULT> {
    Ok(SecBuffer {
        cbBuffer: u32::try_from(bytes.len()).map_err(|_| SEC_E_INVALID_TOKEN)?,
        BufferType: kind,
        pvBuffer: bytes.as_ptr().cast_mut().cast(),
    })
}

fn list(buffers: &mut [SecBuffer]) -> SecBufferDesc {
    SecBufferDesc {
        ulVersion: SECBUFFER_VERSION,
        cBuffers: buffers.len() as u32,
        pBuffers: buffers.as_mut_ptr(),
    }
}

/// A copy of a buffer of Windows, which is given back.
fn take(buffer: SecBuffer) -> Vec<u8> {
    if buffer.pvBuffer.is_null() {
        return Vec::new();
    }
    let (start, length) = (buffer.pvBuffer.cast::<u8>(), buffer.cbBuffer as usize);
    // SAFETY: Windows filled the buffer with this many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(start, length) }.to_vec();
    // SAFETY: the buffer is of Windows, and is not used any more.
    unsafe { FreeContextBuffer(buffer.pvBuffer) };
    bytes
}

/// Who logs in, as Windows wants it.
struct Texts {
    user: Text,
    domain: Text,
    password: Text,
    packages: Text,
}

impl Texts {
    /// Without credentials all texts are nowhere, so that Windows takes the account of the process.
    fn new(given: Option<&ProxyCredentials>) -> Self {
        let split = given.map(|given| given.user.split_once('\\').unwrap_or(("", &given.user)));
        Self {
            user: Text::new(split.map(|(_, user)| user)),
            domain: Text::new(split.map(|(domain, _)| domain)),
            password: Text::new(given.map(|given| given.password.expose_secret())),
            packages: Text::new(Some("!ntlm")),
        }
    }

    fn identity(&self) -> SEC_WINNT_AUTH_IDENTITY_W {
        SEC_WINNT_AUTH_IDENTITY_W {
            User: self.user.place(),
            UserLength: self.user.units(),
            Domain: self.domain.place(),
            DomainLength: self.domain.units(),
            Password: self.password.place(),
            PasswordLength: self.password.units(),
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
        }
    }

    fn identity_without_ntlm(&self) -> SEC_WINNT_AUTH_IDENTITY_EXW {
        SEC_WINNT_AUTH_IDENTITY_EXW {
            Version: SEC_WINNT_AUTH_IDENTITY_VERSION,
            Length: size_of::<SEC_WINNT_AUTH_IDENTITY_EXW>() as u32,
            User: self.user.place(),
            UserLength: self.user.units(),
            Domain: self.domain.place(),
            DomainLength: self.domain.units(),
            Password: self.password.place(),
            PasswordLength: self.password.units(),
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
            PackageList: self.packages.place(),
            PackageListLength: self.packages.units(),
        }
    }
}

/// UTF-16 with a NUL at its end, or nothing at all.
struct Text(Option<Zeroizing<Vec<u16>>>);

impl Text {
    fn new(text: Option<&str>) -> Self {
        Self(text.map(|text| {
            // Room for all of it at once: what is moved away from is not wiped.
            let mut wide = Zeroizing::new(Vec::with_capacity(text.len() + 1));
            wide.extend(text.encode_utf16().chain([0]));
            wide
        }))
    }

    fn place(&self) -> *mut u16 {
        let text = self.0.as_ref();
        text.map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut())
    }

    /// Its length without the NUL.
    fn units(&self) -> u32 {
        let text = self.0.as_ref();
        text.map_or(0, |text| text.len().saturating_sub(1) as u32)
    }
}
