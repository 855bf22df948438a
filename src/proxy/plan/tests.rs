//! Which way is found on which machine: the rows of the fault table that concern settings, through [`Survey::plan`].

use super::super::sources::{
    Context, Explicit, OnUnreadable, Sources, SurveyOptions, WindowsSources,
};
use super::super::{
    BypassDialect, BypassList, EnvironmentDialect, IgnoredBecause, PacFuture, PacSource,
    ServerList, Store, Unreadable, UserHive,
};
use std::time::Duration;

use super::*;
use crate::error::{
    BlobError, BlobField, HostProblem, PacPhase, PacUrlProblem, ServerProblem, StoreProblem,
};
use crate::machine::registry::{Key, RegistryError, RegistryMap, RegistryView, Root, Value, kind};

const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const POLICIES: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
const PORTAL: &str = "https://passwordreset.microsoftonline.com/";

/// Where a value goes.
#[derive(Clone, Copy)]
enum At {
    Policy,
    Machine,
    MachineBlob,
    User,
    UserBlob,
    Default,
    System,
    WinHttp,
}

impl At {
    fn key(self) -> Key {
        let machine = Key::new(Root::LocalMachine, SETTINGS);
        let user = Key::new(Root::CurrentUser, SETTINGS);
        match self {
            Self::Policy => Key::new(Root::LocalMachine, POLICIES),
            Self::Machine => machine,
            Self::MachineBlob => machine.child("Connections"),
            Self::User => user,
            Self::UserBlob => user.child("Connections"),
            Self::Default => Key::new(Root::Users, "Default").child(SETTINGS),
            Self::System => Key::new(Root::Users, "S-1-5-18").child(SETTINGS),
            Self::WinHttp => machine.child("WinHttp"),
        }
    }
}

fn registry(values: &[(At, &str, Value)]) -> RegistryMap {
    let mut map = RegistryMap::new();
    for (at, name, value) in values {
        map.set(&at.key(), name, value.clone());
    }
    map
}

fn proxy_at(at: At, server: &str) -> [(At, &'static str, Value); 2] {
    [
        (at, "ProxyEnable", Value::dword(1)),
        (at, "ProxyServer", Value::text(server)),
    ]
}

fn blob(flags: u32, proxy: &str, bypass: &str, pac_url: &str) -> Value {
    let mut bytes = [0x46, 1, flags].map(u32::to_le_bytes).concat();
    for text in [proxy, bypass, pac_url] {
        bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    Value::binary(bytes)
}

fn winhttp_blob(flags: u32, proxy: &str) -> Value {
    let mut bytes = [0x28, 0, flags, u32::try_from(proxy.len()).unwrap()]
        .map(u32::to_le_bytes)
        .concat();
    bytes.extend(proxy.as_bytes());
    bytes.extend([0; 4]);
    Value::binary(bytes)
}

fn windows(registry: &dyn RegistryView) -> Sources<'_> {
    Sources {
        windows: Some(WindowsSources {
            registry,
            user: Some(UserHive::current_user(registry)),
            default_profile: Some(Ok(UserHive::of_user(registry, "Default"))),
        }),
        ..Sources::default()
    }
}

struct Told {
    plan: Result<ProxyPlan, ProxyResolutionFault>,
    findings: Vec<Finding>,
}

impl Told {
    fn ways(&self) -> String {
        match &self.plan {
            Ok(plan) => {
                let ways: Vec<_> = plan.candidates.iter().map(ToString::to_string).collect();
                ways.join(" ")
            }
            Err(fault) => panic!("no way: {fault}"),
        }
    }

    fn store(&self) -> Option<Store> {
        self.plan
            .as_ref()
            .unwrap()
            .provenance
            .as_ref()
            .map(|p| p.store)
    }

    fn fault(&self) -> &ProxyResolutionFault {
        self.plan.as_ref().expect_err("a fault")
    }

    fn problem(&self) -> &StoreProblem {
        match self.fault() {
            ProxyResolutionFault::Store { problem, .. } => problem,
            other => panic!("not about a store: {other}"),
        }
    }

    fn ignored(&self, store: Store) -> Option<(String, IgnoredBecause)> {
        self.findings.iter().find_map(|finding| match finding {
            Finding::SetButIgnored {
                store: of,
                says,
                because,
                ..
            } if *of == store => Some((says.to_string(), *because)),
            _ => None,
        })
    }
}

async fn ask_for(url: &str, sources: &Sources<'_>, options: &SurveyOptions) -> Told {
    ask_script(url, sources, options, None).await
}

async fn ask_script(
    url: &str,
    sources: &Sources<'_>,
    options: &SurveyOptions,
    engine: Option<&dyn PacResolver>,
) -> Told {
    let survey = Survey::take(sources, options);
    let plan = survey.plan(&Url::parse(url).unwrap(), engine).await;
    let findings = match &plan {
        Ok(plan) => plan.findings.clone(),
        Err(_) => survey.findings,
    };
    Told { plan, findings }
}

async fn ask(registry: &RegistryMap) -> Told {
    ask_for(PORTAL, &windows(registry), &SurveyOptions::default()).await
}

fn login_page() -> PacError {
    PacError::NotAScript {
        looks_like_html: true,
        message: "unexpected token".into(),
        line: Some(1),
    }
}

/// Answers what it was given.
struct Script(Result<String, PacError>);

impl PacResolver for Script {
    fn resolve<'a>(&'a self, _: &'a PacSource, _: &'a Url) -> PacFuture<'a> {
        Box::pin(async { self.0.clone() })
    }
}

