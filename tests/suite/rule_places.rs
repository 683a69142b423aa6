//! CONTRIBUTING.md lists the places that a rule touches: each of them has every rule, and no other
//! code names one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use avstem_core::model::card::Card;
use avstem_core::rules::CATALOGUE;

use crate::support::{files_below, none_of, read, root};

const HEADING: &str = "### Places a rule touches";

const CORE: &str = "crates/core";

/// Folders besides the core whose code must not name a rule. The worlds crate is exempt: planted
/// faults name the findings that they must cause.
const CODE: [&str; 2] = ["src", "crates/engine/src"];

/// Folders besides the core where only files of the table may name every rule.
const EVERYWHERE: [&str; 8] =
    ["src", "crates/engine", "tests/suite", "tests/messages", "benches", "docs", "samples", "reports/example"];

/// The rule that help and documentation use as their example.
const EXAMPLE: &str = "AV101";

/// Exceptions, with the reason.
const ELSEWHERE: [(&str, &str); 1] =
    [("crates/engine/src/report/sample.rs", "an invented outcome for tests of reports")];

/// The names of a rule in code and texts.
struct Names {
    code: &'static str,
    name: &'static str,
    /// The stem of its source file.
    file: String,
    family: String,
}

impl Names {
    fn of(card: &'static Card) -> Names {
        let file = card.name.replace('-', "_");
        let below = files_below(format!("{CORE}/src/rules"));
        let path = below.iter().find(|path| path.file_stem().is_some_and(|stem| *stem == *file));
        let family = path.and_then(|path| path.parent()?.file_name()?.to_str()).unwrap_or_default().to_owned();
        Names { code: card.code, name: card.name, file, family }
    }

    /// Fills in the placeholders of a place for this rule.
    fn fill(&self, place: &str) -> String {
        let words =
            [("<family>", &*self.family), ("<file>", &*self.file), ("<name>", self.name), ("<code>", self.code)];
        words.iter().fold(place.to_owned(), |place, (word, value)| place.replace(word, value))
    }

    /// Whether a text names the rule: by its code, by its name, or as a module.
    fn is_named_in(&self, text: &str) -> bool {
        let module = format!("::{}::", self.file);
        // A name without a hyphen is also an ordinary word, so it does not count.
        let by_name = self.name.contains('-') && has_word(text, self.name);
        has_word(text, self.code) || by_name || text.contains(&module)
    }
}

/// Whether a text contains a word that is not part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

fn rules() -> Vec<Names> {
    CATALOGUE.iter().map(|rule| Names::of(rule.card)).collect()
}

/// The first column of the table in CONTRIBUTING.md.
fn places() -> Vec<String> {
    let page = read("CONTRIBUTING.md");
    let (_, section) = page.split_once(HEADING).expect("CONTRIBUTING.md has the section");
    let (section, _) = section.split_once("\n## ").unwrap_or((section, ""));
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(place, _)| place.to_owned()).collect()
}

/// Expands a `*` in the last part of a place, folders below included, without the files and folders
/// that the table lists.
fn matching(place: &str, places: &[String]) -> Vec<String> {
    let (folder, pattern) = place.rsplit_once('/').expect("a place has a folder");
    let (start, end) = pattern.split_once('*').expect("a pattern has a star");
    let files = files_below(folder).into_iter().map(|path| path.to_str().expect("a plain path").to_owned());
    let matches = |path: &String| {
        let name = path.strip_prefix(folder).unwrap_or_default().trim_start_matches('/');
        let is_elsewhere = places.iter().filter_map(|other| other.rsplit_once('/')).any(|(other, _)| {
            other.len() > folder.len() && path.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
        });
        !is_elsewhere && name.starts_with(start) && name.ends_with(end) && !places.contains(path)
    };
    files.filter(matches).collect()
}

/// The complaint if a place does not have the rule.
fn missing(rule: &Names, place: &str, places: &[String]) -> Option<String> {
    let filled = rule.fill(place);
    let names_it = |path: &str| {
        let text = read(path);
        rule.is_named_in(&text) || has_word(&text, &rule.file)
    };
    let found = if filled.contains('*') {
        matching(&filled, places).iter().any(|path| names_it(path))
    } else if filled.ends_with('/') {
        root().join(&filled).is_dir()
    } else {
        root().join(&filled).is_file() && names_it(&filled)
    };
    (!found).then(|| format!("{} {}: not in {filled}", rule.code, rule.name))
}

#[test]
fn each_place_has_every_rule() {
    let places = places();
    assert!(places.len() > 5, "the table is not where it was: {places:?}");
    let rules = rules();
    let complaints: Vec<String> =
        rules.iter().flat_map(|rule| places.iter().filter_map(|place| missing(rule, place, &places))).collect();
    none_of(&complaints);
}

#[test]
fn no_other_file_has_every_rule() {
    let (places, rules) = (places(), rules());
    let files = EVERYWHERE.iter().chain([&CORE]).flat_map(files_below).filter(|path| {
        let text = fs::read_to_string(root().join(path)).unwrap_or_default();
        rules.iter().all(|rule| rule.is_named_in(&text))
    });
    let strange = files.map(|path| path.display().to_string()).filter(|path| !places.contains(path));
    none_of(&strange.map(|path| format!("{path} has every rule, and is not in the table")).collect::<Vec<_>>());
}

fn without_tests(text: &str) -> &str {
    let mark = "#[cfg(test)]\n";
    let starts = text.match_indices(mark).map(|(at, _)| at);
    let is_block = |at: &usize| text[at + mark.len()..].lines().next().is_some_and(|line| line.ends_with('{'));
    starts.into_iter().find(is_block).map_or(text, |at| &text[..at])
}

fn is_test(path: &Path) -> bool {
    // rules/triggers.rs lists every rule, and is compiled for tests only.
    path.ends_with("rules/triggers.rs") || path.iter().any(|part| part == "tests" || part == "tests.rs")
}

#[test]
fn no_other_code_names_a_rule() {
    let (places, rules) = (places(), rules());
    let listed: BTreeSet<String> = rules.iter().flat_map(|rule| places.iter().map(|place| rule.fill(place))).collect();
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let core = files_below(format!("{CORE}/src"));
    for path in CODE.iter().flat_map(files_below).chain(core).filter(|path| !is_test(path)) {
        let shown = path.display().to_string();
        if listed.contains(&shown) || path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = read(&path);
        let named = rules.iter().filter(|rule| rule.code != EXAMPLE && rule.is_named_in(without_tests(&text)));
        let codes: Vec<&str> = named.map(|rule| rule.code).collect();
        if !codes.is_empty() {
            let known = ELSEWHERE.iter().find(|(place, _)| shown.starts_with(place));
            found.entry(known.map_or(shown, |(place, _)| (*place).to_owned())).or_default().extend(codes);
        }
    }
    let known: BTreeSet<&str> = ELSEWHERE.iter().map(|(place, _)| *place).collect();
    let there: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    let stale: Vec<String> = known.difference(&there).map(|place| format!("{place} names no rule any more")).collect();
    let strange = found.iter().filter(|(place, _)| !known.contains(place.as_str()));
    let strange = strange.map(|(place, codes)| format!("{place} names {}", codes.join(", ")));
    none_of(&strange.chain(stale).collect::<Vec<_>>());
}
