use super::*;
use crate::cloud::{Cloud, CloudTable};
use crate::machine::readiness::{Matter, NoProbes, Readiness};
use crate::machine::reg_file;
use crate::machine::registry::{Key, RegistryView, Root};

fn kit() -> Kit {
    let clouds = CloudTable::default();
    Kit::new(&clouds.clouds()[0]).with_proxy("proxy.corp.example:8080".parse().unwrap())
}

fn file(name: &str) -> String {
    let files = kit().files();
    let (_, content) = files.into_iter().find(|(file, _)| *file == name).unwrap();
    content
}

#[test]
fn the_export_enables_and_its_undo_takes_it_back() {
    let both = file("enable-link.reg");
    let map = reg_file::parse(both.as_bytes()).unwrap();
    let enabled = Readiness::assess(&map, &NoProbes::new());
    assert_eq!(enabled.link_enabled, Some(true));
    let undone = both + file("enable-link.undo.reg").split_once("\r\n").unwrap().1;
    let map = reg_file::parse(undone.as_bytes()).unwrap();
    assert_eq!(
        Readiness::assess(&map, &NoProbes::new()).link_enabled,
        Some(false)
    );
}

#[test]
fn every_export_is_read_and_the_keys_for_tls_satisfy_readiness() {
    for (name, content) in kit().files() {
        if name.ends_with(".reg") {
            reg_file::parse(content.as_bytes()).unwrap();
        }
    }
    let windows_7 = "\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n\
                     \"CurrentBuild\"=\"7601\"\n";
    let finds = |text: &str| {
        let map = reg_file::parse(text.as_bytes()).unwrap();
        let readiness = Readiness::assess(&map, &NoProbes::new());
        let mut findings = readiness.findings.into_iter();
        findings.any(|finding| {
            matches!(
                finding.matter,
                Matter::Tls12NotEnabled | Matter::Tls12Off | Matter::Tls12NotByDefault
            )
        })
    };
    assert!(finds(&format!("REGEDIT4\n{windows_7}")));
    assert!(!finds(&(file("tls-1.2.reg") + windows_7)));

    let map = reg_file::parse(file("tls-1.2.windows-7-8.reg").as_bytes()).unwrap();
    let key = r"SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp";
    let value = map.value(&Key::new(Root::LocalMachine, key), "DefaultSecureProtocols");
    assert_eq!(value.unwrap().unwrap().as_dword(), Ok(0x800));
}

#[test]
fn an_export_and_its_undo_leave_the_rest_as_it_was() {
    for piece in kit().pieces() {
        let Undo::File { content: undo, .. } = &piece.undo else {
            continue;
        };
        if !piece.file.ends_with(".reg") {
            continue;
        }
        let keys: Vec<&str> = piece
            .content
            .lines()
            .filter(|line| line.starts_with('['))
            .collect();
        let before: String = keys
            .iter()
            .map(|key| format!("{key}\n\"Other\"=\"kept\"\n"))
            .collect();
        let body = |text: &str| text.split_once('\n').unwrap().1.to_owned();
        let names = |text: &str| {
            let map = reg_file::parse(format!("REGEDIT4\n{text}").as_bytes()).unwrap();
            let key = |line: &&str| {
                let path = line
                    .trim_matches(['[', ']'])
                    .strip_prefix("HKEY_LOCAL_MACHINE\\");
                Key::new(Root::LocalMachine, path.unwrap().to_owned())
            };
            let keys = keys.iter().map(key);
            keys.map(|key| map.value_names(&key).unwrap())
                .collect::<Vec<_>>()
        };
        let done = before.clone() + &body(&piece.content);
        assert_ne!(names(&done), names(&before), "{}", piece.file);
        let undone = done + &body(undo);
        assert_eq!(names(&undone), names(&before), "{}", piece.file);
    }
}

#[test]
fn whatever_a_script_writes_is_saved_before_and_put_back_by_its_undo() {
    for (script, undo) in [
        ("machine-proxy.cmd", "machine-proxy.undo.cmd"),
        (
            "default-profile-proxy.cmd",
            "default-profile-proxy.undo.cmd",
        ),
    ] {
        let (script, undo) = (file(script), file(undo));
        let mut saved = Vec::new();
        for line in script.lines() {
            // The names stand in quotes: the key first, then what it is saved to.
            if let Some((_, export)) = line.split_once("reg export \"") {
                let (key, rest) = export.split_once('"').unwrap();
                let to = rest.split('"').nth(1).unwrap();
                assert!(undo.contains(&format!("reg import \"{to}\"")), "{to}");
                // A key that does not exist is saved as nothing, or a second run would save what the first wrote.
                let nothing = format!("if not exist \"{to}\" echo REGEDIT4> \"{to}\"");
                assert!(script.lines().any(|line| line == nothing), "{nothing}");
                saved.push(key);
            }
            if let Some(add) = line.strip_prefix("reg add \"") {
                let (key, rest) = add.split_once('"').unwrap();
                let name = rest.split(' ').nth(2).unwrap();
                assert!(saved.contains(&key), "{line}");
                let delete = format!("reg delete \"{key}\" /v {name} /f");
                assert!(undo.contains(&delete), "{delete}");
            }
        }
        assert!(!saved.is_empty());
    }
}

#[test]
fn the_lines_of_the_vendor_are_in_the_kit() {
    let of = |name: &str, line: &str| assert!(file(name).contains(line), "{name}: {line}");
    of(
        "windows-7-8.cmd",
        "msiexec /i SsprWindowsLogon.PROD.msi /qn",
    );
    of(
        "windows-7-8.undo.cmd",
        "msiexec /x SsprWindowsLogon.PROD.msi /qn",
    );
    let oma = "enable-link.oma-uri.txt";
    of(oma, "Devices > Configuration > Profiles > Create");
    of(oma, "Data type: Integer\r\nValue: 1\r\n");
    of("enable-link.oma-uri.undo.txt", "Value: 0\r\n");
    of("registration.txt", "https://aka.ms/ssprsetup");
    of("registration.txt", "Authentication Policy Administrator");
}

