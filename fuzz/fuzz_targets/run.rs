//! A whole run over up to three files: every record has one fate, every control total ties, and
//! workers, blocks and partitions do not change the result.

#![no_main]

use std::cell::LazyCell;
use std::ffi::OsString;

use avstem_core::document::Options;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::io::inputs::{Source, discover};
use avstem_engine::io::pattern::Exclude;
use avstem_fuzz::{Desk, judge};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 3] = ["a", "orders/o1/captures.json", "b.ndjson"];

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("run"));
}

fn run(sources: &[Source], strict: bool, max_record: u64, block_size: usize, partitions: usize) -> Outcome {
    judge(sources, Options { strict, max_record }, max_record % 2 == 0, block_size, partitions)
}

fn assert_tied(outcome: &Outcome) {
    for total in &outcome.control_totals {
        assert!(total.holds != Some(false), "{} of {:?}: {:?}", total.measure, total.source, total.identity);
    }
    let mut all = [0; 5];
    for source in &outcome.sources {
        let counts = &source.counts;
        let fates = [counts.records, counts.accepted, counts.duplicate, counts.superseded, counts.rejected];
        assert_eq!(fates[0], fates[1..].iter().sum::<u64>(), "a record of {} has no fate", source.name);
        assert!(source.fault.is_none() || counts.records == 0, "a refused file counts no records");
        all.iter_mut().zip(fates).for_each(|(sum, fate)| *sum += fate);
    }
    assert_eq!(all[4], outcome.rejects.len() as u64, "each rejected record is listed");
}

fn told(outcome: &Outcome) -> String {
    let sources: Vec<_> = outcome.sources.iter().map(|source| (&source.counts, source.fault.is_some())).collect();
    format!("{:?} {sources:?} {:?} {:?} {}", outcome.as_of, outcome.totals, outcome.days, outcome.findings.len())
}

fuzz_target!(|bytes: &[u8]| {
    let [options, bytes @ ..] = bytes else { return };
    let sources = DESK.with(|desk| {
        let mut parts = bytes.splitn(NAMES.len(), |byte| *byte == 0x1e);
        let paths = NAMES.iter().map(|name| OsString::from(desk.put(name, parts.next().unwrap_or(b"[]"))));
        discover(&paths.collect::<Vec<_>>(), &[], &Exclude::default()).sources
    });
    let strict = options & 1 == 1;
    let max_record = if options & 2 == 2 { 64 } else { 1 << 20 };
    let first = run(&sources, strict, max_record, 256 << 10, 4);
    assert_tied(&first);
    let block = [1, 7, 64, 4096][usize::from(options >> 2 & 3)];
    let other = run(&sources, strict, max_record, block, 1 << (options >> 4 & 7));
    assert_tied(&other);
    assert_eq!(told(&first), told(&other), "blocks of {block} bytes");
});