#[tokio::test]
async fn the_first_configured_store_wins_and_the_others_are_told() {
    let everything = [
        proxy_at(At::Machine, "w4:1"),
        proxy_at(At::User, "w1:1"),
        proxy_at(At::Default, "w9:1"),
        proxy_at(At::System, "w8:1"),
        [
            (At::MachineBlob, "WinHttpSettings", winhttp_blob(3, "w5:1")),
            (At::Policy, "ProxySettingsPerUser", Value::dword(0)),
        ],
    ]
    .concat();
    // Rank by rank: what decides, and how many of the values stand before it.
    for (context, order) in [
        (Context::User, ["w4", "w1", "w9", "w5", "w8", ""]),
        (Context::Service, ["w4", "w1", "w5", "w9", "w8", ""]),
    ] {
        let options = SurveyOptions {
            context,
            ..SurveyOptions::default()
        };
        for (rank, expected) in order.into_iter().enumerate() {
            let gone = &order[..rank];
            let mut values = everything.clone();
            values.retain(|(at, ..)| {
                let of = match at {
                    At::Machine | At::Policy => "w4",
                    At::User => "w1",
                    At::Default => "w9",
                    At::System => "w8",
                    _ => "w5",
                };
                !gone.contains(&of)
            });
            let registry = registry(&values);
            let told = ask_for(PORTAL, &windows(&registry), &options).await;
            let way = match expected {
                "" => "direct".to_owned(),
                name => format!("http://{name}:1"),
            };
            assert_eq!(told.ways(), way, "{context:?} {rank}");
            if expected.is_empty() {
                assert_eq!(told.store(), None);
            }
        }
    }
}

#[tokio::test]
async fn what_is_set_but_ignored_says_why() {
    let values = [
        proxy_at(At::User, "w1:8080").to_vec(),
        proxy_at(At::Machine, "w4:8080").to_vec(),
        proxy_at(At::System, "user:pw@w8").to_vec(),
        vec![(At::Policy, "ProxyServer", Value::text("policy:1"))],
    ]
    .concat();
    let told = ask(&registry(&values)).await;
    assert_eq!(told.ways(), "http://w1:8080");
    assert_eq!(told.store(), Some(Store::UserWinInet));
    assert_eq!(
        told.ignored(Store::LocalSystem),
        Some((
            "…@w8".into(),
            IgnoredBecause::StoreBefore(Store::UserWinInet)
        ))
    );
    let machine: Vec<_> = told
        .findings
        .iter()
        .filter(|finding| {
            matches!(
                finding,
                Finding::SetButIgnored {
                    store: Store::MachineWinInet,
                    ..
                }
            )
        })
        .collect();
    assert!(matches!(
        machine[..],
        [
            Finding::SetButIgnored {
                because: IgnoredBecause::NotReadByWindows,
                ..
            },
            Finding::SetButIgnored {
                because: IgnoredBecause::PerUserPolicy,
                ..
            },
        ]
    ));
}

