//! The roots of this computer.
//!
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` choose nothing here: before sign-in, whoever can set a variable could name a root.

use rustls_pki_types::CertificateDer;

use crate::error::{Error, Fault};

/// What the operating system says about certificates.
#[derive(Default)]
pub(super) struct MachineStore {
    /// The roots it trusts for servers.
    pub(super) roots: Vec<CertificateDer<'static>>,
    /// The SHA-256 fingerprints of those that it trusts for nothing.
    pub(super) disallowed: Vec<[u8; 32]>,
}

/// Reads the store.
///
/// # Errors
/// [`Fault::InvalidSetting`] if there is none that can be read. An empty one would look like a network that inspects.
pub(super) fn load() -> Result<MachineStore, Error> {
    // The loaders of some systems panic over certificates that they do not expect. With `panic = "abort"` that ends the
    // program all the same.
    match std::panic::catch_unwind(system::load) {
        Ok(Ok(store)) if !store.roots.is_empty() => Ok(store),
        Ok(Err(error)) => Err(unreadable().with_source(error)),
        Ok(Ok(_)) | Err(_) => Err(unreadable()),
    }
}

fn unreadable() -> Error {
    let setting = "machine_store";
    Fault::InvalidSetting { setting }.into()
}

/// This build does not read the store.
#[cfg(not(feature = "native-certs"))]
mod system {
    use std::io;

    use super::MachineStore;

    pub(super) fn load() -> io::Result<MachineStore> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(feature = "native-certs", not(any(windows, target_os = "macos"))))]
mod system {
    use std::io;
    use std::path::Path;

    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    use super::MachineStore;

    /// Where systems keep their bundle: Debian, Fedora, openSUSE, Alpine, FreeBSD. The first that is there counts.
    const BUNDLES: [&str; 6] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ];

    pub(super) fn load() -> io::Result<MachineStore> {
        let mut bundles = BUNDLES.iter().map(Path::new);
        let bundle = bundles.find(|path| path.is_file());
        let bundle = bundle.ok_or(io::ErrorKind::NotFound)?;
        let certificates = CertificateDer::pem_file_iter(bundle).map_err(io::Error::other)?;
        Ok(MachineStore {
            roots: certificates.filter_map(Result::ok).collect(),
            disallowed: Vec::new(),
        })
    }
}

#[cfg(all(feature = "native-certs", any(windows, target_os = "macos")))]
mod system {
    use std::{env, io};

    use super::MachineStore;

    pub(super) fn load() -> io::Result<MachineStore> {
        // The loader obeys these two, and there is no way to tell it not to.
        for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if env::var_os(variable).is_some() {
                return Err(io::Error::other(format!("{variable} is set")));
            }
        }
        Ok(MachineStore {
            roots: rustls_native_certs::load_native_certs().certs,
            disallowed: disallowed()?,
        })
    }

    /// The store of certificates that an administrator, or Microsoft, has withdrawn trust from.
    #[cfg(windows)]
    fn disallowed() -> io::Result<Vec<[u8; 32]>> {
        use schannel::cert_store::CertStore;

        use crate::tls::shown::sha256;

        let store = CertStore::open_current_user("Disallowed")?;
        Ok(store
            .certs()
            .map(|certificate| sha256(certificate.to_der()))
            .collect())
    }

    #[cfg(not(windows))]
    fn disallowed() -> io::Result<Vec<[u8; 32]>> {
        Ok(Vec::new())
    }
}

#[cfg(all(test, feature = "native-certs"))]
mod tests {
    use super::*;
    use crate::tls::trust::{RootScope, Roots, Trust};

    /// Runs itself again in a process of its own, since variables belong to a whole process.
    #[cfg(not(any(windows, target_os = "macos")))]
    #[test]
    fn variables_choose_no_roots() {
        use std::{env, fs, process};

        const INSIDE: &str = "SSPR_TEST_WITH_VARIABLES";
        let root = include_bytes!("../../tests/path/chains/root.der");
        if env::var_os(INSIDE).is_some() {
            if let Ok(store) = load() {
                assert!(store.roots.iter().all(|der| der[..] != root[..]));
                assert!(store.roots.len() > 10);
            }
            return;
        }
        // Any certificate will do that no store holds; this one is written as PEM.
        let folder = env::temp_dir().join(format!("sspr-machine-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("root.pem"), pem(root)).unwrap();
        let told = process::Command::new(env::current_exe().unwrap())
            .args(["--exact", "tls::machine::tests::variables_choose_no_roots"])
            .env(INSIDE, "1")
            .env("SSL_CERT_FILE", folder.join("root.pem"))
            .env("SSL_CERT_DIR", &folder)
            .output()
            .unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.contains("1 passed"), "{told}");
    }

    #[test]
    fn a_store_that_cannot_be_read_is_told_when_the_channel_is_built() {
        let trust = Trust::new().machine_store(true).added_root(
            RootScope::Authorities,
            webpki_root_certs::TLS_SERVER_ROOT_CERTS[0].to_vec(),
        );
        match (load(), Roots::new(&trust)) {
            (Ok(_), Ok(_)) => {}
            (Err(_), Err(error)) => {
                let setting = "machine_store";
                assert_eq!(*error.fault(), Fault::InvalidSetting { setting });
            }
            _ => panic!("the channel and the store disagree"),
        }
    }

    /// A certificate between its two lines, in base64 (RFC 7468).
    #[cfg(not(any(windows, target_os = "macos")))]
    fn pem(der: &[u8]) -> String {
        use base64::Engine as _;

        let base64 = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    }
}
