//! The configuration file, to which entries are added.

use std::collections::BTreeMap;
use std::path::Path;

use avstem_core::model::instant::Instant;
use avstem_core::rules;

use crate::cli::exit::Failure;
use crate::cli::options::config_text;
use avstem_engine::config::{self, Accept, FileConfig, Meant, NewEntry, Required};
use avstem_engine::io::replace::replace;

/// A configuration file as it is; one that was not named and is not there is empty.
pub struct ConfigFile<'p> {
    path: &'p Path,
    text: String,
    before: FileConfig,
}

impl<'p> ConfigFile<'p> {
    /// Reads it.
    pub fn read(named: Option<&'p Path>) -> Result<Self, Failure> {
        let (path, text) = config_text(named)?;
        let text = text.unwrap_or_default();
        let before = config::parse(&text, &path.display().to_string(), &rules::cards()).map_err(Failure::usage)?;
        Ok(ConfigFile { path, text, before })
    }

    /// Its path, for people.
    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// What every entry has to say.
    pub fn required(&self) -> Required {
        self.before.required
    }

    /// The line of an entry that accepts the same already, and still does at this instant.
    pub fn line_of(&self, entry: &NewEntry, as_of: Option<Instant>) -> Option<usize> {
        self.before.accept.iter().find(|there| is_same(there, entry, as_of)).map(|there| there.line)
    }

    /// Leaves of entries those that are accepted already out; how many.
    pub fn take_out_known(&self, entries: &mut Vec<NewEntry>, as_of: Option<Instant>) -> usize {
        let mut by_exception: BTreeMap<&str, Vec<&Accept>> = BTreeMap::new();
        for there in &self.before.accept {
            if let Meant::Exception(id) = &there.meant {
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

    /// Adds entries; a file that is not there is made.
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

/// Whether an entry accepts the same already, and still does at this instant.
fn is_same(there: &Accept, entry: &NewEntry, as_of: Option<Instant>) -> bool {
    let is_over = matches!((there.expires, as_of), (Some(expires), Some(now)) if now > expires);
    let is_meant = matches!(&there.meant, Meant::Exception(id) if *id == entry.exception);
    is_meant && !is_over && there.fingerprint.as_ref().is_none_or(|then| *then == entry.fingerprint)
}
