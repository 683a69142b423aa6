//! No finding may count as resolved because documents left the input: two nights over random worlds
//! with one as-of and configuration, the second without some records of the first. Every finding
//! that is gone then must be unseen. Conversely, if only newer records are added, every finding
//! that is gone must be resolved.

use std::collections::BTreeMap;

use avstem_core::model::card::Need;
use avstem_core::model::evidence::{Wanted, Watch, is_met};
use avstem_core::model::finding::Finding;
use avstem_core::rules::CATALOGUE;
use serde_json::{Value, json};

use crate::night::{File, Night, night, night_after};
use crate::oracle;
use crate::stories::EngineSettings;
use avstem_worlds::Rng;
use avstem_worlds::colliding::Framing;

use crate::worlds::{World, cases, first_seed};

/// From this many worlds on, every rule must be reached.
const ENOUGH: u64 = 20_000;

fn files(world: &World) -> Vec<File> {
    world.write().into_iter().map(|file| (file.name, file.text.into_bytes())).collect()
}

/// The findings that are gone on the second night, and whether each counts as resolved.
fn gone<'n>(first: &'n Night, second: &Night) -> Vec<(&'n Finding, bool)> {
    let there = |finding: &&Finding| second.findings.iter().any(|other| other.exception_id == finding.exception_id);
    let resolved = |finding: &Finding| is_met(&finding.evidence, &second.met, &second.facts);
    first.findings.iter().filter(|finding| !there(finding)).map(|finding| (finding, resolved(finding))).collect()
}

/// Judges two worlds as successive nights, and calls `each` with every finding that is gone until
/// it returns `Some`.
fn judge_both(
    first: &World,
    second: &World,
    partitions: usize,
    mut each: impl FnMut(&Finding, bool) -> Option<String>,
) -> Option<String> {
    let told = EngineSettings::new(&first.settings);
    let one = night(&files(first), &told, partitions);
    let mut wanted = Wanted::default();
    one.findings.iter().for_each(|finding| wanted.add(&finding.evidence));
    wanted.settle();
    let two = night_after(&files(second), &told, partitions, Watch::new(&wanted));
    gone(&one, &two).into_iter().find_map(|(finding, is_resolved)| each(finding, is_resolved))
}

fn wrongly_resolved(world: &World, taken: &[usize], partitions: usize) -> Option<String> {
    judge_both(world, &world.without(taken), partitions, |finding, is_resolved| {
        is_resolved.then(|| format!("{} {} {}: {}", finding.card.code, finding.kind, finding.id, finding.evidence))
    })
}

/// Removes random records from the world of a seed; panics if that resolves a finding.
fn remove_records(seed: u64, reach: &mut BTreeMap<&'static str, u64>) {
    let mut rng = Rng::new(seed);
    let world = World::colliding(&mut rng);
    let partitions = *rng.one_of(&[1, 4]);
    let all = world.records().len();
    let share = *rng.one_of(&[2, 3, 6]);
    let mut taken: Vec<usize> = (0..all).filter(|_| rng.once_in(share)).collect();
    let broken = judge_both(&world, &world.without(&taken), partitions, |finding, is_resolved| {
        *reach.entry(finding.card.code).or_default() += 1;
        is_resolved.then(String::new)
    });
    if broken.is_some() {
        let mut small = world.clone();
        // First shrinks the set of removed records, then the records that are left.
        for n in (0..taken.len()).rev() {
            let fewer: Vec<usize> =
                taken.iter().copied().enumerate().filter(|(at, _)| *at != n).map(|(_, t)| t).collect();
            if wrongly_resolved(&small, &fewer, partitions).is_some() {
                taken = fewer;
            }
        }
        for n in (0..small.records().len()).rev().filter(|n| !taken.contains(n)).collect::<Vec<_>>() {
            let fewer = small.without(&[n]);
            let moved: Vec<usize> = taken.iter().map(|at| if *at > n { at - 1 } else { *at }).collect();
            let is_one_less = fewer.records().len() + 1 == small.records().len();
            if is_one_less && wrongly_resolved(&fewer, &moved, partitions).is_some() {
                (small, taken) = (fewer, moved);
            }
        }
        let texts = |world: &World| -> String {
            files(world).iter().map(|(name, text)| format!("--- {name}\n{}\n", String::from_utf8_lossy(text))).collect()
        };
        let what = wrongly_resolved(&small, &taken, partitions).unwrap_or_default();
        panic!("seed {seed}: {what}\n{}without {taken:?}\n{}", texts(&small), texts(&small.without(&taken)));
    }
}

#[test]
fn no_finding_is_resolved_by_what_left_the_input() {
    let (first, worlds) = (first_seed(), cases(600));
    let mut reach = BTreeMap::new();
    (first..first + worlds).for_each(|seed| remove_records(seed, &mut reach));
    if worlds >= ENOUGH {
        let missing: Vec<&str> =
            CATALOGUE.iter().map(|rule| rule.card.code).filter(|code| !reach.contains_key(code)).collect();
        assert!(missing.is_empty(), "no finding of {missing:?} was gone");
    }
}

