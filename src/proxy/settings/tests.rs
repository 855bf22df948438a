use super::*;
use crate::proxy::{ServerUse, Target};

fn servers(reading: &Reading) -> String {
    let settings = reading.outcome.as_ref().unwrap();
    let Some(manual) = &settings.manual else {
        return String::new();
    };
    let servers = manual.servers.servers();
    let texts: Vec<_> = servers
        .map(|(of, server)| format!("{of:?}={server}"))
        .collect();
    texts.join(" ")
}

fn excepts(reading: &Reading, host: &str) -> bool {
    let manual = reading.outcome.as_ref().unwrap().manual.as_ref().unwrap();
    manual
        .bypass
        .matches(&Target::new("https", host, Some(443)).unwrap())
}

fn environment(variables: &[(&str, &str)], dialect: EnvironmentDialect) -> Reading {
    let environment: Environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    environment.read(Store::Environment, "environment", dialect)
}

#[test]
fn each_dialect_looks_for_its_own_variables() {
    let all = [
        ("HTTP_PROXY", "up-http"),
        ("http_proxy", "low-http"),
        ("HTTPS_PROXY", "up-https"),
        ("https_proxy", "low-https"),
        ("ALL_PROXY", "up-all"),
    ];
    assert_eq!(
        servers(&environment(&all, EnvironmentDialect::Curl)),
        "Any=http://up-all:80 Http=http://low-http:80 Https=http://low-https:80"
    );
    assert_eq!(
        servers(&environment(&all, EnvironmentDialect::Go)),
        "Http=http://up-http:80 Https=http://up-https:80"
    );
    let upper = [("HTTP_PROXY", "up"), ("https_proxy", "")];
    assert_eq!(servers(&environment(&upper, EnvironmentDialect::Curl)), "");
    let empty_upper = [("HTTPS_PROXY", ""), ("https_proxy", "low")];
    assert_eq!(
        servers(&environment(&empty_upper, EnvironmentDialect::Go)),
        "Https=http://low:80"
    );
}

#[test]
fn no_proxy_is_read_in_the_dialect() {
    let set = [("https_proxy", "p"), ("no_proxy", ".corp.example")];
    assert!(excepts(
        &environment(&set, EnvironmentDialect::Curl),
        "corp.example"
    ));
    assert!(!excepts(
        &environment(&set, EnvironmentDialect::Go),
        "corp.example"
    ));
}

#[test]
fn gnome_is_read_from_all_three_texts() {
    let dump = "[/]\nmode='manual'\nignore-hosts=['localhost', '10.0.0.0/8', \"corp.example\"]\n\n\
                [http]\nhost='proxy'\nport=8080\n\n[https]\nhost='secure'\nport=uint32 8443\n[socks]\nhost='s'\n";
    let keyfile = "[system/proxy]\nmode='manual'\nignore-hosts=['corp.example']\n[system/proxy/http]\n\
                   host='proxy'\nport=8080\n[system/proxy/https]\nhost='secure'\nport=8443\n\
                   [system/proxy/socks]\nhost='s'\n[org/other]\nhost='x'\n";
    let listed = "org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy ignore-hosts ['corp.example']\n\
                  org.gnome.system.proxy.http host 'proxy'\norg.gnome.system.proxy.http port 8080\n\
                  org.gnome.system.proxy.https host 'secure'\norg.gnome.system.proxy.https port 8443\n\
                  org.gnome.system.proxy.socks host 's'\norg.gnome.system.proxy.ftp host ''\n";
    for text in [dump, keyfile, listed] {
        let reading = GnomeSettings::parse(text).read();
        assert_eq!(
            servers(&reading),
            "Http=http://proxy:8080 Https=http://secure:8443 Socks=socks5://s:1080",
            "{text}"
        );
        assert!(excepts(&reading, "www.corp.example"));
        assert!(!excepts(&reading, "example"));
    }
}

#[test]
fn the_modes_of_gnome() {
    let read = |text: &str| GnomeSettings::parse(text).read().outcome;
    for text in ["", "[/]\nmode='none'\n[http]\nhost='h'\nport=1"] {
        assert!(!read(text).unwrap().names_a_way());
    }
    let auto = read("[/]\nmode='auto'\nautoconfig-url='http://pac/'").unwrap();
    assert_eq!(auto.pac_url.as_deref(), Some("http://pac/"));
    assert!(read("[/]\nmode='auto'").unwrap().auto_detect);
    assert!(matches!(
        read("[/]\nmode='what'").unwrap_err().problem,
        StoreProblem::UnknownWord { word } if word.as_str() == "what"
    ));
    let empty = GnomeSettings::parse("[/]\nmode='manual'\n[http]\nuse-authentication=true").read();
    assert!(matches!(
        empty.findings[..],
        [
            Finding::StoredCredentialsIgnored { .. },
            Finding::EnabledWithoutServer { .. }
        ]
    ));
}