#[tokio::test]
async fn what_the_caller_gives_comes_first() {
    let registry = registry(&proxy_at(At::User, "w1:1"));
    for (explicit, expected) in [
        (Explicit::Direct, "direct"),
        (
            Explicit::Manual(Box::new(Manual::new(
                ServerList::parse("mine:1"),
                BypassList::parse(BypassDialect::WinInet, ""),
            ))),
            "http://mine:1",
        ),
    ] {
        let sources = Sources {
            explicit: Some(explicit),
            ..windows(&registry)
        };
        let told = ask_for(PORTAL, &sources, &SurveyOptions::default()).await;
        assert_eq!(told.ways(), expected);
        assert_eq!(told.store(), Some(Store::Explicit));
        assert!(told.ignored(Store::UserWinInet).is_some());
    }
}

/// P1 to P10, P12, P14: whatever a script does wrong, nobody goes direct.
#[tokio::test]
async fn p1_to_p14_a_script_that_fails_is_a_fault() {
    let registry = registry(&[(At::User, "AutoConfigURL", Value::text("http://pac/p.pac"))]);
    for error in [
        PacError::Timeout {
            phase: PacPhase::Load,
            limit: Duration::ZERO,
        },
        PacError::Timeout {
            phase: PacPhase::Call,
            limit: Duration::ZERO,
        },
        PacError::MemoryLimit {
            phase: PacPhase::Call,
            limit: 1,
        },
        PacError::StackLimit {
            phase: PacPhase::Load,
        },
        PacError::NotAString { got: "undefined" },
        PacError::NoEntryPoint,
        login_page(),
        PacError::ScriptTooLarge { limit: 1 << 20 },
        PacError::Status { status: 404 },
        PacError::Redirect {
            host: "evil".into(),
        },
        PacError::FetchTimeout {
            limit: Duration::ZERO,
        },
        PacError::DnsBudget,
        PacError::Encoding,
    ] {
        let engine = Script(Err(error.clone()));
        let options = SurveyOptions::default();
        let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
        let place = At::User.key().to_string() + r"\AutoConfigURL";
        assert_eq!(told.fault(), &ProxyResolutionFault::Pac { place, error });
    }
    for text in ["", "garbage", "PROXY"] {
        let engine = Script(Ok(text.to_owned()));
        let options = SurveyOptions::default();
        let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
        assert!(matches!(
            told.fault(),
            ProxyResolutionFault::Pac {
                error: PacError::InvalidResult { .. },
                ..
            }
        ));
    }
    let told = ask(&registry).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::PacEngineMissing { .. }
    ));
}

/// P11
#[tokio::test]
async fn p11_the_address_of_a_script_is_checked() {
    let file = PacUrlProblem::Scheme("file".into());
    for (url, problem) in [
        ("file://c:/p.pac", file),
        ("ftp://h/p.pac", PacUrlProblem::Scheme("ftp".into())),
        ("wpad.dat", PacUrlProblem::NotAbsolute),
    ] {
        let told = ask(&registry(&[(At::User, "AutoConfigURL", Value::text(url))])).await;
        assert!(matches!(
            told.fault(),
            ProxyResolutionFault::Pac { error: PacError::UrlRejected(of), .. } if *of == problem
        ));
    }
}

/// P13: a script may name any proxy; the plan says that a script did.
#[tokio::test]
async fn p13_candidates_of_a_script_are_marked() {
    let registry = registry(&[(At::User, "AutoConfigURL", Value::text("http://pac/p.pac"))]);
    let engine = Script(Ok("PROXY evil:1; JUNK; DIRECT".into()));
    let options = SurveyOptions::default();
    let told = ask_script(PORTAL, &windows(&registry), &options, Some(&engine)).await;
    assert_eq!(told.ways(), "http://evil:1 direct");
    assert!(told.plan.as_ref().unwrap().by_script);
    assert!(told.findings.contains(&Finding::ScriptAnswerPartDropped {
        part: "JUNK".into()
    }));
}

