//! A fixed piece of work whose instructions are counted: `instructions read` reads the lines of some samples into
//! rows, `instructions judge` reads them once and judges the rows. benches/instructions runs it under callgrind.

use std::hint::black_box;
use std::path::Path;

use avstem_core::document::{Block, Layout, Options, PADDING, Padded, Pieces, Reading};
use avstem_core::judge::{Linking, PartitionResult, Plan, judge};
use avstem_core::model::evidence::Watch;
use avstem_core::model::limits::MAX_RECORD;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::resolve::{InputOrder, SealedRows};
use avstem_core::rows::{KeyFilter, KeyNotes, Packer};
use avstem_core::rules::Checks;

const SAMPLES: [&str; 2] = ["transactions/2026-10-01.ndjson", "orders/2026-10.ndjson"];

/// How often the work is done: enough that starting the program does not weigh.
const TIMES: usize = 10;

fn read(texts: &[Vec<u8>], reading: &mut Reading) -> Packer {
    let mut packer = Packer::new(1, KeyNotes::new(1 << 12));
    let layout = Layout::default();
    for text in texts {
        let bytes = Padded::new(text, text.len() - PADDING);
        let block = Block { bytes, base: 0, pieces: &Pieces::Lines, file: 0, layout: &layout };
        Active::read(&block, Options { strict: false, max_record: MAX_RECORD }, reading, &mut packer);
    }
    assert!(packer.tally.documents > 50 && packer.rejects.is_empty(), "the samples are read");
    packer
}

fn judged(packer: &Packer) -> usize {
    let settings = Settings::default();
    let checks = Checks::new(&settings);
    let facts = Facts { as_of: packer.tally.latest, has_production: true, has_transactions: true, has_reports: false };
    let ranks = [Some(0)];
    let plan = Plan {
        checks: &checks,
        settings: &settings,
        facts: &facts,
        linking: Linking::default(),
        keys: &KeyFilter::full(),
        day_of: &|instant| instant.day(),
        watch: Watch::default(),
    };
    let mut result = PartitionResult::new(1, 1);
    let rows = SealedRows::new(&[packer.partitions.part(0)], InputOrder { ranks: &ranks }, |_| true);
    judge(&rows, &plan, &mut result);
    result.balances.len()
}

fn main() {
    let job = std::env::args().nth(1).unwrap_or_default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/export");
    let texts = SAMPLES.map(|name| {
        let mut text = std::fs::read(folder.join(name)).expect("the samples are there");
        text.extend([b' '; PADDING]);
        text
    });
    let mut reading = Reading::default();
    match job.as_str() {
        "read" => (0..TIMES).for_each(|_| drop(black_box(read(&texts, &mut reading)))),
        "judge" => {
            let packer = read(&texts, &mut reading);
            (0..TIMES).for_each(|_| assert!(black_box(judged(&packer)) > 0));
        }
        other => panic!("read or judge, not {other:?}"),
    }
}
