//! The `openssl` tool, and a folder with a tenant's certificates for it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use sspr::mock::{Certificate, Tenant, TenantBuilder};

/// A running tenant, and its certificates as files: `root`, `intermediate`, `leaf`, all PEM, and `shown`.
pub(crate) struct Setting {
    pub(crate) tenant: Tenant,
    folder: PathBuf,
}

static FOLDERS: AtomicUsize = AtomicUsize::new(0);

/// Nothing if there is no `openssl`.
pub(crate) fn setting(builder: TenantBuilder) -> Option<Setting> {
    let found = Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        let missing = "there is no openssl, run tests/real/install/openssl";
        if env::var("SSPR_REAL").is_ok_and(|value| value == "require") {
            panic!("{missing}");
        }
        // Past the capture of the test harness: a test that does nothing has to say so.
        let mut terminal = io::stderr();
        writeln!(terminal, "skipped: {missing}").unwrap();
        return None;
    }
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder = format!("mock-pki-{}-{number}", std::process::id());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&folder).unwrap();
    let setting = Setting {
        tenant: builder.start().unwrap(),
        folder,
    };
    let revocation = setting.tenant.revocation();
    setting.write_pem("root", &[setting.tenant.ca_der().to_vec()]);
    setting.write_pem("leaf", &[revocation.certificate(Certificate::Leaf)]);
    let intermediate = revocation.certificate(Certificate::Intermediate);
    setting.write_pem("intermediate", &[intermediate]);
    setting.write_pem("shown", &revocation.shown());
    Some(setting)
}

impl Setting {
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    /// Certificates that OpenSSL cannot read are left out.
    fn write_pem(&self, name: &str, certificates: &[Vec<u8>]) {
        let mut pem = String::new();
        for certificate in certificates {
            self.write("certificate.der", certificate);
            pem += &self.run("x509 -inform DER -in certificate.der");
        }
        self.write(name, pem.as_bytes());
    }

    /// Runs `openssl` in the folder, with nothing to read; what it wrote to either stream.
    pub(crate) fn run(&self, arguments: &str) -> String {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// What `openssl` says to this has to contain all of `wanted`.
    #[track_caller]
    pub(crate) fn expect(&self, arguments: &str, wanted: &[&str]) {
        let text = self.run(arguments);
        for wanted in wanted {
            assert!(
                text.contains(wanted),
                "openssl {arguments}: no {wanted:?} in\n{text}"
            );
        }
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        // It is in a directory for such files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
