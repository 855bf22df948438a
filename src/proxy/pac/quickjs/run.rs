//! One run of a script: what it may still use, and its line to the world.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use crate::PeerText;
use crate::proxy::pac::PacError;

use super::PacLimits;

/// What the thread of the engine tells the caller.
pub(super) enum Event {
    /// The script asks for the addresses of a name.
    Resolve(String),
    /// The script asks for the addresses of this computer.
    LocalAddresses,
    /// The script called `alert`.
    Alert(PeerText),
    /// The end of the run.
    Done(Result<String, PacError>),
}

/// What the caller answers: addresses, or `None` if they came too late.
pub(super) type Addresses = Option<Vec<IpAddr>>;

/// Why a script is stopped, whatever it catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Its time is over.
    Time,
    /// It asks too much of name resolution.
    Names,
}

/// The budget of the current run.
pub(super) struct Run {
    events: Sender<Event>,
    answers: Receiver<Addresses>,
    names_limit: usize,
    alerts_limit: usize,
    begun: Cell<Instant>,
    time: Cell<Duration>,
    stop: Cell<Option<Stop>>,
    alerts_left: Cell<usize>,
    names: RefCell<HashMap<String, Vec<IpAddr>>>,
}

impl Run {
    pub(super) fn new(
        events: Sender<Event>,
        answers: Receiver<Addresses>,
        limits: &PacLimits,
    ) -> Self {
        Self {
            events,
            answers,
            names_limit: limits.names,
            alerts_limit: limits.alert_bytes,
            begun: Cell::new(Instant::now()),
            time: Cell::new(Duration::ZERO),
            stop: Cell::new(None),
            alerts_left: Cell::new(0),
            names: RefCell::default(),
        }
    }

    /// Begins a run that may take `time`.
    pub(super) fn begin(&self, time: Duration) {
        self.time.set(time);
        self.begun.set(Instant::now());
        self.stop.set(None);
        self.alerts_left.set(self.alerts_limit);
        self.names.borrow_mut().clear();
    }

    /// Ends the run.
    pub(super) fn end(&self, outcome: Result<String, PacError>) {
        // A caller that stopped waiting wants no outcome.
        let _ = self.events.send(Event::Done(outcome));
    }

    /// Why the script has to stop, if it has to.
    pub(super) fn stop(&self) -> Option<Stop> {
        if self.stop.get().is_none() && self.begun.get().elapsed() >= self.time.get() {
            self.stop.set(Some(Stop::Time));
        }
        self.stop.get()
    }

    /// Why the script was stopped, if it was.
    pub(super) fn stopped(&self) -> Option<Stop> {
        self.stop.get()
    }

    /// The addresses of a name in ASCII; empty if there are none or the budget is spent.
    pub(super) fn resolve(&self, name: &str) -> Vec<IpAddr> {
        if let Some(known) = self.names.borrow().get(name) {
            return known.clone();
        }
        if self.names.borrow().len() >= self.names_limit {
            self.stop.set(Some(Stop::Names));
            return Vec::new();
        }
        let found = self.ask(Event::Resolve(name.to_owned()));
        self.names
            .borrow_mut()
            .insert(name.to_owned(), found.clone());
        found
    }

    /// The addresses of this computer.
    pub(super) fn local_addresses(&self) -> Vec<IpAddr> {
        self.ask(Event::LocalAddresses)
    }

    /// Hands a text on, as far as the budget goes.
    pub(super) fn alert(&self, text: &str) {
        let left = self.alerts_left.get();
        let Some(rest) = left.checked_sub(text.len()) else {
            self.alerts_left.set(0);
            return;
        };
        self.alerts_left.set(rest);
        let _ = self.events.send(Event::Alert(PeerText::new(text)));
    }

    /// Asks the caller. The script's clock stands still meanwhile.
    fn ask(&self, question: Event) -> Vec<IpAddr> {
        let asked = Instant::now();
        let answer = match self.events.send(question) {
            Ok(()) => self.answers.recv().ok().flatten(),
            Err(_) => None,
        };
        self.time
            .set(self.time.get().saturating_add(asked.elapsed()));
        answer.unwrap_or_else(|| {
            self.stop.set(Some(Stop::Names));
            Vec::new()
        })
    }
}
