//! The folder of an earlier run. Reads its CSV files, not Parquet, because CSV keeps times to the
//! nanosecond.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::visible;
use avstem_core::model::instant::{Instant, format_day};
use avstem_core::model::money::Sum;
use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;
use thiserror::Error;

use super::continuity::{EarlierInput, InputSummary, all_hashes};
use super::field::{Field, Places};
use super::number;
use crate::io::folder::{RunFile, RunFolder};
use crate::io::manifest::{MANIFEST, Manifest};

/// The file that the facts of the input are read from.
const SUMMARY: &str = "summary.json";

/// Upper limit of directory entries; a real run has far fewer.
const MOST_FILES: usize = 10_000;

#[derive(Debug, Error)]
#[error("the run {} cannot be read: {what}", folder.display())]
pub struct PastError {
    pub folder: PathBuf,
    pub what: String,
}

#[derive(Debug)]
pub struct Past {
    folder: RunFolder,
    path: PathBuf,
    manifest: Manifest,
    pub manifest_sha256: String,
    /// The instant at which the run judged.
    pub as_of: Option<Instant>,
    pub summary: InputSummary,
}

impl Past {
    /// Opens a run folder without verifying its files against the manifest.
    ///
    /// # Errors
    ///
    /// When there is no manifest that can be read.
    pub fn open(path: &Path) -> Result<Past, PastError> {
        let failed = |what: String| PastError { folder: path.to_owned(), what };
        let folder = RunFolder::open(path, MOST_FILES).map_err(|error| failed(error.to_string()))?;
        let mut text = Vec::new();
        let contents = folder.read(MANIFEST, |piece| text.extend_from_slice(piece));
        let contents = contents.map_err(|error| failed(format!("its manifest.json: {error}")))?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|_| failed("its manifest.json is broken".to_owned()))?;
        let as_of = manifest.as_of.as_deref().and_then(Instant::parse);
        let mut summary = Vec::new();
        if folder.entries().contains_key(SUMMARY) {
            folder
                .read(SUMMARY, |piece| summary.extend_from_slice(piece))
                .map_err(|error| failed(format!("its {SUMMARY}: {error}")))?;
        }
        // A summary that cannot be parsed states nothing; whether it is the file that the manifest names is checked
        // where the run is verified.
        let summary = InputSummary::of(&serde_json::from_slice(&summary).unwrap_or_default());
        Ok(Past { folder, path: path.to_owned(), manifest, manifest_sha256: contents.sha256, as_of, summary })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The day of the folder's name where that is a date, else of the as-of.
    pub fn day(&self) -> Option<i64> {
        self.folder_day().or(self.as_of.map(Instant::day))
    }

    fn folder_day(&self) -> Option<i64> {
        let name = self.folder();
        Some(Instant::parse_as_of(&name)?.day()).filter(|day| format_day(*day) == name)
    }

    /// The last part of its path.
    fn folder(&self) -> String {
        let name = self.path.components().next_back();
        name.map(|name| name.as_os_str().to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The day as `YYYY-MM-DD`, or `undated`; with the folder beside it where the folder does not say the day.
    pub fn name(&self) -> String {
        let day = self.day().map_or_else(|| "undated".to_owned(), format_day);
        if self.folder_day().is_some() { day } else { format!("{day} ({})", visible(&self.folder())) }
    }

    /// The configuration recorded in the manifest.
    pub fn configuration(&self) -> &Value {
        &self.manifest.configuration
    }

    /// The SHA-256 of the manifest of the baseline that the run was compared with.
    pub fn baseline(&self) -> Option<&str> {
        self.manifest.baseline.as_deref()
    }

    pub fn is_complete(&self) -> bool {
        self.manifest.complete
    }

    /// Its input, as the next run compares with it.
    pub fn input(&self) -> EarlierInput<'_> {
        let hashes = all_hashes(self.manifest.inputs.iter().map(|input| input.hash.clone()));
        EarlierInput { is_complete: self.is_complete(), hashes, summary: &self.summary }
    }

    /// Name and hash of each input; inputs without a hash are left out.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.manifest.inputs.iter().filter_map(|input| Some((&*input.name, input.hash.as_deref()?)))
    }

    pub fn has(&self, name: &str) -> bool {
        self.folder.entries().contains_key(name)
    }

    ///
    /// # Errors
    ///
    /// When it is not there or cannot be opened.
    pub fn file(&self, name: &str) -> io::Result<RunFile> {
        self.folder.file(name)
    }

    /// Wraps an error with the path of the run.
    pub fn failed(&self, what: impl fmt::Display) -> PastError {
        PastError { folder: self.path.clone(), what: what.to_string() }
    }