/// Adds newer copies of some documents, with some of the fields changed that rules read.
fn corrected(world: &World, rng: &mut Rng) -> World {
    let mut more = world.clone();
    let values = || world.files.iter().flat_map(|file| &file.values);
    // A webhook wraps its transaction.
    let documents = || values().map(|value| value.get("transaction").unwrap_or(value));
    let copies = |id: &Value| {
        documents().filter(|value| ["id", "order_id"].iter().any(|name| value.get(*name) == Some(id))).count()
    };
    for file in &mut more.files {
        for at in 0..file.values.len() {
            let is_page = !matches!(file.framing, Framing::Lines | Framing::Array | Framing::InARow);
            if is_page || !rng.once_in(2) {
                continue;
            }
            let mut copy = file.values[at].clone();
            let Some(members) = copy.as_object_mut() else { continue };
            // A copy of an older copy could have fewer operations than the kept one.
            if members.get("order_id").or(members.get("id")).is_none_or(|id| copies(id) > 1) {
                continue;
            }
            // A settlement has no update time by which a copy could be newer.
            if !members.contains_key("id")
                || ["event", "amounts", "dintero_settlement_id"].iter().any(|name| members.contains_key(*name))
            {
                continue;
            }
            members.insert("updated_at".to_owned(), json!("2027-01-01T00:00:00Z"));
            let is_transaction = members.contains_key("events");
            let names: &[&str] = if is_transaction { &["events", "items", "status"] } else { &["items"] };
            for name in names {
                if rng.once_in(2) && members.get(*name).is_some_and(Value::is_array) {
                    members.insert((*name).to_owned(), json!([]));
                }
            }
            if is_transaction && rng.once_in(2) {
                members.insert("status".to_owned(), json!("AUTHORIZED"));
                members.insert("currency".to_owned(), json!("NOK"));
            }
            file.values.push(copy);
        }
    }
    more
}

#[test]
fn what_is_put_right_is_resolved_where_all_evidence_is_there() {
    let mut resolved: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in first_seed()..first_seed() + cases(600) {
        let mut rng = Rng::new(seed ^ 0x5eed);
        let world = World::colliding(&mut rng);
        let second = corrected(&world, &mut rng);
        let broken = judge_both(&world, &second, 4, |finding, is_resolved| {
            // Whether an order can be compared with its transactions depends on other orders, too.
            if is_resolved || finding.card.needs == Need::Partners {
                *resolved.entry(finding.card.code).or_default() += u64::from(is_resolved);
                return None;
            }
            Some(format!("{} {} {}: {}", finding.card.code, finding.kind, finding.id, finding.evidence))
        });
        let texts = |world: &World| format!("{:#?}", world.files.iter().map(|file| &file.values).collect::<Vec<_>>());
        assert_eq!(broken, None, "seed {seed}: {}\n then {}", texts(&world), texts(&second));
    }
    assert!(resolved.len() > 25, "{resolved:?}");
}

/// Whether a rule's finding counts as resolved once the files of these names are gone; `None` if
/// there was none, or it is still there.
fn resolved_without(rule: &str, files: &[(&str, &str)], taken: &[&str]) -> Option<bool> {
    let file = |(name, text): &(&str, &str)| -> File { ((*name).to_owned(), text.as_bytes().to_vec()) };
    let (whole, left): (Vec<File>, Vec<File>) =
        (files.iter().map(file).collect(), files.iter().filter(|(name, _)| !taken.contains(name)).map(file).collect());
    let settings =
        oracle::Settings { as_of: oracle::Instant::parse_as_of("2026-12-31"), ..oracle::Settings::default() };
    let told = EngineSettings::new(&settings);
    let first = night(&whole, &told, 1);
    let mut wanted = Wanted::default();
    first.findings.iter().for_each(|finding| wanted.add(&finding.evidence));
    wanted.settle();
    let second = night_after(&left, &told, 1, Watch::new(&wanted));
    gone(&first, &second).into_iter().find(|(finding, _)| finding.card.code == rule).map(|(_, resolved)| resolved)
}

const T1: &str = "2026-10-01T10:00:00Z";

fn transaction(id: &str, captured: i64, rest: &str) -> String {
    format!(
        r#"{{"id":"{id}","amount":{captured},"currency":"NOK","status":"CAPTURED","created_at":"{T1}",{rest}"events":[
        {{"id":"{id}a","event":"AUTHORIZE","created_at":"{T1}","transaction_status":"AUTHORIZED"}},
        {{"id":"{id}c","event":"CAPTURE","amount":{captured},"created_at":"{T1}","transaction_status":"CAPTURED"}}]}}"#
    )
}

