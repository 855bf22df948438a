//! A tenant to try a sign-in screen against, for frontends in any language.
//!
//! ```text
//! cargo run --example mock_tenant --features mock
//! ```
//!
//! Prints where the tenant is and what to trust, then each code that it sends. Ends with Enter, the end of the input,
//! or Ctrl-C.

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, process, thread};

use sspr::mock::{INITIAL_PASSWORD, Inbox, Tenant};

fn main() -> io::Result<()> {
    let tenant = Tenant::start()?;
    let root = root_file();
    fs::write(&root, tenant.ca_pem())?;
    println!("authority  {}", tenant.authority());
    println!("client id  {}", tenant.client_id());
    println!("root       {}", root.display());
    println!("user       adele@contoso.com, password {INITIAL_PASSWORD}");
    println!("Press Enter to end.");

    let inbox = tenant.inbox();
    thread::spawn(move || print_mail(&inbox));
    io::stdin().lock().read_line(&mut String::new())?;
    fs::remove_file(&root)
}

/// A name of its own for each run; after Ctrl-C the file stays.
fn root_file() -> PathBuf {
    env::temp_dir().join(format!("mock-tenant-root-{}.pem", process::id()))
}

/// Ends with the process.
fn print_mail(inbox: &Inbox) {
    for seen in 0.. {
        let mail = loop {
            if let Some(mail) = inbox.wait_for(seen, Duration::from_secs(3600)) {
                break mail;
            }
        };
        println!("mail       to {}: code {}", mail.to, mail.code);
    }
}
