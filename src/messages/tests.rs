use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

use super::page;
use super::*;
use crate::diagnosis::{Label, Sign, Verdict};
use crate::error::{
    ClockFault, Error, Fault, GatewayFault, ProxyFault, ProxyResolutionFault, Remedy,
    RevocationFault, Stage, TlsFault, TrustFault, Who,
};
use crate::machine::readiness::{Effect, Matter, ScreenLine};
use crate::protocol::{Advice, Method, MethodId, MethodKind, Outcome, Rejection, Step};
use crate::proxy::Finding as ProxyFinding;

fn ids_in_code() -> BTreeSet<&'static str> {
    [
        Advice::MESSAGE_IDS,
        ClockFault::MESSAGE_IDS,
        Effect::MESSAGE_IDS,
        Fault::MESSAGE_IDS,
        GatewayFault::MESSAGE_IDS,
        page::Label::MESSAGE_IDS,
        Label::MESSAGE_IDS,
        Matter::MESSAGE_IDS,
        MethodKind::MESSAGE_IDS,
        Outcome::MESSAGE_IDS,
        ProxyResolutionFault::MESSAGE_IDS,
        ProxyFault::MESSAGE_IDS,
        ProxyFinding::MESSAGE_IDS,
        Rejection::MESSAGE_IDS,
        Remedy::MESSAGE_IDS,
        RevocationFault::MESSAGE_IDS,
        ScreenLine::MESSAGE_IDS,
        Sign::MESSAGE_IDS,
        Stage::MESSAGE_IDS,
        Step::MESSAGE_IDS,
        TlsFault::MESSAGE_IDS,
        TrustFault::MESSAGE_IDS,
        Verdict::MESSAGE_IDS,
        Who::MESSAGE_IDS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect()
}

/// Every message of a resource with the variables that its text mentions.
fn texts(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    FluentResource::try_new(source.to_owned()).expect("no syntax error");
    let mut texts = BTreeMap::new();
    for block in source.split("\n\n").flat_map(|block| block.split('\n')) {
        let is_message = block.starts_with(|c: char| c.is_ascii_alphabetic());
        if let Some((id, _)) = block.split_once(" =").filter(|_| is_message) {
            assert!(
                texts.insert(id.to_owned(), BTreeSet::new()).is_none(),
                "{id} has two texts"
            );
        }
    }
    let mut current = String::new();
    for line in source.lines() {
        if let Some((id, _)) = line
            .split_once(" =")
            .filter(|(id, _)| texts.contains_key(*id))
        {
            current = id.to_owned();
        }
        for (_, rest) in line
            .match_indices("{ $")
            .map(|(at, _)| line.split_at(at + 3))
        {
            let name = rest.split([' ', '}']).next().unwrap();
            texts.get_mut(&current).unwrap().insert(name.to_owned());
        }
    }
    texts
}

#[test]
fn every_identifier_has_a_text_in_every_language_and_no_text_is_left_over() {
    let in_code: BTreeSet<_> = ids_in_code().into_iter().map(str::to_owned).collect();
    for source in [ENGLISH, JAPANESE] {
        let in_texts: BTreeSet<_> = texts(source).into_keys().collect();
        let difference: Vec<_> = in_code.symmetric_difference(&in_texts).collect();
        assert!(difference.is_empty(), "{difference:?}");
    }
}

#[test]
fn both_languages_mention_the_same() {
    assert_eq!(texts(ENGLISH), texts(JAPANESE));
}

#[test]
fn what_a_text_mentions_is_filled_in() {
    let error = Error::new(Fault::NameNotFound {
        host: "contoso.ciamlogin.com".into(),
    });
    for language in Messages::LANGUAGES {
        let text = Messages::for_language(language).text(&error);
        assert!(text.contains("contoso.ciamlogin.com"), "{text}");
        assert!(!text.contains('{'), "{text}");
    }
}

#[test]
fn a_step_without_a_hint_does_not_claim_that_a_code_was_sent() {
    let step = |hint: Option<&str>| Step::EnterCode {
        kind: None,
        hint: hint.map(Into::into),
        code_length: None,
        can_resend: true,
        can_go_back: false,
        rejection: None,
    };
    let english = Messages::for_language("en");
    assert!(english.text(&step(None)).starts_with("If "));
    let by_app = Step::EnterCode {
        kind: Some(MethodKind::AppCode),
        hint: None,
        code_length: None,
        can_resend: false,
        can_go_back: false,
        rejection: None,
    };
    assert!(english.text(&by_app).contains("app"));
    assert!(
        english
            .text(&step(Some("a***@fabrikam.example")))
            .contains("a***@fabrikam.example")
    );
}

#[test]
fn a_contact_is_asked_for_with_and_without_its_hint() {
    let step = |hint: Option<&str>| Step::ConfirmContact {
        method: Method::new(
            MethodId::new("1"),
            MethodKind::MobileSms,
            hint.map(Into::into),
        ),
        rejection: None,
    };
    for language in Messages::LANGUAGES {
        let messages = Messages::for_language(language);
        assert!(messages.text(&step(Some("+1 XX00"))).contains("+1 XX00"));
        let hidden = messages.text(&step(None));
        assert!(!hidden.contains(['{', ':', '$']), "{hidden}");
    }
}

#[test]
fn a_language_of_the_caller_falls_back_to_english() {
    let german = Messages::with_texts("de", "outcome-expired = Zu lange gewartet.").unwrap();
    assert_eq!(german.text(&Outcome::Expired), "Zu lange gewartet.");
    assert_eq!(
        german.text(&Outcome::Unlocked),
        Messages::for_language("en").text(&Outcome::Unlocked)
    );
    assert_eq!(
        Messages::with_texts("!", "").unwrap_err(),
        TextsError::Language
    );
    assert!(matches!(
        Messages::with_texts("de", "= nothing"),
        Err(TextsError::Syntax(_))
    ));
}

#[test]
fn languages_are_chosen_by_their_tag() {
    assert_eq!(Messages::for_language("ja-JP").language(), "ja");
    assert_eq!(Messages::for_language("fr").language(), "en");
    assert_eq!(Messages::for_language("no tag").language(), "en");
}
