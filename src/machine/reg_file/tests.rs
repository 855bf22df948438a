use super::*;
use crate::machine::registry::{RegistryView, Value, kind};

const HEADER: &str = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Key]\r\n";

/// What the value of a line is.
fn value(name: &str, line: &str) -> Option<Value> {
    let map = parse(format!("{HEADER}{line}\r\n").as_bytes())
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    map.value(&at("Key"), name).unwrap()
}

fn fault(text: impl AsRef<[u8]>) -> (usize, RegFileFault) {
    let error = parse(text.as_ref()).unwrap_err();
    (error.line, error.fault)
}

/// What is wrong with a line, which is line 4.
fn line_fault(line: &str) -> RegFileFault {
    let (number, fault) = fault(format!("{HEADER}{line}\r\n[HKLM\\After]\r\n"));
    assert_eq!(number, 4, "{line}");
    fault
}

fn at(path: &'static str) -> Key {
    Key::new(Root::CurrentUser, path)
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn every_form_of_data_is_read() {
    let raw = |kind, data: &[u8]| {
        Some(Value {
            kind,
            data: data.to_vec(),
        })
    };
    let rows = [
        (r#""v"="text""#, Some(Value::text("text"))),
        (r#""v"="""#, Some(Value::text(""))),
        (
            r#""v"="C:\\a \"b\" ; [c]""#,
            Some(Value::text(r#"C:\a "b" ; [c]"#)),
        ),
        ("\"v\"=\"two\r\nlines\"", Some(Value::text("two\r\nlines"))),
        (
            "\"v\"=\"\u{8a2d}\u{1f511}\"",
            Some(Value::text("\u{8a2d}\u{1f511}")),
        ),
        (r#""v"=dword:0000ffFF"#, Some(Value::dword(0xFFFF))),
        (r#""v"=dword:1"#, Some(Value::dword(1))),
        (r#""v"=DWORD:00000001 ; on"#, Some(Value::dword(1))),
        (r#" "v" = "spaced" ; yes"#, Some(Value::text("spaced"))),
        (r#""v"=hex:"#, Some(Value::binary([]))),
        (r#""v"=hex:01,fF,3"#, Some(Value::binary([1, 255, 3]))),
        (
            "\"v\"=hex:01,\\\r\n  02,\\\r\n  03",
            Some(Value::binary([1, 2, 3])),
        ),
        ("\"v\"=hex:01\\\n,02", Some(Value::binary([1, 2]))),
        ("\"v\"=hex:\\\r\n  01", Some(Value::binary([1]))),
        (r#""v"=hex(0):"#, raw(kind::NONE, &[])),
        (r#""v"=hex(1):61,00"#, raw(kind::SZ, b"a\0")),
        (
            r#""v"=hex(2):25,00,00,00"#,
            raw(kind::EXPAND_SZ, b"%\0\0\0"),
        ),
        (r#""v"=hex(4):01"#, raw(kind::DWORD, &[1])),
        (r#""v"=hex(7):00,00"#, raw(kind::MULTI_SZ, &[0, 0])),
        (
            r#""v"=hex(b):01,00,00,00,00,00,00,00"#,
            raw(kind::QWORD, &[1, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (r#""v"=hex(ffff0012):09"#, raw(0xFFFF_0012, &[9])),
    ];
    for (line, expected) in rows {
        assert_eq!(value("v", line), expected, "{line}");
    }
    assert_eq!(value("", r#"@="default""#), Some(Value::text("default")));
    assert_eq!(
        value(r#"a\"b"#, r#""a\\\"b"=dword:2"#),
        Some(Value::dword(2))
    );
    assert_eq!(value("a=b;c", r#""a=b;c"=dword:2"#), Some(Value::dword(2)));
}

#[test]
fn later_lines_win_and_deletions_delete() {
    let text = format!(
        "{HEADER}\"a\"=\"1\"\r\n\"b\"=\"1\"\r\n@=\"1\"\r\n; \"b\"=\"2\"\r\n\"A\"=\"2\"\r\n\"b\"=-\r\n@=-\r\n\"absent\"=-\r\n\
         [HKCU\\Key\\Below\\Deep]\r\n[HKCU\\Keyring]\r\n[-hkcu\\key\\BELOW]\r\n[-HKCU\\Absent]\r\n"
    );
    let map = parse(text.as_bytes()).unwrap();
    assert_eq!(map.value(&at("Key"), "a"), Ok(Some(Value::text("2"))));
    assert_eq!(map.value(&at("Key"), "b"), Ok(None));
    assert_eq!(map.value(&at("Key"), ""), Ok(None));
    assert_eq!(map.subkeys(&at("Key")), Ok(Some(vec![])));
    assert_eq!(map.subkeys(&at(r"Key\Below")), Ok(None));
    assert_eq!(map.subkeys(&at(r"Key\Below\Deep")), Ok(None));
    assert_eq!(map.subkeys(&at("Keyring")), Ok(Some(vec![])));
}

#[test]
fn roots_go_by_long_and_short_names() {
    let text = "REGEDIT4\n[HKLM\\A]\n[hkey_local_machine\\B\\]\n[HKU\\.DEFAULT]\n[HKEY_USERS\\S-1-5-18]\n[HKCU]\n\
                [HKEY_CLASSES_ROOT\\.txt]\n@=\"left out\"\n[HKCC\\x]\n[-HKCR\\y]\n[HKLM\\odd [name]]\n";
    let map = parse(text.as_bytes()).unwrap();
    let below = |root| map.subkeys(&Key::new(root, "")).unwrap().unwrap();
    assert_eq!(below(Root::LocalMachine), ["A", "B", "odd [name]"]);
    assert_eq!(below(Root::Users), [".DEFAULT", "S-1-5-18"]);
    assert_eq!(below(Root::CurrentUser), [""; 0]);
}

#[test]
fn every_encoding_gives_the_same() {
    let text = format!("{HEADER}\"Gr\u{f6}\u{df}e\"=\"\u{1f511}\"\r\n");
    let encodings = [
        text.clone().into_bytes(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        [b"\xFF\xFE".to_vec(), wide(&text)].concat(),
        text.replace("\r\n", "\n").into_bytes(),
        text.trim_end().as_bytes().to_vec(),
    ];
    for bytes in encodings {
        let map = parse(&bytes).unwrap();
        assert_eq!(
            map.value(&at("Key"), "Gr\u{f6}\u{df}e"),
            Ok(Some(Value::text("\u{1f511}")))
        );
    }
    let encoding = (1, RegFileFault::Encoding);
    assert_eq!(fault(b"\xFF\xFEW\0i"), encoding);
    assert_eq!(fault(b"\xFF\xFE\x00\xD8\x0A\x00"), encoding);
    assert_eq!(fault(b"REGEDIT4\n\n[HKLM\\Gr\xF6\xDFe]"), encoding);
}

#[test]
fn the_old_header_means_text_of_one_byte() {
    let text = "REGEDIT4\r\n[HKCU\\Key]\r\n\"e\"=hex(2):25,61,25,00\r\n\"b\"=hex:25,61\r\n";
    let map = parse(text.as_bytes()).unwrap();
    let expanded = map.value(&at("Key"), "e").unwrap().unwrap();
    assert_eq!(expanded.as_text().unwrap(), "%a%");
    assert_eq!(map.value(&at("Key"), "b"), Ok(Some(Value::binary(*b"%a"))));
    assert_eq!(
        fault("REGEDIT4\n[HKCU\\Key]\n\"e\"=hex(7):e9,00"),
        (3, RegFileFault::CodePage)
    );
}

#[test]
fn headers_are_needed() {
    for text in [
        "",
        "\n",
        "[HKLM\\A]",
        "REGEDIT5\n",
        "; comment\nREGEDIT4\n",
        "REGEDIT4 [HKLM\\A]",
    ] {
        assert_eq!(fault(text), (1, RegFileFault::Header), "{text}");
    }
    assert_eq!(parse(b"REGEDIT4").unwrap().key_count(), 0);
}

#[test]
fn malformed_lines_are_told_with_their_number() {
    let rows = [
        ("[HKEY_NOWHERE\\x]", RegFileFault::Key),
        ("[HKLM\\a\\\\b]", RegFileFault::Key),
        ("[HKLM\\a", RegFileFault::Key),
        ("[HKLM\\a] b", RegFileFault::Key),
        ("[]", RegFileFault::Key),
        ("v=dword:1", RegFileFault::Name),
        ("garbage", RegFileFault::Name),
        (r#""v""#, RegFileFault::Name),
        (r#""v" dword:1"#, RegFileFault::Name),
        (r#""v"=""#, RegFileFault::Text),
        (r#""v"="C:\Temp""#, RegFileFault::Text),
        (r#""v"="a" b"#, RegFileFault::Data),
        (r#""v"="#, RegFileFault::Data),
        (r#""v"=dword"#, RegFileFault::Data),
        (r#""v"=dword:"#, RegFileFault::Data),
        (r#""v"=dword:g"#, RegFileFault::Data),
        (r#""v"=dword:123456789"#, RegFileFault::Data),
        (r#""v"=qword:1"#, RegFileFault::Data),
        (r#""v"=hex"#, RegFileFault::Data),
        (r#""v"=hex(:00"#, RegFileFault::Data),
        (r#""v"=hex(1:00"#, RegFileFault::Data),
        (r#""v"=hex(100000000):00"#, RegFileFault::Data),
        (r#""v"=hex:0g"#, RegFileFault::Data),
        (r#""v"=hex:001"#, RegFileFault::Data),
        (r#""v"=hex:00 00"#, RegFileFault::Data),
        (r#""v"=hex:00\00"#, RegFileFault::Data),
        (r#""v"=--"#, RegFileFault::Data),
    ];
    for (line, expected) in rows {
        assert_eq!(line_fault(line), expected, "{line}");
    }
    assert_eq!(fault("REGEDIT4\n\n\"v\"=dword:1"), (3, RegFileFault::NoKey));
    assert_eq!(
        fault("REGEDIT4\n[-HKLM\\a]\n\"v\"=dword:1"),
        (3, RegFileFault::NoKey)
    );
    assert_eq!(
        fault(format!("{HEADER}\"v\"=hex:01,\\")),
        (4, RegFileFault::Data),
        "cut off"
    );
    assert_eq!(
        fault(format!("{HEADER}\"v\"=hex:01,\\\r\n  zz\r\n")),
        (5, RegFileFault::Data)
    );
}

#[test]
fn everything_is_bounded() {
    let large = RegFileFault::TooLarge;
    assert_eq!(fault(vec![b' '; MAX_SIZE + 1]), (1, large));
    let text = |len| format!("\"v\"=\"{}\"", "x".repeat(len));
    assert_eq!(line_fault(&text(MAX_VALUE + 1)), large);
    assert!(value("v", &text(MAX_VALUE)).is_some());
    let hex = format!("\"v\"=hex:{}", "00,".repeat(MAX_VALUE + 1));
    assert_eq!(line_fault(&hex), large);
    let path = |len: usize| format!("[HKLM\\{}]", "x".repeat(len - 5));
    assert_eq!(line_fault(&path(MAX_PATH + 1)), large);
    assert_eq!(value("v", &path(MAX_PATH)), None);

    // Each line makes 500 keys.
    let keys: String = (0..=MAX_KEYS / 500)
        .map(|line| format!("[HKLM\\{line}{}]\n", "\\x".repeat(499)))
        .collect();
    let (_, fault) = fault(format!("REGEDIT4\n{keys}"));
    assert_eq!(fault, large);
}

#[test]
fn a_text_cut_off_anywhere_does_no_harm() {
    let text = format!(
        "{HEADER}\"a\"=\"b\\\\c\"\r\n@=hex(2):00,\\\r\n  01\r\n\"d\"=dword:00000001\r\n[-HKLM\\x]\r\n[HKU\\y]\r\n\"\u{8a2d}\"=-\r\n"
    );
    let bytes = [b"\xFF\xFE".to_vec(), wide(&text)].concat();
    for end in 0..bytes.len() {
        let _ = parse(&bytes[..end]);
    }
    for end in 0..text.len() {
        let _ = parse(&text.as_bytes()[..end]);
    }
}
