//! Compares the core with the oracle on random worlds: some hundreds, or as many as `AVSTEM_CASES`
//! says. If they differ, the seed and the documents needed for the difference are shown.

use std::collections::BTreeMap;

use avstem_worlds::Rng;

use crate::night::{File, night};
use crate::oracle;
use crate::stories::{EngineSettings, RunResult};
use crate::worlds::{World, cases, first_seed, oracle_input};

/// From this many worlds on, every rule must be reached.
const ENOUGH: u64 = 2_000;

/// The first difference between core and oracle on a world; `on_rule` is called with the rule of
/// each of the oracle's findings.
fn difference(world: &World, partitions: usize, mut on_rule: impl FnMut(&'static str)) -> Option<String> {
    let written = world.write();
    let input = oracle_input(&written);
    let output = oracle::judge(&input, &world.settings);
    output.findings.iter().for_each(|finding| on_rule(finding.rule));
    let mut expected = RunResult::of_oracle(&output);
    expected.counts.sort_unstable();
    let files: Vec<File> = written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect();
    let difference = night(&files, &EngineSettings::new(&world.settings), partitions).story.difference(&expected)?;
    let texts = files.iter().map(|(name, bytes)| format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
    Some(format!("{difference}\n{}", texts.collect::<String>()))
}

/// The world without the documents that the difference does not need.
fn shrunk(world: &World, partitions: usize) -> World {
    let mut small = world.clone();
    for file in 0..small.files.len() {
        for at in (0..small.files[file].values.len()).rev() {
            let mut fewer = small.clone();
            fewer.files[file].values.remove(at);
            if difference(&fewer, partitions, |_| ()).is_some() {
                small = fewer;
            }
        }
    }
    small
}

/// Compares the world of a seed, and counts how often each rule of the oracle fired.
fn try_world(seed: u64, hits: &mut BTreeMap<&'static str, u64>) {
    let mut rng = Rng::new(seed);
    let world = World::random(&mut rng);
    let partitions = *rng.one_of(&[1, 4]);
    if difference(&world, partitions, |rule| *hits.entry(rule).or_default() += 1).is_some() {
        let small = shrunk(&world, partitions);
        panic!("seed {seed}, core first: {}", difference(&small, partitions, |_| ()).unwrap_or_default());
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
