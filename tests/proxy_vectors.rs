//! Lists of exceptions and registry values as their owners read them: third-party data from `SSPR_VECTORS`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::net::IpAddr;
use std::path::PathBuf;

use serde_json::Value as Json;
use sspr::machine::registry::{Key, RegistryMap, Root, Value};
use sspr::proxy::{
    BypassDialect, BypassList, Candidate, Environment, EnvironmentDialect, Finding, Network,
    Sources, Store, Survey, SurveyOptions, Target, UserHive, WinHttpBlob, WinInetBlob,
    WindowsSources,
};
use sspr::{BlobError, BlobField, HostProblem, ProxyResolutionFault, ServerProblem};
use url::Url;

/// A file of the data, or `None` with a printed reason if there is none on this computer.
fn vectors(file: &str) -> Option<Json> {
    let Some(folder) = std::env::var_os("SSPR_VECTORS") else {
        println!("SKIPPED: SSPR_VECTORS is not set");
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    let text =
        std::fs::read_to_string(&path).expect("SSPR_VECTORS is set, so the data must be there");
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn rows<'a>(json: &'a Json, field: &str) -> &'a [Json] {
    json[field].as_array().expect("an array")
}

fn text<'a>(row: &'a Json, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

fn port(row: &Json) -> Option<u16> {
    row["port"]
        .as_u64()
        .map(|port| port.try_into().expect("a port"))
}

#[test]
fn curl_agrees() {
    let Some(json) = vectors("no-proxy/curl.json") else {
        return;
    };
    let (mut hosts, mut networks) = (0, 0);
    for row in rows(&json, "rows") {
        let id = text(row, "id");
        let expected = row["match"].as_bool().expect("a verdict");
        let host = text(row, "url_or_host");
        let matches = if text(row, "kind") == "cidr" {
            networks += 1;
            let network: IpAddr = text(row, "network").parse().expect("an address");
            let bits: u8 = row["bits"]
                .as_u64()
                .expect("bits")
                .try_into()
                .expect("bits");
            // The helper of curl takes no bits to mean all of them.
            let network = match bits {
                0 => Some(Network::single(network)),
                bits => Network::new(network, bits),
            };
            network.is_some_and(|network| network.contains(host.parse().expect("an address")))
        } else {
            hosts += 1;
            let target = Target::new("http", host, port(row)).expect("a host");
            BypassList::parse(BypassDialect::Curl, text(row, "no_proxy")).matches(&target)
        };
        assert_eq!(matches, expected, "{id}");
    }
    assert_eq!((hosts, networks), (78, 17));
}

#[test]
fn go_agrees_on_hosts() {
    let Some(json) = vectors("no-proxy/go.json") else {
        return;
    };
    let hosts = rows(&json, "rows")
        .iter()
        .filter(|row| text(row, "kind") == "host");
    let mut count = 0;
    for row in hosts.chain(rows(&json, "extra")) {
        let target = Target::new("http", text(row, "url_or_host"), port(row)).expect("a host");
        let list = BypassList::parse(BypassDialect::Go, text(row, "no_proxy"));
        assert_eq!(
            !list.matches(&target),
            row["use_proxy"].as_bool().expect("a verdict"),
            "{}",
            text(row, "id")
        );
        count += 1;
    }
    assert_eq!(count, 27 + 28);
}

#[tokio::test]
async fn go_agrees_on_addresses() {
    let Some(json) = vectors("no-proxy/go.json") else {
        return;
    };
    let mut count = 0;
    for row in rows(&json, "rows") {
        if text(row, "kind") != "url" {
            continue;
        }
        count += 1;
        let id = text(row, "id");
        let cgi = if row["cgi"] == true { "GET" } else { "" };
        let variables = [
            ("HTTP_PROXY", text(row, "http_proxy")),
            ("HTTPS_PROXY", text(row, "https_proxy")),
            ("NO_PROXY", text(row, "no_proxy")),
            ("REQUEST_METHOD", cgi),
        ];
        let Ok(url) = Url::parse(text(row, "url_or_host")) else {
            // An address with a zone is none for us: refused, and so not sent past the proxy either.
            assert_eq!(id, "go-url-26");
            let host = "[1000::%.example.com]";
            assert_eq!(Target::new("http", host, Some(123)), Err(HostProblem::Zone));
            continue;
        };
        let plan = by_environment(&variables, &url).await;
        match (plan, row["expected_error"].is_string()) {
            (Err(ProxyResolutionFault::NoUsableServer { problem, .. }), true) => {
                assert_eq!(problem, ServerProblem::CgiHazard, "{id}");
            }
            // Go hands an unknown scheme on to whoever connects; here it is refused at once.
            (Err(ProxyResolutionFault::NoUsableServer { problem, .. }), false) => {
                assert_eq!(id, "go-url-09");
                assert_eq!(problem, ServerProblem::Scheme("foo".into()));
            }
            (Ok(candidates), false) => {
                let expected = match row["expected_proxy"].as_str() {
                    Some(proxy) => Candidate::Proxy(proxy.parse().expect("a proxy")),
                    None => Candidate::Direct,
                };
                assert_eq!(candidates, [expected], "{id}");
            }
            (other, _) => panic!("{id}: {other:?}"),
        }
    }
    assert_eq!(count, 26);
}

