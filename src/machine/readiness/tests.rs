use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::*;
use crate::error::{Remedy, StoreProblem, Who};
use crate::machine::registry::{Key, RegistryError, RegistryMap, Root, Value, kind};

const VERSION: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const LINK: &str = r"SOFTWARE\Policies\Microsoft\AzureADAccount";
const POLICIES: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System";
const SCREEN: &str = r"SOFTWARE\Policies\Microsoft\Windows\System";
const JOINS: &str = r"SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo";
const PROVIDERS: &str =
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers";

#[test]
fn a_computer_as_it_should_be_is_ready() {
    let readiness = Readiness::assess(&ready(), &Running::default());
    let in_the_way: Vec<_> = readiness
        .findings
        .iter()
        .filter(|finding| finding.certainty != Certainty::BeyondReach)
        .collect();
    assert!(in_the_way.is_empty(), "{in_the_way:?}");
    assert_eq!(readiness.link_enabled, Some(true));
    assert_eq!(readiness.built_in(), Verdict::Clear);
    assert_eq!(readiness.frontend(), Verdict::Clear);
    assert_eq!(readiness.screen_line(), ScreenLine::Ready);
    assert_eq!(readiness.join.state, JoinState::Entra);
    assert_eq!(readiness.windows.build, Some(19045));
}

#[test]
fn what_no_registry_tells_is_said() {
    let readiness = Readiness::assess(&ready(), &Running::default());
    let places: Vec<_> = by_hand(&readiness).collect();
    assert!(places.iter().any(|place| place.contains("EnableLostMode")));
    assert!(places.iter().any(|place| place.contains("log on locally")));
}

fn by_hand(readiness: &Readiness) -> impl Iterator<Item = &str> {
    let findings = readiness.findings.iter();
    findings
        .filter(|finding| finding.matter == Matter::ToCheckByHand)
        .map(|finding| finding.place.path.as_str())
}

#[test]
fn an_empty_registry_is_no_good_news() {
    let readiness = Readiness::assess(&RegistryMap::new(), &NoProbes::new());
    assert_eq!(readiness.built_in(), Verdict::Blocked);
    assert_eq!(readiness.frontend(), Verdict::Doubtful);
    assert_eq!(readiness.screen_line(), ScreenLine::PerhapsNotReady);
    let untold = readiness
        .findings
        .iter()
        .filter(|finding| finding.matter == Matter::NotTold);
    let untold: Vec<_> = untold.map(|finding| finding.place.to_string()).collect();
    for question in [
        "CurrentBuild",
        "EditionID",
        "REMOTESESSION",
        "clock",
        "802.1X",
    ] {
        assert!(
            untold.iter().any(|place| place.contains(question)),
            "{question}"
        );
    }
}

#[test]
fn a_denied_registry_is_unknown_and_never_fine() {
    let readiness = Readiness::assess(&Denied, &Running::default());
    assert_eq!(readiness.link_enabled, None);
    assert_eq!(readiness.join.state, JoinState::Unknown);
    assert_eq!(readiness.join.needs_domain_controller(), None);
    assert_eq!(readiness.windows, Windows::default());
    assert_eq!(readiness.built_in(), Verdict::Doubtful);
    let denied = |finding: &&Finding| {
        let problem = StoreProblem::Denied;
        finding.matter == Matter::Unreadable { problem }
    };
    let denied: Vec<_> = readiness.findings.iter().filter(denied).collect();
    assert!(denied.len() >= 15, "{denied:#?}");
    assert!(
        denied
            .iter()
            .all(|finding| finding.certainty == Certainty::Undetermined)
    );
    assert!(
        denied
            .iter()
            .all(|finding| finding.remedy() == Remedy::LookWithMoreRights)
    );
}

