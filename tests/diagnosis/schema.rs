//! The JSON form, field by field: what others read.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use sspr::diagnosis::{Diagnosis, Report};
use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::{Answers, Channel, NativeV1, RequiredEndpoint};
use url::Url;

use super::site::{Here, channel, diagnosis, over};

fn fields(value: &Json) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn the_fields_are_those_that_are_documented() {
    let tenant = Tenant::start().unwrap();
    tenant.revocation().close_port().unwrap();
    let report = diagnosis(&tenant).diagnose().await;
    let json = serde_json::to_value(&report).unwrap();
    let expected = [
        "schema",
        "verdict",
        "problems",
        "signs",
        "protocol",
        "version",
        "time",
        "ms",
        "stations",
        "endpoints",
    ];
    assert_eq!(fields(&json), expected.into());
    assert_eq!(json["schema"], 1);
    assert_eq!(json["protocol"], "native-v1");
    let expected = [
        "stage",
        "fault",
        "severity",
        "who",
        "message_id",
        "remedy",
        "hosts",
        "evidence",
        "others",
    ];
    assert_eq!(fields(&json["problems"][0]), expected.into());
    assert_eq!(json["problems"][0]["severity"], "degrades");
    assert_eq!(
        json["problems"][0]["message_id"],
        "fault-revocation-unreachable"
    );
    assert_eq!(
        json["problems"][0]["hosts"],
        serde_json::json!(["localhost"])
    );
    let expected = ["url", "answers", "verdict", "ms", "stations"];
    assert_eq!(fields(&json["endpoints"][0]), expected.into());
    let expected = ["stage", "subject", "passed", "fault", "ms", "seen"];
    let stations = json["endpoints"][0]["stations"].as_array().unwrap();
    for station in json["stations"].as_array().unwrap().iter().chain(stations) {
        assert_eq!(fields(station), expected.into());
    }
    let way: Vec<_> = stations
        .iter()
        .map(|one| one["stage"].as_str().unwrap())
        .collect();
    let expected = [
        "proxy-resolution",
        "dns",
        "connect",
        "tls",
        "trust",
        "revocation",
        "http",
        "protocol",
    ];
    assert_eq!(way, expected);
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_is_told() {
    for (fault, told) in [
        (
            Fault::at(Endpoint::Discovery).status(404),
            "unexpected-status",
        ),
        (
            Fault::at(Endpoint::Discovery).status(200),
            "unexpected-content-type",
        ),
        (Fault::at(Endpoint::Discovery).broken_json(), "unreadable"),
        (
            Fault::at(Endpoint::Discovery).without("issuer"),
            "missing-field",
        ),
        (Fault::at(Endpoint::Discovery).status(429), "throttled"),
        (
            Fault::at(Endpoint::Discovery).redirect_to("https://portal.example/"),
            "redirect-refused",
        ),
    ] {
        let tenant = Tenant::start().unwrap();
        tenant.order(fault);
        let report = diagnosis(&tenant).diagnose().await;
        assert_eq!(report.problems[0].fault, told, "{report:?}");
        assert_eq!(serde_json::to_value(report.verdict).unwrap(), "degraded");
    }
}

#[tokio::test]
async fn clocks_that_differ_are_told() {
    let tenant = Tenant::start().unwrap();
    let old = "Sun, 06 Nov 1994 08:49:37 GMT";
    tenant.order(Fault::at(Endpoint::Discovery).header("Date", old));
    let report = diagnosis(&tenant).diagnose().await;
    let problem = &report.problems[0];
    assert_eq!(
        (&*problem.fault, problem.message_id),
        ("differs", "fault-clock-differs")
    );
    assert_eq!(problem.evidence["server"], 784_111_777);
}

#[tokio::test]
async fn what_cannot_even_begin_is_a_matter_of_configuration() {
    let none = Diagnosis::new().diagnose().await;
    assert_eq!(none.problems[0].fault, "no-protocol");
    let tenant = Tenant::start().unwrap();
    let report = over(&tenant, Channel::builder().connect_to("nonsense", "x"))
        .diagnose()
        .await;
    let problem = &report.problems[0];
    assert_eq!(
        (&*problem.fault, problem.hosts.len()),
        ("invalid-setting", 0)
    );
    assert_eq!(problem.stage, sspr::Stage::Configuration);
}

#[test]
fn without_a_runtime_it_says_so() {
    let protocol = NativeV1::new("https://login.example/t", "id").unwrap();
    let diagnosis = Diagnosis::new().protocol(&protocol).diagnose();
    let mut diagnosis = std::pin::pin!(diagnosis);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(report) =
        std::future::Future::poll(diagnosis.as_mut(), &mut context)
    else {
        panic!("it waits for a runtime");
    };
    assert_eq!(report.problems[0].fault, "no-runtime");
}

/// Whatever others say: no control character, no mark of direction, and never more than the limit.
#[tokio::test]
async fn a_hostile_world_cannot_spoil_or_flood_a_report() {
    let tenant = Tenant::builder()
        .root_name("\u{202e}evil\u{1b}[2J<script>alert(1)</script>")
        .host_name("login.microsoftonline.com")
        .start()
        .unwrap();
    tenant.revocation().close_port().unwrap();
    let mut all = over(&tenant, channel(&tenant).resolver(Here));
    for number in 0..100 {
        let url = format!(
            "https://h{number}.{}.example:1/",
            vec!["x".repeat(60); 3].join(".")
        );
        all = all.endpoint(RequiredEndpoint::page(Url::parse(&url).unwrap()));
    }
    let report = all.diagnose().await;
    let json = serde_json::to_vec(&report).unwrap();
    assert!(json.len() <= Report::LIMIT, "{}", json.len());
    assert!(report.endpoints.len() <= 16);
    assert_eq!(report.endpoints[0].answers, Answers::OpenIdConfiguration);
    let text = report.text(&sspr::messages::Messages::for_language("en"));
    let is_harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(is_harmful), "{text:?}");
}
