//! Laws that hold over any input. Each stands alone and bears its number:
//!
//! 1. conservation: every record has exactly one fate, whatever the bytes;
//! 2. balance: A = C + V + O, and totals are the sums of their ledgers;
//! 3. form: what holds the records together, and who reads them, never matters;
//! 4. idempotence: a copy changes nothing, and the order of snapshots nothing;
//! 5. single fault: one thing wrong is told once, by its rule, where it is;
//! 6. monotony: more files never take a finding away;
//! 7. place: a reject's bytes are the record, which is as wrong alone;
//! 8. output: CSV, Parquet and JSON hold the same;
//! 9. oracle: a second implementation agrees on everything (`differential.rs`);
//! 10. evidence: what left the input resolves nothing.
//!
//! Every run of the tests tries some hundreds of worlds for each; a night `AVSTEM_CASES=100000`. A law that breaks names
//! the seed of its world.

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

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use avstem_engine::engine::outcome::Outcome;
use avstem_worlds::Rng;
use avstem_worlds::colliding::{ExportFile, WrittenFile};

use crate::oracle;
use crate::runs::{self, Bytes, Manner, Places, Story, Told};
use crate::worlds::{World, cases, first_seed};

/// Tries a law with so many rng, each in a folder that is used again; more with
/// `AVSTEM_CASES`.
fn tries(law: u64, default: u64, mut each: impl FnMut(&mut Rng, &Path)) {
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

fn bytes_of(written: &[WrittenFile]) -> Vec<Bytes> {
    written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect()
}

fn run(folder: &Path, files: &[Bytes]) -> Outcome {
    runs::run(folder, files, &Told::new(&oracle::Settings::default()), Manner::default())
}

fn story(folder: &Path, files: &[Bytes]) -> Story {
    Story::of_engine(&run(folder, files), Places::Aside)
}

/// Fails with the difference and the inputs, where two stories are not the same.
fn assert_same(law: &str, one: &Story, other: &Story, files: &[Bytes]) {
    if let Some(difference) = one.difference(other) {
        let texts = files.iter().map(|(name, bytes)| format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
        panic!("{law}: {difference}\n{}", texts.collect::<String>());
    }
}

/// The world's files with other names.
fn renamed(world: &World, name: impl Fn(&str) -> String) -> Vec<ExportFile> {
    world.files.iter().map(|file| ExportFile { name: name(&file.name), ..file.clone() }).collect()
}

/// Every identity that ties the control totals holds, and every record has one fate.
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