/// Windows falls back to the manual proxy of the same store where a script cannot be had, not where it fails.
#[tokio::test]
async fn a_manual_proxy_stands_in_for_a_script_that_cannot_be_had() {
    let both = blob(7, "manual:1", "", "http://pac/p.pac");
    let registry = registry(&[(At::UserBlob, "DefaultConnectionSettings", both)]);
    let sources = windows(&registry);
    let options = SurveyOptions::default();
    let html = login_page();
    let told = ask_script(PORTAL, &sources, &options, Some(&Script(Err(html.clone())))).await;
    assert_eq!(told.ways(), "http://manual:1");
    assert!(told.findings.contains(&Finding::CaptivePortalSuspected));
    assert!(
        told.findings
            .contains(&Finding::ManualInsteadOfScript { error: html })
    );
    assert!(!told.plan.as_ref().unwrap().by_script);

    let failed = Script(Err(PacError::StackLimit {
        phase: PacPhase::Call,
    }));
    let told = ask_script(PORTAL, &sources, &options, Some(&failed)).await;
    assert!(matches!(told.fault(), ProxyResolutionFault::Pac { .. }));
    let told = ask_for(PORTAL, &sources, &options).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::PacEngineMissing { .. }
    ));
}

/// P15
#[tokio::test]
async fn p15_automatic_detection_obeys_the_policy_and_the_caller() {
    let detect = (
        At::UserBlob,
        "DefaultConnectionSettings",
        blob(9, "", "", ""),
    );
    let forbidden = (At::WinHttp, "DisableWpad", Value::dword(1));
    let asked_for = SurveyOptions {
        auto_detect: true,
        ..SurveyOptions::default()
    };
    let allowed = registry(std::slice::from_ref(&detect));
    let forbidden = registry(&[detect, forbidden]);

    let told = ask(&allowed).await;
    assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
    let store = Store::UserWinInet;
    assert!(
        told.findings
            .contains(&Finding::AutoDetectNotAskedFor { store })
    );

    let engine = Script(Ok("PROXY p:1".into()));
    let told = ask_script(PORTAL, &windows(&allowed), &asked_for, Some(&engine)).await;
    assert_eq!(
        (told.ways().as_str(), told.store()),
        ("http://p:1", Some(store))
    );

    let told = ask_script(PORTAL, &windows(&forbidden), &asked_for, Some(&engine)).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::WpadDisabledByPolicy { .. }
    ));
}

/// P17 to P19: the plain values are no substitute for a blob that is damaged, and later stores are not asked.
#[tokio::test]
async fn p17_to_p19_a_damaged_blob_stops_the_search() {
    let flags = BlobError::Truncated {
        field: BlobField::Flags,
    };
    let version = BlobError::UnknownVersion { version: 0x50 };
    let text = BlobError::BadText {
        field: BlobField::Proxy,
    };
    let plain = proxy_at(At::User, "plain:1");
    for (at, name, bytes, error) in [
        (
            At::UserBlob,
            "DefaultConnectionSettings",
            &b"\x46\0\0\0\0\0\0\0\x03"[..],
            flags,
        ),
        (
            At::UserBlob,
            "SavedLegacySettings",
            b"\x50\0\0\0\0\0\0\0",
            version,
        ),
        (
            At::UserBlob,
            "DefaultConnectionSettings",
            b"\x46\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\xff",
            text,
        ),
    ] {
        let damaged = vec![(at, name, Value::binary(bytes))];
        let told = ask(&registry(&[damaged, plain.to_vec()].concat())).await;
        assert_eq!(told.problem(), &StoreProblem::Blob(error));
    }
    let later = proxy_at(At::System, "later:1").to_vec();
    let damaged = vec![(
        At::MachineBlob,
        "WinHttpSettings",
        Value::binary(*b"\x28\0\0\0\0"),
    )];
    let told = ask(&registry(&[damaged, later].concat())).await;
    let field = BlobField::Counter;
    assert_eq!(
        told.problem(),
        &StoreProblem::Blob(BlobError::Truncated { field })
    );
}

