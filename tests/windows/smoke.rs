//! Ends in the way its argument names. `setup` checks that Wine reports each of them faithfully.

use std::{collections::HashMap, env, hint, panic, process};

fn main() {
    match env::args().nth(1).as_deref() {
        Some("panic") => panic!("as told"),
        Some("exit") => process::exit(7),
        Some("abort") => process::abort(),
        // SAFETY: none; the invalid address is the point.
        Some("crash") => unsafe { hint::black_box(8 as *mut u32).write_volatile(1) },
        _ => {
            // A map draws random keys, so this also proves that the system gives some.
            let map = HashMap::from([("unwinds", true)]);
            let caught = panic::catch_unwind(|| assert!(!map["unwinds"])).is_err();
            println!("{}, unwinds: {caught}", env::consts::OS);
        }
    }
}
