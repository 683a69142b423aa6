//! The configuration file to which entries are appended.

use std::collections::BTreeMap;
use std::path::Path;

use avstem_core::model::instant::Instant;
use avstem_core::rules;

use crate::cli::exit::Failure;
use crate::cli::options::config_text;
use avstem_engine::config::{self, Accept, FileConfig, NewEntry, Required, Target};
use avstem_engine::io::replace::replace;

/// A configuration file; the default one is empty if it does not exist.
pub struct ConfigFile<'p> {
    path: &'p Path,
    text: String,
    before: FileConfig,
}

impl<'p> ConfigFile<'p> {
    pub fn read(named: Option<&'p Path>) -> Result<Self, Failure> {
        let (path, text) = config_text(named)?;
        let text = text.unwrap_or_default();
        let before = config::parse(&text, &path.display().to_string(), &rules::cards()).map_err(Failure::usage)?;
        Ok(ConfigFile { path, text, before })
    }

    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// The keys that every entry must have.
    pub fn required(&self) -> Required {
        self.before.required
    }

    /// The line of an entry that already accepts the same finding and has not expired.
    pub fn line_of(&self, entry: &NewEntry, as_of: Option<Instant>) -> Option<usize> {
        self.before.accept.iter().find(|there| is_same(there, entry, as_of)).map(|there| there.line)
    }

    /// Removes entries that are accepted already, and returns how many.
    pub fn take_out_known(&self, entries: &mut Vec<NewEntry>, as_of: Option<Instant>) -> usize {
        let mut by_exception: BTreeMap<&str, Vec<&Accept>> = BTreeMap::new();
        for there in &self.before.accept {
            if let Target::Exception(id) = &there.meant {
                by_exception.entry(id).or_default().push(there);
            }
        }
        let before = entries.len();
        entries.retain(|entry| {
            let there = by_exception.get(entry.exception.as_str());
            !there.is_some_and(|there| there.iter().any(|there| is_same(there, entry, as_of)))
        });
        before - entries.len()
    }

    /// Appends entries; creates the file if needed.
    pub fn append(&self, entries: &[NewEntry]) -> Result<(), Failure> {
        let shown = self.shown();
        let text = config::appended(&self.text, &shown, entries, &rules::cards()).map_err(|error| {
            Failure::usage(error)
                .help(format!("nothing was written: the entries do not fit behind what stands in {shown}"))
        })?;
        replace(self.path, text.as_bytes())?;
        Ok(())
    }
}

/// Whether an existing entry already accepts the same finding and has not expired.
fn is_same(there: &Accept, entry: &NewEntry, as_of: Option<Instant>) -> bool {
    let is_over = matches!((there.expires, as_of), (Some(expires), Some(now)) if now > expires);
    let is_meant = matches!(&there.meant, Target::Exception(id) if *id == entry.exception);
    is_meant && !is_over && there.fingerprint.as_ref().is_none_or(|then| *then == entry.fingerprint)
}
