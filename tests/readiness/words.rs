//! What a person reads of a finding.

use std::collections::BTreeSet;

use sspr::Message;
use sspr::machine::readiness::{Finding, ScreenLine};
use sspr::messages::Messages;
use sspr::proxy;

use super::computers::*;

/// Findings of many kinds.
fn findings() -> Vec<Finding> {
    let mut findings = assess("REGEDIT4\n").findings;
    for (key, values) in [
        (LINK, "\"AllowPasswordReset\"=\"1\""),
        (SYSTEM, "\"EnableLUA\"=dword:00000000"),
        (VERSION, "\"EditionID\"=\"Core\""),
        (WINLOGON, "\"Shell\"=\"kiosk.exe\""),
        (
            r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers\{7}",
            "@=\"Badge\"",
        ),
    ] {
        findings.extend(new_findings(&but(key, values)));
    }
    findings
}

#[test]
fn every_finding_and_remedy_has_words_in_both_languages() {
    let findings = findings();
    let ids: BTreeSet<_> = findings.iter().map(Message::message_id).collect();
    assert!(ids.len() >= 8, "{ids:?}");
    for language in ["en", "ja"] {
        let messages = Messages::for_language(language);
        for finding in &findings {
            for text in [
                messages.text(finding),
                messages.text(&finding.remedy()),
                messages.text(&finding.remedy().who()),
                messages.text(&finding.effect),
            ] {
                assert!(
                    !text.contains('{') && text.contains(char::is_whitespace) || language == "ja",
                    "{text}"
                );
                assert_eq!(text.is_ascii(), language == "en", "{text}");
            }
        }
    }
}

#[test]
fn the_sign_in_screen_gets_one_plain_line() {
    let messages = Messages::for_language("en");
    for line in [
        ScreenLine::Ready,
        ScreenLine::PerhapsNotReady,
        ScreenLine::NotReady,
        ScreenLine::NeedsOrganisation,
    ] {
        let text = messages.text(&line);
        assert!(text.chars().count() < 140 && !text.contains('\n'), "{text}");
        assert!(
            !text.contains("HKLM") && !text.contains("registry"),
            "{text}"
        );
    }
}

#[test]
fn findings_about_proxies_have_words_too() {
    let place = r"HKLM\SOFTWARE\Policies\Key\ProxyServer".to_owned();
    let ignored = |because| proxy::Finding::SetButIgnored {
        store: proxy::Store::MachineWinInet,
        place: place.clone(),
        says: "proxy:8080".into(),
        because,
    };
    let findings = [
        ignored(proxy::IgnoredBecause::NotReadByWindows),
        ignored(proxy::IgnoredBecause::StoreBefore(proxy::Store::Explicit)),
        ignored(proxy::IgnoredBecause::PerMachinePolicy),
        ignored(proxy::IgnoredBecause::PerUserPolicy),
        ignored(proxy::IgnoredBecause::SwitchedOff),
        ignored(proxy::IgnoredBecause::Stale),
        ignored(proxy::IgnoredBecause::Elevated),
        proxy::Finding::EnabledWithoutServer {
            place: place.clone(),
        },
        proxy::Finding::UnknownPolicyValue {
            place: place.clone(),
            value: 2,
        },
        proxy::Finding::BypassListTooLong {
            place: place.clone(),
            ignored: 7,
        },
    ];
    let mut texts = BTreeSet::new();
    for language in Messages::LANGUAGES {
        let messages = Messages::for_language(language);
        for finding in &findings {
            let text = messages.text(finding);
            assert!(text.contains(&place) && !text.contains('{'), "{text}");
            assert_eq!(text.is_ascii(), *language == "en", "{text}");
            assert!(texts.insert(text), "{finding:?}");
        }
    }
}
