//! Whether this process has more rights than whoever may have set its environment.

/// Whether environment variables of this process may come from someone with fewer rights: after a set-user-id start on
/// Linux (`AT_SECURE`, getauxval(3)), and for the accounts of Windows services and of LogonUI. Where it cannot be told,
/// the answer is yes.
pub fn is_elevated() -> bool {
    system::is_elevated()
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
        let mut vector = Vec::new();
        // After a set-user-id start to an account other than root, not even this can be opened.
        let read = File::open("/proc/self/auxv")
            .and_then(|file| file.take(LARGEST).read_to_end(&mut vector));
        read.is_err() || is_secure(&vector)
    }

    pub(super) fn is_secure(vector: &[u8]) -> bool {
        let (words, _) = vector.as_chunks::<WORD>();
        let (entries, _) = words.as_chunks::<2>();
        let entry = entries
            .iter()
            .find(|[key, _]| usize::from_ne_bytes(*key) == AT_SECURE);
        entry.is_none_or(|[_, value]| usize::from_ne_bytes(*value) != 0)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_vector_of_this_process_says_no_and_one_without_the_entry_yes() {
            assert!(!is_elevated());
            assert!(is_secure(&[]));
            let entry = |value: usize| [AT_SECURE, value].map(usize::to_ne_bytes).concat();
            assert!(is_secure(&entry(1)));
            assert!(!is_secure(&entry(0)));
        }
    }
}
