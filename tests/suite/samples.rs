//! The sample export has exactly the faults listed in its README, and the committed run folder is
//! current.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use avstem_engine::engine::outcome::Outcome;
use serde_json::Value;

use crate::support::{self, Engine, blessing, files_below, none_of, root, rows};

const EXPORT: &str = "samples/export";
const EXAMPLE: &str = "reports/example";

/// A finding as identified in the README: rule, kind, id, event, file.
type Named = (String, String, String, String, String);

fn outcome() -> Outcome {
    Engine::default().run(&[EXPORT]).outcome
}

/// The findings in the tables of samples/README.md: rows whose third column names a kind and an id.
fn named_on_the_page() -> BTreeSet<Named> {
    let page = support::read("samples/README.md");
    let mut named = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, file, subject, findings, _] = cells.as_slice() else { continue };
        let Some((kind, id)) = subject.split_once(' ') else { continue };
        for finding in findings.split(", ") {
            let (rule, event) = finding.split_once(' ').unwrap_or((finding, ""));
            let bare = |text: &str| text.trim_matches('`').to_owned();
            let row = (rule.to_owned(), kind.to_owned(), bare(id), bare(event), format!("{EXPORT}/{file}"));
            assert!(named.insert(row), "the page names a finding twice: {line}");
        }
    }
    named
}

#[test]
fn exactly_the_faults_that_the_page_names_are_found() {
    let named = named_on_the_page();
    assert!(named.len() >= 30, "the tables of the page were not read");
    let of = |row: &support::Row| {
        let [rule, kind, id, event, source] = ["rule", "kind", "id", "event", "source"].map(|name| row[name].clone());
        (rule, kind, id, event, source)
    };
    let found: Vec<Named> = rows(&support::exceptions_csv(&outcome())).iter().map(of).collect();
    let missing = named.iter().filter(|row| !found.contains(row)).map(|row| format!("not found: {row:?}"));
    let extra = found.iter().filter(|row| !named.contains(row)).map(|row| format!("not on the page: {row:?}"));
    none_of(&missing.chain(extra).collect::<Vec<_>>());
    assert_eq!(found.len(), named.len(), "a finding stands twice");
}

#[test]
fn the_input_is_complete_and_every_control_total_ties() {
    let outcome = outcome();
    assert!(outcome.sources.iter().all(|source| source.fault.is_none()));
    assert_eq!((outcome.counts.rejected, outcome.counts.duplicate, outcome.counts.superseded), (0, 1, 8));
    let identities: Vec<bool> = outcome.control_totals.iter().filter_map(|total| total.holds).collect();
    assert!(identities.len() > 60 && identities.iter().all(|holds| *holds), "{identities:?}");
    let currencies: Vec<&str> = outcome.totals.keys().map(String::as_str).collect();
    assert_eq!(currencies, ["DKK", "EUR", "ISK", "NOK", "SEK"]);
}

fn contents(folder: &std::path::Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|f| f.file_type().is_file());
    files
        .map(|file| {
            let name = file.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (name, fs::read(file.path()).unwrap())
        })
        .collect()
}

/// Runs `avstem check` on the samples from the repository's root, as the README does.
fn check(out: &std::path::Path, words: &[&str]) -> std::process::ExitStatus {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", EXPORT, "--quiet", "--force", "--out"]).arg(out).args(words);
    command.current_dir(root()).stdin(Stdio::null()).status().unwrap()
}

#[test]
fn the_committed_run_is_what_is_made_now() {
    let desk = tempfile::tempdir().unwrap();
    let out = if blessing() { root().join(EXAMPLE) } else { desk.path().join("run") };
    assert_eq!(check(&out, &["--fail-on", "never"]).code(), Some(0));
    let (made, there) = (contents(&out), contents(&root().join(EXAMPLE)));
    assert_eq!(made.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    let differing = made.iter().filter(|(name, bytes)| there[*name] != **bytes);
    let complaints = differing.map(|(name, _)| format!("{EXAMPLE}/{name} differs; AVSTEM_BLESS=1 writes it anew"));
    none_of(&complaints.collect::<Vec<_>>());
}

#[test]
fn a_fault_fails_the_run_unless_told_otherwise() {
    let desk = tempfile::tempdir().unwrap();
    let out = desk.path().join("run");
    assert_eq!(check(&out, &[]).code(), Some(1));
    assert_eq!(check(&out, &["--fail-on", "never"]).code(), Some(0));
}

/// Collects the values of members with personal data.
fn personal(value: &Value, into: &mut BTreeSet<String>) {
    const NAMES: [&str; 10] = [
        "email",
        "phone_number",
        "address_line",
        "address_line_2",
        "last_name",
        "card_id",
        "masked_pan",
        "masked_card_token",
        "customer_ip",
        "payment_token",
    ];
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => drop(into.insert(text.clone())),
                    _ => personal(value, into),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| personal(element, into)),
        _ => {}
    }
}

/// Account numbers, names and texts of a bank statement. A text that is a settlement's reference and nothing more is in
/// the settlement's own report, too.
fn of_a_statement(text: &str) -> impl Iterator<Item = String> {
    let of = |tag: &str| {
        let opening = format!("<{tag}>");
        let texts = text.split(&opening).skip(1).filter_map(|rest| rest.split('<').next());
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    let all: Vec<String> = ["IBAN", "Nm", "AddtlNtryInf", "Ustrd"].into_iter().flat_map(of).collect();
    all.into_iter().filter(|text| !text.starts_with("FJELLRO "))
}

#[test]
fn no_personal_data_of_the_sample_reaches_a_report() {
    let mut secrets = BTreeSet::new();
    for file in files_below(EXPORT).iter().filter(|file| file.extension().is_none_or(|e| e != "gz")) {
        let text = support::read(file);
        if file.extension().is_some_and(|e| e == "xml") {
            secrets.extend(of_a_statement(&text));
            continue;
        }
        let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        values.for_each(|value| personal(&value.unwrap(), &mut secrets));
    }
    assert!(secrets.len() > 100, "{secrets:?}");
    let desk = tempfile::tempdir().unwrap();
    let out = desk.path().join("run");
    check(&out, &["--balances-csv"]);
    let mut complaints = Vec::new();
    for (name, bytes) in contents(&out).iter().filter(|(name, _)| !name.ends_with(".parquet")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let leaked = secrets.iter().filter(|secret| text.contains(*secret));
        complaints.extend(leaked.map(|secret| format!("{name}: {secret}")));
    }
    none_of(&complaints);
}