/// P20
#[tokio::test]
async fn p20_a_wrong_type_leaves_the_store_undecided() {
    let multi = Value {
        kind: kind::MULTI_SZ,
        data: vec![0; 4],
    };
    let on = ("ProxyEnable", Value::dword(1));
    for (values, expected, got) in [
        (
            [
                ("ProxyEnable", Value::text("1")),
                ("ProxyServer", Value::text("p:1")),
            ],
            kind::DWORD,
            kind::SZ,
        ),
        ([on, ("ProxyServer", multi)], kind::SZ, kind::MULTI_SZ),
    ] {
        let values = values.map(|(name, value)| (At::User, name, value));
        let told = ask(&registry(&values)).await;
        let problem = StoreProblem::WrongType { expected, got };
        assert_eq!(told.problem(), &problem);
        assert!(told.findings.iter().any(|finding| matches!(
            finding,
            Finding::Unreadable { store: Some(Store::UserWinInet), problem: of, .. } if *of == problem
        )));
    }
}

/// P21
#[tokio::test]
async fn p21_the_blob_counts_and_the_disagreement_is_told() {
    let with = |flags, proxy: &str| {
        (
            At::UserBlob,
            "DefaultConnectionSettings",
            blob(flags, proxy, "", ""),
        )
    };
    let plain = proxy_at(At::User, "plain:1");
    let told = ask(&registry(
        &[plain.to_vec(), vec![with(3, "blob:1")]].concat(),
    ))
    .await;
    assert_eq!(told.ways(), "http://blob:1");
    let disagreement = |told: &Told| {
        told.findings.iter().find_map(|finding| match finding {
            Finding::StoreDisagreement {
                says, instead_of, ..
            } => Some((says.to_string(), instead_of.to_string())),
            _ => None,
        })
    };
    assert_eq!(
        disagreement(&told),
        Some(("blob:1".into(), "plain:1".into()))
    );

    let told = ask(&registry(&[plain.to_vec(), vec![with(1, "")]].concat())).await;
    assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
    assert_eq!(disagreement(&told), Some((String::new(), "plain:1".into())));

    let told = ask(&registry(
        &[plain.to_vec(), vec![with(3, "plain:1")]].concat(),
    ))
    .await;
    assert_eq!(disagreement(&told), None);
}

/// P22: the one row that ends in going direct.
#[tokio::test]
async fn p22_an_empty_machine_setting_decides_for_direct() {
    let policy = (At::Policy, "ProxySettingsPerUser", Value::dword(0));
    let values = [proxy_at(At::User, "p1:8080").to_vec(), vec![policy]].concat();
    let told = ask(&registry(&values)).await;
    assert_eq!(told.ways(), "direct");
    assert_eq!(told.store(), Some(Store::MachineWinInet));
    assert!(told.findings.contains(&Finding::PerMachineEmpty));
    assert_eq!(
        told.ignored(Store::UserWinInet),
        Some(("http://p1:8080".into(), IgnoredBecause::PerMachinePolicy))
    );
}

/// P23 to P25: a hive that cannot be read, or cannot be trusted, stops the search unless the caller says otherwise.
#[tokio::test]
async fn p23_to_p25_a_hive_that_cannot_be_read_stops_the_search() {
    let later = registry(&proxy_at(At::System, "later:1"));
    for problem in [
        StoreProblem::Corrupt { detail: "checksum" },
        StoreProblem::System { code: 32 },
        StoreProblem::Denied,
    ] {
        let mut sources = windows(&later);
        let windows = sources.windows.as_mut().unwrap();
        windows.default_profile = Some(Err(Unreadable {
            place: r"C:\Users\Default\NTUSER.DAT".into(),
            problem: problem.clone(),
        }));
        let told = ask_for(PORTAL, &sources, &SurveyOptions::default()).await;
        assert_eq!(told.problem(), &problem);
        let skip = SurveyOptions {
            on_unreadable: OnUnreadable::Skip,
            ..SurveyOptions::default()
        };
        let told = ask_for(PORTAL, &sources, &skip).await;
        assert_eq!(told.ways(), "http://later:1");
        assert!(told.findings.iter().any(|finding| matches!(
            finding,
            Finding::Unreadable {
                store: Some(Store::DefaultProfile),
                ..
            }
        )));
    }
}

