//! Law 1: every record has exactly one fate, whatever the bytes.

use avstem_worlds::Rng;
use avstem_worlds::colliding::{ExportFile, Framing};

use super::{Export, any_world, assert_tied, for_random_worlds, run};
use crate::runs::{Bytes, RunParams};
use crate::worlds::World;

/// Fragments of JSON and its containers, and some bytes that belong to neither.
const PIECES: [&[u8]; 40] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"",
    b"\\",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"0",
    b"-",
    b"1e3",
    b"1.5",
    b"null",
    b"true",
    b"\"id\"",
    b"\"amount\":",
    b"\"currency\":\"NOK\"",
    b"\"events\":[",
    b"\"transactions\":[",
    b"\"order\":{",
    b"\"order_id\":\"o1\"",
    b"\"captures\":[",
    b"\"items\":[",
    b"{\"id\":\"t1\",\"amount\":1,\"currency\":\"NOK\",\"events\":[]}",
    b"{\"id\":\"t1\",\"status\":\"CAPTURED\"}",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x00",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"\\u0041",
    b"\\ud800",
    b"\"updated_at\":\"2026-01-01T00:00:00Z\"",
    b"2026-01-01T00:00:00Z",
];

fn soup(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..rng.roll(60) {
        bytes.extend_from_slice(PIECES[rng.index(PIECES.len())]);
    }
    bytes
}

/// Damages random places: bytes are changed, removed, duplicated or inserted.
pub fn damage(rng: &mut Rng, bytes: &mut Vec<u8>, times: u64) {
    for _ in 0..times {
        if bytes.is_empty() {
            return;
        }
        let at = rng.index(bytes.len());
        let to = (at + 1 + rng.index(12)).min(bytes.len());
        match rng.roll(5) {
            0 => bytes[at] = rng.next_u64() as u8,
            1 => drop(bytes.drain(at..to)),
            2 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            3 => bytes.truncate(at),
            _ => {
                let piece = PIECES[rng.index(PIECES.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}

#[test]
fn law_1_random_bytes() {
    for_random_worlds(1, 1500, |rng, folder| {
        let files: Vec<Bytes> =
            ["a", "orders/o1/captures.json"].map(|name| (name.to_owned(), soup(rng))).into_iter().collect();
        assert_tied(&run(folder, &files));
    });
}

#[test]
fn law_1_damaged_exports() {
    for_random_worlds(11, 600, |rng, folder| {
        let mut export = Export::of(&any_world(rng));
        for (_, bytes) in &mut export.files {
            let times = rng.roll(4);
            damage(rng, bytes, times);
        }
        assert_tied(&export.run(folder, RunParams::default()));
    });
}

#[test]
fn law_1_no_line_vanishes() {
    for_random_worlds(12, 400, |rng, folder| {
        let world = World::random(rng);
        // Only values that are one record each on a line: no envelopes, no pages.
        let is_one = |value: &serde_json::Value| value.get("events").is_some() && value.get("order_id").is_none();
        let values: Vec<_> = world.files.into_iter().flat_map(|file| file.values).filter(is_one).collect();
        let good = b"{\"id\":\"first\",\"amount\":1,\"currency\":\"NOK\",\"events\":[]}\n".to_vec();
        let mut lines = vec![good];
        for value in values {
            let mut line = ExportFile::new("l", Framing::Lines, vec![value]).write().text.into_bytes();
            line.pop();
            damage(rng, &mut line, 2);
            line.retain(|byte| *byte != b'\n' && *byte != b'\r');
            line.insert(0, b' ');
            line.push(b'\n');
            lines.push(line);
        }
        let is_record = |line: &&Vec<u8>| {
            let text = line.trim_ascii();
            !text.is_empty() && text[0] != b'['
        };
        let is_list = |line: &&Vec<u8>| line.trim_ascii().first() == Some(&b'[');
        let expected = lines.iter().filter(is_record).count() as u64;
        let lists = lines.iter().filter(is_list).count();
        let outcome = run(folder, &[("l.ndjson".to_owned(), lines.concat())]);
        assert_tied(&outcome);
        if lists == 0 && outcome.sources[0].fault.is_none() {
            assert_eq!(outcome.counts.records, expected, "{}", String::from_utf8_lossy(&lines.concat()));
        }
    });
}
