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
    let folder = folder(view, "Default")?;
    Ok(folder.map(|folder| format!("{}\\{HIVE}", folder.trim_end_matches('\\'))))
}

/// The folder that holds the profiles of the users, as [`default_profile_hive`] finds its own.
///
/// # Errors
/// As for [`default_profile_hive`].
pub fn profiles_folder(view: &dyn RegistryView) -> Result<Option<String>, RegistryError> {
    folder(view, "ProfilesDirectory")
}

/// The folder for the data of programs that belong to no user, as [`default_profile_hive`] finds its own.
///
/// # Errors
/// As for [`default_profile_hive`].
pub fn program_data_folder(view: &dyn RegistryView) -> Result<Option<String>, RegistryError> {
    folder(view, "ProgramData")
}

fn folder(view: &dyn RegistryView, name: &str) -> Result<Option<String>, RegistryError> {
    let text = |path, name: &str| -> Result<Option<String>, RegistryError> {
        let value = view.value(&Key::new(Root::LocalMachine, path), name)?;
        Ok(value.and_then(|value| value.as_text().ok()))
    };
    let Some(folder) = text(PROFILES, name)? else {
        return Ok(None);
    };
    const DRIVE: &str = "%SystemDrive%";
    let start = folder.get(..DRIVE.len());
    if !start.is_some_and(|start| start.eq_ignore_ascii_case(DRIVE)) {
        return Ok(Some(folder));
    }
    let root = text(WINDOWS, "SystemRoot")?;
    let drive = root.as_deref().and_then(|root| root.get(..2));
    let rest = folder.get(DRIVE.len()..);
    Ok(drive
        .zip(rest)
        .map(|(drive, rest)| format!("{drive}{rest}")))
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

    #[test]
    fn the_other_folders_are_found_in_the_same_way() {
        let key = |path| Key::new(Root::LocalMachine, path);
        let map = RegistryMap::new()
            .with(
                &key(PROFILES),
                "ProfilesDirectory",
                Value::text(r"%SystemDrive%\Users"),
            )
            .with(&key(PROFILES), "ProgramData", Value::text(r"E:\Data"))
            .with(&key(WINDOWS), "SystemRoot", Value::text(r"C:\Windows"));
        assert_eq!(profiles_folder(&map), Ok(Some(r"C:\Users".into())));
        assert_eq!(program_data_folder(&map), Ok(Some(r"E:\Data".into())));
    }
}
