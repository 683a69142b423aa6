//! Colliding worlds with random settings, and their conversion for the oracle. Depends only on the
//! oracle, since the core's own tests use it too.

use avstem_worlds::Rng;
use avstem_worlds::colliding::payouts::{WorldBank, files_with_payouts, provider_files, random_bank};
use avstem_worlds::colliding::{ExportFile, Framing, WrittenFile, random_files};
use serde_json::Value;

use crate::oracle;

/// The number of worlds to try; `AVSTEM_CASES` overrides it.
pub fn cases(default: u64) -> u64 {
    match std::env::var("AVSTEM_CASES") {
        Ok(cases) => cases.parse().expect("AVSTEM_CASES is a number of worlds"),
        Err(_) => default,
    }
}

/// The first seed; `AVSTEM_SEED` overrides it.
pub fn first_seed() -> u64 {
    let seed = std::env::var("AVSTEM_SEED").unwrap_or("1".to_owned());
    seed.parse().expect("AVSTEM_SEED is a number")
}

const COLLECTIONS: [&str; 4] = ["authorizations", "cancellations", "captures", "refunds"];

/// A removable record: its file and index and, in an envelope, the list and the element.
pub type RecordPlace = (usize, usize, Option<(&'static str, usize)>);

/// What a world with payouts has besides the payments' entries and Dintero's settlements.
#[derive(Clone, Copy, Debug)]
pub struct PayoutParts {
    pub bank: bool,
    /// Reports of Klarna and Vipps.
    pub providers: bool,
}

#[derive(Clone, Debug)]
pub struct World {
    pub files: Vec<ExportFile>,
    /// The bank's, of a world with payouts.
    pub bank: WorldBank,
    pub settings: oracle::Settings,
}

impl World {
    pub fn random(rng: &mut Rng) -> World {
        World { files: random_files(rng), bank: WorldBank::default(), settings: settings(rng) }
    }

    /// A world that has payouts, too.
    pub fn with_payouts(rng: &mut Rng, parts: PayoutParts) -> World {
        let mut files = files_with_payouts(rng);
        if parts.providers && rng.once_in(2) {
            files.extend(provider_files(rng));
        }
        let bank = match parts.bank && !rng.once_in(6) {
            true => random_bank(rng, &files),
            false => WorldBank::default(),
        };
        let mut settings = settings_of(rng, &[oracle::RULES, oracle::PAYOUT_RULES].concat());
        let csv = oracle::BankCsv { keys: bank.csv.keys.iter().cloned().collect(), text: bank.csv.text.clone() };
        let mut payouts = oracle::PayoutSettings { csv, ..oracle::PayoutSettings::default() };
        if rng.once_in(3) {
            payouts.window = *rng.one_of(&[0, 1, 7, 30]);
        }
        if rng.once_in(6) {
            payouts.payers = vec!["dintero".to_owned(), "overf\u{f8}ring ref".to_owned()];
        }
        settings.payouts = payouts;
        World { files, bank, settings }
    }

    /// What the oracle reads of the world.
    pub fn input(&self) -> oracle::Input {
        let mut input = oracle_input(&self.write());
        input.sources.extend(self.bank.files.iter().map(|file| oracle::Source {
            name: file.name.clone(),
            records: Vec::new(),
            bank: Some(file.bytes.clone()),
        }));
        input
    }

    pub fn write(&self) -> Vec<WrittenFile> {
        self.files.iter().map(ExportFile::write).collect()
    }

    /// A larger world with a fixed as-of, so that a part of it is judged at the same instant.
    pub fn colliding(rng: &mut Rng) -> World {
        let mut world = World::random(rng);
        if rng.once_in(2) {
            let more = World::random(rng).files.into_iter();
            world.files.extend(more.map(|file| ExportFile { name: format!("m/{}", file.name), ..file }));
        }
        for file in world.files.iter_mut().filter(|file| file.values.is_empty()) {
            file.framing = Framing::Array;
        }
        let as_of = oracle::Instant::parse_as_of("2026-03-05T12:00:00Z");
        world.settings.as_of = world.settings.as_of.or(as_of);
        world
    }

    /// The removable records: whole values, and elements of the lists of envelopes.
    pub fn records(&self) -> Vec<RecordPlace> {
        let mut places = Vec::new();
        for (file, values) in self.files.iter().map(|file| &file.values).enumerate() {
            for (at, value) in values.iter().enumerate() {
                places.push((file, at, None));
                let is_envelope =
                    ["id", "currency", "status", "gross_amount"].iter().all(|name| value.get(*name).is_none());
                for name in COLLECTIONS.into_iter().filter(|_| is_envelope) {
                    let count = value.get(name).and_then(Value::as_array).map_or(0, Vec::len);
                    places.extend((0..count).map(|n| (file, at, Some((name, n)))));
                }
            }
        }
        places
    }

    pub fn without(&self, taken: &[usize]) -> World {
        let mut left = self.clone();
        let places = self.records();
        for n in (0..places.len()).rev().filter(|n| taken.contains(n)) {
            let (file, at, element) = places[n];
            match element {
                None => drop(left.files[file].values.remove(at)),
                Some((name, n)) => drop(left.files[file].values[at][name].as_array_mut().map(|list| list.remove(n))),
            }
        }
        // An empty file of lines would be refused.
        left.files.iter_mut().filter(|file| file.values.is_empty()).for_each(|file| file.framing = Framing::Array);
        left
    }
}

pub fn oracle_input(files: &[WrittenFile]) -> oracle::Input {
    oracle::Input { sources: files.iter().map(oracle_source).collect() }
}

fn oracle_source(file: &WrittenFile) -> oracle::Source {
    let records = file.records.iter().map(|record| oracle::Record {
        offset: record.place.start as u64,
        value: serde_json::from_str(&oracle_text(&file.text[record.place.clone()])).expect("what was written is JSON"),
        elements: record.elements.clone(),
    });
    oracle::Source { name: file.name.clone(), records: records.collect(), bank: None }
}

/// serde_json rejects numbers beyond floats and lone surrogates; both occur only in unknown
/// members.
fn oracle_text(record: &str) -> String {
    record.replace("1e400", "0").replace("\\ud800", "")
}

/// The rules that know no tolerance.
const NO_TOLERANCE: [&str; 6] = ["AV208", "AV701", "AV712", "AV713", "AV805", "AV806"];

fn settings(rng: &mut Rng) -> oracle::Settings {
    settings_of(rng, oracle::RULES)
}

fn settings_of(rng: &mut Rng, rules: &[(&'static str, &'static str, oracle::Severity)]) -> oracle::Settings {
    let mut settings = oracle::Settings::default();
    if rng.once_in(4) {
        let as_of = rng.word(&["2026-01-03", "2026-03-05T12:00:00Z", "2026-02-01T12:00:00.000000001Z", "2026-01-31"]);
        settings.as_of = oracle::Instant::parse_as_of(as_of);
    }
    if rng.once_in(3) {
        for _ in 0..rng.roll(12) {
            let (code, ..) = *rng.one_of(rules);
            if !NO_TOLERANCE.contains(&code) {
                settings.tolerances.insert(code.to_owned(), *rng.one_of(&[1, 2, 100, 600]));
            }
        }
    }
    if rng.once_in(4) {
        for _ in 0..rng.roll(6) {
            let (code, ..) = *rng.one_of(rules);
            let severity = *rng.one_of(&[
                oracle::Severity::Error,
                oracle::Severity::Info,
                oracle::Severity::Off,
                oracle::Severity::Warning,
            ]);
            settings.severities.insert(code.to_owned(), severity);
        }
    }
    if rng.once_in(4) {
        settings.windows.double_operation = *rng.one_of(&[0, 599, 600, 601, 86_400]);
        settings.windows.pending = *rng.one_of(&[0, 600, 86_400]);
        settings.windows.on_hold = *rng.one_of(&[0, 86_400]);
        settings.windows.unsettled = *rng.one_of(&[0, 86_400]);
        for product in ["klarna", "klarna.klarna", "vipps", "payex"] {
            if rng.once_in(3) {
                settings.windows.authorization.insert(product.to_owned(), *rng.one_of(&[0, 1, 29, 300]));
            }
        }
    }
    settings
}
