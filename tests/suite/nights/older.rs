//! A run folder that an earlier version wrote (tests/older_run, without the column `evidence`) still serves as the
//! run before: for `check --baseline`, `diff`, `history`, `query`, `show --run` and `verify`.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Desk, files_below, read, root};

/// A desk with the export that the older run judged, and the older run itself as `older`.
fn desk() -> Desk {
    let desk = Desk::new();
    for path in files_below("tests/older_run/in") {
        desk.put(path.file_name().unwrap().to_str().unwrap(), read(&path));
    }
    for path in files_below("tests/older_run/run") {
        let to = desk.path().join("older").join(path.strip_prefix("tests/older_run/run").unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join(&path), to).unwrap();
    }
    desk
}

/// Judges the export against the older run; counts the states of exceptions.csv and of resolved.csv.
fn counted(desk: &Desk) -> BTreeMap<String, usize> {
    let ended = desk.check(&["--baseline", "older", "--as-of", "2026-11-20", "--quiet", "--fail-on", "never"]);
    assert!(matches!(ended.code, Some(0 | 3)), "{}", ended.err);
    let mut counted = BTreeMap::new();
    let states = desk.rows("exceptions.csv").into_iter().map(|row| row["change"].clone());
    let gone = desk.rows("resolved.csv").into_iter().map(|row| format!("{} {}", row["state"], row["reason"]));
    states.chain(gone).for_each(|state| *counted.entry(state).or_default() += 1);
    counted
}

/// The findings that the older run has.
const FINDINGS: usize = 40;

#[test]
fn the_same_export_leaves_every_finding_open() {
    let desk = desk();
    assert_eq!(counted(&desk), BTreeMap::from([("open".to_owned(), FINDINGS)]));
}

#[test]
fn what_is_gone_from_the_export_is_unseen() {
    let desk = desk();
    fs::remove_file(desk.inputs().join("items-unbalanced.json")).unwrap();
    let counted = counted(&desk);
    assert_eq!(counted.keys().collect::<Vec<_>>(), ["open", "unseen not_in_input"]);
    assert_eq!(counted.values().sum::<usize>(), FINDINGS);
}

#[test]
fn every_command_that_reads_a_run_reads_it() {
    let desk = desk();
    counted(&desk);
    for words in [
        &["verify", "older"][..],
        &["diff", "older", "run"],
        // Against the balances: neither run is the other's baseline.
        &["diff", "run", "older"],
        &["history", "older", "run"],
        &["show", "P12345678.double", "--run", "older"],
        #[cfg(feature = "query")]
        &["query", "older", "SELECT rule, count(*) AS findings FROM exceptions GROUP BY rule"],
    ] {
        let ended = desk.avstem(words);
        assert_eq!(ended.code, Some(0), "{words:?}: {}{}", ended.out, ended.err);
    }
}
