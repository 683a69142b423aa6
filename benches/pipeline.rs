//! Where the time of a run goes: reading records into rows, judging rows, and the whole engine, on generated
//! worlds. `cargo bench` prints bytes a second of JSON; compare two commits in one sitting, never across machines.

use std::hint::black_box;
use std::io;

use avstem::generate::{Options as World, Output, Shape, Stream, generate};
use avstem_core::document::{self, Block, Layout, Options, Pieces, Reading};
use avstem_core::model::evidence::Watch;
use avstem_core::model::limits::MAX_RECORD;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::normalize::Packer;
use avstem_core::resolve::InputOrder;
use avstem_core::rules::Checks;
use avstem_core::shard::{Linking, Plan, Shard, judge};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Transactions of a world, enough that a round takes some tens of milliseconds.
const TRANSACTIONS: u64 = 4_000;

const PARTITIONS: usize = 64;

/// Keeps the transactions of a world as one text of lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Output for Lines {
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()> {
        if matches!(stream, Stream::Transactions) {
            self.0.extend_from_slice(lines);
        }
        Ok(())
    }

    fn file(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn truth(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

fn world(shape: Shape) -> Vec<u8> {
    let options = World { transactions: TRANSACTIONS, seed: 42, faults_per_million: 30_000, shape };
    let mut lines = Lines::default();
    generate(&options, &mut lines).expect("memory takes every write");
    lines.0
}

fn read(text: &[u8], reading: &mut Reading) -> Packer {
    let mut packer = Packer::new(PARTITIONS);
    let layout = Layout::default();
    let options = Options { strict: false, max_record: MAX_RECORD };
    let mut base = 0;
    while base < text.len() {
        let end = text.len().min(base + avstem::engine::BLOCK);
        let cut = text[base..end].iter().rposition(|b| *b == b'\n').map_or(text.len(), |at| base + at + 1);
        let bytes = &text[base..cut];
        let block = Block { bytes, base: base as u64, pieces: &Pieces::Lines, file: 0, layout: &layout };
        document::read(&block, options, reading, &mut packer);
        base = cut;
    }
    packer
}

fn judged(packer: &Packer) -> usize {
    let settings = Settings::default();
    let checks = Checks::new(&settings);
    let facts = Facts { as_of: packer.tally.latest, has_production: true, has_transactions: true, has_reports: false };
    let ranks = [Some(0)];
    let order = InputOrder { ranks: &ranks };
    let linking = Linking::default();
    let plan = Plan {
        checks: &checks,
        settings: &settings,
        facts: &facts,
        order,
        linking,
        day_of: &|instant| instant.day(),
        watch: Watch::default(),
    };
    let mut findings = 0;
    for at in 0..PARTITIONS {
        let mut shard = Shard::new(1, PARTITIONS);
        judge(&[packer.partitions.part(at)], &plan, &mut shard);
        findings += shard.findings.len();
    }
    findings
}

fn pipeline(criterion: &mut Criterion) {
    for (name, shape) in [("lean", Shape::Lean), ("fat", Shape::Fat)] {
        let text = world(shape);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
        let mut reading = Reading::default();
        group.bench_function("read", |b| b.iter(|| black_box(read(&text, &mut reading))));
        let packer = read(&text, &mut reading);
        group.bench_function("judge", |b| b.iter(|| black_box(judged(&packer))));
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