/// P24
#[tokio::test]
async fn p24_what_a_dirty_hive_says_is_told_but_not_followed() {
    let registry = registry(&proxy_at(At::Default, "stale:1"));
    let mut sources = windows(&registry);
    let windows = sources.windows.as_mut().unwrap();
    windows.default_profile = Some(Ok(UserHive::of_user(&registry, "Default").stale()));
    let told = ask_for(PORTAL, &sources, &SurveyOptions::default()).await;
    assert_eq!(told.problem(), &StoreProblem::Dirty);
    assert_eq!(
        told.ignored(Store::DefaultProfile),
        Some(("http://stale:1".into(), IgnoredBecause::Stale))
    );
    let accept = SurveyOptions {
        accept_stale_hive: true,
        ..SurveyOptions::default()
    };
    let told = ask_for(PORTAL, &sources, &accept).await;
    assert_eq!(told.ways(), "http://stale:1");
}

/// P25: access denied in the live registry.
#[tokio::test]
async fn p25_a_key_that_may_not_be_read_stops_the_search() {
    struct Denied(Root, RegistryMap);
    impl RegistryView for Denied {
        fn value(&self, key: &Key, name: &str) -> Result<Option<Value>, RegistryError> {
            if key.root == self.0 {
                let key = key.to_string();
                return Err(RegistryError::Denied { key });
            }
            self.1.value(key, name)
        }
        fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError> {
            self.1.subkeys(key)
        }
    }
    for root in [Root::LocalMachine, Root::CurrentUser, Root::Users] {
        let registry = Denied(root, RegistryMap::new());
        let told = ask_for(PORTAL, &windows(&registry), &SurveyOptions::default()).await;
        assert_eq!(told.problem(), &StoreProblem::Denied, "{root:?}");
    }
}

/// P26: no usable part is a fault; a usable one counts.
#[tokio::test]
async fn p26_servers_that_cannot_be_used_are_a_fault_or_a_finding() {
    for (text, problem) in [
        ("http=", ServerProblem::Empty),
        (":8080", ServerProblem::Empty),
        ("host:99999", ServerProblem::BadPort),
        ("user:secret@host:80", ServerProblem::Userinfo),
        ("[fe80::1%3]:80", ServerProblem::Host(HostProblem::Zone)),
    ] {
        let values = proxy_at(At::User, text);
        let told = ask_for(
            "http://example.com/",
            &windows(&registry(&values)),
            &SurveyOptions::default(),
        )
        .await;
        match told.fault() {
            ProxyResolutionFault::NoUsableServer {
                token, problem: of, ..
            } => {
                assert_eq!(of, &problem, "{text}");
                assert!(!token.contains("secret"));
            }
            other => panic!("{text}: {other}"),
        }
    }
    let told = ask(&registry(&proxy_at(At::User, "p1 p2"))).await;
    assert_eq!(told.ways(), "http://p1:80");
    assert!(told.findings.iter().any(|finding| matches!(
        finding,
        Finding::ServerRefused { token, .. } if token.as_str() == "p2"
    )));
}

/// P27
#[tokio::test]
async fn p27_refused_exceptions_are_findings() {
    let over = (
        At::User,
        "ProxyOverride",
        Value::text("10.0.0.0/8;*.microsoftonline.com/;ok"),
    );
    let values = [proxy_at(At::User, "p:1").to_vec(), vec![over]].concat();
    let told = ask(&registry(&values)).await;
    assert_eq!(told.ways(), "http://p:1");
    let refused = |finding: &&Finding| matches!(finding, Finding::BypassEntryRefused { .. });
    assert_eq!(told.findings.iter().filter(refused).count(), 2);
}