#[test]
fn the_link_is_off_on_doubtful_or_disputed() {
    let of = |value: Option<Value>, managed: Option<u32>| {
        let mut map = ready();
        map.remove(&key(LINK), "AllowPasswordReset");
        if let Some(value) = value {
            map.set(&key(LINK), "AllowPasswordReset", value);
        }
        if let Some(managed) = managed {
            let place = key(r"SOFTWARE\Microsoft\PolicyManager\current\device\Authentication");
            map.set(&place, "AllowAadPasswordReset", Value::dword(managed));
        }
        Readiness::assess(&map, &Running::default())
    };
    for (value, managed, enabled, verdict) in [
        (None, None, Some(false), Verdict::Blocked),
        (Some(Value::dword(0)), None, Some(false), Verdict::Blocked),
        (
            Some(Value::dword(0)),
            Some(0),
            Some(false),
            Verdict::Blocked,
        ),
        (Some(Value::dword(1)), Some(1), Some(true), Verdict::Clear),
        (None, Some(1), Some(true), Verdict::Clear),
        (Some(Value::dword(1)), Some(0), None, Verdict::Doubtful),
        (Some(Value::dword(0)), Some(1), None, Verdict::Doubtful),
        (Some(Value::dword(2)), None, None, Verdict::Doubtful),
        (Some(Value::text("1")), None, None, Verdict::Doubtful),
    ] {
        let readiness = of(value.clone(), managed);
        assert_eq!(readiness.link_enabled, enabled, "{value:?} {managed:?}");
        assert_eq!(readiness.built_in(), verdict, "{value:?} {managed:?}");
        assert_eq!(readiness.frontend(), Verdict::Clear);
    }
}

#[test]
fn a_wrong_type_is_told_with_what_was_expected_and_found() {
    let quad = Value {
        kind: kind::QWORD,
        data: 1_u64.to_le_bytes().to_vec(),
    };
    let odd = Value {
        kind: kind::DWORD,
        data: vec![1, 0, 0],
    };
    let wrong = |got| StoreProblem::WrongType {
        expected: kind::DWORD,
        got,
    };
    for (value, problem, found) in [
        (Value::text("1"), wrong(kind::SZ), "text \"1\""),
        (quad, wrong(kind::QWORD), "64-bit number 1"),
        (Value::binary([1]), wrong(kind::BINARY), "1 bytes of type 3"),
        (
            odd,
            StoreProblem::WrongSize { size: 3 },
            "a number of 3 bytes",
        ),
    ] {
        let map = ready().with(&key(LINK), "AllowPasswordReset", value);
        let readiness = Readiness::assess(&map, &Running::default());
        let finding = only(&readiness, &Matter::Unreadable { problem });
        assert_eq!(finding.found.as_str(), found);
        assert_eq!(finding.place.value.as_deref(), Some("AllowPasswordReset"));
        assert_eq!(finding.remedy(), Remedy::CorrectRegistryValue);
        assert_eq!(finding.remedy().who(), Who::Administrator);
    }
}

#[test]
fn three_settings_count_together_only_if_all_of_them_hold() {
    let of = |cad: Option<u32>, notifications: u32, edition: &str, build: &str| {
        let mut map = ready()
            .with(
                &key(SCREEN),
                "DisableLockScreenAppNotifications",
                Value::dword(notifications),
            )
            .with(&key(VERSION), "EditionID", Value::text(edition))
            .with(&key(VERSION), "CurrentBuild", Value::text(build));
        if let Some(cad) = cad {
            map.set(&key(POLICIES), "DisableCAD", Value::dword(cad));
        }
        let readiness = Readiness::assess(&map, &Running::default());
        let mut found = readiness.findings.into_iter();
        found.find(|finding| finding.matter == Matter::ThreeTogether)
    };
    let certainty = |finding: Option<Finding>| finding.map(|finding| finding.certainty);
    assert_eq!(
        certainty(of(Some(0), 1, "Core", "16299")),
        Some(Certainty::Certain)
    );
    assert_eq!(
        certainty(of(Some(0), 1, "CoreN", "19045")),
        Some(Certainty::Possible)
    );
    assert_eq!(of(Some(1), 1, "Core", "16299"), None);
    assert_eq!(of(None, 1, "Core", "16299"), None);
    assert_eq!(of(Some(0), 0, "Core", "16299"), None);
    assert_eq!(of(Some(0), 1, "Professional", "16299"), None);
}

