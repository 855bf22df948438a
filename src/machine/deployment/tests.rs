use super::*;
use crate::cloud::CloudTable;
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
