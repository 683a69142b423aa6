//! The options that commands share, and the configuration file, resolved.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use avstem_core::document::Options;
use avstem_core::model::card::{Card, Severity};
use avstem_core::model::instant::{DAY, Instant};
use avstem_core::model::limits::{MAX_EXPANSION, MAX_RECORD};
use avstem_core::model::settings::{Settings, SeveritySetting};
use avstem_core::rules;
use chrono::{Offset, TimeZone};
use clap::{Args, ValueEnum};

use super::exit::Failure;
use avstem_engine::config::{self, BankConfig, FileConfig};
use avstem_engine::engine::{BLOCK, Intake, LEAST};
use avstem_engine::history::{self, Baseline};
use avstem_engine::io::decode::{HashKind, Limits};
use avstem_engine::io::machine;
use avstem_engine::io::output::read_whole;
use avstem_engine::io::pattern::Exclude;

/// The file that is read by default if it exists.
const CONFIG_FILE: &str = "avstem.toml";

/// Larger than any configuration file written by hand.
const CONFIG_LIMIT: u64 = 4 << 20;

/// The minimum default memory, and the default if the machine's memory is unknown.
const MEMORY: u64 = 256 << 20;

/// What is read, and how.
#[derive(Args, Clone, Debug)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<OsString>,
    /// The configuration file (default: avstem.toml in the working folder, when there)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A bank statement: camt.053, camt.054, or CSV as `[bank.csv]` of the configuration says; repeatable
    #[arg(long, value_name = "FILE")]
    pub bank: Vec<PathBuf>,
    /// Leave out files that match: a file's name ('*.pdf') or, with a slash, its path ('export/notes/**'); repeatable,
    /// added to `exclude` of the configuration
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// The instant to judge at: RFC 3339, or a date (default: the latest time of the input)
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// How many workers (default: one for each core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Memory for rows and sorts, in bytes or with K, M, G (default: a quarter of the machine's, at least 256M); what
    /// does not fit goes to nameless temporary files, in TMPDIR, else beside the output
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub memory: Option<u64>,
    /// The largest record in bytes, or with K, M, G
    #[arg(long, value_name = "SIZE", value_parser = record_size, default_value = "16M")]
    pub max_record: u64,
    /// How many times its size packed data may unpack to
    #[arg(long, value_name = "TIMES", default_value_t = MAX_EXPANSION)]
    pub max_expansion: u64,
    /// Take empty files, empty folders and globs without match as complete
    #[arg(long)]
    pub allow_empty: bool,
    /// Check the whole JSON grammar, also of what no rule reads
    #[arg(long)]
    pub strict: bool,
    /// How inputs are hashed for the manifest
    #[arg(long, value_enum, default_value_t = InputHash::Blake3)]
    pub input_hash: InputHash,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
}

/// How inputs are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputHash {
    /// BLAKE3
    Blake3,
    /// SHA-256
    Sha256,
    /// Not at all
    None,
}

impl InputHash {
    pub fn word(self) -> &'static str {
        match self {
            InputHash::Blake3 => "blake3",
            InputHash::Sha256 => "sha256",
            InputHash::None => "none",
        }
    }

    fn kind(self) -> HashKind {
        match self {
            InputHash::Blake3 => HashKind::Blake3,
            InputHash::Sha256 => HashKind::Sha256,
            InputHash::None => HashKind::None,
        }
    }
}

