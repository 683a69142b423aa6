//! Properties of every world, checked on the text of its documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

mod payouts;

#[derive(Default, PartialEq, Eq, Debug)]
struct Memory {
    streams: BTreeMap<&'static str, Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
    beside: BTreeMap<&'static str, Vec<u8>>,
    truth: Vec<u8>,
}

impl WorldOutput for Memory {
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()> {
        assert_eq!(lines.last(), Some(&b'\n'));
        self.streams.entry(stream.stem()).or_default().extend_from_slice(lines);
        Ok(())
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        assert!(self.files.insert(path.to_owned(), bytes.to_vec()).is_none(), "{path} twice");
        Ok(())
    }

    fn beside(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()> {
        assert!(self.beside.insert(name, bytes.to_vec()).is_none(), "{name} twice");
        Ok(())
    }

    fn truth(&mut self, lines: &[u8]) -> io::Result<()> {
        self.truth.extend_from_slice(lines);
        Ok(())
    }
}

impl Memory {
    fn lines(&self, stream: Stream) -> Vec<Value> {
        let text = self.streams.get(stream.stem()).map(Vec::as_slice).unwrap_or_default();
        text.split_inclusive(|b| *b == b'\n').map(|line| serde_json::from_slice(line).unwrap()).collect()
    }
}

fn world(transactions: u64, seed: u64, faults: u32, detail: Detail) -> (Memory, WorldSummary) {
    made(&WorldOptions { transactions, seed, faults_per_million: faults, detail, payouts: false })
}

fn made(options: &WorldOptions) -> (Memory, WorldSummary) {
    let mut memory = Memory::default();
    let summary = generate(options, &mut memory).unwrap();
    (memory, summary)
}

#[test]
fn the_same_numbers_give_the_same_bytes() {
    for detail in [Detail::Lean, Detail::Fat] {
        assert_eq!(world(200, 4, 100_000, detail), world(200, 4, 100_000, detail));
    }
    assert_ne!(world(200, 4, 0, Detail::Lean).0.streams, world(200, 5, 0, Detail::Lean).0.streams);
}

/// The FNV-1a hash of everything that a world writes, so that a change of its bytes is seen.
fn fingerprint(memory: &Memory) -> u64 {
    let streams = memory.streams.iter().map(|(name, text)| (*name, text));
    let files = memory.files.iter().map(|(name, text)| (name.as_str(), text));
    let parts = streams.chain(files).chain([("truth", &memory.truth)]);
    let bytes = parts.flat_map(|(name, text)| name.bytes().chain(text.iter().copied()));
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[test]
fn the_bytes_of_a_seed_never_change() {
    let of = |transactions, seed, faults, detail| fingerprint(&world(transactions, seed, faults, detail).0);
    assert_eq!(of(3000, 1, 100_000, Detail::Lean), 4923106911947982633);
    assert_eq!(of(400, 7, 1_000_000, Detail::Fat), 308601711967994067);
}

#[test]
fn a_larger_world_begins_like_a_smaller_one() {
    let (small, large) = (world(300, 8, 200_000, Detail::Lean).0, world(600, 8, 200_000, Detail::Lean).0);
    let same = |stream: Stream, but: usize| {
        let (small, large) = (small.lines(stream), large.lines(stream));
        let kept = small.len().saturating_sub(but);
        assert_eq!(small[..kept], large[..kept], "{stream:?}");
    };
    // The last purchase may lack its second payment, and the last session belongs to the world.
    same(Stream::Transactions, 2);
    same(Stream::Orders, 2);
    same(Stream::Sessions, 3);
}

#[test]
fn there_are_as_many_transactions_as_asked_for() {
    for n in (0..60).chain([997]) {
        for faults in [0, 30_000, 1_000_000] {
            let (memory, summary) = world(n, n, faults, Detail::Lean);
            let mut ids = BTreeSet::new();
            for document in memory.lines(Stream::Transactions) {
                assert!(ids.insert(document["id"].to_string()));
            }
            for webhook in memory.lines(Stream::Webhooks) {
                ids.insert(webhook["transaction"]["id"].to_string());
            }
            assert_eq!((ids.len() as u64, summary.transactions), (n, n));
            let bytes = memory.streams.values().chain(memory.files.values()).map(Vec::len).sum::<usize>();
            assert_eq!(summary.bytes, bytes as u64);
        }
    }
}

#[test]
fn a_world_without_faults_has_no_truth() {
    let (memory, summary) = world(500, 1, 0, Detail::Lean);
    assert_eq!((summary.faults, summary.findings), (0, 0));
    assert_eq!(memory.truth, truth::HEADER.as_bytes());
}

#[test]
fn every_kind_of_fault_is_put_in_and_its_subject_is_there() {
    let (memory, summary) = world(2 * faults::count(false), 6, 600_000, Detail::Lean);
    assert!(summary.faults > faults::count(false));
    let truth = String::from_utf8(memory.truth.clone()).unwrap();
    let kinds: BTreeSet<&str> = truth.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    assert_eq!(kinds.len() as u64, faults::count(false));
    let text = memory.streams.values().chain(memory.files.values()).flatten().copied().collect::<Vec<u8>>();
    let text = String::from_utf8(text).unwrap();
    for row in truth.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        assert_eq!(columns.len(), 9, "{row}");
        assert!(text.contains(columns[2]), "{row}");
    }
}

#[test]
fn nothing_happens_after_the_end_and_something_at_it() {
    let (memory, _) = world(2000, 3, 30_000, Detail::Lean);
    let mut latest = BTreeSet::new();
    for text in memory.streams.values().chain(memory.files.values()) {
        let text = std::str::from_utf8(text).unwrap();
        for name in ["\"created_at\":\"", "\"updated_at\":\"", "\"processed_at\":\"", "\"settled_at\":\""] {
            latest.extend(text.split(name).skip(1).filter_map(|rest| rest.split('"').next()).max());
        }
    }
    assert_eq!(latest.last(), Some(&"2026-11-20T04:00:00Z"));
}

#[test]
fn both_shapes_tell_the_same_facts() {
    let (lean, fat) = (world(150, 2, 50_000, Detail::Lean), world(150, 2, 50_000, Detail::Fat));
    assert_eq!(lean.0.truth, fat.0.truth);
    assert_eq!(lean.0.streams[Stream::Reports.stem()], fat.0.streams[Stream::Reports.stem()]);
    let pairs = lean.0.lines(Stream::Transactions).into_iter().zip(fat.0.lines(Stream::Transactions));
    for (lean, fat) in pairs {
        for name in ["id", "amount", "currency", "status", "events", "updated_at"] {
            assert_eq!(lean[name], fat[name]);
        }
        assert!(fat.get("session").is_none_or(|session| session["id"] == lean["session_id"]));
    }
    assert!(fat.1.bytes > 4 * lean.1.bytes);
}

#[test]
fn a_failing_output_is_an_error() {
    struct Full;
    impl WorldOutput for Full {
        fn append(&mut self, _: Stream, _: &[u8]) -> io::Result<()> {
            Err(io::Error::other("full"))
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
    let options = WorldOptions { transactions: 5, seed: 1, faults_per_million: 0, detail: Detail::Fat, payouts: false };
    assert_eq!(generate(&options, &mut Full).unwrap_err().to_string(), "full");
}
