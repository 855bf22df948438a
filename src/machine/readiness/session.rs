//! The session and the clock.

use std::time::UNIX_EPOCH;

use rustls_pki_types::UnixTime;

use super::finding::{Basis, Certainty, Effect, Matter, Place};
use super::probes::Probes;
use super::reader::{Reader, Reading, Rule, machine};
use crate::clock;
use crate::machine::registry::Key;

/// Exists inside of a virtual machine of Hyper-V.
const GUEST: Key = machine(r"SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters");

pub(super) fn read(reader: &mut Reader<'_>, probes: &dyn Probes) {
    session(reader, probes);
    clock_of(reader, probes);
}

fn session(reader: &mut Reader<'_>, probes: &dyn Probes) {
    const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
    let place = Place::asked("GetSystemMetrics(SM_REMOTESESSION)");
    match probes.is_remote_session() {
        Ok(false) => {}
        Ok(true) => {
            // An enhanced session is one over Remote Desktop as well.
            let guest = matches!(reader.subkeys(RULE, &GUEST), Reading::Is(_));
            let found = if guest {
                "remote, in a virtual machine of Hyper-V"
            } else {
                "remote"
            };
            reader.add(
                RULE,
                Certainty::Certain,
                Matter::RemoteSession,
                place,
                found,
            );
        }
        Err(why) => {
            let why = why.to_string();
            reader.add(RULE, Certainty::Undetermined, Matter::NotTold, place, &why);
        }
    }
}

/// No certificate and no signed answer can be checked against a time that is long past.
fn clock_of(reader: &mut Reader<'_>, probes: &dyn Probes) {
    const RULE: Rule = Rule::new(Effect::BlocksAll, Basis::Documentation);
    let place = Place::asked("clock");
    match probes.now() {
        Ok(now) => {
            let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            let time = UnixTime::since_unix_epoch(since);
            if clock::check(time).is_err() {
                let found = httpdate::fmt_http_date(UNIX_EPOCH + since);
                reader.add(RULE, Certainty::Certain, Matter::ClockWrong, place, &found);
            }
        }
        Err(why) => {
            let why = why.to_string();
            reader.add(RULE, Certainty::Undetermined, Matter::NotTold, place, &why);
        }
    }
}
