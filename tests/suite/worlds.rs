//! Colliding worlds with the settings that they are judged by, and as the oracle reads them. It knows the oracle alone:
//! the core's own tests use it too.

use avstem_worlds::colliding::{Dice, File, WrittenFile, random_files};

use crate::oracle;

/// Worlds that are tried; more with `AVSTEM_CASES`.
pub fn cases(default: u64) -> u64 {
    match std::env::var("AVSTEM_CASES") {
        Ok(cases) => cases.parse().expect("AVSTEM_CASES is a number of worlds"),
        Err(_) => default,
    }
}

/// The first seed; another one tries other worlds.
pub fn first_seed() -> u64 {
    let seed = std::env::var("AVSTEM_SEED").unwrap_or("1".to_owned());
    seed.parse().expect("AVSTEM_SEED is a number")
}

/// Files and how they are judged.
#[derive(Clone, Debug)]
pub struct World {
    pub files: Vec<File>,
    pub settings: oracle::Settings,
}

impl World {
    pub fn random(dice: &mut Dice) -> World {
        World { files: random_files(dice), settings: settings(dice) }
    }

    pub fn write(&self) -> Vec<WrittenFile> {
        self.files.iter().map(File::write).collect()
    }
}

/// The files as the oracle takes them.
pub fn oracle_input(files: &[WrittenFile]) -> oracle::Input {
    oracle::Input { sources: files.iter().map(oracle_source).collect() }
}

fn oracle_source(file: &WrittenFile) -> oracle::Source {
    let records = file.records.iter().map(|record| oracle::Record {
        offset: record.place.start as u64,
        value: serde_json::from_str(&oracle_text(&file.text[record.place.clone()])).expect("what was written is JSON"),
        elements: record.elements.clone(),
    });
    oracle::Source { name: file.name.clone(), records: records.collect() }
}

/// serde_json takes no number beyond floats and no lone surrogate; both stand in unknown members only.
fn oracle_text(record: &str) -> String {
    record.replace("1e400", "0").replace("\\ud800", "")
}

fn settings(dice: &mut Dice) -> oracle::Settings {
    let mut settings = oracle::Settings::default();
    if dice.once_in(4) {
        let as_of = dice.word(&["2026-01-03", "2026-03-05T12:00:00Z", "2026-02-01T12:00:00.000000001Z", "2026-01-31"]);
        settings.as_of = oracle::Instant::parse_as_of(as_of);
    }
    if dice.once_in(3) {
        for _ in 0..dice.roll(12) {
            let (code, ..) = *dice.one_of(&oracle::RULES);
            if code != "AV701" && code != "AV208" {
                settings.tolerances.insert(code.to_owned(), *dice.one_of(&[1, 2, 100, 600]));
            }
        }
    }
    if dice.once_in(4) {
        for _ in 0..dice.roll(6) {
            let (code, ..) = *dice.one_of(&oracle::RULES);
            let severity = *dice.one_of(&[
                oracle::Severity::Error,
                oracle::Severity::Info,
                oracle::Severity::Off,
                oracle::Severity::Warning,
            ]);
            settings.severities.insert(code.to_owned(), severity);
        }
    }
    if dice.once_in(4) {
        settings.windows.double_operation = *dice.one_of(&[0, 599, 600, 601, 86_400]);
        settings.windows.pending = *dice.one_of(&[0, 600, 86_400]);
        settings.windows.on_hold = *dice.one_of(&[0, 86_400]);
        settings.windows.unsettled = *dice.one_of(&[0, 86_400]);
        for product in ["klarna", "klarna.klarna", "vipps", "payex"] {
            if dice.once_in(3) {
                settings.windows.authorization.insert(product.to_owned(), *dice.one_of(&[0, 1, 29, 300]));
            }
        }
    }
    settings
}
