//! The table in `docs/diagnosis.md`, and what a report comes to in its columns.

use std::collections::BTreeSet;

use serde::Serialize;
use sspr::diagnosis::Report;

use crate::{names, pages, proxies, revocation, servers, socks};

const DOCUMENT: &str = include_str!("../../../docs/diagnosis.md");

/// What the columns after the first two hold: verdict; stage, fault, who and remedy of the gravest problem; signs.
type Columns = [String; 6];

/// Compares the row of `scenario` with the report.
pub(crate) fn compare(scenario: &str, report: &Report) {
    let told = columns(report);
    let rows = rows();
    let expected = rows.iter().find(|(name, _)| *name == scenario);
    let expected = expected.map(|(_, columns)| columns);
    assert_eq!(
        expected,
        Some(&told),
        "| `{scenario}` | | {} |\n{report:#?}",
        told.join(" | ")
    );
}

fn columns(report: &Report) -> Columns {
    let nothing = || "–".to_owned();
    let first = report.problems.first();
    let of_first =
        |column: &dyn Fn(&sspr::diagnosis::Problem) -> String| first.map_or_else(nothing, column);
    let signs: Vec<_> = report.signs.iter().map(named).collect();
    [
        named(&report.verdict),
        of_first(&|one| named(&one.stage)),
        of_first(&|one| one.fault.clone()),
        of_first(&|one| named(&one.who)),
        of_first(&|one| named(&one.remedy)),
        Some(signs.join(", "))
            .filter(|signs| !signs.is_empty())
            .unwrap_or_else(nothing),
    ]
}

/// The name of a variant, as the report has it.
fn named(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap();
    json.as_str().unwrap().to_owned()
}

/// The rows whose first cell is a name in code.
fn rows() -> Vec<(&'static str, Columns)> {
    let lines = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| `"));
    lines
        .map(|line| {
            let (name, rest) = line.split_once("` | ").unwrap();
            let cells: Vec<_> = rest.strip_suffix(" |").unwrap().split(" | ").collect();
            let [_, columns @ ..] = &cells[..] else {
                panic!("{line}");
            };
            let columns = columns.iter().map(|cell| (*cell).to_owned());
            (name, columns.collect::<Vec<_>>().try_into().unwrap())
        })
        .collect()
}

#[test]
fn every_row_is_a_scenario_and_every_scenario_a_row() {
    let modules = [
        proxies::NAMES,
        socks::NAMES,
        servers::NAMES,
        revocation::NAMES,
        pages::NAMES,
        names::NAMES,
    ];
    let scenarios = modules.concat();
    let rows: Vec<_> = rows().into_iter().map(|(name, _)| name).collect();
    let distinct = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(distinct(&rows), distinct(&scenarios));
    assert_eq!(rows.len(), scenarios.len());
    assert!(rows.len() >= 25, "{}", rows.len());
}
