//! Answers beyond the life of the process: one file each, named after what it is about, holding nothing but the signed
//! bytes.
//!
//! Whoever can write to the directory can make an answer disappear, and no more: what is read is verified again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use tracing::debug;

use super::{ENTRIES, Key};

/// The most bytes of a file.
const FILE: u64 = 2 << 20;

/// A directory of answers. Its functions block.
pub(super) struct Disk {
    directory: PathBuf,
}

impl Disk {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The answer, not verified. What is no plain file, or too large for one, is not there.
    pub(super) fn read(&self, key: &Key) -> Option<Bytes> {
        let path = self.path(key);
        let metadata = fs::symlink_metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() > FILE {
            return None;
        }
        let mut bytes = Vec::new();
        let mut file = File::open(&path).ok()?.take(FILE + 1);
        file.read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= FILE).then(|| bytes.into())
    }

    /// Keeps an answer, unless it is too large. A failure is no obstacle: the answer is then asked for again.
    pub(super) fn write(&self, key: &Key, der: &[u8]) {
        if der.len() as u64 > FILE {
            return;
        }
        if let Err(error) = self.replace(key, der) {
            debug!(target: "sspr::revocation", %error, "not kept on disk");
        }
    }

    pub(super) fn remove(&self, key: &Key) {
        let _ = fs::remove_file(self.path(key));
    }

    /// Nobody ever sees half a file: it is written under another name first.
    fn replace(&self, key: &Key, der: &[u8]) -> io::Result<()> {
        make_directory(&self.directory)?;
        self.make_room()?;
        let unfinished = self
            .directory
            .join(format!("{}.new", uuid::Uuid::new_v4().simple()));
        let written = create(&unfinished)
            .and_then(|mut file| file.write_all(der))
            .and_then(|()| fs::rename(&unfinished, self.path(key)));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    /// Removes the oldest files until one more may come.
    fn make_room(&self) -> io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.directory)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_ours(path))
            .map(|path| (modified(&path), path))
            .collect();
        files.sort();
        let surplus = (files.len() + 1).saturating_sub(ENTRIES);
        for (_, path) in files.iter().take(surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    fn path(&self, key: &Key) -> PathBuf {
        let name: String = key.iter().map(|octet| format!("{octet:02x}")).collect();
        self.directory.join(name).with_extension("der")
    }
}

/// What this crate wrote; anything else in the directory is left alone.
fn is_ours(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let is_hex = stem.is_some_and(|stem| stem.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_hex && matches!(extension, Some("der" | "new"))
}

fn modified(path: &Path) -> SystemTime {
    fs::symlink_metadata(path)
        .and_then(|metadata| metadata.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A new file that only this account may read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory that does not exist yet and is gone after the test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            let name = format!("sspr-cache-{}", uuid::Uuid::new_v4());
            Self(std::env::temp_dir().join(name))
        }

        fn disk(&self) -> Disk {
            Disk::new(self.0.join("revocation"))
        }

        fn files(&self) -> Vec<PathBuf> {
            let entries = fs::read_dir(self.0.join("revocation")).unwrap();
            entries.map(|entry| entry.unwrap().path()).collect()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_was_written_is_read_and_removed() {
        let scratch = Scratch::new();
        let disk = scratch.disk();
        assert_eq!(disk.read(&[1; 32]), None);
        disk.write(&[1; 32], b"one");
        disk.write(&[1; 32], b"another");
        assert_eq!(disk.read(&[1; 32]).as_deref(), Some(&b"another"[..]));
        assert_eq!(disk.read(&[2; 32]), None);
        assert_eq!(scratch.files().len(), 1, "no unfinished file is left");
        disk.remove(&[1; 32]);
        assert_eq!(disk.read(&[1; 32]), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new();
        scratch.disk().write(&[1; 32], b"one");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&scratch.files()[0]), 0o600);
        assert_eq!(mode(&scratch.0.join("revocation")), 0o700);
    }

    #[test]
    fn files_are_bounded_in_size() {
        let scratch = Scratch::new();
        let disk = scratch.disk();
        let most = vec![7; FILE as usize];
        disk.write(&[1; 32], &most);
        assert_eq!(disk.read(&[1; 32]).map(|der| der.len()), Some(most.len()));
        disk.write(&[2; 32], &[most, vec![7]].concat());
        assert_eq!(disk.read(&[2; 32]), None);
        // Someone else may have made it grow.
        let path = disk.path(&[1; 32]);
        OpenOptions::new()
            .append(true)
            .open(path)
            .unwrap()
            .write_all(b"7")
            .unwrap();
        assert_eq!(disk.read(&[1; 32]), None);
    }

    #[test]
    fn files_are_bounded_in_number() {
        let scratch = Scratch::new();
        let disk = scratch.disk();
        let key = |number: usize| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_be_bytes());
            key
        };
        disk.write(&key(0), b"the oldest");
        let long_ago = SystemTime::UNIX_EPOCH;
        File::options()
            .write(true)
            .open(disk.path(&key(0)))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        fs::write(scratch.0.join("revocation/notes.txt"), "someone else's").unwrap();
        for number in 1..=ENTRIES {
            disk.write(&key(number), b"newer");
        }
        assert_eq!(scratch.files().len(), ENTRIES + 1);
        assert_eq!(disk.read(&key(0)), None);
        assert!(disk.read(&key(ENTRIES)).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let scratch = Scratch::new();
        let disk = scratch.disk();
        disk.write(&[1; 32], b"one");
        std::os::unix::fs::symlink(disk.path(&[1; 32]), disk.path(&[2; 32])).unwrap();
        assert_eq!(disk.read(&[2; 32]), None);
        disk.write(&[2; 32], b"two");
        assert_eq!(disk.read(&[1; 32]).as_deref(), Some(&b"one"[..]));
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_no_obstacle() {
        let scratch = Scratch::new();
        fs::write(&scratch.0, "a file").unwrap();
        let disk = scratch.disk();
        disk.write(&[1; 32], b"one");
        assert_eq!(disk.read(&[1; 32]), None);
        fs::remove_file(&scratch.0).unwrap();
    }
}
