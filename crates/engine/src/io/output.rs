//! A run folder that appears complete or not at all.
//!
//! It is written under a temporary name next to its target and renamed when every byte is on disk.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process;

use super::disk::{self, Through};
pub use super::failed::OutputError;
use super::manifest::MANIFEST;
use super::paths;
pub use super::sink::{OutputFile, Written};

#[cfg(test)]
mod tests;

/// Maximum number of left-over temporary folders with the same process id that are skipped.
const ATTEMPTS: u32 = 10_000;

/// A run folder that is being written. If dropped unpublished, it is removed.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    parent: PathBuf,
    /// The path of the folder under its temporary name.
    temporary: PathBuf,
    /// Missing folders above the target that were created, the deepest first.
    made: Vec<PathBuf>,
    force: bool,
    published: bool,
}

impl Staging {
    /// Creates the temporary folder, and missing folders above it.
    ///
    /// `target` is checked now and again when publishing: without `force` it must not exist; with
    /// `force` it may be an empty folder or a run folder.
    pub fn create(target: &Path, force: bool) -> Result<Staging, OutputError> {
        let target = paths::clean(target);
        if target.file_name().is_none() {
            let error = io::Error::new(ErrorKind::InvalidInput, "it has no name of its own");
            return Err(OutputError::failed(&target, "write to", error));
        }
        check_replaceable(&target, force)?;
        let parent = parent_of(&target);
        let made: Vec<PathBuf> =
            parent.ancestors().take_while(|folder| !folder.as_os_str().is_empty()).map(Path::to_path_buf).collect();
        let made = made.into_iter().take_while(|folder| fs::symlink_metadata(folder).is_err()).collect();
        // Created before the folders, so that any later failure is cleaned up by dropping it.
        let mut staging = Staging { target, parent, temporary: PathBuf::new(), made, force, published: false };
        disk::create_dir_all(&staging.parent)
            .map_err(|error| OutputError::failed(&staging.parent, "create the folder", error))?;
        staging.temporary = staging.beside("partial", "create the folder", disk::create_dir)?;
        Ok(staging)
    }

    /// The final path of the run folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Opens a new file of the run, and creates the sub-folder that its name contains.
    pub fn writer(&self, name: &str) -> Result<OutputFile, OutputError> {
        assert!(is_plain(name), "files of a run have plain relative names");
        let path = self.temporary.join(name);
        if let Some(folder) = path.parent() {
            disk::create_dir_all(folder).map_err(|error| OutputError::failed(folder, "create the folder", error))?;
        }
        OutputFile::create(name, path)
    }

    /// The temporary path of the run, with room for large files.
    pub fn workplace(&self) -> &Path {
        &self.temporary
    }

    /// Creates an unnamed file in the temporary folder, for data that is not written from front to
    /// back. It is removed when closed.
    pub fn scratch(&self) -> Result<fs::File, OutputError> {
        tempfile::tempfile_in(&self.temporary)
            .map_err(|error| OutputError::failed(&self.temporary, "make a file in", error))
    }

    /// Moves the folder to its target. On failure the previous content of the target is restored.
    ///
    /// An old run and the new one are exchanged in one step if the file system supports it.
    /// Otherwise the old run is moved aside between two renames; a crash in between leaves both,
    /// complete, under hidden names. The old run is never removed before the new one is in place.
    pub fn publish(mut self) -> Result<(), OutputError> {
        sync_tree(&self.temporary)?;
        let aside = self.place()?;
        self.published = true;
        if let Some(aside) = aside {
            // The new run is in place even if removing the old one, which has a hidden name, fails.
            let _ = disk::remove_dir_all(&aside);
        }
        Ok(())
    }

