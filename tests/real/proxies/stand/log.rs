//! What a proxy has written down.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::PATIENCE;

/// The log of a proxy.
pub(crate) struct Log(PathBuf);

impl Log {
    pub(super) fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// The first line that holds all of `words`. It has to come: proxies write a tunnel down when it ends, or a little
    /// after they have answered.
    pub(crate) fn line(&self, words: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let lines = self.lines();
            let is_it = |line: &String| words.iter().all(|word| line.contains(word));
            if let Some(line) = lines.iter().find(|line| is_it(line)) {
                return line.clone();
            }
            assert!(Instant::now() < deadline, "no {words:?} in {lines:#?}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The lines that hold all of `words`, of which there have to be so many and no more. Whatever ought to be written down
    /// must have come before this is asked.
    pub(crate) fn exactly(&self, count: usize, words: &[&str]) -> Vec<String> {
        let mut lines = self.lines();
        lines.retain(|line| words.iter().all(|word| line.contains(word)));
        assert_eq!(lines.len(), count, "{words:?} in {:#?}", self.lines());
        lines
    }

    /// Waits until there are so many lines that hold all of `words`.
    pub(crate) fn wait_for(&self, count: usize, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        let is_it = |line: &String| words.iter().all(|word| line.contains(word));
        while self.lines().iter().filter(|line| is_it(line)).count() < count {
            assert!(
                Instant::now() < deadline,
                "not {count} times {words:?} in {:#?}",
                self.lines()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        // Some make it when they have something to write.
        let text = fs::read(&self.0).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        text.lines().map(str::to_owned).collect()
    }
}
