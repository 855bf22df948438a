//! Linux tells by `/proc` (proc(5)): which socket a connection is, whose it is, and which processes hold it.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use super::{Caller, User};

/// The most bytes of `/proc/PID/stat`: some fifty numbers and a name of 64 bytes.
const STAT: u64 = 4096;

/// The most lines of a table of connections that are read.
const CONNECTIONS: usize = 1 << 20;

/// How often the tables are read for one connection.
const LOOKS: usize = 3;

/// A process, which no later one with the same number is taken for.
pub(super) struct Process {
    id: u32,
    /// When it was started, in ticks since the system was.
    started: u64,
}

impl Process {
    pub(super) fn open(id: u32) -> io::Result<Self> {
        let started = Stat::of(id)?.started;
        Ok(Self { id, started })
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// The effective user.
    pub(super) fn user(&self) -> io::Result<User> {
        let owner = fs::metadata(format!("/proc/{}", self.id))?.uid();
        Ok(User(owner.to_string()))
    }

    pub(super) fn is_running(&self) -> bool {
        Stat::of(self.id).is_ok_and(|stat| stat.started == self.started && !stat.has_ended)
    }
}

/// Who has the other end of a connection.
pub(super) fn caller(
    theirs: SocketAddr,
    ours: SocketAddr,
    root: &Process,
) -> io::Result<Option<Caller>> {
    let Some(socket) = find_at_last(theirs, ours)? else {
        return Ok(None);
    };
    let is_below = root.is_running() && is_held_below(root.id, socket.inode)?;
    let user = User(socket.user.to_string());
    Ok(Some(Caller { user, is_below }))
}

/// One end of a connection.
#[derive(Debug, PartialEq, Eq)]
struct Socket {
    user: u32,
    inode: u64,
}

/// Looks more than once: while a table is read, the end of another connection may hide this one.
fn find_at_last(theirs: SocketAddr, ours: SocketAddr) -> io::Result<Option<Socket>> {
    for _ in 1..LOOKS {
        if let Some(socket) = find(theirs, ours)? {
            return Ok(Some(socket));
        }
    }
    find(theirs, ours)
}

/// The other end. A socket for IPv6 may speak IPv4, and then stands in the table of IPv6.
fn find(theirs: SocketAddr, ours: SocketAddr) -> io::Result<Option<Socket>> {
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let lines = match File::open(table) {
            Ok(file) => BufReader::new(file).lines(),
            // A kernel without IPv6.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for line in lines.skip(1).take(CONNECTIONS) {
            let line = line?;
            if let Some(socket) = connection(&line, theirs, ours) {
                return Ok(Some(socket));
            }
        }
    }
    Ok(None)
}

/// Reads a line of a table, if it is the end `theirs` of the connection to `ours`, and somebody holds it.
fn connection(line: &str, theirs: SocketAddr, ours: SocketAddr) -> Option<Socket> {
    let mut words = line.split_ascii_whitespace().skip(1);
    if address(words.next()?)? != canonical(theirs) || address(words.next()?)? != canonical(ours) {
        return None;
    }
    // The state, the queues, the timer, the retransmissions; behind the user the time-outs.
    let user = words.nth(4)?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    (inode != 0).then_some(Socket { user, inode })
}

/// Reads `0100007F:1F90`: words in the order of this machine, then the port.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let mut bytes = [0; 16];
    let mut length = 0;
    for (word, at) in address.as_bytes().chunks(8).zip(bytes.chunks_mut(4)) {
        let word = std::str::from_utf8(word).ok()?;
        at.copy_from_slice(&u32::from_str_radix(word, 16).ok()?.to_ne_bytes());
        length += 8;
    }
    let ip: IpAddr = match (length, bytes) {
        (8, [a, b, c, d, ..]) if address.len() == 8 => Ipv4Addr::new(a, b, c, d).into(),
        (32, bytes) if address.len() == 32 => Ipv6Addr::from(bytes).into(),
        _ => return None,
    };
    let port = u16::from_str_radix(port, 16).ok()?;
    Some(canonical((ip, port).into()))
}

fn canonical(address: SocketAddr) -> SocketAddr {
    (address.ip().to_canonical(), address.port()).into()
}