#[test]
fn the_files_of_linux() {
    let places = LinuxPlaces {
        sysconfig: Some(
            "# comment\nPROXY_ENABLED=\"yes\"\nHTTPS_PROXY=\"http://proxy:3128/\"\nNO_PROXY=\"localhost, corp.example\"\n"
                .to_owned(),
        ),
        etc_environment: Some("PATH=/bin\nexport https_proxy='p2:1'\n".to_owned()),
    };
    let sysconfig = places.read_sysconfig();
    assert_eq!(servers(&sysconfig), "Https=http://proxy:3128");
    assert!(excepts(&sysconfig, "a.corp.example"));
    assert_eq!(servers(&places.read_etc_environment()), "Https=http://p2:1");
    let off = LinuxPlaces {
        sysconfig: Some("PROXY_ENABLED=no\nHTTP_PROXY=p".to_owned()),
        etc_environment: None,
    };
    assert_eq!(servers(&off.read_sysconfig()), "");
    assert_eq!(servers(&off.read_etc_environment()), "");
}

#[test]
fn the_files_of_linux_are_read_from_a_root() {
    let root = std::env::temp_dir().join(format!("sspr-proxy-{}", std::process::id()));
    let etc = root.join("etc");
    std::fs::create_dir_all(etc.join("sysconfig")).unwrap();
    assert_eq!(LinuxPlaces::read(&root), Ok(LinuxPlaces::default()));
    std::fs::write(etc.join("environment"), "https_proxy=p").unwrap();
    let places = LinuxPlaces::read(&root).unwrap();
    assert_eq!(places.etc_environment.as_deref(), Some("https_proxy=p"));
    std::fs::write(etc.join("sysconfig/proxy"), vec![b'#'; 70_000]).unwrap();
    assert!(matches!(
        LinuxPlaces::read(&root).unwrap_err().problem,
        StoreProblem::Corrupt { .. }
    ));
    std::fs::write(etc.join("sysconfig/proxy"), b"\xff").unwrap();
    assert_eq!(
        LinuxPlaces::read(&root).unwrap_err().problem,
        StoreProblem::NotText
    );
    std::fs::remove_dir_all(&root).unwrap();
}

#[test]
fn the_dictionary_of_macos() {
    use MacValue::{List, Number, Text};
    let entries = [
        ("HTTPEnable", Number(1)),
        ("HTTPProxy", Text("proxy".into())),
        ("HTTPPort", Number(8080)),
        ("HTTPSEnable", Number(1)),
        ("HTTPSProxy", Text("secure".into())),
        ("HTTPSPort", Number(70_000)),
        ("SOCKSEnable", Number(0)),
        ("SOCKSProxy", Text("off".into())),
        ("FTPEnable", Number(1)),
        (
            "ExceptionsList",
            List(vec!["*.local".into(), "169.254/16".into()]),
        ),
        ("ExcludeSimpleHostnames", Number(1)),
        ("ProxyAutoConfigEnable", Number(0)),
        ("ProxyAutoConfigURLString", Text("http://pac/".into())),
    ];
    let proxies = MacProxies::new(entries.map(|(name, value)| (name.to_owned(), value)));
    let reading = proxies.read();
    assert_eq!(servers(&reading), "Http=http://proxy:8080");
    let settings = reading.outcome.as_ref().unwrap();
    assert_eq!(settings.pac_url, None);
    let refused = settings.manual.as_ref().unwrap().servers.refused();
    assert_eq!(refused[0].used_for, Some(ServerUse::Https));
    for (host, expected) in [
        ("printer.local", true),
        ("intranet", true),
        ("169.254.3.4", true),
        ("localhost", true),
        ("example.com", false),
    ] {
        assert_eq!(excepts(&reading, host), expected, "{host}");
    }
    assert!(matches!(
        reading.findings[..],
        [
            Finding::EnabledWithoutServer { .. },
            Finding::ServerRefused { .. }
        ]
    ));
}
