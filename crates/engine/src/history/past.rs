//! A run folder of an earlier night. Its CSV files are read, not its Parquet: they have times to the nanosecond.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use avstem_core::model::currency::display_exponent;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;
use thiserror::Error;

use super::field::{Field, Places};
use super::number;
use crate::io::folder::{RunFile, RunFolder};
use crate::io::manifest::{MANIFEST, Manifest};

/// No run has as many files.
const MOST_FILES: usize = 10_000;

/// Why an earlier run cannot be read.
#[derive(Debug, Error)]
#[error("the run {} cannot be read: {what}", folder.display())]
pub struct PastError {
    pub folder: PathBuf,
    /// What is wrong.
    pub what: String,
}

/// A run folder of an earlier night.
#[derive(Debug)]
pub struct Past {
    folder: RunFolder,
    path: PathBuf,
    manifest: Manifest,
    pub manifest_sha256: String,
    /// The instant it was judged at.
    pub as_of: Option<Instant>,
}

impl Past {
    /// Opens a run folder; whether it is whole is not looked at here.
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
        Ok(Past { folder, path: path.to_owned(), manifest, manifest_sha256: contents.sha256, as_of })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its configuration, as the manifest has it.
    pub fn configuration(&self) -> &Value {
        &self.manifest.configuration
    }

    /// The SHA-256 of the manifest of the run that it was held against.
    pub fn baseline(&self) -> Option<&str> {
        self.manifest.baseline.as_deref()
    }

    /// Whether its input was complete.
    pub fn is_complete(&self) -> bool {
        self.manifest.complete
    }

    /// Name and hash of each input that has one.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.manifest.inputs.iter().filter_map(|input| Some((&*input.name, input.hash.as_deref()?)))
    }

    /// Whether it has a file.
    pub fn has(&self, name: &str) -> bool {
        self.folder.entries().contains_key(name)
    }

    /// Opens one of its files.
    ///
    /// # Errors
    ///
    /// When it is not there or cannot be opened.
    pub fn file(&self, name: &str) -> io::Result<RunFile> {
        self.folder.file(name)
    }

    /// An error of reading as one that names the run.
    pub fn failed(&self, what: impl fmt::Display) -> PastError {
        PastError { folder: self.path.clone(), what: what.to_string() }
    }

    /// Shows everything that the run knew of: its findings, then those it had not seen but kept in mind.
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

    /// Shows the rows of a CSV file.
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

    /// A reader of a CSV file, and whether it has decimal commas.
    fn reader(&self, name: &str) -> io::Result<(Reader<RunFile>, bool)> {
        let is_excel = self.configuration()["csv_dialect"] == "excel-no";
        let file = self.folder.file(name)?;
        // The mark of the dialect before the first name is taken off by the reader.
        let delimiter = if is_excel { b';' } else { b',' };
        Ok((ReaderBuilder::new().delimiter(delimiter).from_reader(file), is_excel))
    }
}

/// A row of a CSV file of a run, by the names of its columns.
#[derive(Clone, Copy, Debug)]
pub struct CsvRow<'r> {
    places: &'r Places,
    record: &'r StringRecord,
    comma: bool,
}

impl<'r> CsvRow<'r> {
    /// The text of a column as it was before the file guarded it; none where it is empty or not there.
    pub fn text(&self, column: Field) -> Option<&'r str> {
        let text = self.record.get(self.places.of_field(column)?).filter(|text| !text.is_empty())?;
        let bare = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
        Some(bare.unwrap_or(text))
    }

    /// A point in time.
    pub fn time(&self, column: Field) -> Option<Instant> {
        self.text(column).and_then(Instant::parse)
    }

    /// A whole number of any size.
    pub fn whole(&self, column: Field) -> Option<Sum> {
        self.text(column).and_then(|text| text.parse().ok())
    }

    /// A number of days.
    pub fn days(&self, column: Field) -> Option<i64> {
        self.text(column).and_then(|text| text.parse().ok())
    }

    /// How far a finding is off, as its row says.
    pub fn delta(&self) -> Option<Sum> {
        let exponent = display_exponent(self.text(Field::Currency));
        self.whole(Field::DeltaMinor).or_else(|| self.decimal(Field::Delta, exponent))
    }

    /// What a finding comes to: how far it is off, else what was found.
    pub fn magnitude(&self) -> Sum {
        self.delta().or_else(|| self.whole(Field::ActualMinor)).unwrap_or(0).abs()
    }

    /// A decimal of major units as minor ones.
    fn decimal(&self, column: Field, exponent: u8) -> Option<Sum> {
        let text = self.text(column)?;
        let point = if self.comma { ',' } else { '.' };
        let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
        let fits = fraction.len() == usize::from(exponent);
        fits.then(|| format!("{whole}{fraction}").parse().ok()).flatten()
    }
}

/// A finding of an earlier run, as its report has it.
#[derive(Clone, Copy, Debug)]
pub struct EarlierRow<'r> {
    row: &'r CsvRow<'r>,
    as_of: Option<Instant>,
    /// Whether that run did not see it either, and only kept it in mind.
    pub is_unseen: bool,
}

impl<'r> EarlierRow<'r> {
    pub fn text(&self, column: Field) -> Option<&'r str> {
        self.row.text(column)
    }

    /// A point in time.
    pub fn time(&self, column: Field) -> Option<Instant> {
        self.row.time(column)
    }

    /// A whole number of any size.
    pub fn number(&self, column: Field) -> Option<Sum> {
        self.row.whole(column)
    }

    /// The number of its stable name.
    pub fn id(&self) -> Option<u64> {
        self.text(Field::ExceptionId).and_then(number)
    }

    /// The number of its fingerprint.
    pub fn fingerprint(&self) -> Option<u64> {
        self.text(Field::Fingerprint).and_then(number)
    }

    /// The rule's code.
    pub fn rule(&self) -> &'r str {
        self.text(Field::Rule).unwrap_or_default()
    }

    /// How far it is off, as its row says.
    pub fn delta(&self) -> Sum {
        self.row.delta().unwrap_or(0)
    }

    /// When it was first seen.
    pub fn first_seen(&self) -> Option<Instant> {
        self.time(Field::FirstSeen).or(self.as_of)
    }

    /// The last run that saw it, by its as-of.
    pub fn last_seen(&self) -> Option<Instant> {
        if self.is_unseen { self.time(Field::LastSeen) } else { self.as_of }
    }
}