/// Whether the process `root`, or one below it, has the socket open.
fn is_held_below(root: u32, inode: u64) -> io::Result<bool> {
    let link = format!("socket:[{inode}]");
    Ok(family(root)?.into_iter().any(|id| holds(id, &link)))
}

/// What cannot be listed is not held.
fn holds(id: u32, link: &str) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{id}/fd")) else {
        return false;
    };
    files
        .flatten()
        .filter_map(|file| fs::read_link(file.path()).ok())
        .any(|target| target.as_os_str().as_bytes() == link.as_bytes())
}

/// A process and all below it.
fn family(root: u32) -> io::Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc")? {
        // A process may end while the others are read.
        let id = number(&entry?.file_name());
        if let Some((id, stat)) = id.and_then(|id| Some((id, Stat::of(id).ok()?))) {
            children.entry(stat.parent).or_default().push(id);
        }
    }
    let mut family = vec![root];
    let mut next = 0;
    while let Some(id) = family.get(next) {
        family.extend(children.remove(id).unwrap_or_default());
        next += 1;
    }
    Ok(family)
}

fn number(name: &OsStr) -> Option<u32> {
    name.to_str()?.parse().ok()
}

/// What `/proc/PID/stat` says.
struct Stat {
    parent: u32,
    started: u64,
    /// It has ended, and its parent has not taken notice.
    has_ended: bool,
}

impl Stat {
    fn of(id: u32) -> io::Result<Self> {
        let mut text = Vec::new();
        File::open(format!("/proc/{id}/stat"))?
            .take(STAT)
            .read_to_end(&mut text)?;
        Self::read(&text).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// The name, the second field, may hold anything, parentheses and blanks included: what follows is counted from its
    /// end.
    fn read(text: &[u8]) -> Option<Self> {
        let end = memchr::memrchr(b')', text)?;
        let rest = std::str::from_utf8(text.get(end + 1..)?).ok()?;
        let mut fields = rest.split_ascii_whitespace();
        let state = fields.next()?;
        let parent = fields.next()?.parse().ok()?;
        let started = fields.nth(17)?.parse().ok()?;
        Some(Self {
            parent,
            started,
            has_ended: matches!(state, "Z" | "X" | "x"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "  12: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  \
                        1000        0 424242 1 0000000000000000 20 4 30 10 -1";

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn a_line_of_the_table_is_read() {
        let expected = Socket {
            user: 1000,
            inode: 424242,
        };
        let (theirs, ours) = (at("127.0.0.1:50000"), at("127.0.0.1:8080"));
        assert_eq!(connection(LINE, theirs, ours), Some(expected));
        assert_eq!(connection(LINE, ours, theirs), None);
        assert_eq!(connection(LINE, at("127.0.0.1:50001"), ours), None);
        assert_eq!(connection(&LINE.replace("424242", "0"), theirs, ours), None);
        for length in 0..LINE.len() {
            let _ = connection(&LINE[..length], theirs, ours);
        }
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn addresses_of_both_families_are_read() {
        for (text, expected) in [
            ("0100007F:0050", "127.0.0.1:80"),
            ("00000000000000000000000001000000:01BB", "[::1]:443"),
            ("0000000000000000FFFF00000100007F:0050", "127.0.0.1:80"),
        ] {
            assert_eq!(address(text), Some(at(expected)), "{text}");
        }
        for text in [
            "",
            ":",
            "0100007F",
            "0100007F:",
            "0100007:0050",
            "0100007F00:0050",
            "é:1",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_with_parentheses_hides_nothing() {
        let fields = "S 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0";
        for name in ["cat", ") R 1 (", "a b", ""] {
            let stat = Stat::read(format!("42 ({name}) {fields}").as_bytes()).unwrap();
            assert_eq!((stat.parent, stat.started), (7, 4242), "{name}");
            assert!(!stat.has_ended);
        }
        assert!(Stat::read(b"42 (cat) S 7").is_none());
        assert!(Stat::read(b"").is_none());
    }

    #[test]
    fn this_process_is_in_the_family_of_its_parent() {
        let id = std::process::id();
        let parent = Stat::of(id).unwrap().parent;
        assert!(family(parent).unwrap().contains(&id));
        assert_eq!(family(id).unwrap().first(), Some(&id));
    }
}