fn operations(lists: &[(&str, &[(&str, i64)])]) -> String {
    let operation = |(id, amount): &(&str, i64)| {
        let id = if id.is_empty() { String::new() } else { format!("\"id\":\"{id}\",") };
        format!(r#"{{{id}"amount":{amount},"processed_at":"{T1}"}}"#)
    };
    let list = |(name, all): &(&str, &[(&str, i64)])| {
        format!(r#","{name}":[{}]"#, all.iter().map(operation).collect::<Vec<_>>().join(","))
    };
    format!(r#"{{"order_id":"o"{}}}"#, lists.iter().map(list).collect::<String>())
}

#[test]
fn operations_that_take_the_place_of_others_resolve_nothing() {
    let refund = operations(&[("refunds", &[("r", 8)])]);
    let of = |first: &str, second: &str| {
        resolved_without("AV102", &[("a.json", first), ("b.json", second), ("r.json", &refund)], &["a.json"])
    };
    // Two captures without id that were left out because another file had an equal one.
    let (one, two) = (operations(&[("captures", &[("", 5)])]), operations(&[("captures", &[("", 5), ("", 5)])]));
    assert_eq!(of(&one, &two), Some(false));
    // A collection that was given, though empty.
    assert_eq!(of(&operations(&[("captures", &[])]), "[]"), Some(false));
    // Another capture of the same id; the later file's is kept.
    let (large, small) = (operations(&[("captures", &[("c", 9)])]), operations(&[("captures", &[("c", 5)])]));
    let files = [("a.json", &*large), ("b.json", &*small), ("r.json", &*refund)];
    assert_eq!(resolved_without("AV102", &files, &["b.json"]), Some(false));
    // The same captures at other places: two equal ones are no longer adjacent.
    let next = operations(&[("captures", &[("c1", 5), ("c3", 5)])]);
    let apart = operations(&[("captures", &[("c1", 5), ("c2", 7), ("c3", 5)])]);
    assert_eq!(resolved_without("AV111", &[("a.json", &next), ("b.json", &apart)], &["a.json"]), Some(false));
}

#[test]
fn older_copies_of_others_resolve_nothing() {
    let report = |transaction: &str| {
        format!(
            r#"{{"dintero_settlement_id":"s","amount":5,"capture":5,"currency":"NOK","transactions":[
            {{"transaction_id":"{transaction}","capture":5,"amount":5}}]}}"#
        )
    };
    // A settlement report that named the transaction in an older copy.
    let (old, new, paid) =
        (report("t1"), report("t2"), [transaction("t1", 5, ""), transaction("t2", 5, "")].join("\n"));
    let files = [("a.json", &*old), ("b.json", &*new), ("t.ndjson", &*paid.replace("\n        ", ""))];
    assert_eq!(resolved_without("AV706", &files, &["b.json"]), Some(false));
    // A payment whose older copy had the order's id as its reference.
    let order = operations(&[("captures", &[("c", 15)])]);
    let of_order = transaction("t1", 10, r#""merchant_reference":"o","#);
    let before = transaction("t2", 5, r#""merchant_reference":"o","updated_at":"2026-10-02T10:00:00Z","#);
    let after = transaction("t2", 5, r#""merchant_reference":"x","updated_at":"2026-10-03T10:00:00Z","#);
    let files = [("a.json", &*of_order), ("b.json", &*before), ("c.json", &*after), ("o.json", &*order)];
    assert_eq!(resolved_without("AV501", &files, &["c.json"]), Some(false));
    // A payment whose older copy embeds a later copy of the session.
    let session = |day: u32, amount: i64| {
        format!(
            r#""session":{{"id":"s","updated_at":"2026-10-0{day}T10:00:00Z",
            "order":{{"amount":{amount},"currency":"NOK","items":[{{"line_id":"1","amount":5}}]}}}},"#
        )
    };
    let wrong = transaction("t1", 5, &session(1, 4));
    let before = transaction("t2", 5, &(session(2, 5) + r#""updated_at":"2026-10-02T10:00:00Z","#));
    let after = transaction("t2", 5, r#""updated_at":"2026-10-03T10:00:00Z","#);
    let files = [("a.json", &*wrong), ("b.json", &*before), ("c.json", &*after)];
    assert_eq!(resolved_without("AV601", &files, &["c.json"]), Some(false));
}

/// Two older copies have a capture, at different places and without an id; the first copy in input
/// order gives the place.
#[test]
fn copies_in_another_order_resolve_nothing() {
    let copy = |day: u32, events: &str| {
        format!(
            r#"{{"id":"t","amount":9,"currency":"NOK","updated_at":"2026-10-0{day}T10:00:00Z","events":[
            {{"event":"AUTHORIZE"}}{events}]}}"#
        )
    };
    let kept = copy(5, "");
    let second = copy(2, r#",{"event":"CAPTURE","amount":7}"#);
    let third = copy(3, r#",{"event":"CAPTURE","amount":7,"success":false},{"event":"CAPTURE","amount":7}"#);
    let files = [("a.json", &*third), ("b.json", &*second), ("c.json", &*third), ("k.json", &*kept)];
    assert_eq!(resolved_without("AV002", &files, &["a.json"]), Some(false));
}
