//! The size of reports.

use std::time::Duration;

use sspr::diagnosis::{Diagnosis, Report};
use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;
use sspr::proxy::Explicit;
use sspr::{Channel, RequiredEndpoint};
use url::Url;

use crate::turns::{Up, diagnose};
use crate::{Result, ratio};

pub(crate) async fn measure() -> Result<()> {
    let healthy = diagnose(Duration::ZERO, Duration::ZERO).await?;
    ratio("healthy-report-kib", kib(&healthy)?, 32.0);
    ratio("worst-report-kib", kib(&worst().await?)?, 32.0);
    Ok(())
}

/// As many addresses as are asked, with names as long as they may be, at none of which anybody listens; and a computer
/// with much in the way.
async fn worst() -> Result<Report> {
    let settings = "REGEDIT4\n\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System]\n\
        \"EnableLUA\"=dword:00000000\n\"ScForceOption\"=dword:00000001\n\"HideFastUserSwitching\"=dword:00000001\n";
    let map = reg_file::parse(settings.as_bytes())?;
    let mut diagnosis = Diagnosis::new().readiness(Readiness::assess(&map, &NoProbes::new()));
    let label = "x".repeat(60);
    for number in 0..16 {
        let url = format!("https://h{number}.{label}.{label}.{label}.localhost:1/{label}");
        diagnosis = diagnosis.endpoint(RequiredEndpoint::page(Url::parse(&url)?));
    }
    let channel = Channel::builder().way(Explicit::Direct).network(Up);
    Ok(diagnosis.over(channel).diagnose().await)
}

fn kib(report: &Report) -> Result<f64> {
    Ok(serde_json::to_vec(report)?.len() as f64 / 1024.0)
}
