//! Whether this process has more rights than whoever may have set its environment.

/// Whether environment variables of this process may come from someone with fewer rights: after a set-user-id start on
/// Linux (`AT_SECURE`, getauxval(3)), and for the accounts of Windows services and of LogonUI. Where it cannot be told,
/// the answer is yes.
pub fn is_elevated() -> bool {
    system::is_elevated()
}

/// Whether the system has told the libraries of this process not to heed its environment, as they do after a set-user-id
/// start.
#[cfg(unix)]
pub(crate) fn libraries_ignore_environment() -> bool {
    system::is_secure() == Some(true)
}

#[cfg(windows)]
mod system {
    use crate::machine::live::{Account, account};

    pub(super) fn is_elevated() -> bool {
        account().map_or(true, |account| account != Account::Other)
    }
}

#[cfg(not(windows))]
mod system {
    use std::fs::File;
    use std::io::Read;

    /// The key of the entry (`linux/auxvec.h`).
    const AT_SECURE: usize = 23;
    /// The vector has some twenty entries of two words.
    const LARGEST: u64 = 4096;
    const WORD: usize = size_of::<usize>();

    pub(super) fn is_elevated() -> bool {
        is_secure().unwrap_or(true)
    }

    /// What the system says, if it can be read.
    pub(super) fn is_secure() -> Option<bool> {
        let mut vector = Vec::new();
        // After a set-user-id start to an account other than root, not even this can be opened.
        let file = File::open("/proc/self/auxv").ok()?;
        file.take(LARGEST).read_to_end(&mut vector).ok()?;
        entry(&vector)
    }

    fn entry(vector: &[u8]) -> Option<bool> {
        let (words, _) = vector.as_chunks::<WORD>();
        let (entries, _) = words.as_chunks::<2>();
        let entry = entries
            .iter()
            .find(|[key, _]| usize::from_ne_bytes(*key) == AT_SECURE);
        entry.map(|[_, value]| usize::from_ne_bytes(*value) != 0)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_vector_of_this_process_says_no_and_one_without_the_entry_yes() {
            assert!(!is_elevated());
            assert_eq!(entry(&[]), None);
            let vector = |value: usize| [AT_SECURE, value].map(usize::to_ne_bytes).concat();
            assert_eq!(entry(&vector(1)), Some(true));
            assert_eq!(entry(&vector(0)), Some(false));
        }
    }
}
