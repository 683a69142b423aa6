//! Reads single files of a run folder, after checking them against the manifest.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::exit::{Exit, Failure};
use avstem_engine::io::folder::{RunFile, RunFolder};
use avstem_engine::io::manifest::{MANIFEST, Manifest, Output};

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

    /// Compares files with the manifest, several at a time: hashing is most of the work of a command that reads little.
    ///
    /// # Errors
    ///
    /// Returns the error of the first file that is there but not the one that the manifest names.
    pub fn verify(&self, files: &[&str]) -> Result<(), Failure> {
        let (folder, outputs, name) = (&self.folder, &self.manifest.outputs, &self.name);
        let there: Vec<&str> = files.iter().copied().filter(|file| self.has(file)).collect();
        let results: Vec<Result<(), Failure>> = thread::scope(|scope| {
            let started: Vec<_> =
                there.iter().map(|file| scope.spawn(move || compare(folder, outputs, name, file))).collect();
            started.into_iter().map(|one| one.join().unwrap_or_else(|broken| resume_unwind(broken))).collect()
        });
        results.into_iter().collect::<Result<(), Failure>>()?;
        self.verified.borrow_mut().extend(there.into_iter().map(str::to_owned));
        Ok(())
    }

    /// Opens a file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is missing or differs from the manifest.
    pub fn file(&self, file: &str) -> Result<RunFile, Failure> {
        if !self.verified.borrow().contains(file) {
            compare(&self.folder, &self.manifest.outputs, &self.name, file)?;
            self.verified.borrow_mut().insert(file.to_owned());
        }
        self.folder.file(file).map_err(|error| damaged(&self.name, file, &format!("cannot be read: {error}")))
    }
}

fn damaged(name: &str, file: &str, what: &str) -> Failure {
    Failure::new(Exit::Unverified, format!("{name}: {file} {what}"))
        .help("`avstem verify RUN` says what else has changed; take the run from where it was written")
}

/// Compares a file with the hash that the manifest names.
fn compare(folder: &RunFolder, outputs: &[Output], name: &str, file: &str) -> Result<(), Failure> {
    let found = folder.read(file, |_| {}).map_err(|error| damaged(name, file, &format!("cannot be read: {error}")))?;
    match outputs.iter().find(|output| output.name == file) {
        Some(output) if output.sha256 == found.sha256 => Ok(()),
        Some(_) => Err(damaged(name, file, "is not the file that the manifest names: its hash differs")),
        None => Err(damaged(name, file, "is not among the files that the manifest names")),
    }
}
