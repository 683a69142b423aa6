//! Generated worlds: `avstem check` finds exactly the planted faults.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

type Row = (String, String, String, String, String, String, String, String);

fn avstem(args: &[&str]) -> i32 {
    let out = Command::new(env!("CARGO_BIN_EXE_avstem")).args(args).output().expect("avstem runs");
    out.status.code().expect("an exit code")
}

/// Counts the rows of a CSV file by the columns that the truth and a report share.
fn findings(path: &Path) -> BTreeMap<Row, u32> {
    let mut reader = csv::Reader::from_path(path).expect("the file is there");
    let mut rows = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.expect("a row");
        let of = |name: &str| row.get(name).unwrap_or_else(|| panic!("no column {name}")).clone();
        let key = (
            of("rule"),
            of("kind"),
            of("id"),
            of("event"),
            of("line_id"),
            of("payout_destination_id"),
            of("expected_minor"),
            of("actual_minor"),
        );
        *rows.entry(key).or_default() += 1;
    }
    rows
}

/// `more` are further words of `avstem generate`.
fn check_world(transactions: &str, faults: &str, shape: &str, compression: &str, more: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let world = folder.path().join("world");
    let run = folder.path().join("run");
    let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let words = [
        "generate",
        "--transactions",
        transactions,
        "--seed",
        "11",
        "--faults",
        faults,
        "--shape",
        shape,
        "--compression",
        compression,
        "--out",
        &text(&world),
    ];
    assert_eq!(avstem(&[&words, more].concat()), 0);
    let export = world.join("export");
    let code = avstem(&["check", &text(&export), "--out", &text(&run), "--quiet", "--fail-on", "never"]);
    assert_eq!(code, 0, "complete, and the control totals tie");
    let (truth, found) = (findings(&world.join("truth.csv")), findings(&run.join("exceptions.csv")));
    let missing: Vec<_> = truth.iter().filter(|(row, count)| found.get(row) != Some(count)).take(5).collect();
    let extra: Vec<_> = found.iter().filter(|(row, count)| truth.get(row) != Some(count)).take(5).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:#?}\nextra {extra:#?}");
}

#[test]
fn a_clean_world_is_silent() {
    check_world("1500", "0", "lean", "none", &[]);
}

#[test]
fn a_faulty_world_has_exactly_its_faults() {
    check_world("4000", "0.06", "lean", "zstd", &[]);
}

#[test]
fn a_world_of_faults_has_every_one_of_them() {
    check_world("400", "1", "fat", "gzip", &[]);
}

#[test]
fn payouts_of_a_clean_world_all_arrive() {
    check_world("1500", "0", "lean", "none", &["--payouts"]);
}

#[test]
fn a_faulty_world_with_payouts_has_exactly_its_faults() {
    check_world("4000", "0.06", "lean", "none", &["--payouts"]);
    check_world("400", "1", "lean", "gzip", &["--payouts"]);
}

#[test]
fn a_folder_in_the_way_is_a_matter_of_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = folder.path().join("world");
    let words = ["generate", "--transactions", "3", "--out", world.to_str().expect("a plain path")];
    assert_eq!((avstem(&words), avstem(&words)), (0, 2));
}
