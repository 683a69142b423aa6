//! Runs every rule's fixtures (`tests/rules/`) through the core: broken ones must yield exactly the
//! findings in the expected report, clean ones none.

use std::fs;
use std::path::{Path, PathBuf};

use avstem_core::model::finding::{Finding, Value};
use avstem_core::rules::CATALOGUE;

use crate::night::{File, Night, night};
use crate::oracle;
use crate::stories::EngineSettings;

fn folder(rule: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rules").join(rule)
}

/// Judges a case; `None` for one of several files, which has bank statements and is read by the engine.
fn judged(rule: &str, case: &str) -> Option<Night> {
    let name = format!("{case}.json");
    let bytes = fs::read(folder(rule).join(&name)).ok()?;
    let files: [File; 1] = [(name, bytes)];
    Some(night(&files, &EngineSettings::new(&oracle::Settings::default()), 2))
}

/// The records of a CSV file, by its header's names.
struct Csv {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Csv {
    fn read(text: &str) -> Csv {
        let mut rows = vec![vec![String::new()]];
        let mut quoted = false;
        for part in text.split_inclusive(['"', ',', '\n']) {
            let row = rows.last_mut().expect("there is one");
            let cell = row.last_mut().expect("there is one");
            match part.as_bytes().last() {
                Some(b'"') => {
                    // A quote right after another is an escaped quote: the cell goes on after it.
                    let again = part.len() == 1 && !quoted && !cell.is_empty();
                    cell.push_str(if again { "\"" } else { &part[..part.len() - 1] });
                    quoted = !quoted;
                }
                Some(b',') if !quoted => {
                    cell.push_str(&part[..part.len() - 1]);
                    row.push(String::new());
                }
                Some(b'\n') if !quoted => {
                    cell.push_str(&part[..part.len() - 1]);
                    rows.push(vec![String::new()]);
                }
                _ => cell.push_str(part),
            }
        }
        rows.pop();
        let mut rows = rows.into_iter();
        Csv { names: rows.next().expect("there is a header"), rows: rows.collect() }
    }

    /// The cells of each row under these names.
    fn columns(&self, names: &[&str]) -> Vec<Vec<String>> {
        let place = |name: &&str| self.names.iter().position(|other| other == name).expect("the column is there");
        let places: Vec<usize> = names.iter().map(place).collect();
        self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect()
    }
}

/// The columns that the core alone decides.
const COLUMNS: [&str; 23] = [
    "exception_id",
    "severity",
    "rule",
    "name",
    "kind",
    "id",
    "order_id",
    "transaction_id",
    "session_id",
    "event",
    "event_time",
    "line_id",
    "payout_destination_id",
    "settlement_id",
    "currency",
    "expected_minor",
    "actual_minor",
    "delta_minor",
    "due",
    "source_offset",
    "fingerprint",
    "root",
    "cause",
];

fn row(finding: &Finding) -> Vec<String> {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let subject = &finding.subject;
    let minor = |value: &Value<'_>| text(value.amount());
    let event = finding.event.as_ref();
    vec![
        finding.exception_id.clone(),
        finding.severity.word().to_owned(),
        finding.card.code.to_owned(),
        finding.card.name.to_owned(),
        finding.kind.word().to_owned(),
        finding.id.clone(),
        text(subject.order_id.as_ref()),
        text(subject.transaction_id.as_ref()),
        text(subject.session_id.as_ref()),
        text(event.map(|event| event.place_text())),
        text(event.and_then(|event| event.time)),
        text(finding.line.as_ref()),
        text(finding.destination.as_ref()),
        text(subject.settlement_id.as_ref()),
        text(subject.currency.as_ref()),
        minor(&finding.expected),
        minor(&finding.actual),
        text(finding.delta()),
        text(finding.due),
        finding.origin.offset.to_string(),
        finding.fingerprint(),
        finding.root.as_ref().map_or(&finding.exception_id, |root| &root.id).clone(),
        text(finding.root.as_ref().map(|root| root.cause.word())),
    ]
}

#[test]
fn broken_fixtures_lead_to_exactly_the_expected_findings() {
    for rule in CATALOGUE {
        let name = rule.card.name;
        let expected = fs::read_to_string(folder(name).join("expected.csv")).expect("it is there");
        let Some(night) = judged(name, "broken") else { continue };
        let found: Vec<Vec<String>> = night.findings.iter().map(row).collect();
        assert_eq!(found, Csv::read(&expected).columns(&COLUMNS), "{name}");
        assert!(found.iter().any(|row| row[2] == rule.card.code), "{name}");
    }
}

#[test]
fn clean_fixtures_are_silent() {
    for rule in CATALOGUE {
        let Some(night) = judged(rule.card.name, "clean") else { continue };
        let found: Vec<Vec<String>> = night.findings.iter().map(row).collect();
        assert!(found.is_empty(), "{}: {found:?}", rule.card.name);
    }
}
