//! Laws that hold for any input, each independent of the others:
//!
//! 1. conservation: every record has exactly one fate, whatever the bytes;
//! 2. balance: A = C + V + O, and totals are the sums of their ledgers;
//! 3. form: framing, spelling, compression, division of work and input order never change the
//!    result;
//! 4. idempotence: copies and the order of snapshots change nothing;
//! 5. single fault: one fault causes one finding, by its rule, at its place;
//! 6. monotony: more files never remove a finding;
//! 7. place: a reject's byte range is the record, which is rejected the same way alone;
//! 8. output: CSV, Parquet and JSON hold the same values;
//! 9. oracle: a second implementation agrees on everything (`differential.rs`);
//! 10. evidence: a document that left the input resolves nothing;
//! 11. steps: a run in steps, however its rows are spread, writes what a run on one machine does.
//!
//! Every test run tries some hundreds of worlds per law; nightly runs set `AVSTEM_CASES=100000`. A
//! failure names the seed of its world.

mod balance;
mod conservation;
mod evidence;
mod form;
mod idempotence;
mod monotony;
mod output;
mod places;
mod reach;
mod single_fault;
mod steps;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use avstem_core::rules;
use avstem_engine::config::{self, BankConfig};
use avstem_engine::engine::outcome::Outcome;
use avstem_worlds::Rng;
use avstem_worlds::colliding::{ExportFile, WrittenFile};

use crate::oracle;
use crate::payout_differential::{ALL, bank_section};
use crate::runs::{self, Bytes, EngineSettings, Places, RunParams, RunResult};
use crate::worlds::{World, cases, first_seed};

/// Runs a law over `default` random worlds, or `AVSTEM_CASES`, all in one reused folder.
fn for_random_worlds(law: u64, default: u64, mut each: impl FnMut(&mut Rng, &Path)) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let first = first_seed();
    for seed in first..first + cases(default) {
        let mut rng = Rng::new(seed.wrapping_mul(0x9E37_79B9).wrapping_add(law << 48));
        let tried = catch_unwind(AssertUnwindSafe(|| each(&mut rng, folder.path())));
        if let Err(broken) = tried {
            let words = broken.downcast_ref::<String>().map(String::as_str).or(broken.downcast_ref::<&str>().copied());
            panic!("AVSTEM_SEED={seed} AVSTEM_CASES=1 tries this world again: {}", words.unwrap_or("it panicked"));
        }
    }
}

/// A world; every second one has payouts, with all that is about them.
fn any_world(rng: &mut Rng) -> World {
    if rng.once_in(2) { World::random(rng) } else { World::with_payouts(rng, ALL) }
}

/// The files of a world, and how those of the bank are read.
struct Export {
    files: Vec<Bytes>,
    bank: BankConfig,
}

impl Export {
    fn of(world: &World) -> Export {
        let config = config::parse(&bank_section(world), "avstem.toml", &rules::cards()).expect("it is as configured");
        let mut files = bytes_of(&world.write());
        files.extend(world.bank.files.iter().map(|file| (file.name.clone(), file.bytes.clone())));
        Export { files, bank: config.bank }
    }

    /// The same with other files.
    fn with(&self, files: Vec<Bytes>) -> Export {
        Export { files, bank: self.bank.clone() }
    }

    fn run(&self, folder: &Path, manner: RunParams) -> Outcome {
        let told = EngineSettings::new(&oracle::Settings::default());
        runs::run_with_bank(folder, &self.files, &self.bank, &told, manner)
    }

    fn story(&self, folder: &Path) -> RunResult {
        result(&self.run(folder, RunParams::default()), Places::Ignored)
    }
}

fn result(outcome: &Outcome, places: Places) -> RunResult {
    RunResult::of_engine(outcome, places).with_payouts(outcome, places)
}

/// Whether records of a file are told apart by all that they hold: another spelling makes others of them.
fn is_remitted(name: &str) -> bool {
    let name = name.trim_start_matches("!/");
    name.starts_with("k/") || name.starts_with("v/") || name.starts_with("funds")
}

fn bytes_of(written: &[WrittenFile]) -> Vec<Bytes> {
    written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect()
}

fn run(folder: &Path, files: &[Bytes]) -> Outcome {
    runs::run(folder, files, &EngineSettings::new(&oracle::Settings::default()), RunParams::default())
}

fn story(folder: &Path, files: &[Bytes]) -> RunResult {
    RunResult::of_engine(&run(folder, files), Places::Ignored)
}

/// Fails with the difference and the inputs when the stories differ.
fn assert_same(law: &str, one: &RunResult, other: &RunResult, files: &[Bytes]) {
    if let Some(difference) = one.difference(other) {
        let texts = files.iter().map(|(name, bytes)| format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
        panic!("{law}: {difference}\n{}", texts.collect::<String>());
    }
}

fn renamed(world: &World, name: impl Fn(&str) -> String) -> Vec<ExportFile> {
    world.files.iter().map(|file| ExportFile { name: name(&file.name), ..file.clone() }).collect()
}

/// Asserts that control totals hold, that fates add up per source, and that every rejected record
/// is listed.
fn assert_tied(outcome: &Outcome) {
    for total in &outcome.control_totals {
        assert!(total.holds != Some(false), "{} of {:?}: {:?}", total.measure, total.source, total.identity);
    }
    let mut rejected = 0;
    for source in &outcome.sources {
        let counts = &source.counts;
        let fates = counts.accepted + counts.duplicate + counts.superseded + counts.rejected;
        assert_eq!(counts.records, fates, "{} records = accepted + duplicate + superseded + rejected", source.name);
        assert!(source.fault.is_none() || counts.records == 0, "a refused file counts no records");
        rejected += counts.rejected;
    }
    assert_eq!(rejected, outcome.rejects.len() as u64, "each rejected record is listed");
    assert_eq!(outcome.counts.rejected, rejected);
}