#[test]
fn a_lost_device_is_told_where_somebody_saw_it() {
    let lost = key(VERSION).child(r"Winlogon\LostMode");
    let map = ready().with(&lost, "EnableLostMode", Value::dword(1));
    let readiness = Readiness::assess(&map, &Running::default());
    assert_eq!(
        only(&readiness, &Matter::LostMode).certainty,
        Certainty::Possible
    );
    assert!(by_hand(&readiness).all(|place| !place.contains("LostMode")));
}

#[test]
fn windows_seven_to_eight_one_take_the_add_in() {
    let add_in = key(PROVIDERS).child("{86d2f0ac-2171-46cf-9998-4e33b3d7fd4f}");
    let tls =
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client";
    let mut map = ready().with(&key(VERSION), "CurrentBuild", Value::text("7601"));
    let readiness = Readiness::assess(&map, &Running::default());
    assert_eq!(readiness.link_enabled, Some(false));
    only(&readiness, &Matter::AddInMissing);
    only(&readiness, &Matter::Tls12NotEnabled);

    map.set(&add_in, "EnableLogging", Value::dword(1));
    map.set(&key(tls), "Enabled", Value::dword(u32::MAX));
    let readiness = Readiness::assess(&map, &Running::default());
    assert_eq!(readiness.link_enabled, Some(true));
    assert_eq!(readiness.built_in(), Verdict::Clear);
    assert_eq!(
        only(&readiness, &Matter::AddInLogging).effect,
        Effect::Remark
    );

    map.set(&key(VERSION), "CurrentBuild", Value::text("19045"));
    let readiness = Readiness::assess(&map, &Running::default());
    only(&readiness, &Matter::AddInLeftOver);
    assert_eq!(readiness.built_in(), Verdict::Clear);
}

