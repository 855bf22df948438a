//! Resets a password, answering from standard input.

use sspr::{Code, Error, NativeV1, NewPassword, ResetClient, Step, Username, blocking};

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Error> {
    let mut lines = std::io::stdin().lines().map_while(Result::ok);
    let mut next = || lines.next().unwrap_or_default();
    let client = ResetClient::builder(NativeV1::new(next(), next())?).build()?;
    let mut reset = blocking::ResetClient::new(client)?.start(Username::parse(&next())?)?;
    loop {
        println!("{}", reset.step().id());
        match reset.step() {
            Step::EnterCode { .. } => reset.enter_code(Code::new(next()))?,
            Step::NewPassword { .. } => reset.set_password(NewPassword::new(next()))?,
            Step::Applying { .. } => reset.wait()?,
            _ => return Ok(()),
        }
    }
}
