//! The oracle over random worlds with payouts: its accounts hold, and the worlds reach its rules.

use std::collections::BTreeMap;

use avstem_worlds::Rng;

use crate::oracle;
use crate::worlds::{PayoutParts, World, cases, first_seed};

/// `None` beyond 64 bits, where the cell is empty.
fn number(row: &oracle::PayoutRow, column: &str) -> Option<i128> {
    let at = oracle::payout_columns().iter().position(|name| *name == column).expect("the column is there");
    row[at].1.parse().ok()
}

const PARTS: [&str; 7] = [
    "captures_minor",
    "refunds_minor",
    "fees_minor",
    "other_minor",
    "carried_in_minor",
    "carried_out_minor",
    "unexplained_minor",
];

#[test]
fn the_parts_of_every_payout_sum_to_its_amount_and_every_rule_is_reached() {
    let (first, worlds) = (first_seed(), cases(300));
    let mut hits: BTreeMap<String, u64> = BTreeMap::new();
    for seed in first..first + worlds {
        let world = World::with_payouts(&mut Rng::new(seed), PayoutParts { bank: true, providers: true });
        let output = oracle::judge(&world.input(), &world.settings);
        for finding in &output.findings {
            *hits
                .entry(format!("{} {}", finding.rule, finding.detail.rsplit(' ').next().unwrap_or("")))
                .or_default() += 1;
            *hits.entry(finding.rule.to_owned()).or_default() += 1;
        }
        for row in &output.payouts {
            let sum: Option<i128> = PARTS.iter().map(|part| number(row, part)).sum();
            if let (Some(sum), Some(amount)) = (sum, number(row, "amount_minor")) {
                assert_eq!(sum, amount, "seed {seed}: {row:?}");
            }
            for (name, cell) in
                row.iter().filter(|(name, _)| ["state", "convention", "matched_by", "origin"].contains(name))
            {
                *hits.entry(format!("{name} {cell}")).or_default() += 1;
            }
        }
    }
    if let Some(path) = std::env::var_os("AVSTEM_REACH") {
        let reach: String = hits.iter().map(|(what, hits)| format!("{what} {hits}\n")).collect();
        std::fs::write(path, reach).expect("the reach can be written");
    }
    let rules = oracle::PAYOUT_RULES.iter().map(|(code, ..)| *code);
    let missed: Vec<&str> = rules.filter(|rule| !hits.contains_key(*rule)).collect();
    assert!(missed.is_empty(), "the worlds never reach {missed:?}");
}
