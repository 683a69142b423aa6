//! Law 7: a reject's byte range is the record, which is rejected the same way alone.

use avstem_engine::engine::outcome::Outcome;
use avstem_worlds::Rng;
use avstem_worlds::colliding::{ExportFile, Framing};
use serde_json::{Value, json};

use super::conservation::damage;
use super::{bytes_of, for_random_worlds, run};
use crate::runs::Bytes;
use crate::worlds::World;

const GOOD: &str = "{\"id\":\"good\",\"amount\":1,\"currency\":\"NOK\",\"events\":[]}";

/// Replaces a value with one of another type, or removes a member.
fn corrupt_value(rng: &mut Rng, value: &mut Value) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(rng.index(members.len())).expect("one of its own").clone();
            if rng.once_in(4) {
                members.remove(&name);
            } else if let Some(member) = members.get_mut(&name) {
                corrupt_value(rng, member);
            }
        }
        Value::Array(list) if !list.is_empty() && !rng.once_in(4) => {
            let at = rng.index(list.len());
            corrupt_value(rng, &mut list[at]);
        }
        other => {
            let bad =
                [json!(1.5), json!("x"), json!({}), json!([1]), json!(true), json!(u64::MAX), json!("2026-13-01")];
            *other = rng.one_of(&bad).clone();
        }
    }
}

fn is_envelope(value: &Value) -> bool {
    ["order_id", "authorizations", "captures", "refunds", "cancellations"].iter().any(|name| value.get(*name).is_some())
}

/// Returns the bytes of each rejected record, with its reason, offset and path.
fn rejected(outcome: &Outcome, bytes: &[u8]) -> Vec<(Vec<u8>, String)> {
    let of = |reject: avstem_core::document::Rejected| {
        let from = reject.origin.offset as usize;
        let record = bytes[from..from + reject.origin.length as usize].to_vec();
        (record, format!("{} at {} in {}", reject.reason, reject.at - reject.origin.offset, reject.path))
    };
    outcome.rejects.iter().map(of).collect()
}

/// A file with the record beside one good record.
fn alone(record: &[u8], framing: Framing) -> Bytes {
    let good = GOOD.as_bytes();
    let bytes = match framing {
        Framing::Lines => [good, b"\n", record, b"\n"].concat(),
        _ => [b"[", good, b",", record, b"]"].concat(),
    };
    ("alone".to_owned(), bytes)
}

fn spoiled(rng: &mut Rng, framing: Framing) -> ExportFile {
    let world = World::random(rng);
    let mut values: Vec<Value> = world.files.into_iter().flat_map(|file| file.values).collect();
    values.retain(|value| !is_envelope(value) && value.get("id").is_some());
    for value in &mut values {
        if rng.once_in(2) {
            corrupt_value(rng, value);
        }
    }
    values.retain(|value| !is_envelope(value));
    values.insert(0, serde_json::from_str(GOOD).expect("it is good"));
    ExportFile::new("export", framing, values)
}

#[test]
fn law_7_elements_and_lines_with_a_wrong_field() {
    for_random_worlds(7, 500, |rng, folder| {
        let framing = *rng.one_of(&[Framing::Lines, Framing::Array]);
        let file = spoiled(rng, framing);
        let bytes = bytes_of(&[file.write()]);
        let outcome = run(folder, &bytes);
        for (record, told) in rejected(&outcome, &bytes[0].1) {
            let value: Value = serde_json::from_slice(&record).expect("the bytes are a record");
            assert!(file.values.contains(&value), "the record is one of those that were written");
            let alone = alone(&record, framing);
            let found = rejected(&run(folder, std::slice::from_ref(&alone)), &alone.1);
            assert_eq!(found, [(record, told)], "law 7");
        }
    });
}

#[test]
fn law_7_damaged_lines() {
    for_random_worlds(71, 500, |rng, folder| {
        let file = spoiled(rng, Framing::Lines);
        let mut text = format!("{GOOD}\n").into_bytes();
        for line in file.write().text.into_bytes().split(|byte| *byte == b'\n') {
            let mut line = line.to_vec();
            let times = rng.roll(3);
            damage(rng, &mut line, times);
            line.retain(|byte| *byte != b'\n');
            text.extend_from_slice(&line);
            text.push(b'\n');
        }
        let outcome = run(folder, &[("export".to_owned(), text.clone())]);
        for (record, told) in rejected(&outcome, &text) {
            if !text.split(|byte| *byte == b'\n').any(|line| line.trim_ascii() == record) {
                // The record stood inside a line, and its kind follows from the enclosing value.
                continue;
            }
            let alone = alone(&record, Framing::Lines);
            let found = rejected(&run(folder, std::slice::from_ref(&alone)), &alone.1);
            assert_eq!(found, [(record, told)], "law 7");
        }
    });
}
