//! A terminal frontend: resets a password, step by step.
//!
//! ```text
//! cargo run --example reset                        against an embedded mock tenant
//! cargo run --example reset -- --unattended        the same, answering by itself
//! cargo run --example reset -- --authority https://contoso.ciamlogin.com/contoso.onmicrosoft.com --client-id ID
//! ```
//!
//! Further: `--protocol v1|v2|login-change`, `--user NAME`, `--lang en|ja`, `--tell` (say whether an account exists), `--help`.
//!
//! `--proxy URL` goes through that proxy instead of the way that the settings of this computer say; `--proxy-user NAME`
//! logs in there. The password is asked for, or taken from the environment variable `SSPR_PROXY_PASSWORD`; it goes over
//! the network in clear text only with `--plaintext-basic`. `--explain` tells the way, where it comes from, and what is
//! known about the server.
//!
//! The last line of a run that came to an end is `outcome: …`; the exit status is 0 only for `outcome: password changed`.

mod explain;
mod options;

use std::error::Error as StdError;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use sspr::messages::Messages;
use sspr::mock::{INITIAL_PASSWORD, Tenant, User};
use sspr::protocol::{AnswerKind, Method, MethodId};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{
    Code, CurrentPassword, Error, Message, NewPassword, Outcome, Privacy, ProxyAccess,
    ProxyCredentials, ProxyPassword, Reset, RootScope, Step, Trust, Username,
};

use options::{HELP, Options};

const ENGLISH: &str = "
prompt-user = User name:
prompt-method = Number of the way:
prompt-code = Code (empty: send another):
prompt-code-or-back = Code (empty: send another, <: another way):
prompt-current = Current password:
prompt-password = New password:
prompt-repeat = Once more:
prompt-proxy-password = Password for the proxy:
prompt-again = Try again?
passwords-differ = The two are not the same.
";

const JAPANESE: &str = "
prompt-user = ユーザー名:
prompt-method = 方法の番号:
prompt-code = コード (空欄で再送信):
prompt-code-or-back = コード (空欄で再送信、< で方法を選び直す):
prompt-current = 現在のパスワード:
prompt-password = 新しいパスワード:
prompt-repeat = もう一度入力:
prompt-proxy-password = プロキシのパスワード:
prompt-again = もう一度試しますか?
passwords-differ = 一致しません。
";

