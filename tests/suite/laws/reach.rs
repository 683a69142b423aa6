//! The worlds of the laws reach every reason and rule: a law proves nothing about cases that its
//! worlds never hold.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::model::reject::{FileReason, RecordReason};
use avstem_worlds::Rng;

use super::conservation::damage;
use super::{bytes_of, for_random_worlds, run};
use crate::worlds::World;

/// Record reasons that damage cannot cause: they need more bytes, or a limit. `reading::reach`
/// covers them.
const RARE: [RecordReason; 2] = [RecordReason::NestingTooDeep, RecordReason::RecordTooLarge];

/// Members and their replacements: wrong values that random bytes rarely produce.
const SPOILT: [(&str, &str); 9] = [
    ("\"amount\":", "\"amount\":null,\"was\":"),
    ("\"amount\":", "\"amount\":1e30,\"was\":"),
    ("\"amount\":", "\"amount\":0.5,\"was\":"),
    ("\"quantity\":", "\"quantity\":1e18,\"was\":"),
    ("\"id\":", "\"id\":\"\",\"was\":"),
    ("\"id\":", "\"id\":\"a\",\"id\":"),
    ("\"id\":", "\"was\":"),
    ("\"order_id\":", "\"was\":"),
    ("\"order_id\":", "\"was\":"),
];

fn corrupt_value(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let (member, spoilt) = *rng.one_of(&SPOILT);
    let places: Vec<usize> = memchr::memmem::find_iter(bytes, member).collect();
    if !places.is_empty() {
        let at = *rng.one_of(&places);
        bytes.splice(at..at + member.len(), spoilt.bytes());
    }
}

#[test]
fn damaged_worlds_reach_every_reason_that_damage_can_make() {
    let (mut records, mut files) = (BTreeMap::<&str, u64>::new(), BTreeMap::<&str, u64>::new());
    for_random_worlds(13, 1200, |rng, folder| {
        let mut files_of_world = bytes_of(&World::random(rng).write());
        for (_, bytes) in &mut files_of_world {
            if rng.once_in(2) {
                corrupt_value(rng, bytes);
            } else {
                let times = rng.roll(4);
                damage(rng, bytes, times);
            }
        }
        let outcome = run(folder, &files_of_world);
        for reject in outcome.rejects.iter() {
            *records.entry(reject.reason.code()).or_default() += 1;
        }
        for fault in outcome.sources.iter().filter_map(|source| source.fault.as_ref()) {
            *files.entry(fault.reason.code()).or_default() += 1;
        }
    });
    let wanted = RecordReason::ALL.iter().filter(|reason| !RARE.contains(reason)).map(|reason| reason.code());
    let missed: Vec<&str> = wanted.filter(|code| !records.contains_key(code)).collect();
    assert!(missed.is_empty(), "damage never leads to {missed:?}: {records:?}");
    for reason in [FileReason::BrokenText, FileReason::NotAnExport, FileReason::TrailingData, FileReason::EmptyInput] {
        assert!(files.contains_key(reason.code()), "damage never leads to {reason:?}: {files:?}");
    }
}

#[test]
fn worlds_bring_rules_together() {
    let mut pairs = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for_random_worlds(14, 400, |rng, folder| {
        let outcome = run(folder, &bytes_of(&World::random(rng).write()));
        let met: BTreeSet<u16> = outcome.findings.iter().map(|finding| finding.card.number).collect();
        pairs.extend(met.iter().flat_map(|one| met.range(one + 1..).map(move |other| (*one, *other))));
        rules.extend(met);
    });
    // Some rules exclude each other, so at least half of all pairs must occur together.
    let possible = rules.len() * rules.len().saturating_sub(1) / 2;
    assert!(pairs.len() * 2 > possible, "{} of {possible} pairs of {} rules", pairs.len(), rules.len());
}
