//! The Windows registry as one small view, whatever holds it: the live registry, an offline hive, an export, or a map.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::error::StoreProblem;

/// One of the trees at the top of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Root {
    /// `HKEY_LOCAL_MACHINE`
    LocalMachine,
    /// `HKEY_CURRENT_USER`
    CurrentUser,
    /// `HKEY_USERS`
    Users,
}

impl Root {
    /// The usual short name: `HKLM`.
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::LocalMachine => "HKLM",
            Self::CurrentUser => "HKCU",
            Self::Users => "HKU",
        }
    }
}

/// Where a key is: a root, and names separated by backslashes. Names are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The tree.
    pub root: Root,
    /// The path below the root, without a backslash at either end.
    pub path: Cow<'static, str>,
}

impl Key {
    /// A key by its path.
    pub fn new(root: Root, path: impl Into<Cow<'static, str>>) -> Self {
        Self {
            root,
            path: path.into(),
        }
    }

    /// The key `name` below this one.
    pub fn child(&self, name: &str) -> Self {
        Self::new(
            self.root,
            if self.path.is_empty() {
                name.to_owned()
            } else {
                format!("{}\\{name}", self.path)
            },
        )
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\\{}", self.root.short_name(), self.path)
    }
}

/// A value as it is stored: a type number and bytes, which need not fit each other.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// The type: `REG_SZ` is 1, `REG_DWORD` is 4, and so on.
    pub kind: u32,
    /// The bytes, little endian, text as UTF-16.
    pub data: Vec<u8>,
}

/// The types of values, by the numbers of `winnt.h`.
pub mod kind {
    #![allow(missing_docs, reason = "the names are the documentation")]
    pub const NONE: u32 = 0;
    pub const SZ: u32 = 1;
    pub const EXPAND_SZ: u32 = 2;
    pub const BINARY: u32 = 3;
    pub const DWORD: u32 = 4;
    pub const DWORD_BIG_ENDIAN: u32 = 5;
    pub const LINK: u32 = 6;
    pub const MULTI_SZ: u32 = 7;
    pub const QWORD: u32 = 11;
}

/// Why a value cannot be read as what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// It has another type.
    #[error("type {0} where another was expected")]
    WrongType(u32),
    /// Its size does not fit its type.
    #[error("{0} bytes do not fit the type")]
    WrongSize(usize),
    /// It is no UTF-16 text.
    #[error("not UTF-16 text")]
    NotText,
}

impl Value {
    /// A `REG_SZ`, terminated.
    pub fn text(text: &str) -> Self {
        Self {
            kind: kind::SZ,
            data: text
                .encode_utf16()
                .chain([0])
                .flat_map(u16::to_le_bytes)
                .collect(),
        }
    }

    /// A `REG_DWORD`.
    pub fn dword(number: u32) -> Self {
        Self {
            kind: kind::DWORD,
            data: number.to_le_bytes().to_vec(),
        }
    }

