//! What the proxy decision costs: `cargo bench --bench proxy --features pac` (Linux; needs libpacparser-dev).
//!
//! Scripts are compared with libpacparser by the program `pacparser_peer` of the package `benches/peers`, the same
//! scripts in one run. The rest is wall time, the best of several rounds, since others share the machine.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

#[path = "../../src/machine/hive/writer.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "it is made for tests, which need more of it and may stop at any surprise"
)]
mod writer;

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sspr::machine::registry::{Key, RegistryMap, Root, Value, kind};
use sspr::proxy::pac::{FixedWorld, PacEngine, PacScript, PacTarget, QuickJs};
use sspr::proxy::{
    BypassDialect, BypassList, Sources, Survey, SurveyOptions, SurveySource, Target, UserHive,
    UserHiveFile, Ways, WindowsSources,
};
use tokio::runtime::Runtime;
use url::Url;
use writer::{Lists, Node};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const ROUNDS: u32 = 20;
const PROXY: &str = "proxy.corp.example:8080";

fn main() -> Result<()> {
    // First, while this process has allocated nothing that could be used again.
    engine_at_rest()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let url = Url::parse("https://passwordreset.microsoftonline.com/")?;
    cached_decision(&runtime, &url)?;
    bypass_list()?;
    plans(&runtime, &url)?;
    scripts()
}

/// A script whose calls are done, in an engine that waits for the next.
fn engine_at_rest() -> Result<()> {
    let script = fs::read_to_string(root().join("tests/real/pac/headquarters.pac"))?;
    let target = PacTarget::new(&Url::parse("https://www.contoso.com/")?)?;
    let before = resident()?;
    let engine = QuickJs::new(Arc::new(FixedWorld::default()));
    engine.find_proxy(&PacScript::new(script), &target)?;
    let grown = resident()?.saturating_sub(before);
    ratio("pac-resident-mib", grown as f64 / f64::from(1 << 20), 2.0);
    drop(engine);
    Ok(())
}

fn cached_decision(runtime: &Runtime, url: &Url) -> Result<()> {
    let ways = Ways::new(Computer(registry()));
    runtime.block_on(ways.plan(url))?;
    let time = runtime.block_on(async {
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            for _ in 0..10_000 {
                let _ = black_box(ways.plan(black_box(url)).await);
            }
            best = best.min(begun.elapsed() / 10_000);
        }
        best
    });
    ratio("cached-decision-us", time.as_secs_f64() * 1e6, 1.0);
    Ok(())
}

fn bypass_list() -> Result<()> {
    let rules: Vec<_> = (0..1000)
        .map(|number| match number % 4 {
            0 => format!("*.d{number}.corp.example"),
            1 => format!("host{number}.corp.example"),
            2 => format!("10.{}.*", number % 256),
            _ => format!("http://srv{number}*.example:8080"),
        })
        .collect();
    let text = rules.join(";");
    let list = BypassList::parse(BypassDialect::WinInet, &text);
    let target = Target::new("https", "passwordreset.microsoftonline.com", Some(443))?;
    let read = best_of(100, || BypassList::parse(BypassDialect::WinInet, &text));
    let asked = best_of(1000, || list.matches(&target));
    println!("bypass list of 1000 rules: read in {read:?}, asked in {asked:?}");
    Ok(())
}

fn plans(runtime: &Runtime, url: &Url) -> Result<()> {
    let computer = Computer(registry());
    let plan = |survey: Survey| runtime.block_on(survey.plan(url, None));
    plan(computer.survey())?;
    let from_map = best_of(100, || plan(computer.survey()));

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proxy-bench.dat");
    fs::write(&path, hive())?;
    println!("hive of {} KiB", fs::metadata(&path)?.len() / 1024);
    plan(survey_of_hive(&path))?;
    let from_hive = best_of(100, || plan(survey_of_hive(&path)));
    fs::remove_file(&path)?;
    ratio("plan-from-map-ms", from_map.as_secs_f64() * 1e3, 1.0);
    ratio("plan-from-hive-ms", from_hive.as_secs_f64() * 1e3, 1.0);
    Ok(())
}

/// From the bytes of the file to the store that decides.
fn survey_of_hive(path: &Path) -> Survey {
    let nothing = RegistryMap::new();
    let hive = UserHiveFile::open(path);
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
    Survey::take(&sources, &SurveyOptions::default())
}

/// Asks the peers' package, which prints a line for each script.
fn scripts() -> Result<()> {
    let done = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--bin", "pacparser_peer"])
        .current_dir(root().join("benches/peers"))
        .output()?;
    let text = String::from_utf8(done.stdout)?;
    print!("{text}");
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into());
    }
    for line in text.lines() {
        let (script, figures) = line.split_once(": ").ok_or("no name of a script")?;
        let (_, figures) = figures.split_once("ratio ").ok_or("no ratio")?;
        let (value, _) = figures.split_once(';').ok_or("nothing behind the ratio")?;
        ratio(&format!("pac-{script}-cpu"), value.parse()?, 1.0);
    }
    Ok(())
}

/// A computer whose account names a proxy.
struct Computer(RegistryMap);

impl SurveySource for Computer {
    fn survey(&self) -> Survey {
        let mut sources = Sources::default();
        sources.windows = Some(WindowsSources {
            registry: &self.0,
            user: Some(UserHive::current_user(&self.0)),
            default_profile: None,
        });
        Survey::take(&sources, &SurveyOptions::default())
    }
}

fn registry() -> RegistryMap {
    let path = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    let key = Key::new(Root::CurrentUser, path);
    RegistryMap::new()
        .with(&key, "ProxyEnable", Value::dword(1))
        .with(&key, "ProxyServer", Value::text(PROXY))
        .with(
            &key,
            "ProxyOverride",
            Value::text("<local>;*.corp.example;10.*"),
        )
}

/// As large as that of a fresh Default profile.
fn hive() -> Vec<u8> {
    let settings = Node::new("Internet Settings")
        .value("ProxyEnable", kind::DWORD, 1_u32.to_le_bytes())
        .value("ProxyServer", kind::SZ, Value::text(PROXY).data);
    let path = ["CurrentVersion", "Windows", "Microsoft", "Software"];
    let top = path.into_iter().fold(settings, |below, name| {
        let others = (0..20).map(|number| Node::new(&format!("{name} {number}")));
        let filled = others.map(|node| node.value("filler", kind::BINARY, vec![0xA5; 2800]));
        filled.fold(Node::new(name).child(below), Node::child)
    });
    let lists = Lists {
        leaf: *b"lh",
        longest: 500,
    };
    writer::hive(&Node::new("root").child(top), lists)
}

/// The time of one call, in the best of the rounds.
fn best_of<T>(calls: u32, mut call: impl FnMut() -> T) -> Duration {
    let mut round = || {
        let begun = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        begun.elapsed() / calls
    };
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

/// In bytes.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: u64 = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .ok_or("no VmRSS")?
        .parse()?;
    Ok(kib * 1024)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn ratio(name: &str, value: f64, goal: f64) {
    println!("RATIO {name} {value:.3} goal {goal}");
}
