//! Where Windows keeps the profiles of its users.

use super::registry::{Key, RegistryError, RegistryView, Root};

const PROFILES: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
const WINDOWS: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const HIVE: &str = "NTUSER.DAT";

/// The hive file that new profiles are copied from, or `None` if the registry does not name its folder.
///
/// `%SystemDrive%` is taken from the registry too (`SystemRoot`): an environment variable may come from anyone.
///
/// # Errors
/// [`RegistryError`] if the registry cannot be read. A value of another type counts as missing.
pub fn default_profile_hive(view: &dyn RegistryView) -> Result<Option<String>, RegistryError> {
    let text = |path, name| -> Result<Option<String>, RegistryError> {
        let value = view.value(&Key::new(Root::LocalMachine, path), name)?;
        Ok(value.and_then(|value| value.as_text().ok()))
    };
    let Some(folder) = text(PROFILES, "Default")? else {
        return Ok(None);
    };
    const DRIVE: &str = "%SystemDrive%";
    let start = folder.get(..DRIVE.len());
    let folder = if start.is_some_and(|start| start.eq_ignore_ascii_case(DRIVE)) {
        let root = text(WINDOWS, "SystemRoot")?;
        let Some(drive) = root.as_deref().and_then(|root| root.get(..2)) else {
            return Ok(None);
        };
        folder
            .get(DRIVE.len()..)
            .map(|rest| format!("{drive}{rest}"))
    } else {
        Some(folder)
    };
    Ok(folder.map(|folder| format!("{}\\{HIVE}", folder.trim_end_matches('\\'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::registry::{RegistryMap, Value};

    #[test]
    fn the_folder_comes_from_the_registry_and_the_drive_too() {
        let hive = |folder: &str, root: Option<&str>| {
            let mut map = RegistryMap::new();
            let key = |path| Key::new(Root::LocalMachine, path);
            map.set(&key(PROFILES), "Default", Value::text(folder));
            if let Some(root) = root {
                map.set(&key(WINDOWS), "SystemRoot", Value::text(root));
            }
            default_profile_hive(&map).unwrap()
        };
        let usual = hive(r"%SystemDrive%\Users\Default", Some(r"D:\Windows"));
        assert_eq!(usual.as_deref(), Some(r"D:\Users\Default\NTUSER.DAT"));
        let plain = hive(r"E:\Profiles\Default\", None);
        assert_eq!(plain.as_deref(), Some(r"E:\Profiles\Default\NTUSER.DAT"));
        assert_eq!(hive(r"%systemdrive%\Users\Default", None), None);
        assert_eq!(default_profile_hive(&RegistryMap::new()), Ok(None));
    }
}