/// P29 and P30
#[tokio::test]
async fn p29_p30_the_target_is_normalized_or_refused() {
    let over = (
        At::User,
        "ProxyOverride",
        Value::text("*.microsoftonline.com"),
    );
    let values = [proxy_at(At::User, "p:1").to_vec(), vec![over]].concat();
    let registry = registry(&values);
    let sources = windows(&registry);
    let options = SurveyOptions::default();
    let told = ask_for(
        "https://passwordreset.microsoftonline.com./",
        &sources,
        &options,
    )
    .await;
    assert_eq!(told.ways(), "direct");
    let host = "passwordreset.microsoftonline.com".to_owned();
    assert!(told.findings.contains(&Finding::Bypassed { host }));

    let long = format!("https://{}/", ["abcdefghij"; 30].join("."));
    let told = ask_for(&long, &sources, &options).await;
    let problem = HostProblem::TooLong;
    assert_eq!(told.fault(), &ProxyResolutionFault::HostInvalid { problem });
    let told = ask(&self::registry(&proxy_at(At::User, "bücher.example"))).await;
    assert_eq!(told.ways(), "http://xn--bcher-kva.example:80");
}

fn environment(variables: &[(&str, &str)]) -> Sources<'static> {
    let owned = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Sources {
        environment: Some(owned.collect()),
        ..Sources::default()
    }
}

fn reading(dialect: EnvironmentDialect) -> SurveyOptions {
    SurveyOptions {
        environment: Some(dialect),
        ..SurveyOptions::default()
    }
}

/// P54
#[tokio::test]
async fn p54_a_variable_that_a_request_can_set_is_ignored() {
    let sources = environment(&[
        ("REQUEST_METHOD", "GET"),
        ("HTTP_PROXY", "evil:1"),
        ("HTTPS_PROXY", "good:1"),
    ]);
    let hazard = Finding::CgiHazard {
        variable: "HTTP_PROXY".into(),
    };
    for dialect in [EnvironmentDialect::Go, EnvironmentDialect::Curl] {
        let told = ask_for(PORTAL, &sources, &reading(dialect)).await;
        assert_eq!(told.ways(), "http://good:1");
        assert!(told.findings.contains(&hazard));
    }
    let told = ask_for(
        "http://example.com/",
        &sources,
        &reading(EnvironmentDialect::Go),
    )
    .await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::NoUsableServer { problem: ServerProblem::CgiHazard, token, .. }
            if token.as_str() == "HTTP_PROXY"
    ));
}

/// P55
#[tokio::test]
async fn p55_an_unknown_scheme_is_a_fault() {
    let sources = environment(&[("https_proxy", "foo://host")]);
    let told = ask_for(PORTAL, &sources, &reading(EnvironmentDialect::Curl)).await;
    assert!(matches!(
        told.fault(),
        ProxyResolutionFault::NoUsableServer { problem: ServerProblem::Scheme(name), .. }
            if name.as_str() == "foo"
    ));
}

#[tokio::test]
async fn the_environment_counts_only_where_it_may() {
    let sources = environment(&[("https_proxy", "p:1")]);
    for (options, because) in [
        (SurveyOptions::default(), IgnoredBecause::NotAllowed),
        (
            SurveyOptions {
                elevated: true,
                ..reading(EnvironmentDialect::Curl)
            },
            IgnoredBecause::Elevated,
        ),
    ] {
        let told = ask_for(PORTAL, &sources, &options).await;
        assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
        assert_eq!(
            told.ignored(Store::Environment),
            Some(("p:1".into(), because))
        );
    }
}

/// A list that leaves a scheme out means "without a proxy" for it, and that is told.
#[tokio::test]
async fn a_scheme_that_is_left_out_goes_direct_by_the_stores_word() {
    let told = ask(&registry(&proxy_at(At::User, "http=p:1"))).await;
    assert_eq!(
        (told.ways().as_str(), told.store()),
        ("direct", Some(Store::UserWinInet))
    );
    let scheme = "https".to_owned();
    assert!(
        told.findings
            .contains(&Finding::NoServerForScheme { scheme })
    );
}