/// Parses a size in bytes, or with K, M, G.
pub fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'm' | 'M')) => (&text[..at], 1 << 20),
        Some((at, 'g' | 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    let number: u64 = digits.parse().map_err(|_| "give bytes, or a number with K, M or G, like 512M".to_owned())?;
    number.checked_mul(unit).filter(|n| *n > 0).ok_or_else(|| "that is no size".to_owned())
}

/// Parses the memory of a run; below the minimum the buffers alone would not fit.
pub fn memory_size(text: &str) -> Result<u64, String> {
    size(text).and_then(
        |bytes| {
            if bytes >= LEAST { Ok(bytes) } else { Err(format!("a run needs at least {}M", LEAST >> 20)) }
        },
    )
}

/// Parses the largest record size: a worker holds a whole record, and row lengths have 32 bits.
fn record_size(text: &str) -> Result<u64, String> {
    size(text)
        .and_then(|bytes| if bytes <= 1 << 30 { Ok(bytes) } else { Err("a record may have 1G at most".to_owned()) })
}

/// The resolved options: defaults, file and flags.
pub struct ResolvedOptions {
    pub file: FileConfig,
    pub as_of: Option<Instant>,
    pub settings: Settings,
    /// Files that are no part of the export.
    pub exclude: Exclude,
    pub intake: Intake,
    pub jobs: usize,
    /// An earlier run to compare with.
    pub baseline: Option<Arc<Baseline>>,
    /// Memory for rows and sorts, in bytes.
    pub memory: u64,
}

impl ResolvedOptions {
    pub fn new(args: &InputArgs) -> Result<ResolvedOptions, Failure> {
        ResolvedOptions::of(args, read_config(args.config.as_deref())?)
    }

    /// The options with a configuration that was read.
    pub fn of(args: &InputArgs, file: FileConfig) -> Result<ResolvedOptions, Failure> {
        let as_of = args.as_of.as_deref().or(file.as_of.as_deref()).map(instant).transpose()?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(ResolvedOptions {
            settings: settings(&file),
            exclude: exclude(&file, args)?,
            as_of,
            baseline: None,
            jobs: args.jobs.map_or(cores, usize::from),
            memory: args.memory.unwrap_or_else(|| (machine::memory().unwrap_or(0) / 4).max(MEMORY)),
            intake: Intake {
                options: Options { strict: args.strict, max_record: args.max_record },
                hash: args.input_hash.kind(),
                limits: Limits { max_expansion: args.max_expansion },
                allow_empty: args.allow_empty,
                block_size: BLOCK,
                partitions: 1,
                key_filter: 0,
            },
            file,
        })
    }

    /// Maps an instant to a day in the configured time zone.
    pub fn day_of(&self) -> Box<dyn Fn(Instant) -> i64 + Send + Sync> {
        match self.file.time_zone {
            None => Box::new(Instant::day),
            Some(zone) => Box::new(move |instant: Instant| {
                let shift = chrono::DateTime::from_timestamp(instant.seconds, 0)
                    .map_or(0, |utc| zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc());
                (instant.seconds + i64::from(shift)).div_euclid(DAY)
            }),
        }
    }

    /// The resolved configuration for the manifest, without options that do not influence the
    /// result.
    pub fn manifest(&self, args: &InputArgs) -> serde_json::Value {
        let severity = |card: &'static Card| self.settings.severity(card).map_or("off", Severity::word);
        let cards = rules::cards().into_iter();
        let changed: serde_json::Map<_, _> = cards
            .clone()
            .filter(|card| self.settings.severity(card) != Some(card.severity))
            .map(|card| (card.code.to_owned(), severity(card).into()))
            .collect();
        let tolerance: serde_json::Map<_, _> = cards
            .clone()
            .filter(|card| self.settings.tolerance(card) != 0)
            .map(|card| (card.code.to_owned(), self.settings.tolerance(card).to_string().into()))
            .collect();
        let windows: serde_json::Map<_, _> = cards
            .filter_map(|card| Some((card.window.manifest_key()?, history::window_value(card, &self.settings))))
            .collect();
        let mut manifest = serde_json::json!({
            "as_of": self.as_of.map(|instant| instant.to_string()),
            "strict": args.strict,
            "max_record": args.max_record,
            "max_expansion": args.max_expansion,
            "allow_empty": args.allow_empty,
            "input_hash": args.input_hash.word(),
            "time_zone": self.file.time_zone.map_or("UTC", |zone| zone.name()),
            "rules": changed,
            "tolerance": tolerance,
            "windows": windows,
        });
        let exclude: Vec<&String> = self.file.exclude.iter().chain(&args.exclude).collect();
        if !exclude.is_empty() {
            manifest["exclude"] = serde_json::json!(exclude);
        }
        if let Some(seconds) = self.file.max_age {
            manifest["freshness"] = serde_json::json!({ "max_age": seconds });
        }
        if self.file.bank != BankConfig::default() {
            manifest["bank"] = self.file.bank.manifest();
        }
        manifest
    }
}

/// The rules' settings from the configuration in a manifest.
pub fn settings_of(configuration: &serde_json::Value) -> Settings {
    let mut settings = Settings::default();
    let of = |section: &serde_json::Value, take: &mut dyn FnMut(u16, &str)| {
        for (code, value) in section.as_object().into_iter().flatten() {
            if let (Some(rule), Some(word)) = (rules::find(code), value.as_str()) {
                take(rule.card.number, word);
            }
        }
    };
    of(&configuration["rules"], &mut |number, word| {
        settings.set_severity(number, Severity::named(word).map_or(SeveritySetting::Off, SeveritySetting::As));
    });
    of(&configuration["tolerance"], &mut |number, minor| {
        settings.set_tolerance(number, minor.parse().unwrap_or_default());
    });
    let windows = &configuration["windows"];
    for card in rules::cards() {
        let value = card.window.manifest_key().map(|key| &windows[key]);
        value.and_then(serde_json::Value::as_u64).into_iter().for_each(|n| settings.set_seconds(card.number, n));
        let days = value.and_then(serde_json::Value::as_object).into_iter().flatten();
        settings.days_by_product.extend(days.filter_map(|(name, days)| Some((name.clone(), days.as_u64()?))));
    }
    settings
}

fn exclude(file: &FileConfig, args: &InputArgs) -> Result<Exclude, Failure> {
    Exclude::new(file.exclude.iter().chain(&args.exclude).map(String::as_str)).map_err(|(pattern, what)| {
        Failure::usage(format!("--exclude: `{}` is no pattern: {what}", pattern.escape_debug()))
            .help("give a pattern like '*.pdf' or 'export/notes/**', in quotes so that the shell leaves it alone")
    })
}

fn instant(text: &str) -> Result<Instant, Failure> {
    Instant::parse_as_of(text).ok_or_else(|| {
        Failure::usage(format!("--as-of: expected a date or an instant, found \"{}\"", text.escape_debug()))
            .help("give a date like 2026-11-20 (its last instant by UTC), or an instant like 2026-11-20T06:00:00Z")
    })
}

/// The path and text of the configuration file; no text if the default file does not exist.
pub fn config_text(named: Option<&Path>) -> Result<(&Path, Option<String>), Failure> {
    let path = named.unwrap_or(Path::new(CONFIG_FILE));
    let shown = path.display();
    let bytes = match read_whole(path, CONFIG_LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok((path, None)),
        Err(error) => {
            return Err(Failure::usage(format!("cannot read the configuration file {shown}: {error}"))
                .help("name a file with --config that is there and can be read"));
        }
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        Failure::usage(format!("{shown}:{line}: expected UTF-8, found other bytes")).help("save the file as UTF-8")
    })?;
    Ok((path, Some(text)))
}

