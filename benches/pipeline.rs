//! Throughput of the stages of a run on generated worlds: reading records, packing them into rows,
//! judging by each family of rules, the whole engine, and the report writers.
//!
//! `cargo bench` prints bytes of JSON per second. Compare two commits in one session on the same
//! machine.

use std::hint::black_box;
use std::io::{self, Write, sink};
use std::path::Path;
use std::sync::Arc;

use avstem_core::document::{
    Block, Layout, Meta, Options, PADDING, Padded, Pieces, Reading, Rejected, Sink, Transaction,
};
use avstem_core::judge::{Linking, PartitionResult, Plan, judge};
use avstem_core::ledger::{Ledger, Remittance, Session, Settlement};
use avstem_core::model::event::EventList;
use avstem_core::model::evidence::Watch;
use avstem_core::model::instant::Instant;
use avstem_core::model::limits::{MAX_EXPANSION, MAX_RECORD};
use avstem_core::model::origin::Origin;
use avstem_core::model::reject::FileFault;
use avstem_core::model::settings::{Facts, Settings, SeveritySetting};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::resolve::{InputOrder, SealedRows};
use avstem_core::rows::{KeyFilter, KeyNotes, Packer};
use avstem_core::rules::prechecker;
use avstem_core::rules::{CATALOGUE, Checks};
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::engine::{self, BLOCK, Intake, Progress, Request};
use avstem_engine::io::decode::{HashKind, Limits};
use avstem_engine::io::inputs::{Place, Source};
use avstem_engine::io::spill::Scratch;
use avstem_engine::report::{Dialect, balances, exceptions};
use avstem_worlds::realistic::{Detail, Stream, WorldOptions, WorldOutput, generate};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

/// Enough transactions that one iteration takes tens of milliseconds.
const TRANSACTIONS: u64 = 4_000;

const PARTITIONS: usize = 64;

const OPTIONS: Options = Options { strict: false, max_record: MAX_RECORD };

/// Families of rules by the first digit of their codes.
const FAMILIES: [(u16, &str); 8] = [
    (0, "documents"),
    (1, "amounts"),
    (2, "lines"),
    (3, "splits"),
    (4, "states"),
    (5, "links"),
    (6, "arithmetic"),
    (7, "settlements"),
];

