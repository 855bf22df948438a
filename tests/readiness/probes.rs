//! What the running system answers, beside what the registry says.

use sspr::machine::readiness::{
    Answer, Finding, JoinState, Matter, NetworkProfile, Probes, Readiness, SystemJoin, Verdict,
};
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, Root};
use sspr::messages::Messages;

use super::computers::*;

/// A system that tells its join and its folders of profiles, and nothing else.
struct System {
    join: SystemJoin,
    folders: Vec<String>,
}

impl Probes for System {
    fn join(&self) -> Answer<SystemJoin> {
        Ok(self.join.clone())
    }

    fn profile_folders(&self) -> Answer<Vec<String>> {
        Ok(self.folders.clone())
    }
}

fn assess(system: &System) -> Readiness {
    let map = reg_file::parse(ready().as_bytes()).unwrap();
    Readiness::assess(&map, system)
}

fn find<'r>(readiness: &'r Readiness, matter: &Matter) -> Option<&'r Finding> {
    let mut findings = readiness.findings.iter();
    findings.find(|finding| finding.matter == *matter)
}

fn joined_to(tenant: Option<&str>) -> Readiness {
    assess(&System {
        join: SystemJoin::new(tenant.map(Into::into), None),
        folders: Vec::new(),
    })
}

#[test]
fn another_tenant_or_another_state_is_a_dispute_and_the_system_counts() {
    let same = joined_to(Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!(find(&same, &Matter::JoinDisputed), None);

    let other = joined_to(Some("AAAAAAAA-2222-3333-4444-555555555555"));
    assert_eq!(other.join.state, JoinState::Entra);
    let tenants: Vec<&str> = other.join.tenants.iter().map(|one| &**one).collect();
    assert_eq!(tenants, ["aaaaaaaa-2222-3333-4444-555555555555"]);
    let dispute = find(&other, &Matter::JoinDisputed).unwrap();
    assert!(dispute.found.contains("11111111") && dispute.found.contains("aaaaaaaa"));

    let none = joined_to(None);
    assert_eq!(none.join.state, JoinState::None);
    assert!(find(&none, &Matter::JoinDisputed).is_some());
    assert_eq!(none.built_in(), Verdict::Blocked);
}

#[test]
fn a_pile_of_profile_folders_is_counted_to_its_end() {
    let folders = (0..3000).map(|number| format!("DefaultUser1.PC.{number}"));
    let readiness = assess(&System {
        join: SystemJoin::default(),
        folders: folders.chain(["Public".into()]).collect(),
    });
    let count = 3000;
    let finding = find(&readiness, &Matter::LeftOverProfiles { count }).unwrap();
    assert!(finding.found.chars().count() <= 256);
}

/// A registry and a system whose names are chosen to spoil a terminal.
#[test]
fn hostile_names_of_keys_and_files_are_harmless() {
    struct Hostile;
    impl Probes for Hostile {
        fn network_profiles(&self) -> Answer<Vec<NetworkProfile>> {
            let xml = "<name>x</name><singleSignOn><type>preLogon</type></singleSignOn>";
            Ok(vec![NetworkProfile::new(format!("{HOSTILE}.xml"), xml)])
        }
    }
    const HOSTILE: &str = "a\u{1b}]0;b\u{7}\n\u{202e}c\u{9b}2J";
    let below = |path: &'static str| Key::new(Root::LocalMachine, path).child(HOSTILE);
    let providers =
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers";
    let mut map = reg_file::parse(ready().as_bytes()).unwrap();
    map.create(&below(JOIN));
    map.create(&below(providers));
    let readiness = Readiness::assess(&map, &Hostile);
    let messages = Messages::for_language("en");
    let mut places = 0;
    for finding in &readiness.findings {
        for text in [finding.place.to_string(), messages.text(finding)] {
            let harmful = |c: char| c.is_control() || c == '\u{202e}';
            assert!(!text.contains(harmful), "{text:?}");
        }
        places += usize::from(finding.place.path.contains("a]0;bc2J"));
    }
    assert_eq!(places, 3, "{:#?}", readiness.findings);
}
