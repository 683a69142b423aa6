//! The exact text of each file for the sample.

use super::text;
use crate::io::output::Written;
use crate::report::delimited::Dialect;
use crate::report::sample::{options, outcome};
use crate::report::{
    balances, control_totals, coverage, exceptions, manifest, rejects, rollforward, summary_json, terminal_summary,
};

#[test]
fn csv_files() {
    let outcome = outcome();
    let plain = Dialect::Plain;
    for (made, wanted) in [
        (exceptions::csv(Vec::new(), &outcome, plain), include_str!("golden/exceptions.csv")),
        (balances::csv(Vec::new(), &outcome, plain), include_str!("golden/balances.csv")),
        (rejects::csv(Vec::new(), &outcome, plain), include_str!("golden/rejects.csv")),
        (control_totals::csv(Vec::new(), &outcome, plain), include_str!("golden/control_totals.csv")),
        (coverage::csv(Vec::new(), &outcome, plain), include_str!("golden/coverage.csv")),
        (rollforward::csv(Vec::new(), &outcome, plain), include_str!("golden/rollforward.csv")),
    ] {
        assert_eq!(text(made), wanted);
    }
}

#[test]
fn json_files() {
    assert_eq!(summary_json(&outcome(), &options()), include_str!("golden/summary.json"));
    let written = |name: &str, rows| Written { name: name.to_owned(), bytes: 9, sha256: "cd".to_owned(), rows };
    let written = [written("summary.json", None), written("exceptions.csv", Some(3))];
    let made = manifest::manifest_json(&outcome(), &options(), &written);
    assert_eq!(made, include_str!("golden/manifest.json"));
}

#[test]
fn terminal() {
    let made = terminal_summary(&outcome(), &options(), "reports/2026-11-20");
    assert_eq!(made, include_str!("golden/summary.txt"));
}

#[test]
fn excel_no() {
    let made = text(exceptions::csv(Vec::new(), &outcome(), Dialect::ExcelNo));
    let lines: Vec<&str> = made.split_terminator("\r\n").collect();
    assert!(made.ends_with("\r\n") && !made.replace("\r\n", "").contains(['\r', '\n']));
    assert!(lines[0].starts_with("\u{FEFF}exception_id;change;severity;"));
    assert_eq!(
        lines[1],
        "0000000000000065;;error;AV101;over-captured;captured 120.00 NOK of 100.00 NOK authorised: 20.00 NOK too much;\
         \"Look, \"\"closely\"\".\";transaction;T1;;T1;;\"'=ref; 1\";;vipps;events[2];2026-11-11T10:00:00.25Z;;;;NOK;\
         10000;12000;2000;100,00;120,00;20,00;AUTHORIZED;CAPTURED or REFUNDED;2026-11-20T12:00:00Z;\
         2026-11-20T12:00:00Z;9;false;day=1/a.json;120;6a490d1fac711a44;0;2026-11-11T10:00:00.25Z;;\
         0000000000000065;;0;2000;t:0123456789abcdef#2"
    );
    assert!(lines[3].contains(";1,5;2,25;;AUTHORIZED;"), "{}", lines[3]);
    assert_eq!(lines.len(), 4);
    for made in [
        balances::csv(Vec::new(), &outcome(), Dialect::ExcelNo),
        rejects::csv(Vec::new(), &outcome(), Dialect::ExcelNo),
        coverage::csv(Vec::new(), &outcome(), Dialect::ExcelNo),
        rollforward::csv(Vec::new(), &outcome(), Dialect::ExcelNo),
        control_totals::csv(Vec::new(), &outcome(), Dialect::ExcelNo),
    ] {
        assert!(text(made).starts_with('\u{FEFF}'));
    }
}