/// Collects the transactions of a world as lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl WorldOutput for Lines {
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()> {
        if matches!(stream, Stream::Transactions) {
            self.0.extend_from_slice(lines);
        }
        Ok(())
    }

    fn file(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn beside(&mut self, _: &'static str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn truth(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// The lines of a world, with padding.
fn world(detail: Detail) -> Vec<u8> {
    let options =
        WorldOptions { transactions: TRANSACTIONS, seed: 42, faults_per_million: 30_000, detail, payouts: false };
    let mut lines = Lines::default();
    generate(&options, &mut lines).expect("memory takes every write");
    lines.0.resize(lines.0.len() + PADDING, b' ');
    lines.0
}

fn read(text: &[u8], reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) {
    let layout = Layout::default();
    let (mut base, length) = (0, text.len() - PADDING);
    while base < length {
        let end = length.min(base + BLOCK);
        let cut = text[base..end].iter().rposition(|b| *b == b'\n').map_or(length, |at| base + at + 1);
        let bytes = Padded::new(&text[base..], cut - base);
        let block = Block { bytes, base: base as u64, pieces: &Pieces::Lines, file: 0, layout: &layout };
        Active::read(&block, OPTIONS, reading, sink);
        base = cut;
    }
}

/// Drops all documents: the cost of reading without packing.
#[derive(Default)]
struct Nowhere(u64);

impl<'b> Sink<'b> for Nowhere {
    fn transaction(&mut self, _: &Transaction<'b>, _: &Ledger<'b>, _: &Session<'b>) {
        self.0 += 1;
    }

    fn order(&mut self, _: &Meta<'b>, _: &Ledger<'b>) {}
    fn operation(&mut self, _: &str, _: Option<Instant>, _: &Ledger<'b>, _: u32) {}
    fn given(&mut self, _: &str, _: EventList, _: Origin) {}
    fn session(&mut self, _: &Meta<'b>, _: &Session<'b>) {}
    fn settlement(&mut self, _: &Meta<'b>, _: &Settlement<'b>) {}
    fn remittance(&mut self, _: &Remittance<'b>) {}
    fn nothing(&mut self, _: Origin) {}
    fn reject(&mut self, _: Rejected) {}
    fn stranger(&mut self, _: FileFault) {}
    fn refuse(&mut self, _: FileFault) {}
}

/// Settings with only the rules of this family enabled.
fn family(digit: u16) -> Settings {
    let mut settings = Settings::default();
    for rule in CATALOGUE.iter().filter(|rule| rule.card.number / 100 != digit) {
        settings.set_severity(rule.card.number, SeveritySetting::Off);
    }
    settings
}

fn judged(packer: &Packer, settings: &Settings) -> usize {
    let checks = Checks::new(settings);
    let facts =
        Facts { as_of: packer.tally.latest, has_production: true, has_transactions: true, ..packer.tally.facts() };
    let ranks = [Some(0)];
    let order = InputOrder { ranks: &ranks };
    let linking = Linking::default();
    let day_of = &|instant: Instant| instant.day();
    let watch = Watch::default();
    let keys = &KeyFilter::full();
    let plan = Plan { checks: &checks, settings, facts: &facts, linking, keys, day_of, watch };
    let mut findings = 0;
    for at in 0..PARTITIONS {
        let mut result = PartitionResult::new(1, PARTITIONS);
        let rows = SealedRows::new(&[packer.partitions.part(at)], order, |_| true);
        judge(&rows, &plan, &mut result);
        findings += result.findings.len();
    }
    findings
}

fn run(path: &Path) -> Outcome {
    let sources =
        [Source { name: "world".to_owned(), place: Place::File(path.to_owned()), fault: None, is_statement: false }];
    let intake = Intake {
        options: OPTIONS,
        hash: HashKind::Blake3,
        limits: Limits { max_expansion: MAX_EXPANSION },
        allow_empty: false,
        block_size: BLOCK,
        partitions: PARTITIONS,
        key_filter: 1 << 20,
    };
    let request = Request {
        sources: &sources,
        bank: &Default::default(),
        intake,
        as_of: None,
        settings: &Settings::default(),
        accept: &[],
        baseline: None,
        day_of: &Instant::day,
        jobs: 1,
        memory: 1 << 30,
        scratch: &Arc::new(Scratch::beside(None)),
        keep: false,
        progress: &Progress::new(1),
    };
    engine::run(&request).expect("nothing interrupts the run").outcome
}

fn writers(group: &mut BenchmarkGroup<'_, WallTime>, outcome: &Outcome) {
    let plain = Dialect::Plain;
    group.bench_function("exceptions.csv", |b| b.iter(|| exceptions::csv(sink(), outcome, plain).is_ok()));
    group.bench_function("exceptions.parquet", |b| b.iter(|| exceptions::parquet(sink(), outcome).is_ok()));
    group.bench_function("balances.parquet", |b| b.iter(|| balances::parquet(sink(), outcome).is_ok()));
    group.bench_function("balances.csv", |b| b.iter(|| balances::csv(sink(), outcome, plain).is_ok()));
}

fn pipeline(criterion: &mut Criterion) {
    for (name, detail) in [("lean", Detail::Lean), ("fat", Detail::Fat)] {
        let text = world(detail);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes((text.len() - PADDING) as u64)).sample_size(20);
        let mut reading = Reading::default();
        group.bench_function("reader", |b| b.iter(|| read(&text, &mut reading, &mut Nowhere::default())));
        let normalize = |reading: &mut Reading| {
            let mut packer = Packer::new(PARTITIONS, KeyNotes::new(1 << 20), prechecker());
            read(&text, reading, &mut packer);
            packer
        };
        group.bench_function("normalize", |b| b.iter(|| black_box(normalize(&mut reading))));
        let packer = normalize(&mut reading);
        for (digit, family_name) in FAMILIES {
            let settings = family(digit);
            group.bench_function(format!("rules/{family_name}"), |b| b.iter(|| black_box(judged(&packer, &settings))));
        }
        let all = Settings::default();
        group.bench_function("rules/all", |b| b.iter(|| black_box(judged(&packer, &all))));
        let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
        file.write_all(&text[..text.len() - PADDING]).expect("a file can be written");
        group.bench_function("run", |b| b.iter(|| black_box(run(file.path()))));
        writers(&mut group, &run(file.path()));
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
