//! libcurl in a process of its own, which this crate never links: `benches/peers/curl`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

/// Builds the peer and gives its program.
pub(crate) fn build() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Without it, the package would build a libcurl of its own.
    let library = Command::new("pkg-config")
        .args(["--modversion", "libcurl"])
        .output()?;
    if !library.status.success() {
        return Err(
            "the peer needs libcurl (Debian: apt-get install libcurl4-openssl-dev pkg-config)"
                .into(),
        );
    }
    print!("libcurl {}", String::from_utf8_lossy(&library.stdout));
    let target = root.join("target/peers");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet"])
        .current_dir(root.join("benches/peers/curl"))
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    match status.success() {
        true => Ok(target.join("release/curl_peer")),
        false => Err("the peer does not build".into()),
    }
}
