//! A report in words: whole, for whoever mends things, and as one line for the sign-in screen.

use std::fmt::Write;

use super::problem::Severity;
use super::report::{Report, StationReport, Verdict};
use super::sign::Sign;
use crate::error::{Stage, Who};
use crate::machine::readiness::ScreenLine;
use crate::message::{Message, message_ids};
use crate::messages::Messages;

/// The words of a report between what was found: there to be translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Label {
    /// Above the problems.
    Problems,
    /// Before a remedy.
    WhatToDo,
    /// Before the hosts on whose way a problem stands.
    Concerns,
    /// Above the stations.
    Way,
}

message_ids!(impl Label {
    Problems => "report-problems",
    WhatToDo => "report-what-to-do",
    Concerns => "report-concerns",
    Way => "report-way",
});

impl Message for Label {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}

impl Report {
    /// The whole report as text, in the language of `messages`; evidence and what was seen stay in technical English.
    ///
    /// Control characters and marks of direction were taken out of everything that others said.
    pub fn text(&self, messages: &Messages) -> String {
        let mut text = format!("{}\n", messages.text(&self.verdict));
        for sign in &self.signs {
            line(&mut text, 0, &messages.text(sign));
        }
        if !self.problems.is_empty() {
            line(&mut text, 0, "");
            line(&mut text, 0, &messages.text(&Label::Problems));
        }
        for problem in &self.problems {
            let stage = messages.text(&problem.stage);
            line(
                &mut text,
                1,
                &format!("[{stage}] {}", messages.text(problem)),
            );
            let (remedy, who) = (messages.text(&problem.remedy), messages.text(&problem.who));
            let label = messages.text(&Label::WhatToDo);
            line(&mut text, 2, &format!("{label} {remedy} {who}"));
            if !problem.hosts.is_empty() {
                let label = messages.text(&Label::Concerns);
                line(
                    &mut text,
                    2,
                    &format!("{label} {}", problem.hosts.join(", ")),
                );
            }
            let stage = problem.stage;
            for evidence in std::iter::once(&problem.evidence).chain(&problem.others) {
                line(
                    &mut text,
                    2,
                    &format!("{stage}/{} {evidence}", problem.fault),
                );
            }
        }
        line(&mut text, 0, "");
        line(&mut text, 0, &messages.text(&Label::Way));
        for station in &self.stations {
            self::station(&mut text, 1, station, messages);
        }
        for endpoint in &self.endpoints {
            line(
                &mut text,
                1,
                &format!("{} ({} ms)", endpoint.url, endpoint.ms),
            );
            for station in &endpoint.stations {
                self::station(&mut text, 2, station, messages);
            }
        }
        text
    }

    /// One plain line for who stands at the sign-in screen: that the password can be reset here, or what this person can
    /// do. What only others can mend is not explained there.
    pub fn screen_line(&self, messages: &Messages) -> String {
        match self.verdict {
            Verdict::Ok => messages.text(&ScreenLine::Ready),
            Verdict::Degraded => messages.text(&self.later()),
            Verdict::Blocked => {
                let mut blocks = self.problems.iter();
                let first = blocks.find(|problem| problem.severity == Severity::Blocks);
                match first {
                    _ if self.signs.contains(&Sign::CaptivePortal) => {
                        messages.text(&Sign::CaptivePortal)
                    }
                    Some(problem) if problem.who == Who::Person => messages.text(&problem.remedy),
                    _ => messages.text(&ScreenLine::NotReady),
                }
            }
        }
    }

    /// What matters after a reset that works.
    fn later(&self) -> ScreenLine {
        let is_later = self.problems.iter().any(|problem| {
            problem.stage == Stage::Machine && problem.severity == Severity::Degrades
        });
        match is_later {
            true => ScreenLine::NeedsOrganisation,
            false => ScreenLine::Ready,
        }
    }
}

fn station(text: &mut String, depth: usize, station: &StationReport, messages: &Messages) {
    let name = messages.text(&station.stage);
    let mark = if station.passed { "+" } else { "-" };
    let fault = station.fault.as_deref().unwrap_or_default();
    let told = format!("{mark} {name} {} {fault}", station.subject);
    line(
        text,
        depth,
        &format!("{} ({} ms)", told.trim_end(), station.ms),
    );
    for seen in &station.seen {
        line(text, depth + 1, seen);
    }
}

fn line(text: &mut String, depth: usize, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:width$}{content}", "", width = 2 * depth);
}
