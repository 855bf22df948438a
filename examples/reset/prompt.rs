//! What this frontend says itself, and how it reads a line.

use std::io::{BufRead, IsTerminal, Write};

use sspr::Message;

use crate::Failure;

pub(crate) const ENGLISH: &str = "
prompt-user = User name:
prompt-captcha = Characters in the picture (empty: another picture):
prompt-captcha-only = Characters in the picture:
prompt-goal = 1 for a new password, 2 to unlock only:
prompt-method = Number of the way:
prompt-contact = Whole number or address (<: another way):
prompt-answer = Answer:
prompt-answer-or-back = Answer (<: another way):
prompt-approve = Enter when it is done (<: another way):
prompt-code = Code (empty: send another):
prompt-code-or-back = Code (empty: send another, <: another way):
prompt-current = Current password:
prompt-password = New password:
prompt-repeat = Once more:
prompt-proxy-password = Password for the proxy:
prompt-again = Try again?
passwords-differ = The two are not the same.
";

pub(crate) const JAPANESE: &str = "
prompt-user = ユーザー名:
prompt-captcha = 画像の文字 (空欄で別の画像):
prompt-captcha-only = 画像の文字:
prompt-goal = 1 新しいパスワード、2 ロックの解除のみ:
prompt-method = 方法の番号:
prompt-contact = 番号またはアドレス全体 (< で方法を選び直す):
prompt-answer = 答え:
prompt-answer-or-back = 答え (< で方法を選び直す):
prompt-approve = 終わったら Enter (< で方法を選び直す):
prompt-code = コード (空欄で再送信):
prompt-code-or-back = コード (空欄で再送信、< で方法を選び直す):
prompt-current = 現在のパスワード:
prompt-password = 新しいパスワード:
prompt-repeat = もう一度入力:
prompt-proxy-password = プロキシのパスワード:
prompt-again = もう一度試しますか?
passwords-differ = 一致しません。
";

pub(crate) fn read(
    prompt: Prompt,
    label: &str,
    default: Option<String>,
) -> Result<String, Failure> {
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
pub(crate) enum Prompt {
    User,
    Captcha,
    CaptchaOnly,
    Goal,
    Method,
    Contact,
    Answer,
    AnswerOrBack,
    Approve,
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
            Self::Answer
                | Self::AnswerOrBack
                | Self::Current
                | Self::Password
                | Self::Repeat
                | Self::ProxyPassword
        )
    }
}

impl Message for Prompt {
    fn message_id(&self) -> &'static str {
        match self {
            Self::User => "prompt-user",
            Self::Captcha => "prompt-captcha",
            Self::CaptchaOnly => "prompt-captcha-only",
            Self::Goal => "prompt-goal",
            Self::Method => "prompt-method",
            Self::Contact => "prompt-contact",
            Self::Answer => "prompt-answer",
            Self::AnswerOrBack => "prompt-answer-or-back",
            Self::Approve => "prompt-approve",
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
