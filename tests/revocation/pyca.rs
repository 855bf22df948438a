//! The OCSP messages of pyca/cryptography: every field that its reader sees.

use rustls_pki_types::UnixTime;
use serde_json::{Value, json};
use sspr::revocation::ocsp::{
    CertId, HashAlgorithm, OcspError, RequestFields, ResponderId, ResponderStatus, Response,
    SingleResponse, Status,
};
use sspr::x509::Extensions;

use crate::vectors::{Set, hex};

#[test]
fn requests() {
    let Some(set) = Set::open("ocsp-pyca") else {
        return;
    };
    let expected = set.json("expected.json");
    let rows = expected["requests"].as_array().unwrap();
    assert_eq!(rows.len(), 9);
    for row in rows {
        let der = set.read(row["file"].as_str().unwrap());
        let result = RequestFields::parse(&der);
        if row["request_extensions"].get("duplicate").is_some() {
            assert!(result.is_err(), "{row}");
            continue;
        }
        let fields = result.unwrap();
        let mut found = cert_id(&fields.cert_id);
        found["file"] = row["file"].clone();
        found["issuer_name_hash"] = json!(hex(fields.cert_id.issuer_name_hash));
        found["issuer_key_hash"] = json!(hex(fields.cert_id.issuer_key_hash));
        found["request_extensions"] = extensions(&fields.extensions);
        assert_eq!(found, *row);
    }
}

#[test]
fn responses() {
    let Some(set) = Set::open("ocsp-pyca") else {
        return;
    };
    let expected = set.json("expected.json");
    let rows = expected["responses"].as_array().unwrap();
    assert_eq!(rows.len(), 13);
    let mut answers = 0;
    for row in rows {
        let der = set.read(row["file"].as_str().unwrap());
        let mut found = match Response::parse(&der) {
            Err(OcspError::Responder(status)) => {
                assert_eq!(status, ResponderStatus::Unauthorized);
                json!({ "response_status": status.to_string() })
            }
            Ok(response) => {
                answers += response.answers.len();
                json!({
                    "response_status": "successful",
                    "produced_at_unix": response.produced_at.as_secs(),
                    "signature_algorithm_oid": response.signed.algorithm_oid().to_string(),
                    "responder": match response.responder {
                        ResponderId::ByName(name) => {
                            json!({ "by": "name", "rfc4514": name.to_string() })
                        }
                        ResponderId::ByKey(hash) => json!({ "by": "key", "hash": hex(hash) }),
                        _ => Value::Null,
                    },
                    "certs": response.certificates.len(),
                    "response_extensions": extensions(&response.extensions),
                    "singles": response.answers.iter().map(answer).collect::<Vec<_>>(),
                    "single_extensions": extensions(&response.answers[0].extensions),
                })
            }
            Err(error) => panic!("{error}"),
        };
        found["file"] = row["file"].clone();
        assert_eq!(found, comparable(row));
    }
    assert_eq!(answers, 31);
}

#[test]
fn refused_messages() {
    let Some(set) = Set::open("ocsp-pyca") else {
        return;
    };
    let expected = set.json("expected.json");
    let rows = expected["refused"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let der = set.read(row["file"].as_str().unwrap());
        match row["kind"].as_str() {
            Some("request") => assert!(RequestFields::parse(&der).is_err(), "{row}"),
            _ => assert!(Response::parse(&der).is_err(), "{row}"),
        }
    }
}

/// A row without the columns that repeat another one as text.
fn comparable(row: &Value) -> Value {
    let mut row = row.clone();
    let columns = row.as_object_mut().unwrap();
    columns.remove("produced_at");
    for single in columns
        .get_mut("singles")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let columns = single.as_object_mut().unwrap();
        columns.remove("this_update");
        columns.remove("next_update");
    }
    if columns.contains_key("singles") {
        columns.entry("single_extensions").or_insert(json!([]));
    }
    row
}

fn answer(answer: &SingleResponse<'_>) -> Value {
    let mut row = cert_id(&answer.cert_id);
    let (status, time, reason) = match answer.status {
        Status::Good => ("good", None, None),
        Status::Revoked(revocation) => ("revoked", Some(revocation.time), revocation.reason),
        _ => ("unknown", None, None),
    };
    row["status"] = json!(status);
    row["revocation_time"] = json!(time.map(iso));
    row["revocation_reason"] = json!(reason.map(|reason| reason.to_string()));
    row["this_update_unix"] = json!(answer.this_update.as_secs());
    row["next_update_unix"] = json!(answer.next_update.map(|time| time.as_secs()));
    row
}

fn cert_id(id: &CertId<'_>) -> Value {
    json!({
        "serial_hex": hex(id.serial).trim_start_matches('0'),
        "cert_id_hash": HashAlgorithm::from_oid(id.hash_algorithm).map(|hash| match hash {
            HashAlgorithm::Sha1 => "sha1",
            HashAlgorithm::Sha256 => "sha256",
            _ => "another",
        }),
        "cert_id_hash_oid": id.hash_algorithm.to_string(),
    })
}

fn extensions(extensions: &Extensions<'_>) -> Value {
    extensions
        .clone()
        .map(|extension| extension.unwrap())
        .map(|found| json!({ "oid": found.oid.to_string(), "critical": found.critical }))
        .collect()
}

/// The only date that the expectations give as text alone.
fn iso(time: UnixTime) -> String {
    let days = time.as_secs() / 86_400;
    let (mut year, mut day) = (1970, days);
    let leap = |year: u64| year.is_multiple_of(4);
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    let seconds = time.as_secs() % 86_400;
    format!(
        "{year:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        month + 1,
        day + 1,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