#[test]
fn the_hosts_of_another_cloud_are_its_own() {
    let cloud = Cloud::new("own", "login.own.example", ["reset.own.example"])
        .content_hosts(["scripts.own.example"]);
    let endpoints = endpoints(&cloud);
    let secure = endpoints.iter().filter(|endpoint| endpoint.port == 443);
    let hosts: Vec<&str> = secure.map(|endpoint| endpoint.host.as_str()).collect();
    assert_eq!(
        hosts,
        [
            "reset.own.example",
            "scripts.own.example",
            "login.own.example"
        ]
    );
}

#[test]
fn the_profile_has_the_shape_of_graph() {
    for (enable, name) in [
        (true, "enable-link.intune.json"),
        (false, "enable-link.intune.undo.json"),
    ] {
        let profile: serde_json::Value = serde_json::from_str(&file(name)).unwrap();
        assert_eq!(profile, intune_profile(enable));
        assert_eq!(
            profile["@odata.type"],
            "#microsoft.graph.windows10CustomConfiguration"
        );
        let setting = &profile["omaSettings"][0];
        assert_eq!(setting["@odata.type"], "#microsoft.graph.omaSettingInteger");
        assert_eq!(setting["value"], u8::from(enable));
        assert_eq!(
            setting["omaUri"],
            "./Device/Vendor/MSFT/Policy/Config/Authentication/AllowAadPasswordReset"
        );
    }
}

#[test]
fn every_piece_has_an_undo_and_a_line_in_the_contents() {
    let contents = file("contents.txt");
    let mut names = Vec::new();
    for piece in kit().pieces() {
        assert!(contents.contains(piece.file));
        names.push(piece.file);
        match &piece.undo {
            Undo::File { file, content } => {
                assert!(contents.contains(file));
                assert_ne!(*content, piece.content);
                names.push(*file);
            }
            Undo::Step(step) => assert!(!step.is_empty()),
        }
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "each file has its own name");
}

#[test]
fn each_cloud_names_its_own_hosts_and_why() {
    for cloud in CloudTable::default().clouds() {
        let endpoints = endpoints(cloud);
        for host in cloud.reset_hosts.iter().chain([&cloud.login_host]) {
            let mut of_host = endpoints.iter().filter(|endpoint| endpoint.host == *host);
            assert!(of_host.any(|endpoint| endpoint.port == 443), "{host}");
        }
        assert!(endpoints.iter().all(|endpoint| !endpoint.why.is_empty()));
        for kind in ["OCSP", "CRL"] {
            let mut of_kind = endpoints
                .iter()
                .filter(|endpoint| endpoint.why.starts_with(kind));
            assert!(of_kind.all(|endpoint| endpoint.port == 80));
        }
        for host in [
            "ocsp.digicert.com",
            "oneocsp.microsoft.com",
            "crl3.digicert.com",
            "crl4.digicert.com",
            "www.microsoft.com",
            "crl2.microsoft.com",
            "cacerts.digicert.com",
            "cacerts.geotrust.com",
            "caissuers.microsoft.com",
        ] {
            let mut of_host = endpoints.iter().filter(|endpoint| endpoint.host == host);
            assert!(of_host.any(|endpoint| endpoint.port == 80), "{host}");
        }
        let china = endpoints
            .iter()
            .any(|endpoint| endpoint.host.ends_with(".digicert.cn"));
        assert_eq!(china, cloud.name == "china");
    }
    let excluded = antivirus_exclusions(&CloudTable::default().clouds()[0]);
    let excluded: Vec<_> = excluded
        .iter()
        .map(|endpoint| endpoint.host.as_str())
        .collect();
    for host in [
        "passwordreset.microsoftonline.com",
        "ajax.aspnetcdn.com",
        "ocsp.digicert.com",
    ] {
        assert!(excluded.contains(&host), "{host}");
    }
}

#[test]
fn proxies_cannot_break_out_of_a_command() {
    for text in [
        "proxy:8080",
        "proxy.corp.example:1",
        "10.0.0.1:65535",
        "[2001:db8::1]:3128",
    ] {
        assert_eq!(text.parse::<ProxyAddress>().unwrap().to_string(), text);
    }
    for text in [
        "proxy",
        "proxy:",
        "proxy:0",
        "proxy:65536",
        "proxy:+80",
        "a\" & calc:80 ",
        "a b:80",
    ] {
        assert!(text.parse::<ProxyAddress>().is_err(), "{text}");
    }
    for text in [
        ":80",
        "a\" & calc & \":80",
        "%x%:80",
        "http://a:80",
        "[::1:80",
        "a\nb:80",
        "[fe80::1%1]:80",
    ] {
        assert_eq!(
            text.parse::<ProxyAddress>(),
            Err(ProxyProblem::Host),
            "{text}"
        );
    }
    let script = file("machine-proxy.cmd");
    assert!(script.contains("/v ProxySettingsPerUser /t REG_DWORD /d \"0\" /f"));
    assert!(script.contains("/v ProxyServer /t REG_SZ /d \"proxy.corp.example:8080\" /f"));
    assert!(script.lines().all(|line| !line.ends_with(' ')));
}

#[test]
fn without_a_proxy_there_is_no_script_for_one() {
    let clouds = CloudTable::default();
    let kit = Kit::new(&clouds.clouds()[1]);
    assert!(
        kit.pieces()
            .iter()
            .all(|piece| !piece.file.contains("proxy"))
    );
}
