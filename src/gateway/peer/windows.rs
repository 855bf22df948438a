//! Windows tells which process opened a connection (`GetExtendedTcpTable`), who its parents are (`Toolhelp`), and the SID
//! of its token.
#![allow(unsafe_code, reason = "functions of the operating system")]

use std::collections::HashMap;
use std::io;
use std::mem;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_NO_MORE_FILES, FILETIME, INVALID_HANDLE_VALUE, NO_ERROR,
    WAIT_TIMEOUT,
};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GetExtendedTcpTable, MIB_TCP6ROW_OWNER_PID, MIB_TCPROW_OWNER_PID,
    TCP_TABLE_OWNER_PID_CONNECTIONS,
};
use windows_sys::Win32::Networking::WinSock::{AF_INET, AF_INET6};
use windows_sys::Win32::Security::{
    GetSidIdentifierAuthority, GetSidSubAuthority, GetSidSubAuthorityCount, GetTokenInformation,
    PSID, SECURITY_MAX_SID_SIZE, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, PROCESSENTRY32W, Process32FirstW, Process32NextW, TH32CS_SNAPPROCESS,
};
use windows_sys::Win32::System::Threading::{
    GetProcessTimes, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
    PROCESS_SYNCHRONIZE, WaitForSingleObject,
};

use super::{Caller, User};

/// The largest table of connections that is read.
const TABLE: usize = 64 << 20;

/// The most generations between the view and its browser's processes.
const GENERATIONS: usize = 64;

/// A process, held open, so that no later one gets its number.
pub(super) struct Process {
    id: u32,
    handle: OwnedHandle,
}