    /// A `REG_BINARY`.
    pub fn binary(data: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: kind::BINARY,
            data: data.into(),
        }
    }

    /// The number of a `REG_DWORD`.
    ///
    /// # Errors
    /// [`ValueError`] if it is of another type or size.
    pub fn as_dword(&self) -> Result<u32, ValueError> {
        if self.kind != kind::DWORD {
            return Err(ValueError::WrongType(self.kind));
        }
        let bytes = self
            .data
            .as_slice()
            .try_into()
            .map_err(|_| ValueError::WrongSize(self.data.len()))?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// The text of a `REG_SZ` or `REG_EXPAND_SZ`, up to its first NUL; a missing terminator is tolerated, as Windows
    /// itself does not add one.
    ///
    /// # Errors
    /// [`ValueError`] if it is of another type, of an odd size, or no UTF-16.
    pub fn as_text(&self) -> Result<String, ValueError> {
        if !matches!(self.kind, kind::SZ | kind::EXPAND_SZ) {
            return Err(ValueError::WrongType(self.kind));
        }
        let (pairs, []) = self.data.as_chunks::<2>() else {
            return Err(ValueError::WrongSize(self.data.len()));
        };
        let units = pairs
            .iter()
            .map(|pair| u16::from_le_bytes(*pair))
            .take_while(|unit| *unit != 0);
        char::decode_utf16(units)
            .collect::<Result<_, _>>()
            .map_err(|_| ValueError::NotText)
    }

    /// The bytes of a `REG_BINARY`.
    ///
    /// # Errors
    /// [`ValueError::WrongType`] if it is of another type.
    pub fn as_binary(&self) -> Result<&[u8], ValueError> {
        if self.kind == kind::BINARY {
            Ok(&self.data)
        } else {
            Err(ValueError::WrongType(self.kind))
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value(type {}, {} bytes)", self.kind, self.data.len())
    }
}

/// Why the registry could not be read. That a key or value does not exist is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// This process may not read it.
    #[error("{key} may not be read")]
    Denied {
        /// The key that was asked for.
        key: String,
    },
    /// What holds the registry is damaged there.
    #[error("{key} is damaged: {detail}")]
    Corrupt {
        /// The key that was asked for.
        key: String,
        /// What is wrong.
        detail: &'static str,
    },
    /// The operating system failed otherwise.
    #[error("{key} cannot be read (system error {code})")]
    System {
        /// The key that was asked for.
        key: String,
        /// The error number of the operating system.
        code: i32,
    },
    /// This view does not hold that tree.
    #[error("this view does not hold {key}")]
    NotHeld {
        /// The key that was asked for.
        key: String,
    },
}

impl From<RegistryError> for StoreProblem {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Denied { .. } => Self::Denied,
            RegistryError::Corrupt { detail, .. } => Self::Corrupt { detail },
            RegistryError::System { code, .. } => Self::System { code },
            RegistryError::NotHeld { .. } => Self::NotHeld,
        }
    }
}

/// Read access to a registry.
pub trait RegistryView: Send + Sync {
    /// The value `name` of `key` (the default value is named `""`), or `None` if either does not exist.
    ///
    /// # Errors
    /// [`RegistryError`] if it cannot be told.
    fn value(&self, key: &Key, name: &str) -> Result<Option<Value>, RegistryError>;

    /// The names of the keys directly below `key`, or `None` if it does not exist.
    ///
    /// # Errors
    /// [`RegistryError`] if it cannot be told.
    fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError>;
}

/// A registry that is a map: for tests, and for what an embedding program knows already.
#[derive(Debug, Clone, Default)]
pub struct RegistryMap {
    /// By folded path: the name of the key, and its values by folded name.
    keys: BTreeMap<(Root, String), (String, Values)>,
}

type Values = BTreeMap<String, (String, Value)>;

impl RegistryMap {
    /// An empty registry that holds every root.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value, and makes its key and the keys above it exist.
    #[must_use]
    pub fn with(mut self, key: &Key, name: &str, value: Value) -> Self {
        self.set(key, name, value);
        self
    }

    /// Sets a value, and makes its key and the keys above it exist.
    pub fn set(&mut self, key: &Key, name: &str, value: Value) {
        self.create(key);
        if let Some((_, values)) = self.keys.get_mut(&folded(key)) {
            values.insert(fold(name), (name.to_owned(), value));
        }
    }

    /// Makes a key and the keys above it exist.
    pub fn create(&mut self, key: &Key) {
        let (root, path) = folded(key);
        let ends = path.match_indices('\\').map(|(end, _)| end);
        let paths = ends.chain([path.len()]).filter_map(|end| path.get(..end));
        for (path, name) in paths.zip(key.path.split('\\')) {
            self.keys
                .entry((root, path.to_owned()))
                .or_insert_with(|| (name.to_owned(), Values::new()));
        }
    }

