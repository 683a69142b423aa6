//! Law 6: more files never remove a finding.

use avstem_worlds::Rng;
use serde_json::Value;

use super::conservation::damage;
use super::{assert_tied, bytes_of, for_random_worlds};
use crate::oracle;
use crate::runs::{self, EngineSettings, Places, RunParams, RunResult};
use crate::worlds::World;

/// Changes every id and reference, so that no document links to those of the first shop.
fn rename_ids(value: &mut Value) {
    const NAMES: [&str; 10] = [
        "id",
        "order_id",
        "session_id",
        "transaction_id",
        "payment_id",
        "merchant_reference",
        "merchant_reference_2",
        "dintero_settlement_id",
        "authorization_id",
        "request_id",
    ];
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if NAMES.contains(&name.as_str()) && !text.is_empty() => {
                        text.push_str("-other")
                    }
                    _ => rename_ids(member),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(rename_ids),
        _ => {}
    }
}

fn told() -> EngineSettings {
    let as_of = oracle::Instant::parse_as_of("2026-05-01");
    EngineSettings::new(&oracle::Settings { as_of, ..oracle::Settings::default() })
}

#[test]
fn law_6_a_file_of_other_documents_takes_no_row_away() {
    for_random_worlds(6, 300, |rng, folder| {
        let told = told();
        let files = bytes_of(&World::random(rng).write());
        let mut other = World::random(rng);
        other.files.retain(|file| !file.name.contains("orders/o") && !file.name.contains("orders/P"));
        for file in &mut other.files {
            file.name = format!("other/{}", file.name);
            file.values.iter_mut().for_each(rename_ids);
        }
        let before = RunResult::of_engine(&runs::run(folder, &files, &told, RunParams::default()), Places::Ignored);
        let all = [files, bytes_of(&other.write())].concat();
        let after = RunResult::of_engine(&runs::run(folder, &all, &told, RunParams::default()), Places::Ignored);
        let mut rest = after.findings.iter();
        for row in &before.findings {
            assert!(rest.any(|found| found == row), "law 6: gone, or moved before others\n{row}");
        }
    });
}

fn bad_file(rng: &mut Rng) -> Vec<u8> {
    match rng.roll(4) {
        0 => b"<html>Please sign in</html>".to_vec(),
        1 => b"[{\"id\":\"t1\",\"amount\":1,\"currency\":\"NOK\",\"events\":[]},".to_vec(),
        2 => b"{\"id\":\"t1\",\"amount\":1.5,\"events\":[]}\n{\"id\":\"\"}\n".to_vec(),
        _ => {
            let mut bytes = b"{\"url\": \"https://example.com/report\"}".to_vec();
            damage(rng, &mut bytes, 0);
            bytes
        }
    }
}

#[test]
fn law_6_a_bad_file_adds_rejects_alone() {
    for_random_worlds(61, 300, |rng, folder| {
        let told = told();
        let mut files = bytes_of(&World::random(rng).write());
        let before = runs::run(folder, &files, &told, RunParams::default());
        files.push(("!bad".to_owned(), bad_file(rng)));
        let after = runs::run(folder, &files, &told, RunParams::default());
        assert_tied(&after);
        let [one, other] = [&before, &after].map(|outcome| RunResult::of_engine(outcome, Places::Ignored));
        super::assert_same("law 6, a bad file", &one, &other, &files);
        let bad = after.sources.iter().find(|source| source.name == "!bad").expect("it is listed");
        assert!(bad.fault.is_some() || bad.counts.rejected > 0, "it is told");
        assert_eq!(bad.counts.records, bad.counts.rejected, "nothing of it is used");
    });
}