/// M14: switched on without a server is a finding, and no answer.
#[tokio::test]
async fn a_switch_without_a_server_is_not_a_configuration() {
    let on = (At::Default, "ProxyEnable", Value::dword(1));
    let with = |text| (At::Default, "ProxyServer", Value::text(text));
    for values in [
        vec![on.clone()],
        vec![on.clone(), with(" ")],
        vec![on, with(";; ")],
        vec![(
            At::UserBlob,
            "DefaultConnectionSettings",
            blob(3, "", "", ""),
        )],
        vec![(
            At::UserBlob,
            "DefaultConnectionSettings",
            blob(3, " ;", "", ""),
        )],
        vec![(At::MachineBlob, "WinHttpSettings", winhttp_blob(3, ""))],
    ] {
        let told = ask(&registry(&values)).await;
        assert_eq!((told.ways().as_str(), told.store()), ("direct", None));
        assert!(matches!(
            told.findings[..],
            [Finding::EnabledWithoutServer { .. }]
        ));
    }
}

/// M12
#[tokio::test]
async fn the_policy_reads_0_and_1_and_tells_the_rest() {
    let values = |policy: Value| {
        registry(
            &[
                proxy_at(At::User, "user:1").to_vec(),
                proxy_at(At::Machine, "machine:1").to_vec(),
                vec![(At::Policy, "ProxySettingsPerUser", policy)],
            ]
            .concat(),
        )
    };
    assert_eq!(
        ask(&values(Value::dword(0))).await.ways(),
        "http://machine:1"
    );
    assert_eq!(ask(&values(Value::dword(1))).await.ways(), "http://user:1");
    let told = ask(&values(Value::dword(2))).await;
    assert_eq!(told.ways(), "http://user:1");
    assert!(matches!(
        told.findings[0],
        Finding::UnknownPolicyValue { value: 2, .. }
    ));
    let told = ask(&values(Value::text("0"))).await;
    assert!(matches!(told.problem(), StoreProblem::WrongType { .. }));
}

#[test]
fn the_fingerprint_changes_with_every_setting_that_is_read() {
    let fingerprint = |values: &[(At, &str, Value)]| {
        Survey::take(&windows(&registry(values)), &SurveyOptions::default()).fingerprint
    };
    let empty = fingerprint(&[]);
    assert_eq!(empty, fingerprint(&[]));
    let mut seen = vec![empty];
    for (at, name, value) in [
        (At::Policy, "ProxySettingsPerUser", Value::dword(0)),
        (At::Machine, "ProxyEnable", Value::dword(0)),
        (At::User, "ProxyServer", Value::text("p")),
        (At::User, "ProxyServer", Value::text("q")),
        (At::UserBlob, "SavedLegacySettings", blob(1, "", "", "")),
        (At::Default, "AutoConfigURL", Value::text("x")),
        (At::System, "ProxyOverride", Value::text("x")),
        (At::MachineBlob, "WinHttpSettings", winhttp_blob(1, "")),
        (At::WinHttp, "DisableWpad", Value::dword(0)),
        (
            At::Machine,
            "DisableProxyAuthenticationSchemes",
            Value::dword(0),
        ),
    ] {
        let digest = fingerprint(&[(at, name, value)]);
        assert!(!seen.contains(&digest), "{name}");
        seen.push(digest);
    }
}

#[tokio::test]
async fn a_plan_can_be_written_down() {
    let told = ask(&registry(&proxy_at(At::User, "p:8080;p2"))).await;
    let json = serde_json::to_value(told.plan.unwrap()).unwrap();
    assert_eq!(json["candidates"][0]["proxy"], "http://p:8080");
    assert_eq!(json["provenance"]["store"], "user-win-inet");
    assert_eq!(json["provenance"]["digest"].as_str().unwrap().len(), 64);
    assert_eq!(json["findings"][0]["finding"], "server-refused");
    assert_eq!(json["findings"][0]["problem"], "surplus");
}