impl Process {
    pub(super) fn open(id: u32) -> io::Result<Self> {
        let rights = PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE;
        // SAFETY: nothing is passed that could be invalid.
        let handle = unsafe { OpenProcess(rights, 0, id) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is open, and nobody else owns it.
        let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
        let process = Self { id, handle };
        match process.is_running() {
            true => Ok(process),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    pub(super) fn is_running(&self) -> bool {
        // SAFETY: the handle is open.
        unsafe { WaitForSingleObject(self.handle.as_raw_handle(), 0) == WAIT_TIMEOUT }
    }

    /// The user of its token.
    pub(super) fn user(&self) -> io::Result<User> {
        let mut token = ptr::null_mut();
        // SAFETY: the process is open, and `token` outlives the call.
        let done =
            unsafe { OpenProcessToken(self.handle.as_raw_handle(), TOKEN_QUERY, &raw mut token) };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is open, and nobody else owns it.
        let token = unsafe { OwnedHandle::from_raw_handle(token) };
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
        // SAFETY: the system filled `user`, which is aligned and large enough, with this structure, and the SID that it
        // points to lies in `user` as well.
        Ok(unsafe { name((*user.as_ptr().cast::<TOKEN_USER>()).User.Sid) })
    }

    /// When it was started.
    fn started(&self) -> io::Result<u64> {
        let mut times = [FILETIME::default(); 4];
        let [started, ended, kernel, user] = &mut times;
        // SAFETY: the process is open, and the times outlive the call.
        let done =
            unsafe { GetProcessTimes(self.handle.as_raw_handle(), started, ended, kernel, user) };
        match done {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(u64::from(started.dwHighDateTime) << 32 | u64::from(started.dwLowDateTime)),
        }
    }
}

/// Who has the other end of a connection.
pub(super) fn caller(
    theirs: SocketAddr,
    ours: SocketAddr,
    root: &Process,
) -> io::Result<Option<Caller>> {
    let Some(id) = owner(theirs, ours)? else {
        return Ok(None);
    };
    let process = Process::open(id)?;
    // The number may have been another process's until it was opened.
    if owner(theirs, ours)? != Some(id) {
        return Ok(None);
    }
    let user = process.user()?;
    let is_below = root.is_running() && is_below(process, root)?;
    Ok(Some(Caller { user, is_below }))
}

/// Whether `process` is `root` or below it. A parent that was started after its child has only inherited the number.
fn is_below(process: Process, root: &Process) -> io::Result<bool> {
    let parents = parents()?;
    let mut process = process;
    for _ in 0..GENERATIONS {
        if process.id == root.id {
            return Ok(true);
        }
        let Some(parent) = parents.get(&process.id).filter(|parent| **parent != 0) else {
            return Ok(false);
        };
        let Ok(parent) = Process::open(*parent) else {
            return Ok(false);
        };
        if parent.started()? > process.started()? {
            return Ok(false);
        }
        process = parent;
    }
    Ok(false)
}

/// The process that has the end `theirs` of the connection to `ours`. A socket for IPv6 may speak IPv4.
fn owner(theirs: SocketAddr, ours: SocketAddr) -> io::Result<Option<u32>> {
    let (theirs, ours) = (canonical(theirs), canonical(ours));
    for row in rows::<MIB_TCPROW_OWNER_PID>(AF_INET)? {
        let local = at(
            Ipv4Addr::from(row.dwLocalAddr.to_ne_bytes()),
            row.dwLocalPort,
        );
        let remote = at(
            Ipv4Addr::from(row.dwRemoteAddr.to_ne_bytes()),
            row.dwRemotePort,
        );
        if (local, remote) == (theirs, ours) {
            return Ok(Some(row.dwOwningPid).filter(|id| *id != 0));
        }
    }
    for row in rows::<MIB_TCP6ROW_OWNER_PID>(AF_INET6)? {
        let local = at(Ipv6Addr::from(row.ucLocalAddr), row.dwLocalPort);
        let remote = at(Ipv6Addr::from(row.ucRemoteAddr), row.dwRemotePort);
        if (local, remote) == (theirs, ours) {
            return Ok(Some(row.dwOwningPid).filter(|id| *id != 0));
        }
    }
    Ok(None)
}

/// The port stands in the order of the network, in the first two bytes.
fn at(ip: impl Into<IpAddr>, port: u32) -> SocketAddr {
    let [high, low, ..] = port.to_ne_bytes();
    canonical((ip.into(), u16::from_be_bytes([high, low])).into())
}

fn canonical(address: SocketAddr) -> SocketAddr {
    (address.ip().to_canonical(), address.port()).into()
}

/// A row of the table of connections: numbers alone, aligned to four bytes.
///
/// # Safety
/// Every combination of bits is a value.
unsafe trait Row: Copy {}
// SAFETY: it consists of numbers.
unsafe impl Row for MIB_TCPROW_OWNER_PID {}
// SAFETY: it consists of numbers and bytes.
unsafe impl Row for MIB_TCP6ROW_OWNER_PID {}

/// The connections of a family: behind their number the rows.
fn rows<R: Row>(family: u16) -> io::Result<Vec<R>> {
    let mut table = vec![0_u8; 16 << 10];
    loop {
        let mut size = table.len() as u32;
        // SAFETY: `size` is the size of `table`.
        let code = unsafe {
            GetExtendedTcpTable(
                table.as_mut_ptr().cast(),
                &raw mut size,
                0,
                family.into(),
                TCP_TABLE_OWNER_PID_CONNECTIONS,
                0,
            )
        };
        match code {
            NO_ERROR => break,
            // It may have grown again before the next call, so there is something to spare.
            ERROR_INSUFFICIENT_BUFFER if (size as usize) < TABLE => {
                let larger = (size as usize).max(table.len()) + (16 << 10);
                table.resize(larger, 0);
            }
            code => return Err(io::Error::from_raw_os_error(code.cast_signed())),
        }
    }
    let (count, rows) = table.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
    let count = u32::from_ne_bytes(*count) as usize;
    let rows = rows.chunks_exact(size_of::<R>()).take(count);
    // SAFETY: there are as many bytes as a row has, every combination of bits is one, and alignment is not needed.
    Ok(rows
        .map(|row| unsafe { row.as_ptr().cast::<R>().read_unaligned() })
        .collect())
}

/// The parent of every process.
fn parents() -> io::Result<HashMap<u32, u32>> {
    // SAFETY: nothing is passed that could be invalid.
    let snapshot = unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0) };
    if snapshot == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else owns it.
    let snapshot = unsafe { OwnedHandle::from_raw_handle(snapshot) };
    let mut entry = PROCESSENTRY32W {
        dwSize: mem::size_of::<PROCESSENTRY32W>() as u32,
        ..Default::default()
    };
    let mut parents = HashMap::new();
    // SAFETY: the snapshot is open, and `entry` says its size.
    let mut found = unsafe { Process32FirstW(snapshot.as_raw_handle(), &raw mut entry) };
    while found != 0 {
        parents.insert(entry.th32ProcessID, entry.th32ParentProcessID);
        // SAFETY: as above.
        found = unsafe { Process32NextW(snapshot.as_raw_handle(), &raw mut entry) };
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(code) if code.cast_unsigned() == ERROR_NO_MORE_FILES => Ok(parents),
        _ => Err(error),
    }
}

/// `S-1-5-21-…` (MS-DTYP, section 2.4.2.1).
///
/// # Safety
/// `sid` points to a valid SID.
unsafe fn name(sid: PSID) -> User {
    // SAFETY: the SID is valid, as the caller says; what the functions point to lies in it.
    let (authority, count) = unsafe {
        (
            (*GetSidIdentifierAuthority(sid)).Value,
            *GetSidSubAuthorityCount(sid),
        )
    };
    let authority = authority
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut name = format!("S-1-{authority}");
    for index in 0..u32::from(count) {
        // SAFETY: as above, and there are as many as `count`.
        let part = unsafe { *GetSidSubAuthority(sid, index) };
        name.push_str(&format!("-{part}"));
    }
    User(name)
}
