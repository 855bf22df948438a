use serde_json::Value;

use super::response::{hmac_md5, key};
use super::*;

const ADELE: &str = r"CORP\adele";

/// A challenge as servers send it: with flags, and pairs of an id and a value.
fn challenge(flags: u32, pairs: &[(u16, &[u8])]) -> Vec<u8> {
    let mut list = Vec::new();
    for (id, value) in pairs {
        PairId(*id).write(value, &mut list);
    }
    PairId::END.write(&[], &mut list);
    let length = (list.len() as u16).to_le_bytes();
    let mut message = b"NTLMSSP\0\x02\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    message.extend(flags.to_le_bytes());
    message.extend(*b"\x01\x23\x45\x67\x89\xab\xcd\xef\0\0\0\0\0\0\0\0");
    message.extend([length, length, 48_u16.to_le_bytes(), [0, 0]].concat());
    message.extend(list);
    message
}

fn answer(challenge: &[u8], bound: &Bound<'_>) -> Result<Zeroizing<Vec<u8>>, NtlmProblem> {
    let password = ProxyPassword::new("Pa55word");
    let fresh = Fresh {
        random: [7; 8],
        time: 9,
    };
    authenticate(
        challenge,
        &Account::new(ADELE, &password, "WS1"),
        bound,
        fresh,
    )
}

/// The value that the field at `at` of a message points to.
fn field(message: &[u8], at: usize) -> &[u8] {
    let length = usize::from(u16::from_le_bytes([message[at], message[at + 1]]));
    let offset = u32::from_le_bytes(message[at + 4..at + 8].try_into().unwrap()) as usize;
    &message[offset..offset + length]
}

const LM: usize = 12;
const NT: usize = 20;
const DOMAIN: usize = 28;
const USER: usize = 36;

/// The list of pairs in the NT response of a message, ids and values.
fn sent_pairs(message: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut list = &field(message, NT)[16 + 28..];
    let mut pairs = Vec::new();
    loop {
        let number = |at| u16::from_le_bytes([list[at], list[at + 1]]);
        let (id, length) = (number(0), usize::from(number(2)));
        pairs.push((id, list[4..4 + length].to_vec()));
        list = &list[4 + length..];
        if id == 0 {
            assert_eq!(list, [0; 4]);
            return pairs;
        }
    }
}

#[test]
fn the_first_message_tells_nothing() {
    let expected =
        b"NTLMSSP\0\x01\0\0\0\x05\x82\x08\0\0\0\0\0\x28\0\0\0\0\0\0\0\x28\0\0\0\0\0\0\0\0\0\0\0";
    assert_eq!(negotiate(), expected);
}

#[test]
fn the_name_of_an_account_is_split_at_the_backslash_only() {
    let password = ProxyPassword::new("");
    for (name, domain, user) in [
        ("adele", "", "adele"),
        (r"CORP\adele", "CORP", "adele"),
        ("adele@corp.example", "", "adele@corp.example"),
    ] {
        let account = Account::new(name, &password, "");
        assert_eq!((account.domain, account.user), (domain, user));
    }
}

#[test]
fn only_a_server_that_tells_its_time_gets_a_mic_and_no_lm_response() {
    let flags = OFFERED | flag::TARGET_INFO;
    let old = answer(&challenge(flags, &[(2, b"C\0")]), &Bound::default()).unwrap();
    assert_eq!(sent_pairs(&old), [(2, b"C\0".to_vec()), (0, vec![])]);
    assert_eq!(&field(&old, LM)[16..], [7; 8]);
    assert_eq!(field(&old, DOMAIN).as_ptr(), old[72..].as_ptr());
    assert_eq!(field(&old, NT)[24..32], 9_u64.to_le_bytes());

    let time = 5_u64.to_le_bytes();
    let new = answer(&challenge(flags, &[(7, &time)]), &Bound::default()).unwrap();
    let has_mic = 2_u32.to_le_bytes().to_vec();
    assert_eq!(
        sent_pairs(&new),
        [(7, time.to_vec()), (6, has_mic), (0, vec![])]
    );
    assert_eq!(field(&new, LM), [0; 24]);
    assert_eq!(field(&new, DOMAIN).as_ptr(), new[88..].as_ptr());
    assert_ne!(new[72..88], [0; 16]);
    assert_eq!(field(&new, NT)[24..32], time);
    assert_eq!(field(&new, USER), b"a\0d\0e\0l\0e\0");
}

