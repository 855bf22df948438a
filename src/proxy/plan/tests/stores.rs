//! Which store decides, and what stops the search.

use super::*;

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

/// Going direct needs every place to be known as empty: one that was skipped is not.
#[tokio::test]
async fn what_was_skipped_is_not_empty() {
    let skip = SurveyOptions {
        on_unreadable: OnUnreadable::Skip,
        ..SurveyOptions::default()
    };
    let wrong = Value::text("1");
    for values in [
        vec![(At::User, "ProxyEnable", wrong.clone())],
        vec![(At::Policy, "ProxySettingsPerUser", wrong.clone())],
        vec![
            (At::Policy, "ProxySettingsPerUser", Value::dword(0)),
            (At::Machine, "ProxyEnable", wrong),
        ],
    ] {
        let told = ask_for(PORTAL, &windows(&registry(&values)), &skip).await;
        assert!(matches!(told.problem(), StoreProblem::WrongType { .. }));
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
