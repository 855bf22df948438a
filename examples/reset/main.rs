//! A terminal frontend: resets a password, step by step.
//!
//! ```text
//! cargo run --example reset                        against an embedded mock tenant
//! cargo run --example reset -- --unattended        the same, answering by itself
//! cargo run --example reset -- --authority https://contoso.ciamlogin.com/contoso.onmicrosoft.com --client-id ID
//! cargo run --example reset -- --protocol portal   on the pages of the mock's portal
//! ```
//!
//! Further: `--protocol v1|v2|portal|login-change`, `--user NAME`, `--lang en|ja`, `--tell` (say whether an account exists), `--help`.
//!
//! `--proxy URL` goes through that proxy instead of the way that the settings of this computer say; `--proxy-user NAME`
//! logs in there. The password is asked for, or taken from the environment variable `SSPR_PROXY_PASSWORD`; it goes over
//! the network in clear text only with `--plaintext-basic`. `--explain` tells the way, where it comes from, and what is
//! known about the server.
//!
//! `--protocol portal` goes by the profile of the mock's own pages; with `--authority URL` by what is known of the portal of
//! Microsoft Entra, or by the profile in `--profile FILE`. A picture is saved for the person to look at, and never read
//! here; the mock says what its own shows.
//!
//! The last line of a run that came to an end is `outcome: …`; the exit status is 0 only for `outcome: password changed`.

mod explain;
mod frontend;
mod options;
mod prompt;

use std::error::Error as StdError;
use std::process::ExitCode;

use sspr::messages::Messages;
use sspr::mock::{Method, PortalPolicy, Tenant, User};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{Privacy, RootScope, Trust, Username};

use frontend::Frontend;
use options::{HELP, Options};
use prompt::{ENGLISH, JAPANESE, Prompt};

pub(crate) const MOCK_PHONE: &str = "+1 5550100";
pub(crate) const MOCK_ANSWER: &str = "Redmond";

pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    tokio::spawn(leave_terminal_sane());
    match run(options).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<ExitCode, Failure> {
    let tenant = options.authority.is_none().then(mock_tenant).transpose()?;
    let service = options.service(tenant.as_ref())?;
    let texts = if options.language == "ja" {
        JAPANESE
    } else {
        ENGLISH
    };
    let messages = Messages::with_texts(&options.language, texts)?;
    let frontend = Frontend {
        messages,
        tenant,
        unattended: options.unattended,
        explain: options.explain,
    };

    let mut trust = Trust::new();
    let mut revocation = Settings::new(Policy::default());
    let mut way = options.proxy.clone().map(Explicit::from);
    if let Some(tenant) = &frontend.tenant {
        println!("mock tenant at {}", service.authority);
        trust = trust.added_root(RootScope::Authorities, tenant.ca_der());
        revocation = revocation.private_responders(["127.0.0.1"]);
        // It is on this computer, whatever the settings say.
        way = way.or(Some(Explicit::Direct));
    }
    let access = frontend.proxy_access(&options).await?;
    let privacy = if options.tell {
        Privacy::Tell
    } else {
        Privacy::Hide
    };
    let built = options.protocol.builder(&service).and_then(|builder| {
        let builder = builder
            .trust(trust)
            .revocation(revocation)
            .proxy_access(access)
            .privacy(privacy);
        match way {
            Some(way) => builder.way(way).build(),
            None => builder.build(),
        }
    });
    let client = match built {
        Ok(client) => client,
        Err(error) => return Ok(frontend.give_up(&error)),
    };
    if options.explain {
        match client.plan().await {
            Ok(plan) => plan.iter().for_each(|plan| explain::plan(plan)),
            Err(error) => return Ok(frontend.give_up(&error)),
        }
    }
    let user = match options.user {
        Some(user) => user,
        None if options.unattended => "adele@contoso.com".to_owned(),
        // The connection is made ready while the person types; what is in the way is told by the start.
        None => {
            let example = frontend.tenant.as_ref().map(|_| "adele@contoso.com");
            let warm_up = client.warm_up();
            tokio::join!(frontend.ask(Prompt::User, example), warm_up).0?
        }
    };
    let username = match Username::parse(&user) {
        Ok(username) => username,
        Err(error) => return Ok(frontend.give_up(&error)),
    };
    match client.start(username).await {
        Ok(reset) => frontend.attend(reset, &user).await,
        Err(error) => Ok(frontend.give_up(&error)),
    }
}

/// Somebody with several ways to be verified, of which the first protocol knows one and the portal most, and with a password
/// that has expired, which only the change at sign-in asks for.
fn mock_tenant() -> std::io::Result<Tenant> {
    let adele = User::new("adele@contoso.com").contact("adele@fabrikam.example");
    let questions = [
        "In which town did you first work?",
        "Where were you born?",
        "Where is your desk?",
    ];
    let adele = adele
        .phone(MOCK_PHONE)
        .password_expired()
        .method(Method::email("adele@fabrikam.example"))
        .method(Method::mobile_phone(MOCK_PHONE))
        .method(Method::app_code(b"12345678901234567890".as_slice()))
        .method(Method::security_questions(
            questions.map(|question| (question, MOCK_ANSWER)),
        ));
    let pages = PortalPolicy::default().captcha();
    Tenant::builder().user(adele).portal(pages).start()
}

/// A prompt switches the terminal to raw mode. Whoever ends the program from outside gets the terminal back as it was.
async fn leave_terminal_sane() {
    if tokio::signal::ctrl_c().await.is_ok() {
        let _ = crossterm::terminal::disable_raw_mode();
        let _ = crossterm::execute!(std::io::stdout(), crossterm::cursor::Show);
        println!();
        std::process::exit(130);
    }
}