pub fn read_config(named: Option<&Path>) -> Result<FileConfig, Failure> {
    match config_text(named)? {
        (path, Some(text)) => parsed_config(&text, &path.display().to_string()),
        (_, None) => Ok(FileConfig::default()),
    }
}

pub fn parsed_config(text: &str, path: &str) -> Result<FileConfig, Failure> {
    config::parse(text, path, &rules::cards()).map_err(Failure::usage)
}

fn settings(file: &FileConfig) -> Settings {
    let mut settings = Settings::default();
    let number = |code: &str| rules::find(code).map(|rule| rule.card.number);
    for (code, severity) in &file.rules {
        number(code).into_iter().for_each(|n| settings.set_severity(n, *severity));
    }
    for (code, minor) in &file.tolerance {
        number(code).into_iter().for_each(|n| settings.set_tolerance(n, i128::from(*minor)));
    }
    for card in rules::cards() {
        let seconds = card.window.key().and_then(|key| file.windows.get(key));
        seconds.into_iter().for_each(|seconds| settings.set_seconds(card.number, *seconds));
    }
    settings.days_by_product = file.days_by_product.clone();
    settings
}

const _: () = assert!(MAX_RECORD == 16 << 20, "the help says 16M");

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        input: InputArgs,
    }

    const CONFIGURED: &str = r#"
        [rules]
        AV101 = "info"
        AV207 = "off"
        [tolerance]
        AV201 = 7
        AV302 = 1
        [windows]
        double_operation = "11s"
        pending = "12h"
        on_hold = "13h"
        unsettled = "14d"
        authorization = { VISA = 5, klarna.klarna = 6 }
    "#;

    #[test]
    fn the_settings_of_a_manifest_are_those_that_it_was_written_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("avstem.toml");
        std::fs::write(&path, CONFIGURED).unwrap();
        let line = Line::parse_from(["avstem".as_ref(), "in".as_ref(), "--config".as_ref(), path.as_os_str()]);
        let Ok(asked) = ResolvedOptions::new(&line.input) else { panic!("the configuration is right") };
        let again = settings_of(&asked.manifest(&line.input));
        let all = |settings: &Settings| {
            let cards = rules::cards().into_iter();
            let rules = cards.map(|card| (settings.severity(card), settings.tolerance(card), settings.seconds(card)));
            (rules.collect::<Vec<_>>(), settings.days_by_product.clone())
        };
        assert_eq!(all(&again), all(&asked.settings));
        assert_ne!(all(&again), all(&Settings::default()));
    }
}
