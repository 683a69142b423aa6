//! The program against the oracle over random worlds: every finding and every balance, column by
//! column and in order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use avstem_worlds::Rng;
use avstem_worlds::colliding::WrittenFile;

use crate::oracle;
use crate::runs::{self, EngineSettings, Places, RunParams, RunResult};
use crate::worlds::{World, cases, first_seed, oracle_input};

/// Totals over all worlds tried.
#[derive(Default)]
struct Reach {
    hits: BTreeMap<&'static str, u64>,
    documents: u64,
    differences: Vec<String>,
}

fn manner(rng: &mut Rng) -> RunParams {
    RunParams {
        jobs: if rng.once_in(10) { 3 } else { 1 },
        block_size: *rng.one_of(&[64, 500, 4096, 1 << 18]),
        partitions: *rng.one_of(&[1, 2, 8]),
        // In the smallest one, most keys share a place.
        key_filter: *rng.one_of(&[8, 64, 1 << 12]),
        // The smallest value spills nearly every row to disk and splits every partition into
        // shares.
        memory: *rng.one_of(&[1 << 10, 64 << 10, 1 << 30]),
        strict: false,
    }
}

fn files_of(written: &[WrittenFile]) -> Vec<runs::Bytes> {
    written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect()
}

fn judge(world: &World, written: &[WrittenFile]) -> oracle::Output {
    let input = oracle_input(written);
    oracle::judge(&input, &world.settings)
}

fn try_world(seed: u64, folder: &std::path::Path, reach: &mut Reach) {
    let mut rng = Rng::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let world = World::random(&mut rng);
    let written = world.write();
    let output = judge(&world, &written);
    let told = EngineSettings::new(&world.settings);
    let outcome = runs::run(folder, &files_of(&written), &told, manner(&mut rng));
    reach.documents += world.files.iter().map(|file| file.values.len() as u64).sum::<u64>();
    for finding in &output.findings {
        *reach.hits.entry(finding.rule).or_default() += 1;
    }
    let mut story = RunResult::of_engine(&outcome, Places::Included);
    if let Some(reject) = outcome.rejects.iter().next() {
        let name = &outcome.sources[reject.origin.file as usize].name;
        story
            .findings
            .insert(0, format!("rejected: {name} {} {} {}", reject.origin.offset, reject.reason, reject.path));
    }
    let faults = outcome.sources.iter().filter_map(|source| source.fault.as_ref());
    story.findings.splice(0..0, faults.map(|fault| format!("refused: {}", fault.sentence())));
    if let Some(difference) = story.difference(&RunResult::of_oracle(&output)) {
        let texts: Vec<String> = written.iter().map(|file| format!("--- {}\n{}", file.name, file.text)).collect();
        reach.differences.push(format!(
            "seed {seed}, program first, then oracle: {difference}\n{:?}\n{}\n",
            world.settings,
            texts.join("\n")
        ));
    }
}

/// Tries `worlds` random worlds on two threads.
fn try_worlds(worlds: u64, most_differences: usize) -> Reach {
    let all = Mutex::new(Reach::default());
    let from = first_seed();
    thread::scope(|scope| {
        for part in 0..2 {
            let all = &all;
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a folder can be made");
                let mut reach = Reach::default();
                for seed in (from..from + worlds).filter(|seed| seed % 2 == part) {
                    try_world(seed, folder.path(), &mut reach);
                    if reach.differences.len() >= most_differences {
                        break;
                    }
                }
                let mut all = all.lock().expect("no thread panics");
                all.documents += reach.documents;
                all.differences.extend(reach.differences);
                for (rule, hits) in reach.hits {
                    *all.hits.entry(rule).or_default() += hits;
                }
            });
        }
    });
    all.into_inner().expect("no thread panics")
}

#[test]
fn the_program_and_the_oracle_agree() {
    let reach = try_worlds(cases(1500), 3);
    if let Some(path) = std::env::var_os("AVSTEM_REACH") {
        let hits = reach.hits.iter().map(|(rule, hits)| format!("{rule} {hits}\n"));
        let text = format!("documents {}\n{}", reach.documents, hits.collect::<String>());
        std::fs::write(path, text).expect("the reach can be written");
    }
    assert!(reach.differences.is_empty(), "{}", reach.differences.join("\n"));
    let missed: Vec<&str> =
        oracle::RULES.iter().map(|(code, ..)| *code).filter(|code| !reach.hits.contains_key(code)).collect();
    assert!(missed.is_empty(), "the worlds never reach {missed:?}");
}