#[test]
fn what_the_client_has_to_say_is_not_taken_from_the_server() {
    let bound = Bound {
        service: "HTTP/p",
        channel: Some([3; 16]),
    };
    let foreign: [(u16, &[u8]); 4] = [(6, &[1; 4]), (9, b"X\0"), (10, &[9; 16]), (1, b"S\0")];
    let message = answer(&challenge(OFFERED | flag::TARGET_INFO, &foreign), &bound).unwrap();
    let expected: [(u16, &[u8]); 4] = [
        (1, b"S\0"),
        (10, &[3; 16]),
        (9, b"H\0T\0T\0P\0/\0p\0"),
        (0, b""),
    ];
    assert_eq!(
        sent_pairs(&message),
        expected.map(|(id, value)| (id, value.to_vec()))
    );
}

/// As `ntlm_fake_auth` of squid 5.7 sends it: the target's name points to nowhere, and there is nothing behind it.
#[test]
fn a_challenge_without_target_info_is_answered() {
    let mut message = b"NTLMSSP\0\x02\0\0\0\x09\0\x09\0\xae\xaa\xaa\xaa".to_vec();
    message.extend(OFFERED.to_le_bytes());
    message.extend(*b"12345678\0\0\0\0\0\0\x3a\0WORKGROUP");
    let answer = answer(&message, &Bound::default()).unwrap();
    assert_eq!(sent_pairs(&answer), [(0, vec![])]);
}

#[test]
fn nothing_is_agreed_to_that_was_not_offered() {
    let message = answer(&challenge(u32::MAX, &[]), &Bound::default()).unwrap();
    let flags = u32::from_le_bytes(message[60..64].try_into().unwrap());
    assert_eq!(flags, OFFERED | flag::TARGET_INFO);
}

#[test]
fn a_challenge_cut_anywhere_is_refused_and_one_changed_anywhere_does_no_harm() {
    let whole = challenge(OFFERED | flag::TARGET_INFO, &[(7, &[0; 8]), (2, b"C\0")]);
    let bound = Bound::default();
    for length in 0..whole.len() {
        answer(&whole[..length], &bound).unwrap_err();
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut changed = whole.clone();
            changed[at] = byte;
            let _ = answer(&changed, &bound);
        }
    }
}

#[test]
fn what_is_no_challenge_is_refused_by_name() {
    let refused = |message: &[u8]| answer(message, &Bound::default()).unwrap_err();
    let flags = OFFERED | flag::TARGET_INFO;
    assert_eq!(refused(b"<html>"), NtlmProblem::Signature);
    assert_eq!(refused(&negotiate()), NtlmProblem::WrongType { kind: 1 });
    assert_eq!(refused(&challenge(0x8206, &[])), NtlmProblem::TooOld);
    let field = "time";
    let short = challenge(flags, &[(7, &[0; 7])]);
    assert_eq!(refused(&short), NtlmProblem::Truncated { field });
    let size = 8193;
    assert_eq!(refused(&[0; 8193]), NtlmProblem::TooLarge { size });
}

#[test]
fn a_name_that_does_not_fit_is_refused() {
    let (password, name) = (ProxyPassword::new(""), "x".repeat(1 << 15));
    let account = Account::new(&name, &password, "");
    let fresh = Fresh::new().unwrap();
    let problem = authenticate(&challenge(OFFERED, &[]), &account, &Bound::default(), fresh);
    assert_eq!(problem.unwrap_err(), NtlmProblem::NameTooLong);
}

#[test]
fn no_two_logins_are_alike_and_the_time_is_of_this_century() {
    let (one, other) = (Fresh::new().unwrap(), Fresh::new().unwrap());
    assert_ne!(one.random, other.random);
    // 2001-01-01
    assert!(one.time > 126_227_808_000_000_000 && one.time < 2 * 126_227_808_000_000_000);
}

