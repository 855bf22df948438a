//! A service that accepts tickets.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::child::Inside;
use super::process::run;

/// What the service answers to a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It knows who that is.
    Accepts { name: String, token: Vec<u8> },
    /// It refuses, perhaps with a token that says why.
    Refuses { token: Vec<u8> },
}

impl Answer {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Accepts { name, .. } => name,
            Self::Refuses { .. } => "nobody",
        }
    }

    pub(crate) fn token(&self) -> &[u8] {
        match self {
            Self::Accepts { token, .. } | Self::Refuses { token } => token,
        }
    }
}

impl Inside {
    /// Shows a token to `HTTP/localhost`.
    pub(crate) fn show(&self, token: &[u8]) -> Answer {
        self.ask(Command::new("/usr/bin/python3"), token, None)
    }

    /// The same, where the service knows that it is reached by a TLS session of this certificate.
    pub(crate) fn show_at(&self, tls_server_end_point: &[u8], token: &[u8]) -> Answer {
        self.ask(
            Command::new("/usr/bin/python3"),
            token,
            Some(tls_server_end_point),
        )
    }

    /// The same, where the clock of the service is wrong by `offset`.
    pub(crate) fn show_to_clock(&self, offset: &str, token: &[u8]) -> Answer {
        let mut command = Command::new("faketime");
        command.args(["-f", offset, "/usr/bin/python3"]);
        self.ask(command, token, None)
    }

    fn ask(&self, mut python: Command, token: &[u8], end_point: Option<&[u8]>) -> Answer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/kerberos/service.py");
        python
            .arg(script)
            .arg(self.path("proxy.keytab"))
            .arg(STANDARD.encode(token))
            .args(end_point.map(|hash| STANDARD.encode(hash)))
            // Else it would remember tokens where all processes can see them.
            .env("KRB5RCACHENAME", "none:");
        let told = run(&mut python);
        let words: Vec<&str> = told.trim_end().split(' ').collect();
        let token = STANDARD.decode(words[1]).unwrap();
        match (words[0], words.get(2)) {
            ("accepts", Some(name)) => Answer::Accepts {
                name: (*name).to_owned(),
                token,
            },
            ("refuses", None) => Answer::Refuses { token },
            _ => panic!("{told}"),
        }
    }
}