    /// Moves the folder to its target durably; returns the new path of the old run, if there was
    /// one.
    fn place(&self) -> Result<Option<PathBuf>, OutputError> {
        if !check_replaceable(&self.target, self.force)? {
            return self.rename_to_target(None).map(|()| None);
        }
        match disk::exchange(&self.temporary, &self.target) {
            Ok(()) => {}
            // Not every file system can exchange names; two renames do the same, but not
            // atomically.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
                let aside = self.move_aside()?;
                return self.rename_to_target(Some(&aside)).map(|()| Some(aside));
            }
            Err(error) => return Err(OutputError::failed(&self.target, "put the finished run at", error)),
        }
        if let Err(error) = self.sync_parents() {
            disk::exchange(&self.temporary, &self.target)
                .map_err(|error| OutputError::failed(&self.target, "take back", error))?;
            return Err(error);
        }
        Ok(Some(self.temporary.clone()))
    }

    /// Renames the folder to the target, which must not exist; on failure moves the old run back.
    fn rename_to_target(&self, aside: Option<&Path>) -> Result<(), OutputError> {
        if let Err(error) = disk::rename(&self.temporary, &self.target) {
            self.put_back(aside)?;
            return Err(match error.kind() {
                ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => {
                    OutputError::Exists { path: self.target.clone() }
                }
                _ => OutputError::failed(&self.target, "put the finished run at", error),
            });
        }
        if let Err(error) = self.sync_parents() {
            // A run whose name is not durable is not published, so the rename is undone.
            disk::rename(&self.target, &self.temporary)
                .map_err(|error| OutputError::failed(&self.target, "take back", error))?;
            self.put_back(aside)?;
            return Err(error);
        }
        Ok(())
    }

    /// Renames the target to a hidden name.
    fn move_aside(&self) -> Result<PathBuf, OutputError> {
        self.beside("old", "move the old run to", |path| {
            // A rename replaces an empty folder, which may belong to someone else, so check first.
            match fs::symlink_metadata(path) {
                Ok(_) => Err(ErrorKind::AlreadyExists.into()),
                Err(_) => disk::rename(&self.target, path),
            }
        })
    }

    /// Renames the old run back to the target.
    fn put_back(&self, aside: Option<&Path>) -> Result<(), OutputError> {
        match aside {
            Some(aside) => disk::rename(aside, &self.target)
                .map_err(|error| OutputError::failed(aside, "give its old name again to", error)),
            None => Ok(()),
        }
    }

    /// Creates a hidden path next to the target that nothing else uses.
    fn beside(
        &self,
        kind: &str,
        what: &'static str,
        make: impl Fn(&Path) -> io::Result<()>,
    ) -> Result<PathBuf, OutputError> {
        let mut number = 0;
        loop {
            let mut name = OsString::from(".");
            name.push(self.target.file_name().unwrap_or_default());
            name.push(format!(".{}-{number}.{kind}", process::id()));
            let path = self.parent.join(name);
            match make(&path) {
                Ok(()) => return Ok(path),
                // Possibly left over from a crash of another process; it must not be removed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < ATTEMPTS => number += 1,
                Err(error) => return Err(OutputError::failed(&path, what, error)),
            }
        }
    }

    fn sync_parents(&self) -> Result<(), OutputError> {
        sync_folder(&self.parent)?;
        for folder in &self.made {
            sync_folder(&parent_of(folder))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.published {
            return;
        }
        if !self.temporary.as_os_str().is_empty() {
            let _ = disk::remove_dir_all(&self.temporary);
        }
        for folder in &self.made {
            // Removes empty folders only, so no files of others are lost.
            let _ = disk::remove_dir(folder);
        }
    }
}

/// Returns the parent folder, `.` for a bare name.
fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Whether something replaceable exists at the target; an error if it must not be replaced.
fn check_replaceable(target: &Path, force: bool) -> Result<bool, OutputError> {
    let not_a_run = |found| Err(OutputError::NotARun { path: target.to_path_buf(), found });
    let failed = |error| OutputError::failed(target, "look at", error);
    let meta = match fs::symlink_metadata(target) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    if meta.is_symlink() {
        return not_a_run("a link");
    }
    if !meta.is_dir() {
        return not_a_run("a file, not a folder");
    }
    if !force {
        return Err(OutputError::Exists { path: target.to_path_buf() });
    }
    let is_run = fs::symlink_metadata(target.join(MANIFEST)).is_ok_and(|meta| meta.is_file());
    if is_run || fs::read_dir(target).map_err(failed)?.next().is_none() {
        Ok(true)
    } else {
        not_a_run("a folder without manifest.json, so no run")
    }
}

/// Whether a name is relative and uses only characters that every file system accepts, like all
/// file names of a run.
pub fn is_plain(name: &str) -> bool {
    name.split('/').all(|part| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-'))
    })
}

/// Syncs the entries of a folder and of all folders below it.
fn sync_tree(folder: &Path) -> Result<(), OutputError> {
    let failed = |error| OutputError::failed(folder, "list", error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), OutputError> {
    match disk::open(folder).and_then(|file| disk::sync(&file)) {
        // Some network file systems cannot sync folders.
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Err(OutputError::failed(folder, "make durable", error))
        }
        _ => Ok(()),
    }
}

/// Reads a small file; an error if it is larger than `limit` bytes.
pub fn read_whole(path: &Path, limit: u64) -> Result<Vec<u8>, io::Error> {
    let mut bytes = Vec::new();
    Through(disk::open(path)?).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {limit} bytes")));
    }
    Ok(bytes)
}