    /// Removes a value, if it exists.
    pub fn remove(&mut self, key: &Key, name: &str) {
        if let Some((_, values)) = self.keys.get_mut(&folded(key)) {
            values.remove(&fold(name));
        }
    }

    /// Removes a key, if it exists, and all keys below it.
    pub fn remove_tree(&mut self, key: &Key) {
        let (root, path) = folded(key);
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}\\")
        };
        self.keys
            .retain(|(at, other), _| *at != root || *other != path && !other.starts_with(&prefix));
    }

    /// The names of the values of `key`, or `None` if it does not exist.
    pub fn value_names(&self, key: &Key) -> Option<Vec<String>> {
        let (_, values) = self.keys.get(&folded(key))?;
        Some(values.values().map(|(name, _)| name.clone()).collect())
    }

    /// How many keys exist.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }
}

impl RegistryView for RegistryMap {
    fn value(&self, key: &Key, name: &str) -> Result<Option<Value>, RegistryError> {
        Ok(self
            .keys
            .get(&folded(key))
            .and_then(|(_, values)| values.get(&fold(name)))
            .map(|(_, value)| value.clone()))
    }

    fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError> {
        let (root, path) = folded(key);
        if !path.is_empty() && !self.keys.contains_key(&(root, path.clone())) {
            return Ok(None);
        }
        let prefix = if path.is_empty() { path } else { path + "\\" };
        let below =
            self.keys
                .range((root, prefix.clone())..)
                .map_while(|((at, path), (name, _))| {
                    let rest = path.strip_prefix(&prefix).filter(|_| *at == root)?;
                    Some((rest, name))
                });
        Ok(Some(
            below
                .filter(|(rest, _)| !rest.is_empty() && !rest.contains('\\'))
                .map(|(_, name)| name.clone())
                .collect(),
        ))
    }
}

fn folded(key: &Key) -> (Root, String) {
    (key.root, fold(&key.path))
}

/// Registry names are compared by their upper-case forms.
fn fold(name: &str) -> String {
    name.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &'static str) -> Key {
        Key::new(Root::LocalMachine, path)
    }

    #[test]
    fn a_map_makes_the_keys_above_and_keeps_the_case_of_names() {
        let map = RegistryMap::new()
            .with(&key(r"SOFTWARE\Policies\Deep"), "Größe", Value::dword(1))
            .with(&key(r"software\POLICIES"), "", Value::dword(2))
            .with(&key(r"SOFTWARE\Policies2"), "x", Value::dword(3));
        assert_eq!(map.subkeys(&key("")), Ok(Some(vec!["SOFTWARE".to_owned()])));
        let names = map.subkeys(&key("Software")).unwrap().unwrap();
        assert_eq!(names, ["Policies", "Policies2"]);
        let deep = key(r"SOFTWARE\policies\DEEP");
        assert_eq!(map.value(&deep, "GRÖßE"), Ok(Some(Value::dword(1))));
        assert_eq!(map.value_names(&deep), Some(vec!["Größe".to_owned()]));
        assert_eq!(map.value_names(&key("absent")), None);
        assert_eq!(map.subkeys(&Key::new(Root::Users, "SOFTWARE")), Ok(None));
        assert_eq!(map.key_count(), 4);
    }

    #[test]
    fn what_is_removed_is_gone() {
        let mut map = RegistryMap::new()
            .with(&key(r"a\b\c"), "x", Value::dword(1))
            .with(&key("ab"), "x", Value::dword(1));
        map.remove(&key("AB"), "X");
        map.remove(&key("absent"), "x");
        assert_eq!(map.value(&key("ab"), "x"), Ok(None));
        map.remove_tree(&key(r"A\B"));
        assert_eq!(map.subkeys(&key("a")), Ok(Some(vec![])));
        assert_eq!(map.subkeys(&key(r"a\b\c")), Ok(None));
        map.create(&Key::new(Root::Users, "kept"));
        map.remove_tree(&key(""));
        assert_eq!(map.key_count(), 1);
    }
}