#[tokio::test]
async fn go_agrees_on_the_names_of_variables() {
    let Some(json) = vectors("no-proxy/go.json") else {
        return;
    };
    for row in rows(&json, "environment") {
        let set = row["environment"].as_object().expect("variables");
        let variables: Vec<_> = set
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
            .collect();
        let config = &row["config"];
        let secure = by_environment(&variables, &Url::parse("https://a/").expect("URL")).await;
        let proxy = text(config, "https_proxy").parse().expect("a proxy");
        assert_eq!(secure, Ok(vec![Candidate::Proxy(proxy)]));
        let plain = by_environment(&variables, &Url::parse("http://a/").expect("URL")).await;
        assert_eq!(plain.is_err(), config["cgi"] == true);
        let excepted = Url::parse("https://noproxy/").expect("URL");
        assert_eq!(
            by_environment(&variables, &excepted).await,
            Ok(vec![Candidate::Direct])
        );
    }
}

async fn by_environment(
    variables: &[(&str, &str)],
    url: &Url,
) -> Result<Vec<Candidate>, ProxyResolutionFault> {
    let mut sources = Sources::default();
    let variables = variables.iter();
    sources.environment =
        Some(Environment::from_iter(variables.map(|(name, value)| {
            ((*name).to_owned(), (*value).to_owned())
        })));
    let mut options = SurveyOptions::default();
    options.environment = Some(EnvironmentDialect::Go);
    let plan = Survey::take(&sources, &options).plan(url, None).await?;
    Ok(plan.candidates)
}

#[test]
fn blobs_agree() {
    let Some(json) = vectors("windows-registry/blobs.json") else {
        return;
    };
    let mut count = 0;
    for row in rows(&json, "public").iter().chain(rows(&json, "own")) {
        count += 1;
        let name = text(row, "name");
        let bytes = unhex(text(row, "hex"));
        let read = match text(row, "store") {
            "wininet" => WinInetBlob::parse(&bytes).map(Fields::from),
            "winhttp" => WinHttpBlob::parse(&bytes).map(Fields::from),
            other => panic!("{other}"),
        };
        match read {
            Ok(fields) => fields.check(name, &row["expected"]),
            Err(error) => {
                let expected = row["expected_error"].as_str();
                let expected = expected.unwrap_or_else(|| panic!("{name}: {error}"));
                assert!(describes(expected, error), "{name}: {expected} / {error}");
            }
        }
    }
    assert_eq!(count, 27);
}

struct Fields {
    numbers: [u32; 3],
    texts: [String; 3],
    trailing: usize,
    manual: Option<(String, String)>,
    pac_url: Option<String>,
    auto_detect: bool,
}

impl From<WinInetBlob> for Fields {
    fn from(blob: WinInetBlob) -> Self {
        Self {
            numbers: [blob.version, blob.counter, blob.flags],
            trailing: blob.trailing,
            manual: owned(blob.manual_in_effect()),
            pac_url: blob.pac_url_in_effect().map(str::to_owned),
            auto_detect: blob.auto_detect(),
            texts: [blob.proxy, blob.bypass, blob.pac_url],
        }
    }
}

impl From<WinHttpBlob> for Fields {
    fn from(blob: WinHttpBlob) -> Self {
        Self {
            numbers: [blob.version, blob.counter, blob.flags],
            trailing: blob.trailing,
            manual: owned(blob.manual_in_effect()),
            pac_url: None,
            auto_detect: false,
            texts: [blob.proxy, blob.bypass, String::new()],
        }
    }
}

fn owned(manual: Option<(&str, &str)>) -> Option<(String, String)> {
    manual.map(|(proxy, bypass)| (proxy.to_owned(), bypass.to_owned()))
}

impl Fields {
    fn check(self, name: &str, expected: &Json) {
        let version = format!("{:#x}", self.numbers[0]);
        assert_eq!(version, text(expected, "version"), "{name}");
        assert_eq!(Json::from(self.numbers[1]), expected["counter"], "{name}");
        assert_eq!(Json::from(self.numbers[2]), expected["flags"], "{name}");
        for (own, field) in self.texts.iter().zip(["proxy", "bypass", "pac_url"]) {
            assert_eq!(own, text(expected, field), "{name} {field}");
        }
        assert_eq!(
            Json::from(self.trailing),
            expected["trailing_bytes"],
            "{name}"
        );
        let effect = &expected["in_effect"];
        let (proxy, bypass) = self.manual.unzip();
        assert_eq!(proxy.as_deref(), effect["manual_proxy"].as_str(), "{name}");
        let bypass = bypass.filter(|bypass| !bypass.is_empty());
        assert_eq!(bypass.as_deref(), effect["bypass"].as_str(), "{name}");
        assert_eq!(
            self.pac_url.as_deref(),
            effect["pac_url"].as_str(),
            "{name}"
        );
        assert_eq!(
            Json::from(self.auto_detect),
            effect["auto_detect"],
            "{name}"
        );
    }
}

