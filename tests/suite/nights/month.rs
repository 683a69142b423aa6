//! On every night of a simulated month, each finding has the state that the simulation expects.

use std::collections::BTreeMap;

use avstem_worlds::Rng;

use crate::nights::simulation::{Key, Look, Month, NIGHTS};
use crate::support::{Desk, Row};

/// First night and amount of each known finding.
type Known = BTreeMap<Key, (usize, i64)>;

fn as_of(night: usize) -> String {
    format!("2026-11-{:02}T04:00:00Z", night + 1)
}

/// Writes a night's export into files of random number, names and order.
fn put(desk: &Desk, month: &Month, night: usize, rng: &mut Rng) {
    std::fs::remove_dir_all(desk.inputs()).unwrap();
    let mut documents = month.export(night);
    rng.shuffle(&mut documents);
    let files = 1 + rng.index(3);
    for file in 0..files {
        let lines = documents.iter().skip(file).step_by(files).map(|document| format!("{document}\n"));
        desk.put(&format!("{}-{file}.ndjson", rng.word(&["a", "b", "z"])), lines.collect::<String>());
    }
}

/// Judges a night with the previous night as its baseline.
fn judge(desk: &Desk, night: usize) {
    let (run, before) = (format!("runs/{night}"), format!("runs/{}", night.wrapping_sub(1)));
    let as_of = as_of(night);
    let mut words = vec!["check", "in", "--out", &run, "--as-of", &as_of, "--quiet", "--fail-on", "never"];
    if night > 0 {
        words.extend(["--baseline", &before]);
    }
    let ended = desk.avstem(&words);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "night {night}");
}

fn rows(desk: &Desk, night: usize, name: &str) -> Vec<Row> {
    let path = desk.path().join(format!("runs/{night}/{name}"));
    crate::support::rows(&std::fs::read_to_string(path).unwrap())
}

type Reported = BTreeMap<(String, String), (String, String, String)>;

/// Reads the findings of a night from its files.
fn said(desk: &Desk, night: usize) -> Reported {
    let mut said = BTreeMap::new();
    let mut add = |row: &Row, state: &str| {
        let value = (state.to_owned(), row["first_seen"].clone(), row["delta_minor"].clone());
        let twice = said.insert((row["rule"].clone(), row["id"].clone()), value);
        assert!(twice.is_none(), "night {night}: {row:?} twice");
    };
    rows(desk, night, "exceptions.csv").iter().for_each(|row| add(row, &row["change"]));
    if night > 0 {
        rows(desk, night, "resolved.csv").iter().for_each(|row| add(row, &row["state"]));
    }
    said
}

/// The expected findings of a night; `known` is updated to the state after it.
fn truth(month: &Month, night: usize, known: &mut Known) -> BTreeMap<(String, String), (String, String, String)> {
    let mut truth = BTreeMap::new();
    for (key, look) in month.looks(night) {
        let before = known.get(&key).copied();
        let (state, first, off) = match (look, before) {
            (Look::Fault(off), None) => ("new", night, off),
            (Look::Fault(off), Some((first, was))) => (if was == off { "open" } else { "changed" }, first, off),
            (Look::Clear, Some((first, was))) => ("resolved", first, was),
            (Look::Away, Some((first, was))) => ("unseen", first, was),
            (Look::Clear | Look::Away, None) => continue,
        };
        match state {
            "resolved" => known.remove(&key),
            _ => known.insert(key.clone(), (first, off)),
        };
        let state = if night == 0 { "" } else { state };
        // A missing payment has no difference.
        let off =
            if key.0 == "AV505" && state != "resolved" && state != "unseen" { String::new() } else { off.to_string() };
        truth.insert((key.0.to_owned(), key.1), (state.to_owned(), as_of(first), off));
    }
    truth
}

#[test]
fn every_night_says_what_is_true() {
    for seed in [1, 2] {
        let (month, desk, mut rng) = (Month::new(seed, 40), Desk::new(), Rng::new(seed + 100));
        let (mut known, mut states) = (Known::new(), BTreeMap::<String, usize>::new());
        let mut nights = Vec::new();
        for night in 0..NIGHTS {
            put(&desk, &month, night, &mut rng);
            judge(&desk, night);
            let said = said(&desk, night);
            said.values().for_each(|(state, ..)| *states.entry(state.clone()).or_default() += 1);
            pretty_assertions(night, &truth(&month, night, &mut known), &said);
            nights.push(said);
        }
        history_says_the_same(&desk, &nights);
        assert!(["new", "open", "changed", "resolved", "unseen"].iter().all(|state| states[*state] > 20), "{states:?}");
    }
}

/// The history must have the same counts by rule and age, and the same times to resolution.
fn history_says_the_same(desk: &Desk, nights: &[Reported]) {
    let ended = desk.avstem(&["history", "runs", "--out", "page", "--format", "csv"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let path = |name: &str| desk.path().join("page").join(name);
    assert_eq!(std::fs::read_to_string(path("history.csv")).unwrap(), ended.out);
    let mut found: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for row in crate::support::rows(&ended.out) {
        let value: u64 = row["value"].parse().unwrap();
        *found.entry((row["as_of"].clone(), row["measure"].clone(), row["of"].clone())).or_default() += value;
    }
    found.retain(|(_, measure, _), value| *value > 0 && measure != "accepted");
    let mut wanted: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    let mut table = String::new();
    for (night, said) in nights.iter().enumerate() {
        let mut add = |measure: &str, of: &str| {
            *wanted.entry((as_of(night), measure.to_owned(), of.to_owned())).or_default() += 1
        };
        let mut counts = [0; 4];
        for ((rule, _), (state, first, _)) in said {
            let first: usize = first[8..10].parse().unwrap();
            let age =
                ["0-1 days", "2-7 days", "8-30 days"][[1, 7].iter().filter(|last| night + 1 - first > **last).count()];
            let place = ["", "new", "resolved", "unseen"].iter().position(|known| known == state).unwrap_or(0);
            counts[place] += 1;
            match state.as_str() {
                "resolved" => {
                    add("resolved", rule);
                    add("resolved_within", age);
                }
                "unseen" => {
                    add("unseen", rule);
                }
                _ => {
                    add("findings", rule);
                    add("open", age);
                    if state == "new" {
                        add("new", rule);
                    }
                }
            }
        }
        let [old, new, resolved, unseen] = counts;
        let cell =
            |count: usize| format!("<td class=\"n\">{}", if count == 0 { "–".to_owned() } else { count.to_string() });
        let cells = [old + new, 0, new, 0, resolved, unseen].map(cell).concat();
        table += &format!("<tr><th scope=\"row\">{} ({night}){cells}</tr>", &as_of(night)[..10]);
    }
    assert_eq!(found, wanted);
    let page = std::fs::read_to_string(path("history.html")).unwrap();
    assert!(page.contains(&table), "{page}");
}

fn pretty_assertions<V: PartialEq + std::fmt::Debug>(
    night: usize,
    truth: &BTreeMap<(String, String), V>,
    said: &BTreeMap<(String, String), V>,
) {
    let keys: std::collections::BTreeSet<_> = truth.keys().chain(said.keys()).collect();
    let differ = keys.into_iter().filter(|key| truth.get(key) != said.get(key));
    let complaints: Vec<String> = differ
        .map(|key| format!("night {night} {key:?}\n  true {:?}\n  said {:?}", truth.get(key), said.get(key)))
        .collect();
    crate::support::none_of(&complaints);
}