    /// Calls `take` for every finding that the run knew: its own findings, then unseen ones that it
    /// carried over.
    ///
    /// # Errors
    ///
    /// When a file is not there or not what a run writes, or when `take` fails.
    pub fn visit(&self, take: &mut dyn FnMut(&EarlierRow<'_>) -> io::Result<()>) -> Result<(), PastError> {
        self.table("exceptions.csv", &mut |row| take(&EarlierRow { row, as_of: self.as_of, is_unseen: false }))?;
        if self.has("resolved.csv") {
            self.table("resolved.csv", &mut |row| {
                let is_unseen = row.text(Field::State) == Some("unseen");
                if is_unseen { take(&EarlierRow { row, as_of: self.as_of, is_unseen }) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Calls `take` for each row of a CSV file.
    ///
    /// # Errors
    ///
    /// When it is not there or not what a run writes, or when `take` fails.
    pub fn table(&self, name: &str, take: &mut dyn FnMut(&CsvRow<'_>) -> io::Result<()>) -> Result<(), PastError> {
        let failed = |what: &dyn fmt::Display| self.failed(format!("its {name}: {what}"));
        let (mut reader, dialect) = self.reader(name).map_err(|error| failed(&error))?;
        let places = Places::of(reader.headers().map_err(|error| failed(&error))?);
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| failed(&error))? {
            take(&CsvRow { places: &places, record: &record, comma: dialect }).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// Opens a CSV file; returns whether its dialect has decimal commas.
    fn reader(&self, name: &str) -> io::Result<(Reader<RunFile>, bool)> {
        let is_excel = self.configuration()["csv_dialect"] == "excel-no";
        let file = self.folder.file(name)?;
        // The `csv` reader skips the byte-order mark of the dialect.
        let delimiter = if is_excel { b';' } else { b',' };
        Ok((ReaderBuilder::new().delimiter(delimiter).from_reader(file), is_excel))
    }
}

/// A row of a run's CSV file; cells are looked up by column.
#[derive(Clone, Copy, Debug)]
pub struct CsvRow<'r> {
    places: &'r Places,
    record: &'r StringRecord,
    comma: bool,
}

impl<'r> CsvRow<'r> {
    /// The text of a column without the apostrophe that guards against formulas; `None` if it is
    /// empty or missing.
    pub fn text(&self, column: Field) -> Option<&'r str> {
        let text = self.record.get(self.places.of_field(column)?).filter(|text| !text.is_empty())?;
        let bare = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
        Some(bare.unwrap_or(text))
    }

    pub fn time(&self, column: Field) -> Option<Instant> {
        self.text(column).and_then(Instant::parse)
    }

    pub fn whole(&self, column: Field) -> Option<Sum> {
        self.text(column).and_then(|text| text.parse().ok())
    }

    pub fn days(&self, column: Field) -> Option<i64> {
        self.text(column).and_then(|text| text.parse().ok())
    }

    /// The difference of a finding, in minor units.
    pub fn delta(&self) -> Option<Sum> {
        let exponent = display_exponent(self.text(Field::Currency));
        self.whole(Field::DeltaMinor).or_else(|| self.decimal(Field::Delta, exponent))
    }

    /// The magnitude of the difference, else of the actual amount.
    pub fn magnitude(&self) -> Sum {
        self.delta().or_else(|| self.whole(Field::ActualMinor)).unwrap_or(0).abs()
    }

    /// Converts a decimal in major units to minor units; `None` if it does not have exactly
    /// `exponent` decimals.
    fn decimal(&self, column: Field, exponent: u8) -> Option<Sum> {
        let text = self.text(column)?;
        let point = if self.comma { ',' } else { '.' };
        let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
        let fits = fraction.len() == usize::from(exponent);
        fits.then(|| format!("{whole}{fraction}").parse().ok()).flatten()
    }
}

/// A finding of an earlier run as its report states it.
#[derive(Clone, Copy, Debug)]
pub struct EarlierRow<'r> {
    row: &'r CsvRow<'r>,
    as_of: Option<Instant>,
    /// Whether that run did not see it either, and only carried it over.
    pub is_unseen: bool,
}

impl<'r> EarlierRow<'r> {
    pub fn text(&self, column: Field) -> Option<&'r str> {
        self.row.text(column)
    }

    pub fn time(&self, column: Field) -> Option<Instant> {
        self.row.time(column)
    }

    pub fn number(&self, column: Field) -> Option<Sum> {
        self.row.whole(column)
    }

    /// The exception id as a number.
    pub fn id(&self) -> Option<u64> {
        self.text(Field::ExceptionId).and_then(number)
    }

    /// The fingerprint as a number.
    pub fn fingerprint(&self) -> Option<u64> {
        self.text(Field::Fingerprint).and_then(number)
    }

    /// The rule code.
    pub fn rule(&self) -> &'r str {
        self.text(Field::Rule).unwrap_or_default()
    }

    /// The difference in minor units; 0 if the row has none.
    pub fn delta(&self) -> Sum {
        self.row.delta().unwrap_or(0)
    }

    /// When it was first seen; if not stated, the as-of of that run.
    pub fn first_seen(&self) -> Option<Instant> {
        self.time(Field::FirstSeen).or(self.as_of)
    }

    /// The as-of of the last run that saw it.
    pub fn last_seen(&self) -> Option<Instant> {
        if self.is_unseen { self.time(Field::LastSeen) } else { self.as_of }
    }
}
