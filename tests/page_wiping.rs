//! Nothing of a page's values is in memory that is given back, however the page is used.

#![allow(unsafe_code, reason = "an allocator that looks at what is given back")]
#![allow(clippy::unwrap_used, reason = "tests fail by panic")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sspr::protocol::portal::{Applied, Delta, Page};
use url::Url;

const SECRET: &[u8] = b"Only-A-Token-Says-This";

static WATCHES: AtomicBool = AtomicBool::new(false);
static FOUND: AtomicUsize = AtomicUsize::new(0);

struct Watching;

// SAFETY: every call is passed on to the system's allocator, and its memory is only read while it is still owned.
unsafe impl GlobalAlloc for Watching {
    /// With zeros, so that all of it may be read when it comes back.
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if WATCHES.load(Ordering::Relaxed) {
            // SAFETY: the block is the caller's until it is given back below, and was filled when it was taken.
            let bytes = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
            if bytes.windows(SECRET.len()).any(|part| part == SECRET) {
                FOUND.fetch_add(1, Ordering::Relaxed);
            }
        }
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static WATCHING: Watching = Watching;

/// How many blocks were given back with the secret in them.
fn left_by(work: impl FnOnce()) -> usize {
    FOUND.store(0, Ordering::Relaxed);
    WATCHES.store(true, Ordering::Relaxed);
    work();
    WATCHES.store(false, Ordering::Relaxed);
    FOUND.load(Ordering::Relaxed)
}

/// The only test of this file, so that nothing else is given back meanwhile.
#[test]
fn values_are_wiped() {
    let secret = str::from_utf8(SECRET).unwrap();
    let url = Url::parse("https://reset.contoso.example/").unwrap();
    let large = secret.repeat(3000);
    let html = format!(
        "<form method=post><input type=hidden name=a id=a value='{large}'><input name=b value='{secret}\n'>\
         <input type=email name=c value=' {secret} '><input type=password name=d value={secret}>\
         <textarea name=e>{secret}<!-- -->{secret}</textarea><input type=checkbox name=f value={secret} checked>\
         <select name=g><option value={secret}>Words</select><button name=h value={secret}>Go</button></form>"
    );
    let partial = format!(
        "1|#||4|{}|hiddenField|a|{large}|{}|hiddenField|i|{secret}|",
        large.len(),
        secret.len()
    );
    let delta = Delta::parse(partial.as_bytes()).unwrap();
    let mut page = Page::parse(&url, None, html.as_bytes()).unwrap();

    let copy = large.clone();
    assert_eq!(left_by(|| drop(copy)), 1, "the watch sees");
    let left = left_by(|| {
        let form = page.forms().first().unwrap();
        let button = form.control("h").unwrap();
        let request = page.submission(form).press(button).unwrap().request();
        assert_eq!(form.control("a").unwrap().value(), large);
        assert!(request.unwrap().body.as_ref().starts_with(b"a=Only"));
    });
    assert_eq!(left, 0, "a request");
    let left = left_by(|| {
        assert!(matches!(page.apply(&delta), Ok(Applied::Updated)));
        let form = page.forms().first().unwrap();
        assert_eq!(form.control("i").unwrap().value(), secret);
    });
    assert_eq!(left, 0, "a partial answer");
    assert_eq!(left_by(|| drop((page, delta))), 0, "the end");
}