#[test]
fn foreign_credential_providers_are_named() {
    let class = |name: &str| {
        key(r"SOFTWARE\Classes\CLSID")
            .child(name)
            .child("InprocServer32")
    };
    let provider = |name: &str| key(PROVIDERS).child(name);
    let map = ready()
        .with(
            &provider("{60b78e88-ead8-445c-9cfd-0b87f74ea6cd}"),
            "",
            Value::text("Password"),
        )
        .with(&provider("{1}"), "", Value::text("Badge\u{202e}"))
        .with(
            &class("{1}"),
            "",
            Value::text(r"C:\Program Files\Badge\badge.dll"),
        )
        .with(&provider("{2}"), "", Value::text("Sits with Windows"))
        .with(
            &class("{2}"),
            "",
            Value::text(r"C:\Windows\System32\sits.dll"),
        )
        .with(&provider("{3}"), "Disabled", Value::dword(1))
        .with(&provider("{4}"), "x", Value::dword(1));
    let readiness = Readiness::assess(&map, &Running::default());
    let named: Vec<_> = readiness
        .findings
        .iter()
        .filter_map(|finding| match &finding.matter {
            Matter::ForeignCredentialProvider { name } => Some(('f', name.as_str())),
            Matter::UnknownCredentialProvider { name } => Some(('u', name.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        named,
        [('f', "Badge"), ('u', "Sits with Windows"), ('u', "{4}")]
    );
    assert_eq!(readiness.built_in(), Verdict::Doubtful);
}

#[test]
fn the_system_decides_about_the_join_and_a_dispute_is_told() {
    let running = Running {
        join: Ok(SystemJoin::new(None, Some("CORP".into()))),
        ..Running::default()
    };
    let readiness = Readiness::assess(&ready(), &running);
    assert_eq!(readiness.join.state, JoinState::Domain);
    only(&readiness, &Matter::JoinDisputed);
    only(&readiness, &Matter::JoinedToDomainOnly);
}

#[test]
fn several_joins_are_counted_and_their_tenants_compared() {
    let other = |map: RegistryMap, name: &str, tenant: &str| {
        map.with(&key(JOINS).child(name), "TenantId", Value::text(tenant))
    };
    let same = Readiness::assess(&other(ready(), "B", "0A-1"), &Running::default());
    let matter = |count, one_tenant| Matter::SeveralJoins { count, one_tenant };
    assert_eq!(only(&same, &matter(2, true)).effect, Effect::Remark);
    assert_eq!(same.built_in(), Verdict::Clear);
    let differing = Readiness::assess(&other(ready(), "B", "0b-2"), &Running::default());
    only(&differing, &matter(2, false));
    assert_eq!(differing.join.tenants.len(), 2);
    assert_eq!(differing.built_in(), Verdict::Doubtful);
}

#[test]
fn a_hybrid_device_needs_to_see_its_domain() {
    let network = key(r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters");
    let map = ready().with(&network, "Domain", Value::text("corp.example"));
    for (answer, certainty) in [
        (Ok(true), None),
        (Ok(false), Some(Certainty::Certain)),
        (Err(NoAnswer::NotAsked), Some(Certainty::Undetermined)),
    ] {
        let running = Running {
            sees_domain_controller: answer,
            ..Running::default()
        };
        let readiness = Readiness::assess(&map, &running);
        assert_eq!(readiness.join.state, JoinState::Hybrid);
        assert_eq!(readiness.join.needs_domain_controller(), Some(true));
        let mut findings = readiness.findings.iter();
        let found = findings.find(|finding| finding.matter == Matter::DomainControllerNeeded);
        assert_eq!(found.map(|finding| finding.certainty), certainty);
        assert_eq!(readiness.built_in(), Verdict::Clear, "only afterwards");
        let line = match certainty {
            None => ScreenLine::Ready,
            Some(_) => ScreenLine::NeedsOrganisation,
        };
        assert_eq!(readiness.screen_line(), line);
    }
}

#[test]
fn a_network_that_waits_for_the_user_is_in_everybodys_way() {
    let xml = "<LANProfile><name>Wired</name><OneX><authMode>user</authMode><singleSignOn>\
               <type>preLogon</type></singleSignOn></OneX></LANProfile>";
    let running = Running {
        networks: vec![NetworkProfile::new("wired.xml", xml)],
        ..Running::default()
    };
    let readiness = Readiness::assess(&ready(), &running);
    assert_eq!(readiness.frontend(), Verdict::Doubtful);
    let profile = "Wired".into();
    only(&readiness, &Matter::NetworkWaitsForUser { profile });
}

#[test]
fn a_clock_from_long_ago_blocks_everybody() {
    let running = Running {
        now: UNIX_EPOCH + Duration::from_secs(1_000_000_000),
        ..Running::default()
    };
    let readiness = Readiness::assess(&ready(), &running);
    assert_eq!(readiness.frontend(), Verdict::Blocked);
    assert_eq!(readiness.screen_line(), ScreenLine::NotReady);
    let finding = only(&readiness, &Matter::ClockWrong);
    assert_eq!(finding.found.as_str(), "Sun, 09 Sep 2001 01:46:40 GMT");
}

#[test]
fn a_remote_session_concerns_the_built_in_reset() {
    let running = Running {
        remote: true,
        ..Running::default()
    };
    let guest = key(r"SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters");
    let map = ready().with(&guest, "HostName", Value::text("host"));
    let readiness = Readiness::assess(&map, &running);
    assert_eq!(readiness.built_in(), Verdict::Blocked);
    assert_eq!(readiness.frontend(), Verdict::Clear);
    let finding = only(&readiness, &Matter::RemoteSession);
    assert!(finding.found.contains("Hyper-V"));
    assert_eq!(finding.remedy().who(), Who::Person);
}

#[test]
fn ten_thousand_keys_are_bounded_and_told() {
    let mut map = ready();
    for number in 0..10_000 {
        map.create(&key(JOINS).child(&format!("{number}")));
        map.create(&key(PROVIDERS).child(&format!("{{{number}}}")));
    }
    let begun = Instant::now();
    let readiness = Readiness::assess(&map, &Running::default());
    assert!(begun.elapsed() < Duration::from_secs(2));
    let limit = reader::MAX_ENTRIES;
    let cut = |finding: &&Finding| finding.matter == Matter::TooManyEntries { limit };
    assert_eq!(readiness.findings.iter().filter(cut).count(), 2);
    assert!(readiness.join.tenants.len() <= 16);
}

#[test]
fn hostile_texts_are_harmless() {
    let hostile = "\u{1b}[2J<script>\u{202e}".repeat(10_000);
    let map = ready()
        .with(
            &key(VERSION).child("Winlogon"),
            "Shell",
            Value::text(&hostile),
        )
        .with(&key(VERSION), "EditionID", Value::text(&hostile))
        .with(&key(LINK), "AllowPasswordReset", Value::text(&hostile));
    let readiness = Readiness::assess(&map, &Running::default());
    for finding in &readiness.findings {
        assert!(finding.found.chars().count() <= 256);
        assert!(!finding.found.contains(['\u{1b}', '\u{202e}']));
    }
    assert_eq!(readiness.built_in(), Verdict::Blocked);
}

fn key(path: &'static str) -> Key {
    Key::new(Root::LocalMachine, path)
}

/// The one finding of this matter.
fn only<'r>(readiness: &'r Readiness, matter: &Matter) -> &'r Finding {
    let found: Vec<_> = readiness
        .findings
        .iter()
        .filter(|finding| finding.matter == *matter)
        .collect();
    assert_eq!(found.len(), 1, "{matter:?} in {:#?}", readiness.findings);
    found[0]
}

/// An Entra joined computer with the link enabled.
fn ready() -> RegistryMap {
    RegistryMap::new()
        .with(&key(VERSION), "CurrentBuild", Value::text("19045"))
        .with(&key(VERSION), "EditionID", Value::text("Enterprise"))
        .with(&key(VERSION), "SystemRoot", Value::text(r"C:\Windows"))
        .with(
            &key(VERSION).child("Winlogon"),
            "Shell",
            Value::text("explorer.exe"),
        )
        .with(&key(LINK), "AllowPasswordReset", Value::dword(1))
        .with(&key(JOINS).child("A1B2"), "TenantId", Value::text("0a-1"))
}

/// A running Windows with nothing in the way.
struct Running {
    now: SystemTime,
    remote: bool,
    join: Answer<SystemJoin>,
    sees_domain_controller: Answer<bool>,
    networks: Vec<NetworkProfile>,
}

impl Default for Running {
    fn default() -> Self {
        Self {
            now: SystemTime::now(),
            remote: false,
            join: Err(NoAnswer::NotSupported),
            sees_domain_controller: Ok(true),
            networks: Vec::new(),
        }
    }
}

impl Probes for Running {
    fn now(&self) -> Answer<SystemTime> {
        Ok(self.now)
    }

    fn is_remote_session(&self) -> Answer<bool> {
        Ok(self.remote)
    }

    fn join(&self) -> Answer<SystemJoin> {
        self.join.clone()
    }

    fn sees_domain_controller(&self, domain: &str) -> Answer<bool> {
        assert!(!domain.is_empty());
        self.sees_domain_controller
    }

    fn profile_folders(&self) -> Answer<Vec<String>> {
        Ok(vec!["Public".into(), "defaultuser0".into()])
    }

    fn network_profiles(&self) -> Answer<Vec<NetworkProfile>> {
        Ok(self.networks.clone())
    }
}

/// A registry that nobody may read.
struct Denied;

impl RegistryView for Denied {
    fn value(&self, key: &Key, _: &str) -> Result<Option<Value>, RegistryError> {
        Err(RegistryError::Denied {
            key: key.to_string(),
        })
    }

    fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError> {
        Err(RegistryError::Denied {
            key: key.to_string(),
        })
    }
}
