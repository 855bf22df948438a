//! The same desk for callers without an async runtime: PAM modules, credential providers, C.
//!
//! Every client brings a runtime of its own and lends it to its attempts; the calling thread does the work. Requests go
//! on only during a call: between two calls nothing of this crate runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Correlation, Error, Fault};
use crate::protocol::{Goal, MethodId, SignIn, Step};
use crate::report::TrustReport;
use crate::secret::{
    CaptchaSolution, Code, Contact, CurrentPassword, NewPassword, SecurityAnswer, Username,
};

/// [`ResetClient`](super::ResetClient), blocking.
#[derive(Debug, Clone)]
pub struct ResetClient {
    client: super::ResetClient,
    runtime: SharedRuntime,
}

/// [`Reset`](super::Reset), blocking. Its methods mean the same, and wait where those are awaited.
#[derive(Debug)]
pub struct Reset {
    reset: super::Reset,
    runtime: SharedRuntime,
}

/// One thread at a time drives the runtime; that is all a sign-in screen needs.
#[derive(Debug, Clone)]
struct SharedRuntime(Arc<Mutex<OwnRuntime>>);

#[derive(Debug)]
struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        // Dropping a runtime waits, and panics on a thread that drives another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl SharedRuntime {
    fn run<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        // Blocking a thread that drives another runtime would panic.
        if Handle::try_current().is_ok() {
            return Err(Fault::NoRuntime.into());
        }
        match &self.0.lock().unwrap_or_else(PoisonError::into_inner).0 {
            Some(runtime) => runtime.block_on(future),
            None => Err(Fault::NoRuntime.into()),
        }
    }
}

impl ResetClient {
    /// Makes a client blocking.
    ///
    /// # Errors
    /// [`Fault::NoRuntime`] if the operating system gives no runtime. Calls give it, too, on a thread that already
    /// drives a runtime: use the client itself there.
    pub fn new(client: super::ResetClient) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| Error::new(Fault::NoRuntime).with_source(error))?;
        Ok(Self {
            client,
            runtime: SharedRuntime(Arc::new(Mutex::new(OwnRuntime(Some(runtime))))),
        })
    }

    /// See [`ResetClient::start`](super::ResetClient::start).
    ///
    /// # Errors
    /// See there.
    pub fn start(&self, username: Username) -> Result<Reset, Error> {
        let reset = self.runtime.run(self.client.start(username))?;
        Ok(Reset {
            reset,
            runtime: self.runtime.clone(),
        })
    }

    /// See [`ResetClient::warm_up`](super::ResetClient::warm_up).
    ///
    /// # Errors
    /// See there.
    pub fn warm_up(&self) -> Result<(), Error> {
        self.runtime.run(self.client.warm_up())
    }

    /// See [`ResetClient::network_changed`](super::ResetClient::network_changed).
    pub fn network_changed(&self) {
        self.client.network_changed();
    }

    /// See [`ResetClient::wait_for_network`](super::ResetClient::wait_for_network).
    ///
    /// # Errors
    /// See there.
    pub fn wait_for_network(&self, limit: Option<Duration>) -> Result<(), Error> {
        self.runtime.run(self.client.wait_for_network(limit))
    }
}

/// Methods that wait for the one of the same name.
macro_rules! forward {
    ($($name:ident($($arg:ident: $type:ty)?);)+) => {
        impl Reset {
            $(
                #[doc = concat!("See [`Reset::", stringify!($name), "`](super::Reset::", stringify!($name), ").")]
                ///
                /// # Errors
                /// See there.
                pub fn $name(&mut self $(, $arg: $type)?) -> Result<(), Error> {
                    self.runtime.run(self.reset.$name($($arg)?))
                }
            )+
        }
    };
}

forward! {
    solve_captcha(solution: CaptchaSolution);
    another_picture();
    choose_goal(goal: Goal);
    choose_method(id: MethodId);
    confirm_contact(contact: Contact);
    enter_code(code: Code);
    resend_code();
    answer_questions(answers: Vec<SecurityAnswer>);
    enter_current_password(password: CurrentPassword);
    set_password(password: NewPassword);
    wait();
    back();
}

impl Reset {
    /// See [`Reset::step`](super::Reset::step).
    pub fn step(&self) -> &Step {
        self.reset.step()
    }

    /// See [`Reset::cause`](super::Reset::cause).
    pub fn cause(&self) -> Option<&Error> {
        self.reset.cause()
    }

    /// See [`Reset::trust`](super::Reset::trust).
    pub fn trust(&self) -> Option<&TrustReport> {
        self.reset.trust()
    }

    /// See [`Reset::correlation`](super::Reset::correlation).
    pub fn correlation(&self) -> Correlation {
        self.reset.correlation()
    }

    /// See [`Reset::sign_in`](super::Reset::sign_in).
    ///
    /// # Errors
    /// See there.
    pub fn sign_in(&mut self, scope: &str) -> Result<SignIn, Error> {
        self.runtime.run(self.reset.sign_in(scope))
    }
}
