//! The example `deployment_kit`, and what it wrote.

#[path = "../../examples/deployment_kit.rs"]
#[allow(dead_code, reason = "its main function is for the command line")]
mod deployment_kit;

use std::fs;
use std::path::PathBuf;

use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;

fn run(words: &[&str]) -> Result<(bool, String), String> {
    let mut out = Vec::new();
    let words = words.iter().map(|word| (*word).to_owned());
    let done = deployment_kit::run(words, &mut out).map_err(|error| error.to_string())?;
    Ok((done, String::from_utf8(out).unwrap()))
}

#[test]
fn the_kit_is_written_and_what_it_writes_is_read() {
    let folder = Folder::new("kit");
    let path = folder.0.display().to_string();
    let (done, printed) = run(&[
        &path,
        "--cloud",
        "us-gov",
        "--proxy",
        "proxy.corp.example:8080",
    ])
    .unwrap();
    assert!(done);
    let written: Vec<_> = fs::read_dir(&folder.0).unwrap().flatten().collect();
    assert_eq!(printed.lines().count(), written.len());

    let export = fs::read(folder.0.join("enable-link.reg")).unwrap();
    let map = reg_file::parse(&export).unwrap();
    assert_eq!(
        Readiness::assess(&map, &NoProbes::new()).link_enabled,
        Some(true)
    );

    let (mut exports, mut profiles, mut undos) = (0, 0, 0);
    for entry in written {
        let (name, content) = (entry.file_name(), fs::read(entry.path()).unwrap());
        let name = name.to_string_lossy();
        undos += usize::from(name.contains(".undo."));
        if name.ends_with(".reg") {
            reg_file::parse(&content).unwrap_or_else(|error| panic!("{name}: {error}"));
            exports += 1;
        }
        if name.ends_with(".json") {
            let profile: serde_json::Value = serde_json::from_slice(&content).unwrap();
            assert_eq!(
                profile["@odata.type"],
                "#microsoft.graph.windows10CustomConfiguration"
            );
            profiles += 1;
        }
    }
    assert_eq!((exports, profiles, undos), (6, 2, 8));
    let firewall = fs::read_to_string(folder.0.join("firewall.txt")).unwrap();
    assert!(
        firewall.contains("passwordreset.microsoftonline.us:443"),
        "{firewall}"
    );
    assert!(!firewall.contains("ciamlogin"), "{firewall}");
}

#[test]
fn wrong_commands_are_refused() {
    for words in [
        &[] as &[&str],
        &["--cloud", "moon", "x"],
        &["x", "--proxy", "a\" & calc:80"],
        &["x", "--proxy"],
        &["--what"],
    ] {
        assert!(run(words).is_err(), "{words:?}");
    }
}

#[test]
fn phone_numbers_are_checked() {
    assert_eq!(
        run(&["--check-phone", "+1 4251234567"]),
        Ok((true, "+1 4251234567: good\n".into()))
    );
    let (good, printed) = run(&["--check-phone", "+14251234567"]).unwrap();
    assert!(!good && printed.contains("space"), "{printed}");
}

#[test]
fn addresses_are_checked() {
    assert_eq!(
        run(&["--check-email", "adele@contoso.com"]),
        Ok((true, "adele@contoso.com: good\n".into()))
    );
    let (good, printed) = run(&["--check-email", "adele.@contoso.com"]).unwrap();
    assert!(!good && printed.contains("e-mail"), "{printed}");
}

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("sspr-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
