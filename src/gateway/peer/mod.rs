//! Who is at the other end of a connection on loopback: the web view, or any other program?

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;
#[cfg(not(any(target_os = "linux", windows)))]
#[path = "elsewhere.rs"]
mod system;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use self::system::Process;
use crate::error::GatewayFault;

/// The web view, as the gateway recognises it: a process, all processes below it, and the user that they run as.
///
/// A browser opens its connections from a process of its own, which is below the one that was started. Both must be so,
/// the process and the user. A process whose parent has ended belongs to nobody, and is refused.
///
/// Linux (from `/proc`, for processes whose open files this process may list) and Windows only: elsewhere no view can be
/// described, and without the check nothing but the token stands before the gateway.
#[derive(Clone)]
pub struct View {
    process: Arc<Process>,
    user: User,
}

/// An account of the operating system, as it names it: a number on Linux, a SID on Windows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct User(pub(crate) String);

/// Who knocked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Caller {
    user: User,
    /// Whether it is the process that was named, or one below it.
    is_below: bool,
}

impl View {
    /// The view that this process is, or has started.
    ///
    /// # Errors
    /// What the operating system says; [`io::ErrorKind::Unsupported`] where it cannot be asked.
    pub fn this_process() -> io::Result<Self> {
        Self::process(std::process::id())
    }

    /// The view with the process identifier `id`, running as the user that it runs as now.
    ///
    /// # Errors
    /// As those of [`this_process`](Self::this_process); also if there is no such process.
    pub fn process(id: u32) -> io::Result<Self> {
        let process = Process::open(id)?;
        Ok(Self {
            user: process.user()?,
            process: Arc::new(process),
        })
    }

    /// The user that its processes run as, if not the one of the process that was named: the user id on Linux, the SID
    /// (`S-1-5-21-…`) on Windows.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = User(user.into());
        self
    }

    /// Whether its first process is still there.
    pub(super) fn is_running(&self) -> bool {
        self.process.is_running()
    }

    /// Whether the connection from `theirs` to `ours` is the view's. It reads what the system knows, which takes some
    /// milliseconds.
    pub(super) fn check(&self, theirs: SocketAddr, ours: SocketAddr) -> Result<(), GatewayFault> {
        match system::caller(theirs, ours, &self.process) {
            Ok(Some(caller)) if caller.is_below && caller.user == self.user => Ok(()),
            Ok(Some(_)) => Err(GatewayFault::ForeignProcess),
            Ok(None) | Err(_) => Err(GatewayFault::UnknownProcess),
        }
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("process", &self.process.id())
            .field("user", &self.user.0)
            .finish()
    }
}

#[cfg(test)]
#[cfg(any(target_os = "linux", windows))]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A process that ends with its input.
    fn child() -> Child {
        let program = if cfg!(windows) { "cmd" } else { "cat" };
        Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Wine's table of connections names no process, so nobody can be told from anybody: all are refused.
    fn as_told(expected: Result<(), GatewayFault>) -> Option<Result<(), GatewayFault>> {
        let is_wine = cfg!(windows) && std::env::var_os("WINEPREFIX").is_some();
        Some(match is_wine {
            true => Err(GatewayFault::UnknownProcess),
            false => expected,
        })
    }

    fn connection(host: &str) -> Option<(TcpStream, TcpStream)> {
        let listener = TcpListener::bind((host, 0)).ok()?;
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        Some((near, listener.accept().unwrap().0))
    }

    fn check(view: &View, host: &str) -> Option<Result<(), GatewayFault>> {
        let (near, far) = connection(host)?;
        Some(view.check(near.local_addr().unwrap(), far.local_addr().unwrap()))
    }

    #[test]
    fn a_connection_of_this_process_is_its_own() {
        let view = View::this_process().unwrap();
        assert_eq!(check(&view, "127.0.0.1"), as_told(Ok(())));
        if let Some(outcome) = check(&view, "::1") {
            assert_eq!(Some(outcome), as_told(Ok(())));
        }
    }

    #[test]
    fn a_connection_of_the_parent_is_not_the_child_s() {
        let mut child = child();
        let view = View::process(child.id()).unwrap();
        let outcome = check(&view, "127.0.0.1");
        assert!(view.is_running());
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(!view.is_running());
        assert_eq!(outcome, as_told(Err(GatewayFault::ForeignProcess)));
    }

    #[test]
    fn another_user_s_view_is_not_this_one() {
        let view = View::this_process().unwrap().user("S-1-1-1");
        let outcome = check(&view, "127.0.0.1");
        assert_eq!(outcome, as_told(Err(GatewayFault::ForeignProcess)));
    }

    #[test]
    fn a_connection_that_nobody_has_is_nobody_s() {
        let view = View::this_process().unwrap();
        let (near, far) = connection("127.0.0.1").unwrap();
        let (theirs, ours) = (near.local_addr().unwrap(), far.local_addr().unwrap());
        drop((near, far));
        assert_eq!(view.check(theirs, ours), Err(GatewayFault::UnknownProcess));
    }

    #[test]
    fn a_process_that_does_not_exist_is_no_view() {
        assert!(View::process(u32::MAX - 3).is_err());
    }
}
