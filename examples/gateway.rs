//! The gateway for a web view, to be tried with any browser.
//!
//! ```text
//! cargo run --example gateway --features gateway,mock             the portal of the mock tenant
//! cargo run --example gateway --features gateway,mock -- --real   Microsoft's own
//! ```
//!
//! Prints the proxy, its user and password, and the page to open, then what happens. Any program of this computer that
//! knows the password may use it, since the browser is not one that this program has started. Ends with Ctrl-C.

use std::error::Error;

use sspr::gateway::{Event, Gateway, Token};
use sspr::messages::Messages;
use sspr::mock::{PortalPolicy, Tenant};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{Channel, Cloud, Message, ResetClient, RootScope, Step, Trust, Username, Workforce};

const USER: &str = "adele@contoso.com";

/// The mock's portal has a name of its own: for Microsoft's, the mock's root would be one that inspects.
const MOCK: &str = "reset.contoso.example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let is_real = std::env::args().any(|argument| argument == "--real");
    let (cloud, channel, tenant) = match is_real {
        true => (Cloud::global(), Channel::builder().build()?, None),
        false => {
            let tenant = Tenant::builder()
                .host_name(MOCK)
                .portal(PortalPolicy::default())
                .start()?;
            let cloud = Cloud::new("mock", MOCK, [MOCK]);
            (cloud, channel_to(&tenant)?, Some(tenant))
        }
    };
    let client = ResetClient::builder(Workforce::new(&cloud)?).build()?;
    let reset = client.start(Username::parse(USER)?).await?;
    let Step::UseBrowser(handoff) = reset.step() else {
        return Err("this account needs no browser".into());
    };

    let gateway = Gateway::builder(channel)
        .dangerously_without_process_check()
        .build()?;
    let (running, mut events) = gateway.serve(handoff).await?;
    println!("proxy     {}", running.proxy());
    println!("user      {}", Token::USER);
    println!("password  {}", running.token().expose_secret());
    if let Some(url) = running.url() {
        println!("page      {url}");
    }
    println!("chromium  {}", running.chromium_arguments().join(" "));
    if let Some(tenant) = &tenant {
        let root = std::env::temp_dir().join("sspr-mock-root.pem");
        std::fs::write(&root, tenant.ca_pem())?;
        println!("root      {}", root.display());
    }

    let messages = Messages::for_language("en");
    while let Some(event) = events.next().await {
        match event {
            Event::Allowed { host, trust } => {
                println!(
                    "allowed   {host}: {:?}, {}",
                    trust.tls, trust.anchor.subject
                );
            }
            Event::Refused { host, error, .. } => {
                let host = host.as_deref().unwrap_or("-").to_owned();
                println!("refused   {host}: {}", messages.text(&error));
                println!("          {}: {error}", error.message_id());
            }
            Event::Closed {
                host,
                end,
                sent,
                received,
            } => println!("closed    {host}: {end:?}, {sent} bytes sent, {received} received"),
            Event::Idle { quiet } => println!("idle      for {} s", quiet.as_secs()),
            _ => {}
        }
    }
    Ok(())
}

/// A channel that finds the mock by its name, and trusts its root.
fn channel_to(tenant: &Tenant) -> Result<Channel, sspr::Error> {
    Channel::builder()
        .way(Explicit::Direct)
        .connect_to(format!("{MOCK}:443"), tenant.address().to_string())
        .trust(Trust::new().added_root(RootScope::Authorities, tenant.ca_der()))
        .revocation(Settings::new(Policy::Strict).private_responders(["127.0.0.1"]))
        .build()
}
