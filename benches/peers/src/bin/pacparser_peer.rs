//! PAC scripts in libpacparser (Debian: `libpacparser-dev`) and in our engine, the same scripts in one run.
//!
//! `pacparser_peer` prints the CPU time of one call inside each engine, and of a cold start with one call.
//! `pacparser_peer ours|pacparser SCRIPT CALLS` makes calls and prints nothing, to be counted by callgrind: the
//! difference between two numbers of calls is free of the start.

use std::ffi::{CStr, CString, c_char, c_int};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use sspr::proxy::pac::{FixedWorld, PacEngine, PacScript, PacTarget, QuickJs};
use url::Url;

#[link(name = "pacparser")]
unsafe extern "C" {
    fn pacparser_init() -> c_int;
    fn pacparser_parse_pac_string(script: *const c_char) -> c_int;
    fn pacparser_find_proxy(url: *const c_char, host: *const c_char) -> *mut c_char;
    fn pacparser_setmyip(ip: *const c_char);
    fn pacparser_cleanup();
}

const SCRIPTS: [&str; 3] = ["headquarters", "branches", "spread"];
const URLS: [&str; 4] = [
    "https://passwordreset.microsoftonline.com/",
    "https://www.contoso.com/",
    "http://intranet.contoso.com/",
    "http://10.1.2.3/",
];
const OWN_ADDRESS: &str = "192.168.178.20";
const MEASURED: Duration = Duration::from_secs(3);
const STARTS: u32 = 200;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [] => compare(),
        [who, script, calls] => {
            let calls: usize = calls.parse().expect("a number of calls");
            let mut asked = (0..).take(calls);
            match who.as_str() {
                "ours" => ours(script, |_| asked.next().is_some()),
                "pacparser" => pacparser(script, |_| asked.next().is_some()),
                _ => panic!("who is {who}?"),
            }
        }
        _ => panic!("usage: pacparser_peer [ours|pacparser SCRIPT CALLS]"),
    }
}

fn compare() {
    for script in SCRIPTS {
        let (our_call, our_wall) = call_time("sspr-pac", |go_on| ours(script, go_on));
        let (their_call, their_wall) = call_time("pacparser", |go_on| pacparser(script, go_on));
        let our_start = start_time(|| ours(script, once()));
        let their_start = start_time(|| pacparser(script, once()));
        println!(
            "{script}: CPU per call in the engine {our_call:?} ours, {their_call:?} pacparser, ratio {:.2}; \
             wall {our_wall:?} and {their_wall:?} (ours crosses two threads); cold start with a call {our_start:?} and \
             {their_start:?}",
            our_call.as_secs_f64() / their_call.as_secs_f64()
        );
    }
}

/// The CPU time of a call on the thread of that name, and its wall time.
fn call_time(
    name: &str,
    run: impl FnOnce(&mut dyn FnMut(usize) -> bool) + Send,
) -> (Duration, Duration) {
    thread::scope(|scope| {
        let work = move || {
            let mut begun = None;
            let mut figures = (Duration::ZERO, Duration::ZERO);
            run(&mut |calls| {
                let Some((at, cpu)) = begun else {
                    // The first calls warm up and load the script.
                    if calls >= 100 {
                        begun = Some((Instant::now(), cpu_time(name)));
                    }
                    return true;
                };
                let wall: Duration = at.elapsed();
                if wall < MEASURED {
                    return true;
                }
                let done = (calls - 100) as u32;
                figures = ((cpu_time(name) - cpu) / done, wall / done);
                false
            });
            figures
        };
        let thread = thread::Builder::new().name(name.replace("sspr-pac", "caller"));
        thread.spawn_scoped(scope, work).expect("a thread").join().expect("figures")
    })
}

/// The wall time of one start.
fn start_time(start: impl Fn()) -> Duration {
    let begun = Instant::now();
    for _ in 0..STARTS {
        start();
    }
    begun.elapsed() / STARTS
}

fn once() -> impl FnMut(usize) -> bool {
    |calls| calls < 1
}

/// Calls our engine until `go_on` says no; it is told how many calls there were.
fn ours(script: &str, mut go_on: impl FnMut(usize) -> bool) {
    let world = FixedWorld {
        local: vec![OWN_ADDRESS.parse().expect("an address")],
        ..FixedWorld::default()
    };
    let engine = QuickJs::new(Arc::new(world));
    let script = PacScript::new(fs::read_to_string(path(script)).expect("a script"));
    let targets = URLS.map(|url| {
        PacTarget::new(&Url::parse(url).expect("an address")).expect("an address with a host")
    });
    for (calls, target) in targets.iter().cycle().enumerate() {
        if !go_on(calls) {
            break;
        }
        black_box(engine.find_proxy(&script, target).expect("an answer"));
    }
}

/// The same with libpacparser.
fn pacparser(script: &str, mut go_on: impl FnMut(usize) -> bool) {
    let script = CString::new(fs::read(path(script)).expect("a script")).expect("text");
    let own = CString::new(OWN_ADDRESS).expect("text");
    let targets = URLS.map(|url| {
        let host = Url::parse(url).expect("an address");
        let host = host.host_str().expect("a host").to_owned();
        (CString::new(url).expect("text"), CString::new(host).expect("text"))
    });
    // SAFETY: the library is used by one thread at a time; every pointer is a C string that outlives its call. The answer
    // belongs to the library.
    unsafe {
        assert_eq!(pacparser_init(), 1);
        pacparser_setmyip(own.as_ptr());
        assert_eq!(pacparser_parse_pac_string(script.as_ptr()), 1);
        for (calls, (url, host)) in targets.iter().cycle().enumerate() {
            if !go_on(calls) {
                break;
            }
            let answer = pacparser_find_proxy(url.as_ptr(), host.as_ptr());
            assert!(!answer.is_null());
            black_box(CStr::from_ptr(answer));
        }
        pacparser_cleanup();
    }
}

fn path(script: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/real/pac");
    folder.join(script).with_extension("pac")
}

/// What the newest thread of that name has used, in user and kernel mode, in steps of a hundredth of a second.
fn cpu_time(name: &str) -> Duration {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    let ticks = tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok())
        .filter_map(|stat| {
            let (head, fields) = stat.rsplit_once(") ")?;
            let (id, comm) = head.split_once(" (")?;
            let mut fields = fields.split(' ').skip(11);
            let mut next = || fields.next()?.parse::<u64>().ok();
            (comm == name).then_some((id.parse::<u64>().ok()?, next()? + next()?))
        })
        .max();
    let (_, ticks) = ticks.expect("the thread");
    Duration::from_millis(ticks * 10)
}