#[test]
fn the_vectors_agree() {
    let Some(vectors) = vectors() else { return };
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), vectors["count"].as_u64().unwrap() as usize);
    for case in cases {
        agrees(case);
    }
    for case in vectors["malformed_challenges"].as_array().unwrap() {
        let refused = answer(&hex(&case["challenge"]), &Bound::default());
        assert!(refused.is_err(), "{}", case["name"]);
    }
    for case in vectors["unusual_challenges"].as_array().unwrap() {
        let message = answer(&hex(&case["challenge"]), &Bound::default()).unwrap();
        assert_eq!(sent_pairs(&message), [(0, vec![])], "{}", case["name"]);
    }
}

fn agrees(case: &Value) {
    let expected = &case["expected"];
    let password = ProxyPassword::new(text(&case["password"]));
    let account = Account {
        user: text(&case["user"]),
        domain: text(&case["domain"]),
        password: &password,
        workstation: text(&case["workstation"]),
    };
    let binding = case.get("channel_binding");
    let channel = binding.map(|binding| {
        let hash = channel_hash(&hex(&binding["certificate_hash_sha256"]));
        assert_eq!(hash[..], hex(&binding["md5"]));
        hash
    });
    let bound = Bound {
        service: case.get("target_spn").map_or("", text),
        channel,
    };
    let fresh = Fresh {
        random: hex(&case["client_challenge"]).try_into().unwrap(),
        time: u64::from_le_bytes(hex(&case["time"]).try_into().unwrap()),
    };
    let challenge = hex(&case["messages"]["challenge"]);
    let parsed = Challenge::parse(&challenge).unwrap();
    assert_eq!(parsed.random[..], hex(&case["server_challenge"]));

    assert_eq!(key(&account)[..], hex(&expected["ntowfv2"]));
    let responses = respond(&parsed, &account, &bound, fresh);
    assert_eq!(responses.nt[..16], hex(&expected["nt_proof_str"]));
    assert_eq!(responses.nt[16..], hex(&expected["temp"]));
    assert_eq!(responses.nt, hex(&expected["nt_challenge_response"]));
    let lm = expected
        .get("lmv2_response")
        .or(expected.get("lm_response"));
    assert_eq!(responses.lm[..], hex(lm.unwrap()));
    let session_key = &responses.session_key;
    assert_eq!(session_key[..], hex(&expected["session_base_key"]));

    // Flags and version are what the sender chooses; so is a session key, of which this crate sends none.
    let theirs = hex(&case["messages"]["authenticate"]);
    let ours = authenticate(&challenge, &account, &bound, fresh).unwrap();
    assert_eq!(ours[..52], theirs[..52]);
    let payload = if parsed.time.is_some() { 88 } else { 72 };
    assert!(theirs[payload..].starts_with(&ours[payload..]));
    assert!(theirs.len() - ours.len() <= 16);

    // Both hashes over the messages hold: theirs over theirs, ours over ours.
    if let Some(mic) = expected.get("mic") {
        let negotiated = hex(&case["messages"]["negotiate"]);
        assert_eq!(theirs[72..88], hex(mic));
        for (first, third) in [(negotiated, &theirs[..]), (negotiate(), &ours[..])] {
            let mut zeroed = third.to_vec();
            zeroed[72..88].fill(0);
            let mic = hmac_md5(session_key, &[&first, &challenge, &zeroed]);
            assert_eq!(third[72..88], *mic);
        }
    }
    // The key that a session key would be exchanged by is the base key.
    if let Some(encrypted) = expected.get("encrypted_random_session_key") {
        let sent = rc4(&session_key[..], &hex(&case["random_session_key"]));
        assert_eq!(sent, hex(encrypted));
    }
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0_u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let stream = data.iter().map(|byte| {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let at = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        byte ^ state[usize::from(at)]
    });
    stream.collect()
}

/// The third-party vectors; `None` where `SSPR_VECTORS` does not say where they are.
fn vectors() -> Option<Value> {
    let Some(folder) = std::env::var_os("SSPR_VECTORS") else {
        println!("skipped: SSPR_VECTORS is not set");
        return None;
    };
    let path = std::path::Path::new(&folder).join("auth/ntlm.json");
    let json = std::fs::read(path).expect("SSPR_VECTORS is set, so the data must be there");
    Some(serde_json::from_slice(&json).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let (pairs, odd) = text(value).as_bytes().as_chunks::<2>();
    assert!(odd.is_empty());
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.iter().map(byte).collect()
}
