//! `avstem diff`: for any two runs, opening + new − resolved ± changed = closing.

use std::collections::BTreeMap;

use avstem_worlds::Rng;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::accepting::OVER;
use crate::support::{Desk, Row, rows};
use crate::worlds::World;

fn diff(desk: &Desk, words: &[&str]) -> String {
    let ended = desk.avstem(&[&["diff", "old", "new"], words].concat());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    ended.out
}

fn judge(desk: &Desk, run: &str, words: &[&str]) {
    let ended =
        desk.avstem(&[&["check", "in", "--out", run, "--force", "--quiet", "--fail-on", "never"], words].concat());
    assert!(matches!(ended.code, Some(0 | 3)), "{}", ended.err);
}

fn put(desk: &Desk, seed: u64) {
    std::fs::remove_dir_all(desk.inputs()).unwrap();
    for file in World::random(&mut Rng::new(seed)).write() {
        desk.put(&file.name, &file.text);
    }
}

fn number(row: &Row, column: &str) -> i128 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// Asserts the identities of every row, and the states against the two reports themselves.
fn assert_identities(desk: &Desk) {
    let counted = rows(&diff(desk, &["--format", "csv"]));
    for row in &counted {
        let n = |column| number(row, column);
        assert_eq!(n("opening") + n("new") - n("resolved") + n("moved"), n("closing"), "{row:?}");
        let d = |column: &str| number(row, &format!("{column}_delta_minor"));
        assert_eq!(d("opening") + d("new") - d("resolved") + d("changed"), d("closing"), "{row:?}");
        assert_eq!(row["holds"], "true");
    }
    let sum = |column: &str| counted.iter().map(|row| number(row, column)).sum::<i128>();
    let listed = rows(&diff(desk, &["--exceptions"]));
    let mut states: BTreeMap<&str, i128> = BTreeMap::new();
    listed.iter().for_each(|row| *states.entry(&row["state"]).or_default() += 1);
    for state in ["new", "open", "changed", "resolved", "unseen"] {
        assert_eq!(states.get(state).copied().unwrap_or(0), sum(state), "{state}");
    }
    let findings =
        |run: &str| rows(&std::fs::read_to_string(desk.path().join(run).join("exceptions.csv")).unwrap()).len() as i128;
    assert_eq!(sum("opening"), findings("old"));
    assert_eq!(sum("new") + sum("open") + sum("changed"), findings("new"));
}

#[test]
fn the_identity_holds_between_any_two_runs() {
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() });
    let strategy = (0u64..1_000_000, 0u64..1_000_000, any::<bool>());
    let run = runner.run(&strategy, |(old, new, related)| {
        let desk = Desk::new();
        put(&desk, old);
        judge(&desk, "old", &[]);
        if !related {
            put(&desk, new);
        }
        let words: &[&str] = if related { &["--as-of", "2026-03-01"] } else { &[] };
        judge(&desk, "new", words);
        assert_identities(&desk);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn a_change_of_the_rules_is_told_over_the_same_input() {
    let desk = Desk::with("over.json", OVER);
    judge(&desk, "old", &[]);
    std::fs::write(desk.path().join("avstem.toml"), "[tolerance]\nAV101 = 10\n").unwrap();
    judge(&desk, "new", &[]);
    let text = diff(&desk, &[]);
    for words in ["the same files", "tolerance.AV101: null -> \"10\"", "AV101 over-captured", "holds"] {
        assert!(text.contains(words), "{text}");
    }
    let listed = rows(&diff(&desk, &["--exceptions"]));
    assert_eq!((listed[0]["state"].as_str(), listed[0]["reason"].as_str()), ("resolved", "rule_changed"));
    let json: serde_json::Value = serde_json::from_str(&diff(&desk, &["--format", "json"])).unwrap();
    assert_eq!((&json["inputs"], &json["rules"][0]["resolved"]["delta_minor"]), (&"same".into(), &10.into()));
}

#[test]
fn what_left_the_input_is_unseen_and_what_was_mended_is_resolved() {
    let desk = Desk::with("a.json", OVER);
    desk.put("b.json", OVER.replace("P12345678.over", "P12345678.gone").replace("order-7", "order-8"));
    judge(&desk, "old", &[]);
    desk.put("a.json", OVER.replace("\"amount\":110", "\"amount\":100"));
    std::fs::remove_file(desk.inputs().join("b.json")).unwrap();
    for words in [&[][..], &["--baseline", "old"]] {
        judge(&desk, "new", words);
        let states: BTreeMap<String, String> = rows(&diff(&desk, &["--exceptions"]))
            .into_iter()
            .map(|row| (row["id"].clone(), row["state"].clone()))
            .collect();
        assert_eq!(states["P12345678.over"], "resolved");
        assert_eq!(states["P12345678.gone"], "unseen");
        assert_identities(&desk);
    }
}
