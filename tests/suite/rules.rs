//! The rule catalogue, and the fixtures `tests/rules/<name>/`: inputs that break a rule, near
//! misses, and every finding that the broken inputs cause.
//!
//! A case is a file `broken.json` or a folder `broken/`. `AVSTEM_BLESS=1 cargo test` rewrites
//! `expected.csv`; review the difference like code.

use std::collections::BTreeSet;
use std::path::PathBuf;

use avstem_core::model::card::{Card, MAX_RULE_NUMBER};
use avstem_core::rules::{CATALOGUE, find};
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::report::message::PLACEHOLDERS;

use crate::support::{Engine, compare, exceptions_csv, files_below, names, none_of, root, rows};

const FIXTURES: &str = "tests/rules";
const RULES: &str = "crates/core/src/rules";

/// Families of rules, indexed by the hundreds digit of the code.
const FAMILIES: [&str; 9] =
    ["documents", "amounts", "lines", "splits", "states", "links", "arithmetic", "settlements", "bank"];

/// Rules about values that may be missing, so "(none)" in a message is right: a currency, a status,
/// the `line_id` of an item, the balances of statements that overlap.
const MAY_SAY_NONE: [&str; 4] = ["AV004", "AV412", "AV602", "AV806"];

fn cards() -> impl Iterator<Item = &'static Card> {
    CATALOGUE.iter().map(|rule| rule.card)
}

fn case(card: &Card, name: &str) -> PathBuf {
    let folder = root().join(FIXTURES).join(card.name);
    let file = folder.join(format!("{name}.json"));
    if file.is_file() { file } else { folder.join(name) }
}

fn run(card: &Card, name: &str) -> Outcome {
    let outcome = Engine::default().run(&[case(card, name)]).outcome;
    let refused: Vec<_> = outcome.sources.iter().filter(|source| source.fault.is_some()).collect();
    assert!(refused.is_empty(), "{} {name}: {refused:?}", card.name);
    assert!(outcome.rejects.is_empty(), "{} {name}: {:?}", card.name, outcome.rejects);
    assert!(!outcome.sources.is_empty(), "{} {name}: no input", card.name);
    outcome
}

#[test]
fn codes_are_sorted_unique_and_agree_with_their_numbers() {
    let mut last = 0;
    for card in cards() {
        assert!(card.number > last, "{} stands after AV{last:03}", card.code);
        last = card.number;
        assert_eq!(card.code, format!("AV{:03}", card.number));
        assert!(usize::from(card.number) < MAX_RULE_NUMBER, "{}", card.code);
    }
}

#[test]
fn names_are_unique_plain_words_and_lead_to_their_rule() {
    let mut seen = BTreeSet::new();
    for card in cards() {
        assert!(seen.insert(card.name), "{} is used twice", card.name);
        let plain = card.name.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
        assert!(plain, "{}", card.name);
        let upper = card.name.to_ascii_uppercase();
        for word in [card.code, card.name, &card.code.to_ascii_lowercase(), &upper] {
            assert_eq!(find(word).map(|rule| rule.card.code), Some(card.code), "{word}");
        }
    }
}

#[test]
fn each_rule_is_a_file_of_its_family() {
    let named: BTreeSet<PathBuf> = cards()
        .map(|card| {
            let family = FAMILIES[usize::from(card.number / 100)];
            PathBuf::from(format!("{RULES}/{family}/{}.rs", card.name.replace('-', "_")))
        })
        .collect();
    let is_beside = |path: &PathBuf| path.ends_with("mod.rs") || path.ends_with("precheck.rs");
    let is_rule = |path: &PathBuf| path.components().count() == 6 && !is_beside(path);
    let there: BTreeSet<PathBuf> = files_below(RULES).into_iter().filter(is_rule).collect();
    assert_eq!(there, named);
}

