//! Pictures of pages, for people to look at.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A folder of pictures, in the order in which they were taken. They stay until the test takes others.
pub(crate) struct Album {
    folder: PathBuf,
    count: usize,
}

impl Album {
    pub(crate) fn new(name: &str) -> Self {
        let folder = folder(name);
        // There are none at first.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        tell(name);
        Self { folder, count: 0 }
    }

    pub(crate) fn keep(&mut self, title: &str, png: &[u8]) {
        assert!(png.starts_with(b"\x89PNG"), "{title} is no picture");
        self.count += 1;
        let file = format!("{:02}-{title}.png", self.count);
        fs::write(self.folder.join(file), png).unwrap();
    }
}

/// Says where the pictures are, past the capture of the test harness.
pub(crate) fn tell(name: &str) {
    let mut terminal = io::stderr();
    writeln!(terminal, "pictures: {}", folder(name).display()).unwrap();
}

fn folder(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    target.join("gateway").join(name)
}
