//! The frontend: shows each step, asks for what it needs, and answers it.

use std::io::Write;
use std::process::ExitCode;

use sspr::messages::Messages;
use sspr::mock::{INITIAL_PASSWORD, Tenant};
use sspr::protocol::{AnswerKind, Goal, Method, MethodId, MethodKind, Picture};
use sspr::{
    CaptchaSolution, Code, Contact, CurrentPassword, Error, Message, NewPassword, Outcome,
    PeerText, ProxyAccess, ProxyCredentials, ProxyPassword, Reset, SecurityAnswer, Step,
};

use crate::options::Options;
use crate::prompt::{Prompt, read};
use crate::{Failure, MOCK_ANSWER, MOCK_PHONE, explain};

pub(crate) struct Frontend {
    pub(crate) messages: Messages,
    pub(crate) tenant: Option<Tenant>,
    pub(crate) unattended: bool,
    pub(crate) explain: bool,
}

impl Frontend {
    /// The login at the proxy, if one was named.
    pub(crate) async fn proxy_access(&self, options: &Options) -> Result<ProxyAccess, Failure> {
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
    pub(crate) async fn attend(&self, mut reset: Reset, user: &str) -> Result<ExitCode, Failure> {
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
                Step::Captcha { picture, .. } => {
                    match self.solution(picture, reset.step()).await? {
                        typed if typed.is_empty() => reset.another_picture().await,
                        typed => reset.solve_captcha(CaptchaSolution::new(typed)).await,
                    }
                }
                Step::ResetOrUnlock { .. } => {
                    let goal = self.goal().await?;
                    reset.choose_goal(goal).await
                }
                Step::ChooseMethod { methods, .. } => {
                    let id = self.method(methods).await?;
                    reset.choose_method(id).await
                }
                Step::ConfirmContact { .. } => match self.contact().await? {
                    typed if typed == "<" => reset.back().await,
                    typed => reset.confirm_contact(Contact::new(typed)).await,
                },
                Step::Questions { questions, .. } => {
                    match self.answers(questions, reset.step()).await? {
                        Some(answers) => reset.answer_questions(answers).await,
                        None => reset.back().await,
                    }
                }
                Step::Approve { .. } => match self.approved(user).await? {
                    true => reset.wait().await,
                    false => reset.back().await,
                },
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

    pub(crate) fn give_up(&self, error: &Error) -> ExitCode {
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

    /// Only a person reads a picture. It is put where a person can look at it; the mock tells what it shows.
    async fn solution(&self, picture: &Picture, step: &Step) -> Result<String, Failure> {
        let read = self.tenant.as_ref().and_then(Tenant::captcha_answer);
        if self.unattended {
            return Ok(read.ok_or("nobody is there to read the picture")?);
        }
        let suffix = picture.media_type.trim_start_matches("image/");
        let name = format!("sspr-picture-{}.{suffix}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::File::create_new(&path)?.write_all(&picture.bytes)?;
        println!("  the picture: {}", path.display());
        if let Some(read) = read {
            println!("  the mock says that it shows {read}");
        }
        let prompt = match step.answers().contains(&AnswerKind::AnotherPicture) {
            true => Prompt::Captcha,
            false => Prompt::CaptchaOnly,
        };
        let typed = self.ask(prompt, None).await;
        std::fs::remove_file(&path)?;
        typed
    }

    async fn goal(&self) -> Result<Goal, Failure> {
        if self.unattended {
            return Ok(Goal::Reset);
        }
        Ok(match self.ask(Prompt::Goal, Some("1")).await?.trim() {
            "2" => Goal::Unlock,
            _ => Goal::Reset,
        })
    }

    async fn contact(&self) -> Result<String, Failure> {
        match self.unattended {
            true => Ok(MOCK_PHONE.to_owned()),
            false => self.ask(Prompt::Contact, None).await,
        }
    }

    /// An answer for each question, or nothing to go back.
    async fn answers(
        &self,
        questions: &[PeerText],
        step: &Step,
    ) -> Result<Option<Vec<SecurityAnswer>>, Failure> {
        let can_go_back = step.answers().contains(&AnswerKind::Back);
        let mut answers = Vec::new();
        for question in questions {
            if self.unattended {
                answers.push(SecurityAnswer::new(MOCK_ANSWER));
                continue;
            }
            println!("  {question}");
            let prompt = match can_go_back {
                true => Prompt::AnswerOrBack,
                false => Prompt::Answer,
            };
            let typed = self.ask(prompt, None).await?;
            if can_go_back && typed == "<" {
                return Ok(None);
            }
            answers.push(SecurityAnswer::new(typed));
        }
        Ok(Some(answers))
    }

    /// The mock's person always says yes.
    async fn approved(&self, user: &str) -> Result<bool, Failure> {
        if let Some(tenant) = &self.tenant
            && tenant.approve(user)
        {
            println!("  {user} says yes");
        }
        Ok(self.unattended || self.ask(Prompt::Approve, Some("")).await? != "<")
    }

    async fn code(&self, step: &Step, user: &str) -> Result<String, Failure> {
        let tenant = self.tenant.as_ref();
        let is_of_app = matches!(
            step,
            Step::EnterCode {
                kind: Some(MethodKind::AppCode),
                ..
            }
        );
        if let Some(code) = tenant
            .filter(|_| is_of_app)
            .and_then(|tenant| tenant.app_code(user))
        {
            println!("  the app shows {code}");
            if self.unattended {
                return Ok(code);
            }
        }
        let mail = tenant.and_then(|tenant| tenant.inbox().latest(user));
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
    pub(crate) async fn ask(
        &self,
        prompt: Prompt,
        default: Option<&str>,
    ) -> Result<String, Failure> {
        let label = self.messages.text(&prompt);
        let default = default.map(str::to_owned);
        tokio::task::spawn_blocking(move || read(prompt, &label, default)).await?
    }
}
