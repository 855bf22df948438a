//! Networks that wait for the user: 802.1X with single sign-on "immediately before user logon".

use super::finding::{Basis, Certainty, Effect, Matter, Place};
use super::probes::{NetworkProfile, Probes};
use super::reader::{Reader, Rule};
use crate::error::PeerText;

/// More profiles than any computer has.
const MAX_PROFILES: usize = 512;

pub(super) fn read(reader: &mut Reader<'_>, probes: &dyn Probes) {
    const NO_NETWORK: Rule = Rule::new(Effect::BlocksAll, Basis::Instructions);
    const BUILT_IN: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
    match probes.network_profiles() {
        Ok(profiles) => {
            for profile in profiles.iter().take(MAX_PROFILES) {
                let Some(waits) = waits_for_user(profile) else {
                    continue;
                };
                // With the computer's own authentication there is a network before, which is enough for this crate.
                let rule = if waits.computer_too {
                    BUILT_IN
                } else {
                    NO_NETWORK
                };
                let matter = Matter::NetworkWaitsForUser {
                    profile: waits.name,
                };
                // The computer may have another network at hand.
                let place = Place::asked(&profile.place);
                reader.add(
                    rule,
                    Certainty::Possible,
                    matter,
                    place,
                    "singleSignOn: preLogon",
                );
            }
        }
        Err(why) => {
            let (place, why) = (Place::asked("profiles of 802.1X networks"), why.to_string());
            reader.add(
                NO_NETWORK,
                Certainty::Undetermined,
                Matter::NotTold,
                place,
                &why,
            );
        }
    }
}

struct Waits {
    name: PeerText,
    computer_too: bool,
}

/// The elements are those of the schema OneX v1 ([MS-GPWL] 6.5). They are looked for by their names: whatever else the
/// text is, no more is taken from it.
fn waits_for_user(profile: &NetworkProfile) -> Option<Waits> {
    let sign_on = element(&profile.xml, "singleSignOn")?;
    if element(sign_on, "type")? != "preLogon" {
        return None;
    }
    let mode = element(&profile.xml, "authMode").unwrap_or_default();
    let name = element(&profile.xml, "name").unwrap_or(&profile.place);
    Some(Waits {
        name: PeerText::new(name),
        computer_too: mode.starts_with("machine"),
    })
}

/// What the first element of this name holds. No tag holds a `<`, so that every byte is looked at once.
fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let opened = xml.match_indices('<').find_map(|(at, _)| {
        let rest = xml.get(at + 1..)?.strip_prefix(name)?;
        let (attributes, after) = rest.split_at_checked(rest.find(['<', '>'])?)?;
        let inside = after.strip_prefix('>')?;
        let complete = attributes.is_empty() || attributes.starts_with([' ', '\t', '\r', '\n']);
        (complete && !attributes.ends_with('/')).then_some(inside)
    })?;
    let (inside, _) = opened.split_once(&format!("</{name}>"))?;
    Some(inside.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(mode: &str, sign_on: &str) -> NetworkProfile {
        let xml = format!(
            "<WLANProfile xmlns=\"a\"><name>Office</name><MSM><OneX xmlns=\"b\"><authMode>{mode}</authMode>\
             {sign_on}</OneX></MSM></WLANProfile>"
        );
        NetworkProfile::new("Office.xml", xml)
    }

    #[test]
    fn only_a_sign_on_before_the_user_is_in_the_way() {
        let before =
            "<singleSignOn>\n <type> preLogon </type><maxDelay>10</maxDelay></singleSignOn>";
        let waits = waits_for_user(&profile("user", before)).unwrap();
        assert_eq!(waits.name.as_str(), "Office");
        assert!(!waits.computer_too);
        assert!(
            waits_for_user(&profile("machineOrUser", before))
                .unwrap()
                .computer_too
        );
        for other in [
            "",
            "<singleSignOn><type>postLogon</type></singleSignOn>",
            "<singleSignOn/><type>preLogon</type>",
            "<singleSignOn><maxDelay>1</maxDelay></singleSignOn><type>preLogon</type>",
            "<singleSignOnX><type>preLogon</type></singleSignOnX>",
            "<singleSignOn><type>preLogon",
        ] {
            assert!(waits_for_user(&profile("user", other)).is_none(), "{other}");
        }
    }

    #[test]
    fn hostile_text_ends_quickly() {
        let angles = "<".repeat(1 << 16);
        assert!(waits_for_user(&NetworkProfile::new("x", angles)).is_none());
        let open = "<singleSignOn ".repeat(1 << 12);
        assert!(waits_for_user(&NetworkProfile::new("x", open)).is_none());
    }
}
