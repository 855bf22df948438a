//! Partial answers.

use sspr::protocol::portal::{Delta, DeltaFault, PageLimit, RecordKind};

fn parse(text: &str) -> Result<Vec<(String, String, String)>, DeltaFault> {
    let delta = Delta::parse(text.as_bytes())?;
    let records = delta.records().map(|record| {
        (
            record.kind.word().to_owned(),
            record.id.to_owned(),
            record.content.to_owned(),
        )
    });
    Ok(records.collect())
}

/// One record, with the length that .NET writes.
pub(crate) fn record(kind: &str, id: &str, content: &str) -> String {
    format!("{}|{kind}|{id}|{content}|", content.encode_utf16().count())
}

#[test]
fn records_are_read_in_order() {
    let text = "1|#||4|3|updatePanel|Panel|a|b|0|hiddenField|__VIEWSTATE||6|pageTitle||a|b\r\nc|";
    let records = parse(text).unwrap();
    let records: Vec<_> = records
        .iter()
        .map(|(kind, id, content)| (kind.as_str(), id.as_str(), content.as_str()))
        .collect();
    assert_eq!(
        records,
        [
            ("#", "", "4"),
            ("updatePanel", "Panel", "a|b"),
            ("hiddenField", "__VIEWSTATE", ""),
            ("pageTitle", "", "a|b\r\nc"),
        ]
    );
}

#[test]
fn lengths_are_those_of_dot_net() {
    for content in [
        "plain",
        "",
        "é",
        "日本語",
        "𝒳",
        "a𝒳b𝒳",
        "\u{10FFFF}",
        "\0",
        "|",
        "0|x||",
        "e\u{301}",
    ] {
        let text = [
            record("updatePanel", "p", content),
            record("focus", "", "x"),
        ]
        .concat();
        let records = parse(&text).unwrap();
        assert_eq!(records[0].2, content);
        assert_eq!(records[1].0, "focus");
    }
    // In bytes or in characters it would be another one.
    assert_eq!(parse("4|x||𝒳|").unwrap_err(), DeltaFault::WrongLength(0));
    assert_eq!(parse("2|x||𝒳|").unwrap()[0].2, "𝒳");
}

#[test]
fn half_a_character_is_refused() {
    for text in ["1|x||𝒳|", "2|x||a𝒳|", "3|x||𝒳𝒳|"] {
        assert_eq!(
            parse(text).unwrap_err(),
            DeltaFault::WrongLength(0),
            "{text}"
        );
    }
    let second = [record("focus", "", "𝒳"), "1|x||𝒳|".to_owned()].concat();
    assert_eq!(parse(&second).unwrap_err(), DeltaFault::WrongLength(14));
}

#[test]
fn every_kind_is_known_by_its_word() {
    let words = "# updatePanel hiddenField arrayDeclaration scriptBlock scriptStartupBlock expando onSubmit \
        asyncPostBackControlIDs postBackControlIDs updatePanelIDs asyncPostBackTimeout childUpdatePanelIDs \
        panelsToRefreshIDs formAction dataItem dataItemJson scriptDispose pageRedirect error pageTitle focus";
    let text: String = words
        .split(' ')
        .map(|word| record(word, "i", "c"))
        .collect();
    let delta = Delta::parse(text.as_bytes()).unwrap();
    assert_eq!(delta.records().count(), 22);
    for (found, word) in delta.records().zip(words.split(' ')) {
        assert_eq!(found.kind.word(), word);
        assert!(!matches!(found.kind, RecordKind::Unknown(_)), "{word}");
    }
    for word in ["UpdatePanel", "update panel", "", "ä"] {
        let text = record(word, "", "");
        let delta = Delta::parse(text.as_bytes()).unwrap();
        let record = delta.records().next().unwrap();
        assert_eq!(*record.kind, RecordKind::Unknown(word.to_owned()));
        assert_eq!(record.kind.word(), word);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, fault) in [
        ("", DeltaFault::Empty),
        ("|", DeltaFault::Length(0)),
        ("x", DeltaFault::Length(0)),
        ("<html>", DeltaFault::Length(0)),
        ("-1|x||a|", DeltaFault::Length(0)),
        ("+1|x||a|", DeltaFault::Length(0)),
        (" 1|x||a|", DeltaFault::Length(0)),
        ("1.0|x||a|", DeltaFault::Length(0)),
        ("0x1|x||a|", DeltaFault::Length(0)),
        ("１|x||a|", DeltaFault::Length(0)),
        ("99999999999|x||a|", DeltaFault::Length(0)),
        ("1", DeltaFault::Length(0)),
        ("1|", DeltaFault::CutOff(0)),
        ("1|x", DeltaFault::CutOff(0)),
        ("1|x|i", DeltaFault::CutOff(0)),
        ("1|x|i|", DeltaFault::WrongLength(0)),
        ("2|x|i|a", DeltaFault::WrongLength(0)),
        ("999999999|x||a|", DeltaFault::WrongLength(0)),
        ("1|x||a", DeltaFault::Delimiter(0)),
        ("1|x||ab|", DeltaFault::Delimiter(0)),
        ("2|x||a|", DeltaFault::Delimiter(0)),
        ("1|x||a|z", DeltaFault::Length(7)),
        ("1|x||a|\r\n", DeltaFault::Length(7)),
        ("1|x||a|1|x||a", DeltaFault::Delimiter(7)),
        ("1|x||a||", DeltaFault::Length(7)),
    ] {
        assert_eq!(parse(text).unwrap_err(), fault, "{text:?}");
    }
    assert_eq!(
        Delta::parse(b"1|x||\xFF|").unwrap_err(),
        DeltaFault::Encoding
    );
    let long = record(&"w".repeat(2000), "", "");
    assert_eq!(parse(&long).unwrap_err(), DeltaFault::CutOff(0));
}

#[test]
fn a_mark_of_the_encoding_is_passed_over() {
    let delta = Delta::parse(b"\xEF\xBB\xBF1|#||4|").unwrap();
    assert_eq!(delta.content(&RecordKind::Version, ""), Some("4"));
}

#[test]
fn an_answer_has_limits() {
    let many = record("focus", "", "").repeat(Delta::RECORDS);
    assert!(parse(&many).is_ok());
    let more = [many, record("focus", "", "")].concat();
    assert_eq!(parse(&more).unwrap_err(), DeltaFault::TooLarge);
    let large = record("focus", "", &"x".repeat(PageLimit::BYTES));
    assert_eq!(parse(&large).unwrap_err(), DeltaFault::TooLarge);
    let just = record("focus", "", &"é".repeat(PageLimit::BYTES / 2 - 20));
    assert!(parse(&just).is_ok());
}

#[test]
fn what_it_holds_is_not_shown() {
    let text = record("hiddenField", "__VIEWSTATE", "hush");
    let delta = Delta::parse(text.as_bytes()).unwrap();
    assert_eq!(format!("{delta:?}"), "[hiddenField|__VIEWSTATE|4 bytes]");
}