/// Whether the words of the data mean this error. "truncated at N" names a place, not a field.
fn describes(expected: &str, error: BlobError) -> bool {
    match error {
        BlobError::Truncated { field } => {
            let name = match field {
                BlobField::Proxy => "proxy",
                BlobField::Bypass => "bypass",
                BlobField::PacUrl => "pac_url",
                _ => "",
            };
            expected.starts_with("truncated at")
                || expected.starts_with(&format!("{name} length")) && expected.ends_with("past end")
        }
        BlobError::UnknownVersion { version } => {
            expected == format!("unknown version {version:#x}")
        }
        BlobError::BadText {
            field: BlobField::Proxy,
        } => expected == "proxy bad text",
        _ => false,
    }
}

#[tokio::test]
async fn registry_exports_mean_what_they_should() {
    let Some(json) = vectors("windows-registry/reg-expected.json") else {
        return;
    };
    let mut count = 0;
    for file in rows(&json, "files") {
        let name = text(file, "file");
        let registry = registry_of(file);
        let mut sources = Sources::default();
        sources.windows = Some(WindowsSources {
            registry: &registry,
            user: None,
            default_profile: Some(Ok(UserHive::of_user(&registry, "Default"))),
        });
        let survey = Survey::take(&sources, &SurveyOptions::default());
        let ways = async |url: &str| {
            let plan = survey.plan(&Url::parse(url).expect("URL"), None).await;
            plan.map(|plan| {
                let store = plan.provenance.map(|provenance| provenance.store);
                let ways: Vec<_> = plan.candidates.iter().map(ToString::to_string).collect();
                (ways.join(" "), store)
            })
        };
        let far = ways("https://far.example/").await;
        let near = ways("https://www.corp.example/").await;
        let through = |way: &str, store| Ok((way.to_owned(), Some(store)));
        match name {
            "per-machine-proxy.reg" => {
                let store = Store::MachineWinInet;
                assert_eq!(far, through("http://proxy.corp.example:8080", store));
                assert_eq!(near, through("direct", store));
                assert_eq!(ways("http://10.9.8.7/").await, through("direct", store));
                assert_eq!(ways("http://intranet/").await, through("direct", store));
            }
            "default-profile-proxy.reg" => {
                let expected = through("http://proxy.corp.example:8080", Store::DefaultProfile);
                assert_eq!((far, near), (expected.clone(), expected));
            }
            "winhttp-only.reg" => {
                assert_eq!(
                    far,
                    through("http://proxy.corp.example:3128", Store::WinHttp)
                );
                assert_eq!(near, through("direct", Store::WinHttp));
            }
            "pac-url.reg" => {
                assert!(matches!(
                    far,
                    Err(ProxyResolutionFault::PacEngineMissing { .. })
                ));
                let off = |finding: &Finding| {
                    matches!(
                        finding,
                        Finding::SetButIgnored { says, .. } if says.as_str() == "old-proxy.corp.example:8080"
                    )
                };
                assert!(survey.findings.iter().any(off));
            }
            "per-scheme-list.reg" => {
                let store = Store::MachineWinInet;
                assert_eq!(far, through("http://proxy2.corp.example:8443", store));
                let plain = ways("http://far.example/").await;
                assert_eq!(plain, through("http://proxy1.corp.example:8080", store));
                let other = ways("gopher://far.example/").await;
                assert_eq!(other, through("socks4://socks.corp.example:1080", store));
                assert_eq!(near, through("direct", store));
                let own = ways("http://localhost/").await;
                assert_eq!(own, through("http://proxy1.corp.example:8080", store));
            }
            "interfering-policies.reg" => assert_eq!(far, Ok(("direct".to_owned(), None))),
            other => panic!("{other} is new"),
        }
        count += 1;
    }
    assert_eq!(count, 6);
}

fn registry_of(file: &Json) -> RegistryMap {
    let mut registry = RegistryMap::new();
    for key in rows(file, "keys") {
        let (root, path) = text(key, "path").split_once('\\').expect("a path");
        let root = match root {
            "HKEY_LOCAL_MACHINE" => Root::LocalMachine,
            "HKEY_USERS" => Root::Users,
            other => panic!("{other}"),
        };
        let at = Key::new(root, path.to_owned());
        for value in rows(key, "values") {
            let data = &value["data"];
            let content = match text(value, "type") {
                "REG_DWORD" => {
                    let number = data.as_u64().expect("a number");
                    Value::dword(number.try_into().expect("32 bits"))
                }
                "REG_SZ" => Value::text(data.as_str().expect("text")),
                "REG_BINARY" => Value::binary(unhex(data.as_str().expect("hex"))),
                other => panic!("{other}"),
            };
            registry.set(&at, text(value, "name"), content);
        }
    }
    registry
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex
        .chars()
        .map(|c| c.to_digit(16).expect("hex") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