#[test]
fn cards_say_everything_in_whole_sentences() {
    let mut complaints = Vec::new();
    for card in cards() {
        let mut complain = |what: &str| complaints.push(format!("{} {}: {what}", card.code, card.name));
        let first = card.docs.lines().next().unwrap_or_default().trim();
        for (part, text) in
            [("first line", first), ("action", card.action), ("fires", card.fires), ("silent", card.silent)]
        {
            if text.len() < 15 || !text.ends_with(['.', '!', '?']) {
                complain(&format!("its {part} is no sentence: {text:?}"));
            }
            if text.contains(['\n', '\t']) || text.contains("  ") {
                complain(&format!("its {part} has stray blanks: {text:?}"));
            }
        }
        if card.docs.lines().filter(|line| !line.trim().is_empty()).count() < 2 {
            complain("it does not say why it matters");
        }
        if card.message.len() < 10 || card.message.ends_with('.') {
            complain(&format!("its message is no part of a sentence: {:?}", card.message));
        }
        if card.subjects.is_empty() || card.subjects.windows(2).any(|pair| pair[0] >= pair[1]) {
            complain("its subjects are not in order");
        }
    }
    none_of(&complaints);
}

#[test]
fn messages_use_known_placeholders_only() {
    for card in cards() {
        let mut rest = card.message;
        while let Some((before, after)) = rest.split_once('{') {
            assert!(!before.contains('}'), "{}: {}", card.code, card.message);
            let (name, after) = after.split_once('}').unwrap_or_else(|| panic!("{}: {}", card.code, card.message));
            assert!(PLACEHOLDERS.contains(&name), "{}: {{{name}}}", card.code);
            rest = after;
        }
        assert!(!rest.contains('}'), "{}: {}", card.code, card.message);
        let templates = [card.action, card.fires, card.silent];
        assert!(!templates.concat().contains(['{', '}']), "{}: only messages are filled in", card.code);
    }
}

#[test]
fn fixtures_and_rules_belong_together() {
    let rules: BTreeSet<String> = cards().map(|card| card.name.to_owned()).collect();
    let folders: BTreeSet<String> = names(FIXTURES).into_iter().collect();
    assert_eq!(folders, rules);
    for folder in folders {
        let there = names(format!("{FIXTURES}/{folder}"));
        let stems: Vec<&str> = there.iter().map(|name| name.strip_suffix(".json").unwrap_or(name)).collect();
        assert_eq!(stems, ["broken", "clean", "expected.csv"], "{folder}");
    }
}

#[test]
fn broken_fixtures_lead_to_exactly_the_expected_findings() {
    let mut complaints = Vec::new();
    for card in cards() {
        let outcome = run(card, "broken");
        let made = exceptions_csv(&outcome);
        complaints.extend(compare(format!("{FIXTURES}/{}/expected.csv", card.name), &made).err());
        if !outcome.findings.iter().any(|finding| finding.card.code == card.code) {
            complaints.push(format!("{}: broken does not fire {}", card.name, card.code));
        }
        let ids: BTreeSet<String> = outcome.findings.iter().map(|finding| finding.exception_id).collect();
        if ids.len() != outcome.findings.len() {
            complaints.push(format!("{}: an exception id is used twice", card.name));
        }
        for row in rows(&made) {
            let message = &row["message"];
            let gap = message.contains("(none)") && !MAY_SAY_NONE.contains(&row["rule"].as_str());
            if gap || message.contains(['{', '}']) {
                complaints.push(format!("{}: {} leaves a gap: {message}", card.name, row["rule"]));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn clean_fixtures_are_looked_at_and_silent() {
    let mut complaints = Vec::new();
    for card in cards() {
        let outcome = run(card, "clean");
        for row in rows(&exceptions_csv(&outcome)) {
            complaints.push(format!("{}: clean fires {} on {}: {}", card.name, row["rule"], row["id"], row["message"]));
        }
        let coverage = outcome.coverage.iter().find(|coverage| coverage.card.code == card.code);
        if coverage.is_none_or(|coverage| coverage.all.tested == 0) {
            complaints.push(format!("{}: clean has nothing that the rule looks at", card.name));
        }
    }
    none_of(&complaints);
}

#[test]
fn fixtures_tie() {
    for card in cards() {
        for name in ["broken", "clean"] {
            let outcome = run(card, name);
            let untied: Vec<_> = outcome.control_totals.iter().filter(|total| total.holds == Some(false)).collect();
            assert!(untied.is_empty(), "{} {name}: {untied:?}", card.name);
        }
    }
}
