//! What payouts need beside the other documents: the payments' own entries, settlements with their
//! texts, source reports of those who pay out, and statements of the bank. Only worlds that are
//! asked for it have it.

mod bank;
mod entries;
mod klarna;
mod pools;
mod settlements;
mod vipps;

pub use bank::{CsvKeys, WorldBank, WorldBankFile, random_bank};

use serde_json::Value;

use super::{ExportFile, Framing, random_files};
use crate::rng::Rng;

pub fn files_with_payouts(rng: &mut Rng) -> Vec<ExportFile> {
    let mut files = random_files(rng);
    for _ in 0..rng.roll(4) {
        let at = rng.index(files.len());
        if !files[at].name.contains("orders/o") && !files[at].name.contains("orders/P") {
            files[at].values.push(super::balanced::transaction(rng));
        }
    }
    let entries = entries::add(rng, &mut files);
    let documents = settlements::documents(rng, &entries);
    let mut file = ExportFile::empty(rng.word(&["settlements.json", "0.json", "zz.ndjson"]), rng);
    file.values = documents;
    if file.values.is_empty() {
        file.framing = Framing::Array;
    }
    files.push(file);
    for file in &mut files {
        file.values.iter_mut().for_each(|value| settlements::add_texts(rng, value));
    }
    files
}

/// Files of Klarna and Vipps. Their records are spelt plainly, as equal copies are so in everything.
pub fn provider_files(rng: &mut Rng) -> Vec<ExportFile> {
    let mut files = Vec::new();
    if rng.once_in(2) {
        let (payouts, lines) = klarna::documents(rng);
        let mut put = |name: &str, framings: &[Framing], values: Vec<Value>, rng: &mut Rng| {
            if !values.is_empty() {
                files.push(ExportFile::new(name, *rng.one_of(framings), values));
            }
        };
        put("k/payouts.json", &[Framing::Page("payouts"), Framing::Array, Framing::Lines], payouts, rng);
        put("k/transactions.json", &[Framing::Page("transactions"), Framing::InARow], lines, rng);
    }
    if files.is_empty() || rng.once_in(2) {
        let names = ["v/ledgers/302321/funds/1.json", "v/ledgers/302322/funds/1.json", "funds.json"];
        for (number, name) in names.into_iter().enumerate() {
            if rng.once_in(2) {
                continue;
            }
            let mut values = vipps::entries(rng, number);
            let more = values.split_off(values.len() / 2);
            let again = ["v/ledgers/302321/funds/2.json", "v/ledgers/302322/fees/2.json", "funds2.json"][number];
            for (name, values) in [(name, values), (again, more)].into_iter().filter(|(_, values)| !values.is_empty()) {
                let framing = *rng.one_of(&[Framing::Page("funds"), Framing::Lines, Framing::Array]);
                files.push(ExportFile::new(name, framing, values));
            }
        }
    }
    files
}
