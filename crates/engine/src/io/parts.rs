//! The files of a folder of parts, which other programs may have written.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::disk;

/// The paths of all files in a folder and below, sorted. Names that begin with a dot or an underscore are left out: so
/// engines name what is not finished, and what is no part.
pub fn files_of_parts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let begins = |entry: &DirEntry| entry.file_name().as_encoded_bytes().first().copied();
    let is_part = |entry: &DirEntry| entry.depth() == 0 || !matches!(begins(entry), Some(b'.' | b'_'));
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_part) {
        let entry = entry?;
        // A linked file is one, too.
        if entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

pub fn open_part(path: &Path) -> io::Result<File> {
    disk::open(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}
