//! Registry exports, as `regedit` imports them.

/// What is to be done with a value.
pub(super) enum Entry {
    /// Write this number.
    Number(u32),
    /// Remove it.
    Remove,
}

/// An export with one key after the other. All names are ASCII and need no escapes.
pub(super) fn export(keys: &[(&str, &[(&str, Entry)])]) -> String {
    let mut text = String::from("Windows Registry Editor Version 5.00\n");
    for (key, values) in keys {
        text += &format!("\n[{key}]\n");
        for (name, entry) in *values {
            text += &match entry {
                Entry::Number(number) => format!("\"{name}\"=dword:{number:08x}\n"),
                Entry::Remove => format!("\"{name}\"=-\n"),
            };
        }
    }
    text
}
