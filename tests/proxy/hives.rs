//! The Default profile in a file: whole, damaged, not closed properly, not readable (rows P23 to P25).

#[path = "../../src/machine/hive/writer.rs"]
#[allow(dead_code, reason = "the tests of hives need more of it")]
pub(crate) mod writer;

use std::path::{Path, PathBuf};

use sspr::machine::registry::{RegistryMap, Value, kind};
use sspr::proxy::{
    Candidate, OnUnreadable, Sources, Store, Survey, SurveyOptions, UserHiveFile, WindowsSources,
};
use sspr::{ProxyResolutionFault, StoreProblem};
use url::Url;
use writer::{Lists, Node};

const PROXY: &str = "proxy.corp.example:8080";

#[tokio::test]
async fn a_whole_hive_names_the_proxy() {
    let file = HiveFile::new("whole", &default_profile());
    let plan = plan(&file.0, &SurveyOptions::default()).await.unwrap();
    assert_eq!(plan, [Candidate::Proxy(PROXY.parse().unwrap())]);
}

#[tokio::test]
async fn p23_a_damaged_hive_stops_the_search() {
    let whole = default_profile();
    let mut no_hive = whole.clone();
    no_hive[0] ^= 1;
    let mut other_sum = whole.clone();
    other_sum[508] ^= 1;
    let mut no_root = whole.clone();
    writer::put(&mut no_root, 36, 0x00FF_FF00);
    writer::seal(&mut no_root);
    let cut_off = whole[..whole.len() - 4096].to_vec();

    for (name, bytes) in [
        ("signature", no_hive),
        ("checksum", other_sum),
        ("root", no_root),
        ("cut-off", cut_off),
        ("empty", Vec::new()),
    ] {
        let file = HiveFile::new(name, &bytes);
        // Not even who takes what is out of date takes this.
        let mut options = SurveyOptions::default();
        options.accept_stale_hive = true;
        let problem = stop(&file.0, &options).await;
        match name {
            "checksum" => assert_eq!(problem, StoreProblem::Checksum),
            _ => assert!(
                matches!(problem, StoreProblem::Corrupt { .. }),
                "{name}: {problem}"
            ),
        }
        // What was skipped is not known to be empty.
        options.on_unreadable = OnUnreadable::Skip;
        assert_eq!(stop(&file.0, &options).await, problem, "{name}");
    }
}

#[tokio::test]
async fn p24_a_dirty_hive_is_stale_unless_the_caller_takes_it() {
    let mut dirty = default_profile();
    writer::put(&mut dirty, 4, 2);
    writer::seal(&mut dirty);
    let file = HiveFile::new("dirty", &dirty);
    let mut options = SurveyOptions::default();
    assert_eq!(stop(&file.0, &options).await, StoreProblem::Dirty);
    options.accept_stale_hive = true;
    assert_eq!(
        plan(&file.0, &options).await,
        Ok(vec![Candidate::Proxy(PROXY.parse().unwrap())])
    );
}

#[tokio::test]
async fn p25_a_hive_that_cannot_be_read_stops_the_search() {
    let options = SurveyOptions::default();
    let absent = Path::new("there/is/no/such/NTUSER.DAT");
    assert_eq!(stop(absent, &options).await, StoreProblem::Missing);
    // A folder is no file, on every system and for every account.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    assert!(matches!(
        stop(folder, &options).await,
        StoreProblem::Corrupt { .. }
    ));
}

async fn plan(
    file: &Path,
    options: &SurveyOptions,
) -> Result<Vec<Candidate>, ProxyResolutionFault> {
    let nothing = RegistryMap::new();
    let hive = UserHiveFile::open(file);
    let mut sources = Sources::default();
    sources.windows = Some(WindowsSources {
        registry: &nothing,
        user: None,
        default_profile: Some(
            hive.as_ref()
                .map(UserHiveFile::as_user)
                .map_err(Clone::clone),
        ),
    });
    let url = Url::parse("https://passwordreset.microsoftonline.com/").unwrap();
    let plan = Survey::take(&sources, options).plan(&url, None).await?;
    assert_eq!(plan.provenance.unwrap().store, Store::DefaultProfile);
    Ok(plan.candidates)
}

async fn stop(file: &Path, options: &SurveyOptions) -> StoreProblem {
    match plan(file, options).await {
        Err(ProxyResolutionFault::Store { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

/// The seed's second way around: `ProxyEnable` and `ProxyServer` in the hive of the Default profile.
pub(crate) fn default_profile() -> Vec<u8> {
    let settings = Node::new("Internet Settings")
        .value("ProxyEnable", kind::DWORD, 1_u32.to_le_bytes())
        .value("ProxyServer", kind::SZ, Value::text(PROXY).data);
    let path = ["CurrentVersion", "Windows", "Microsoft", "Software"];
    let top = path
        .into_iter()
        .fold(settings, |below, name| Node::new(name).child(below));
    let lists = Lists {
        leaf: *b"lh",
        longest: 500,
    };
    writer::hive(&Node::new("root").child(top), lists)
}

/// A file that is gone after the test.
pub(crate) struct HiveFile(pub(crate) PathBuf);

impl HiveFile {
    pub(crate) fn new(name: &str, bytes: &[u8]) -> Self {
        let name = format!("proxy-{name}-{}.dat", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for HiveFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
