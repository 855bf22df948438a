//! The switch for the link on the sign-in screen: the policy, and what the device management made of its own setting.

use super::finding::{Basis, Certainty, Effect, Matter};
use super::reader::{Reader, Reading, Rule, at, machine};
use crate::machine::registry::Key;

const POLICY: Key = machine(r"SOFTWARE\Policies\Microsoft\AzureADAccount");
const POLICY_VALUE: &str = "AllowPasswordReset";
const MANAGED: Key = machine(r"SOFTWARE\Microsoft\PolicyManager\current\device\Authentication");
const MANAGED_VALUE: &str = "AllowAadPasswordReset";
const POLICY_RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
const MANAGED_RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Unverified);

/// Whether the link is enabled, if that can be told.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<bool> {
    let policy = switch(reader, POLICY_RULE, &POLICY, POLICY_VALUE);
    let managed = switch(reader, MANAGED_RULE, &MANAGED, MANAGED_VALUE);
    let place = at(&POLICY, POLICY_VALUE);
    match (&policy, &managed) {
        (Reading::Unknown, _) | (Reading::Absent, Reading::Unknown) => None,
        (Reading::Is(ours), Reading::Is(theirs)) if ours != theirs => {
            let (ours, theirs) = (u8::from(*ours), u8::from(*theirs));
            let found = format!("{ours}, but the device management says {theirs}");
            let disputed = Matter::LinkDisputed;
            reader.add(
                MANAGED_RULE,
                Certainty::Undetermined,
                disputed,
                place,
                &found,
            );
            None
        }
        (Reading::Is(true), _) | (Reading::Absent, Reading::Is(true)) => Some(true),
        (Reading::Is(false) | Reading::Absent, _) => {
            let found = if policy == Reading::Is(false) {
                "0"
            } else {
                ""
            };
            reader.add(
                POLICY_RULE,
                Certainty::Certain,
                Matter::LinkNotEnabled,
                place,
                found,
            );
            Some(false)
        }
    }
}

fn switch(reader: &mut Reader<'_>, rule: Rule, key: &Key, name: &str) -> Reading<bool> {
    match reader.dword(rule, key, name) {
        Reading::Is(0) => Reading::Is(false),
        Reading::Is(1) => Reading::Is(true),
        Reading::Is(other) => {
            let (unclear, found) = (Certainty::Undetermined, other.to_string());
            reader.add(rule, unclear, Matter::UnknownContent, at(key, name), &found);
            Reading::Unknown
        }
        Reading::Absent => Reading::Absent,
        Reading::Unknown => Reading::Unknown,
    }
}