type Failure = Box<dyn StdError + Send + Sync>;

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
    let (authority, client_id) = match (&tenant, &options.authority, &options.client_id) {
        (Some(tenant), ..) => (
            tenant.authority().to_string(),
            tenant.client_id().to_owned(),
        ),
        (None, Some(authority), Some(client_id)) => (authority.clone(), client_id.clone()),
        _ => return Err("--authority needs --client-id".into()),
    };
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
        println!("mock tenant at {authority}");
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
    let built = options
        .protocol
        .builder(&authority, client_id)
        .and_then(|builder| {
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

/// Somebody with two ways to get a code, of which the first protocol knows one, and with a password that has expired, which
/// only the change at sign-in asks for.
fn mock_tenant() -> std::io::Result<Tenant> {
    let adele = User::new("adele@contoso.com").contact("adele@fabrikam.example");
    let adele = adele.phone("+1 5550100").password_expired();
    Tenant::builder().user(adele).start()
}

struct Frontend {
    messages: Messages,
    tenant: Option<Tenant>,
    unattended: bool,
    explain: bool,
}

impl Frontend {
    /// The login at the proxy, if one was named.
    async fn proxy_access(&self, options: &Options) -> Result<ProxyAccess, Failure> {
        let (Some(proxy), Some(user)) = (&options.proxy, &options.proxy_user) else {
            return Ok(ProxyAccess::new());
        };
        let password = match std::env::var("SSPR_PROXY_PASSWORD") {
            Ok(password) => password,
            Err(_) if self.unattended => {
                return Err("--unattended takes the password from SSPR_PROXY_PASSWORD".into());
            }
            Err(_) => self.ask(Prompt::ProxyPassword, None).await?,
        };
        let credentials = ProxyCredentials::new(user, ProxyPassword::new(password));
        Ok(ProxyAccess::new()
            .credentials(proxy.clone(), credentials)
            .allow_basic_over_plaintext(options.plaintext_basic))
    }

    /// Shows each step, asks for what it needs, and answers it, until there is nothing left to do.
    async fn attend(&self, mut reset: Reset, user: &str) -> Result<ExitCode, Failure> {
        let mut shown = String::new();
        if let (true, Some(report)) = (self.explain, reset.trust()) {
            explain::trust(report);
        }
        loop {
            let text = self.messages.text(reset.step());
            if text != shown {
                println!("\n{text}");
                shown = text;
            }
            if let Some(rejection) = reset.step().rejection() {
                println!("! {}", self.messages.text(rejection));
            }
            let answered = match reset.step() {
                Step::ChooseMethod { methods, .. } => {
                    let id = self.method(methods).await?;
                    reset.choose_method(id).await
                }
                Step::EnterCode { .. } => match self.code(reset.step(), user).await? {
                    code if code.is_empty() => reset.resend_code().await,
                    code if code == "<" => reset.back().await,
                    code => reset.enter_code(Code::new(code)).await,
                },
                Step::EnterCurrentPassword { .. } => {
                    let current = self.current_password().await?;
                    reset.enter_current_password(current).await
                }
                Step::NewPassword { .. } => match self.password().await? {
                    Some(password) => reset.set_password(password).await,
                    None => continue,
                },
                Step::Applying { .. } => {
                    print!(".");
                    std::io::stdout().flush()?;
                    reset.wait().await
                }
                Step::UseBrowser(handoff) => {
                    println!("{}", handoff.url.as_ref().map_or("-", |url| url.as_str()));
                    println!("outcome: use browser");
                    return Ok(ExitCode::FAILURE);
                }
                Step::Finished(outcome) => return Ok(self.finish(&reset, outcome)),
                other => return Err(format!("this frontend cannot show {}", other.id()).into()),
            };
            if let Err(error) = answered {
                self.tell(&error);
                if self.unattended || !self.confirm().await? {
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
    }

    fn finish(&self, reset: &Reset, outcome: &Outcome) -> ExitCode {
        if let Outcome::Unknown { advice } = outcome {
            println!("{}", self.messages.text(advice));
        }
        if let Some(error) = reset.cause() {
            self.tell(error);
        }
        let id = outcome
            .message_id()
            .trim_start_matches("outcome-")
            .replace('-', " ");
        println!("outcome: {id}");
        match outcome {
            Outcome::PasswordChanged { .. } => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }

    fn give_up(&self, error: &Error) -> ExitCode {
        self.tell(error);
        ExitCode::FAILURE
    }

    /// Stage, fault and remedy in the person's language, then the line for a log.
    fn tell(&self, error: &Error) {
        let remedy = error.remedy();
        eprintln!("\nstage:  {}", self.messages.text(&error.stage()));
        eprintln!("fault:  {}", self.messages.text(error));
        eprintln!(
            "remedy: {} {}",
            self.messages.text(&remedy),
            self.messages.text(&remedy.who())
        );
        if let Some(time) = error.retry_after() {
            eprintln!("wait:   {} s", time.as_secs());
        }
        let id = error.correlation().client.as_deref().unwrap_or("-");
        eprintln!("detail: {error} (client-request-id {id})");
        if self.explain {
            explain::failure(error);
        }
    }

    /// What cannot be a number is handed on, to be refused where a wrong one is.
    async fn method(&self, methods: &[Method]) -> Result<MethodId, Failure> {
        for (index, method) in methods.iter().enumerate() {
            let hint = method.hint.as_deref().unwrap_or_default();
            println!(
                "  {}  {} {hint}",
                index + 1,
                self.messages.text(&method.kind)
            );
        }
        let typed = match self.unattended {
            true => "1".to_owned(),
            false => self.ask(Prompt::Method, None).await?,
        };
        let index = typed
            .trim()
            .parse()
            .ok()
            .and_then(|n: usize| n.checked_sub(1));
        let method = index.and_then(|index| methods.get(index));
        Ok(method.map_or_else(|| MethodId::new(typed), |method| method.id.clone()))
    }

    async fn code(&self, step: &Step, user: &str) -> Result<String, Failure> {
        let mail = self
            .tenant
            .as_ref()
            .and_then(|tenant| tenant.inbox().latest(user));
        if let Some(mail) = &mail {
            println!("  to {}: code {}", mail.to, mail.code);
        }
        if self.unattended {
            return Ok(mail
                .ok_or("no code has come, and nobody is there to type one")?
                .code);
        }
        let prompt = match step.answers().contains(&AnswerKind::Back) {
            true => Prompt::CodeOrBack,
            false => Prompt::Code,
        };
        self.ask(prompt, None).await
    }

    async fn current_password(&self) -> Result<CurrentPassword, Failure> {
        Ok(CurrentPassword::new(match self.unattended {
            true => INITIAL_PASSWORD.to_owned(),
            false => self.ask(Prompt::Current, None).await?,
        }))
    }

    async fn password(&self) -> Result<Option<NewPassword>, Failure> {
        if self.unattended {
            return Ok(Some(NewPassword::new("Correct-Horse-7")));
        }
        let first = NewPassword::new(self.ask(Prompt::Password, None).await?);
        let again = NewPassword::new(self.ask(Prompt::Repeat, None).await?);
        if first.expose_secret() == again.expose_secret() {
            return Ok(Some(first));
        }
        println!("! {}", self.messages.text(&Prompt::Differ));
        Ok(None)
    }

    async fn confirm(&self) -> Result<bool, Failure> {
        Ok(!self
            .ask(Prompt::Again, Some("y"))
            .await?
            .trim()
            .to_lowercase()
            .starts_with('n'))
    }

    /// Reads a line on another thread, so that what is under way goes on; a secret is shown as dots.
    async fn ask(&self, prompt: Prompt, default: Option<&str>) -> Result<String, Failure> {
        let label = self.messages.text(&prompt);
        let default = default.map(str::to_owned);
        tokio::task::spawn_blocking(move || read(prompt, &label, default)).await?
    }
}

fn read(prompt: Prompt, label: &str, default: Option<String>) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        print!("{label} ");
        std::io::stdout().flush()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            return Err("the input has ended".into());
        }
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let read = if prompt.is_secret() {
        inquire::Password::new(label)
            .with_display_mode(inquire::PasswordDisplayMode::Masked)
            .without_confirmation()
            .prompt()
    } else {
        let mut text = inquire::Text::new(label);
        text.default = default.as_deref();
        text.prompt()
    };
    Ok(read?)
}

/// What this frontend says itself.
#[derive(Clone, Copy)]
enum Prompt {
    User,
    Method,
    Code,
    CodeOrBack,
    Current,
    Password,
    Repeat,
    ProxyPassword,
    Again,
    Differ,
}

impl Prompt {
    fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Current | Self::Password | Self::Repeat | Self::ProxyPassword
        )
    }
}

impl Message for Prompt {
    fn message_id(&self) -> &'static str {
        match self {
            Self::User => "prompt-user",
            Self::Method => "prompt-method",
            Self::Code => "prompt-code",
            Self::CodeOrBack => "prompt-code-or-back",
            Self::Current => "prompt-current",
            Self::Password => "prompt-password",
            Self::Repeat => "prompt-repeat",
            Self::ProxyPassword => "prompt-proxy-password",
            Self::Again => "prompt-again",
            Self::Differ => "passwords-differ",
        }
    }
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
