//! Deliberately messy exports. Pools of ids and amounts are small, so that documents collide and
//! limits are hit exactly.

mod balanced;
mod documents;
mod file;
mod items;
mod orders;
pub mod payouts;
mod sessions;
mod settlements;
mod style;
mod transactions;
mod values;

use documents::{copy_of, document};
use serde_json::Value;

pub use file::{ExportFile, Framing, WrittenFile, WrittenRecord};
pub use style::JsonStyle;

use crate::rng::Rng;

const NAMES: [&str; 8] = ["a.json", "b/c.json", "b.ndjson", "B.json", "z/orders/list.json", "é.json", "c", "d d.json"];
const LAYOUTS: [&str; 6] = [
    "orders/o1/captures.json",
    "orders/o1/authorizations.json",
    "x/orders/o2/refunds/r.json",
    "x/orders/o2/captures/1.json",
    "orders/P12345678.o/cancellations.json",
    "orders/o1/refunds.json",
];

pub fn random_files(rng: &mut Rng) -> Vec<ExportFile> {
    let count = 1 + rng.index(8);
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..count {
        let value = match all.is_empty() || !rng.once_in(4) {
            true => document(rng),
            false => {
                let original = rng.one_of(&all).clone();
                copy_of(rng, &original)
            }
        };
        all.push(value);
    }
    let mut names = NAMES.to_vec();
    rng.shuffle(&mut names);
    let mut files: Vec<ExportFile> =
        names[..1 + rng.index(3)].iter().map(|name| ExportFile::empty(name, rng)).collect();
    for value in all {
        let at = rng.index(files.len());
        files[at].values.push(value);
    }
    if rng.once_in(3) {
        files.push(layout_file(rng));
    }
    // An empty file would be refused; an empty list is accepted.
    for file in files.iter_mut().filter(|file| file.values.is_empty()) {
        file.framing = Framing::Array;
    }
    files
}

/// A file of operations whose path states their order and collection.
fn layout_file(rng: &mut Rng) -> ExportFile {
    let mut file = ExportFile::empty(rng.word(&LAYOUTS), rng);
    file.values = rng.list(3, |rng| match rng.once_in(3) {
        true => orders::envelope(rng, false),
        false => orders::single_operation(rng),
    });
    // A page would override the path.
    file.framing = *rng.one_of(&[Framing::Lines, Framing::Array, Framing::InARow]);
    file
}
