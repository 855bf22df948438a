//! A tenant to try a sign-in screen against, for frontends in any language.
//!
//! ```text
//! cargo run --example mock_tenant --features mock
//! ```
//!
//! Prints where the tenant and its portal are and what to trust, then each code that it sends. Calls are taken
//! at once. Ends with Enter, the end of the input, or Ctrl-C.

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, process, thread};

use sspr::mock::{INITIAL_PASSWORD, Method, Tenant, User};

fn main() -> io::Result<()> {
    let tenant = Arc::new(Tenant::builder().user(megan()).start()?);
    let root = root_file();
    fs::write(&root, tenant.ca_pem())?;
    println!("authority  {}", tenant.authority());
    println!("client id  {}", tenant.client_id());
    println!("portal     {}", tenant.portal_url());
    println!("root       {}", root.display());
    println!("user       adele@contoso.com, password {INITIAL_PASSWORD}");
    println!("           megan@contoso.com, with more methods in the portal");
    println!("Press Enter to end.");

    thread::spawn(move || print_messages(&tenant));
    io::stdin().lock().read_line(&mut String::new())?;
    fs::remove_file(&root)
}

/// A name of its own for each run; after Ctrl-C the file stays.
fn root_file() -> PathBuf {
    env::temp_dir().join(format!("mock-tenant-root-{}.pem", process::id()))
}

fn megan() -> User {
    User::new("megan@contoso.com")
        .method(Method::email("megan@fabrikam.example"))
        .method(Method::mobile_phone("+1 4255550100"))
        .method(Method::office_phone("+1 4255550199"))
}

/// Ends with the process.
fn print_messages(tenant: &Tenant) {
    let inbox = tenant.inbox();
    for seen in 0.. {
        let message = loop {
            if let Some(message) = inbox.wait_for(seen, Duration::from_secs(3600)) {
                break message;
            }
        };
        if message.code.is_empty() {
            tenant.approve(&message.user);
            println!("call       to {}: taken", message.to);
        } else {
            println!("code       to {}: {}", message.to, message.code);
        }
    }
}
