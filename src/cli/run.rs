//! Reads single files of a run folder, after checking them against the manifest.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use super::exit::{Exit, Failure};
use avstem_engine::io::folder::{RunFile, RunFolder};
use avstem_engine::io::manifest::{MANIFEST, Manifest};

/// Limit on the files of a run folder.
const MOST_FILES: usize = 10_000;

pub struct Run {
    folder: RunFolder,
    /// The path as given by the user.
    pub name: String,
    pub manifest: Manifest,
    /// Files whose hash was checked already.
    verified: RefCell<BTreeSet<String>>,
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder has no readable manifest.
    pub fn open(path: &Path) -> Result<Run, Failure> {
        let name = path.display().to_string();
        let no_run = |error: &dyn std::fmt::Display| {
            Failure::new(Exit::Unverified, format!("{name}: expected a run folder, found no manifest to read: {error}"))
                .help("name the folder that `avstem check` wrote: the one that holds manifest.json")
        };
        let folder = RunFolder::open(path, MOST_FILES).map_err(|error| no_run(&error))?;
        let mut text = Vec::new();
        folder.read(MANIFEST, |piece| text.extend_from_slice(piece)).map_err(|error| no_run(&error))?;
        let manifest = serde_json::from_slice(&text).map_err(|error| no_run(&error))?;
        Ok(Run { folder, name, manifest, verified: RefCell::default() })
    }

    pub fn has(&self, file: &str) -> bool {
        self.folder.entries().contains_key(file)
    }

    /// The files listed in the manifest.
    #[cfg(feature = "query")]
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.manifest
            .outputs
            .iter()
            .map(|output| &*output.name)
            .filter(|name| avstem_engine::io::output::is_plain(name))
    }

    /// Opens a file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is missing or differs from the manifest.
    pub fn file(&self, file: &str) -> Result<RunFile, Failure> {
        let damaged = |what: &str| {
            Failure::new(Exit::Unverified, format!("{}: {file} {what}", self.name))
                .help("`avstem verify RUN` says what else has changed; take the run from where it was written")
        };
        let unread = |error: std::io::Error| damaged(&format!("cannot be read: {error}"));
        if !self.verified.borrow().contains(file) {
            let found = self.folder.read(file, |_| {}).map_err(unread)?;
            let named = self.manifest.outputs.iter().find(|output| output.name == file);
            match named.map(|output| &*output.sha256) {
                Some(hash) if hash == found.sha256 => self.verified.borrow_mut().insert(file.to_owned()),
                Some(_) => return Err(damaged("is not the file that the manifest names: its hash differs")),
                None => return Err(damaged("is not among the files that the manifest names")),
            };
        }
        self.folder.file(file).map_err(unread)
    }
}
