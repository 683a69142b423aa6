//! A run folder that may have been written by someone else, read without leaving it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::hash::hex;
use super::manifest::MANIFEST;
use super::{disk, paths};

/// A file of a run folder, open for reading.
pub type RunFile = File;

/// The type of a folder entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file of this size in bytes.
    File(u64),
    /// A link, pipe or device: it may lead outside the folder, so it is never opened.
    Other,
}

/// The error of the system, without the words of the crate around it.
fn cause(error: walkdir::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| ErrorKind::InvalidInput.into())
}

/// Whether two paths lead to the same existing file.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// Whether anything exists at this path, including a dangling link.
pub fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Whether a path lies in a folder, with links in both resolved.
pub fn lies_in(path: &Path, folder: &Path) -> bool {
    paths::real(path).starts_with(paths::real(folder))
}

/// A folder and everything in it. Links inside are not followed, so nothing outside is ever read.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
}

/// Size and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

impl RunFolder {
    /// Lists a folder; more than `most` entries are an error, since no run has so many.
    ///
    /// # Errors
    ///
    /// When it cannot be listed.
    pub fn open(path: &Path, most: usize) -> io::Result<RunFolder> {
        let mut entries = BTreeMap::new();
        for (count, entry) in WalkDir::new(path).min_depth(1).into_iter().enumerate() {
            if count == most {
                return Err(io::Error::other(format!("it holds more than {most} files")));
            }
            let entry = entry.map_err(cause)?;
            let kind = entry.file_type();
            if kind.is_dir() {
                continue;
            }
            let name = paths::shown(entry.path().strip_prefix(path).unwrap_or(entry.path()).as_os_str());
            let what = if kind.is_file() { Entry::File(entry.metadata()?.len()) } else { Entry::Other };
            entries.insert(name, what);
        }
        Ok(RunFolder { path: path.to_owned(), entries })
    }

    /// The entries by path below the folder; parts are joined by slashes.
    pub fn entries(&self) -> &BTreeMap<String, Entry> {
        &self.entries
    }

    /// Opens a file that was listed.
    ///
    /// # Errors
    ///
    /// When it was not listed as a file, or cannot be opened.
    pub fn file(&self, name: &str) -> io::Result<File> {
        match self.entries.get(name) {
            Some(Entry::File(_)) => disk::open(&self.path.join(name)),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    /// Reads a file and passes each piece to `look`. Reads at most one byte more than the listed
    /// size, which shows that the file grew.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn read(&self, name: &str, mut look: impl FnMut(&[u8])) -> io::Result<Contents> {
        let Some(Entry::File(size)) = self.entries.get(name) else { return Err(ErrorKind::NotFound.into()) };
        let mut file = self.file(name)?.take(size.saturating_add(1));
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; disk::BUFFER];
        loop {
            match disk::read(&mut file, &mut piece) {
                Ok(0) => return Ok(Contents { bytes, sha256: hex(&hasher.finalize()) }),
                Ok(count) => {
                    hasher.update(&piece[..count]);
                    look(&piece[..count]);
                    bytes += count as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Returns the run folders that a path denotes: the path itself, or the run folders directly in it,
/// by name. Hidden folders are unfinished runs and are skipped.
///
/// # Errors
///
/// When it cannot be listed.
pub fn runs_in(path: &Path) -> io::Result<Vec<PathBuf>> {
    let is_run = |path: &Path| path.join(MANIFEST).is_file();
    if is_run(path) {
        return Ok(vec![path.to_owned()]);
    }
    let mut runs = Vec::new();
    for entry in WalkDir::new(path).min_depth(1).max_depth(1).sort_by_file_name() {
        let entry = entry.map_err(cause)?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !is_hidden && is_run(entry.path()) {
            runs.push(entry.into_path());
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_not_followed() {
        let temp = tempfile::tempdir().unwrap();
        let (inside, outside) = (temp.path().join("run"), temp.path().join("outside"));
        fs::create_dir_all(inside.join("frames")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret"), "secret").unwrap();
        fs::write(inside.join("frames/a"), "abc").unwrap();
        symlink(&outside, inside.join("linked")).unwrap();
        symlink(outside.join("secret"), inside.join("link")).unwrap();
        symlink(outside.join("secret"), inside.join("manifest.json")).unwrap();
        let folder = RunFolder::open(&inside, 9).unwrap();
        let found: Vec<_> = folder.entries().iter().map(|(name, entry)| (name.as_str(), *entry)).collect();
        let other = ["link", "linked", "manifest.json"].map(|name| (name, Entry::Other));
        let wanted: Vec<_> = [("frames/a", Entry::File(3))].into_iter().chain(other).collect();
        assert_eq!(found, wanted);
        let mut seen = Vec::new();
        let contents = folder.read("frames/a", |piece| seen.extend_from_slice(piece)).unwrap();
        assert_eq!((contents.bytes, seen.as_slice()), (3, &b"abc"[..]));
        for name in [
            "link",
            "manifest.json",
            "linked/secret",
            "../outside/secret",
            "/etc/passwd",
            "frames",
            "frames/../frames/a",
        ] {
            assert!(folder.read(name, |_| {}).is_err(), "{name}");
        }
        assert!(RunFolder::open(&inside, 3).is_err());
        assert!(RunFolder::open(&temp.path().join("gone"), 9).is_err());
    }
}
