//! Profiles of the temporary account of Windows that were not removed.

use super::finding::{Basis, Certainty, Effect, Matter, Place};
use super::probes::Probes;
use super::reader::{Reader, Reading, Rule, at_key, machine};
use crate::machine::registry::Key;

const PROFILES: Key = machine(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList");
/// Windows calls its temporary accounts so: `defaultuser0`, `defaultuser1`, and folders `defaultuser1.COMPUTER.000`.
const PREFIX: &str = "defaultuser";
/// One may be in use.
const MANY: usize = 2;
const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Reports);
const REMARK: Rule = Rule::new(Effect::Remark, Basis::Reports);

/// Counts them. The vendor says that they do no harm; users say that piles of them do.
pub(super) fn read(reader: &mut Reader<'_>, probes: &dyn Probes) {
    let mut names = Vec::new();
    if let Reading::Is(users) = reader.subkeys(RULE, &PROFILES) {
        for user in users {
            let folder = reader.text(REMARK, &PROFILES.child(&user), "ProfileImagePath");
            if let Reading::Is(folder) = folder
                && let Some(name) = folder.trim_end_matches('\\').rsplit('\\').next()
            {
                names.push(name.to_lowercase());
            }
        }
    }
    match probes.profile_folders() {
        // They are all counted, however many: the number is what the finding tells.
        Ok(folders) => names.extend(folders.iter().map(|name| name.to_lowercase())),
        Err(why) => {
            let (place, why) = (Place::asked("folders of profiles"), why.to_string());
            reader.add(
                REMARK,
                Certainty::Undetermined,
                Matter::NotTold,
                place,
                &why,
            );
        }
    }
    names.retain(|name| name.starts_with(PREFIX));
    names.sort();
    names.dedup();
    let count = names.len();
    if count >= MANY {
        let (matter, found) = (Matter::LeftOverProfiles { count }, names.join(", "));
        reader.add(RULE, Certainty::Possible, matter, at_key(&PROFILES), &found);
    }
}
