//! The core against the oracle, over random worlds: some hundreds, or as many as `AVSTEM_CASES` says.

use std::collections::BTreeMap;

use crate::night::{File, night};
use crate::oracle;
use crate::stories::{Story, Told};
use crate::worlds::{Dice, World, cases, first_seed};

/// So many worlds reach every rule.
const ENOUGH: u64 = 2_000;

/// How often each rule of the oracle spoke in the world of a seed.
fn try_world(seed: u64, hits: &mut BTreeMap<&'static str, u64>) {
    let mut dice = Dice::new(seed);
    let world = World::random(&mut dice);
    let written = world.write();
    let input = oracle::Input { sources: written.iter().map(|file| file.source.clone()).collect() };
    let output = oracle::judge(&input, &world.settings);
    for finding in &output.findings {
        *hits.entry(finding.rule).or_default() += 1;
    }
    let mut expected = Story::of_oracle(&output);
    expected.counts.sort_unstable();
    let files: Vec<File> = written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect();
    let found = night(&files, &Told::new(&world.settings), *dice.one_of(&[1, 4])).story;
    if let Some(difference) = found.difference(&expected) {
        let texts = files.iter().map(|(name, bytes)| format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
        panic!("seed {seed}, core first: {difference}\n{}", texts.collect::<String>());
    }
}

#[test]
fn the_core_and_the_oracle_agree() {
    let (first, worlds) = (first_seed(), cases(300));
    let mut hits = BTreeMap::new();
    (first..first + worlds).for_each(|seed| try_world(seed, &mut hits));
    if let Some(path) = std::env::var_os("AVSTEM_REACH") {
        let reach: String = hits.iter().map(|(rule, hits)| format!("{rule} {hits}\n")).collect();
        std::fs::write(path, reach).expect("the reach can be written");
    }
    let missed: Vec<_> = oracle::RULES.iter().map(|(code, ..)| *code).filter(|code| !hits.contains_key(code)).collect();
    assert!(worlds < ENOUGH || missed.is_empty(), "the worlds never reach {missed:?}");
}
