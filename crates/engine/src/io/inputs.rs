//! Turns the command line inputs into a sorted list of sources.
//!
//! Discovered are files, folders, glob patterns and `-`. What cannot be read is a source too, with its
//! fault, so that no input is silently dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};

use avstem_core::model::reject::{FileFault, FileReason};
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::own::files_of_a_run;
use super::pattern::{Exclude, Glob, PatternMatch, is_pattern};
use super::{fault, paths};

#[cfg(test)]
mod tests;

/// Where the bytes of a source come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// A file or a named pipe.
    File(PathBuf),
    /// The lines that begin in a part of a file.
    Part(PathBuf, Part),
    Stdin,
}

/// A part of a plain file of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The bytes that are its own. A line belongs to the part in which it begins, and may end behind it.
    pub start: u64,
    pub end: u64,
    /// Where the first line of the file begins, behind a byte order mark.
    pub text: u64,
    /// Size and time of change of the file when the parts were made.
    pub state: FileState,
}

/// What tells on every machine that a file is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    pub length: u64,
    pub modified: (i64, i64),
}

/// One input to read, or to report when it has a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The name shown in reports: never an absolute path, always valid UTF-8, never empty.
    pub name: String,
    pub place: Place,
    /// Why it cannot be read, if known before it is opened.
    pub fault: Option<FileFault>,
    /// Whether it was named as a bank statement.
    pub is_statement: bool,
}

impl Source {
    /// Returns the size on disk; `None` for a pipe or if it is unknown.
    pub fn size(&self) -> Option<u64> {
        match &self.place {
            Place::File(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|meta| meta.len()),
            Place::Part(_, part) => Some(part.end - part.start),
            Place::Stdin => None,
        }
    }

    /// Returns the absolute path as text, `-` for standard input. The layout of an export is
    /// detected from its folder names.
    pub fn path_text(&self) -> String {
        match &self.place {
            Place::File(path) | Place::Part(path, _) => {
                paths::shown(paths::resolved(path, &paths::working_folder()).as_os_str())
            }
            Place::Stdin => "-".to_owned(),
        }
    }
}

/// Assumed bytes of a stream of unknown size.
const UNKNOWN: u64 = 16 << 30;

/// Assumed ratio of the unpacked to the packed size of a file.
const UNPACKED: u64 = 6;

/// Estimates the unpacked bytes of the sources from names and file sizes. Only a hint for splitting
/// the work; it must not affect results.
pub fn estimated_bytes(sources: &[Source]) -> u64 {
    let of = |source: &Source| match &source.place {
        Place::Stdin => UNKNOWN,
        Place::Part(_, part) => part.end - part.start,
        Place::File(path) => match fs::metadata(path) {
            Ok(meta) if !meta.is_file() => UNKNOWN,
            Ok(meta) if source.name.ends_with(".gz") || source.name.ends_with(".zst") => meta.len() * UNPACKED,
            Ok(meta) => meta.len(),
            Err(_) => 0,
        },
    };
    sources.iter().map(of).fold(0, u64::saturating_add)
}

/// Finds every source that the inputs denote, each path once, sorted by the bytes of its name,
/// standard input last. The order of the inputs does not matter. `statements` are files, named as
/// bank statements.
pub fn discover(inputs: &[OsString], statements: &[PathBuf], exclude: &Exclude) -> Discovered {
    let mut finder = Finder {
        folder: paths::working_folder(),
        exclude,
        found: BTreeMap::new(),
        without_files: BTreeSet::new(),
        excluded: BTreeSet::new(),
        stdin: false,
    };
    for input in inputs {
        finder.input(input);
    }
    for path in statements {
        finder.statement(path);
    }
    finder.finish()
}

/// Returns a source that lies in a folder, with links in both resolved.
pub fn any_inside<'s>(sources: &'s [Source], folder: &Path) -> Option<&'s Source> {
    // Nothing lies in a folder that does not exist.
    let folder = fs::canonicalize(folder).ok()?;
    sources.iter().find(|source| match &source.place {
        Place::File(path) | Place::Part(path, _) => paths::real(path).starts_with(&folder),
        Place::Stdin => false,
    })
}

/// What the inputs of a command denote.
#[derive(Debug, Default)]
pub struct Discovered {
    pub sources: Vec<Source>,
    /// Folders that hold no file, and globs that match none, as they were named; sorted.
    pub without_files: Vec<String>,
    /// Files that the configuration excludes, sorted.
    pub excluded: Vec<String>,
}

/// Collects sources by absolute path.
struct Finder<'e> {
    folder: PathBuf,
    exclude: &'e Exclude,
    found: BTreeMap<OsString, Source>,
    without_files: BTreeSet<String>,
    excluded: BTreeSet<String>,
    stdin: bool,
}

impl Finder<'_> {
    fn input(&mut self, input: &OsStr) {
        if input == "-" {
            self.stdin = true;
            return;
        }
        let path = paths::clean(Path::new(input));
        let name = paths::base_name(&path, &self.folder);
        match fs::symlink_metadata(&path) {
            Ok(_) => self.taken(path, name),
            Err(error) if is_pattern(&path) && fault::of_error(&error).reason == FileReason::NotFound => {
                self.pattern(&path, name);
            }
            Err(error) => {
                let mut fault = fault::of_error(&error);
                if input.is_empty() {
                    fault.detail.push_str("an input is an empty word");
                }
                self.add(path, name, Some(fault));
            }
        }
    }

    fn statement(&mut self, path: &Path) {
        let path = paths::clean(path);
        let name = paths::base_name(&path, &self.folder);
        let fault = match fs::metadata(&path) {
            Ok(meta) => fault::of_type(meta.file_type()),
            Err(error) => Some(broken_link(&path, &error)),
        };
        self.add_source(path, name, fault, true);
    }

    /// Handles a path that was named directly or matched by a pattern. A folder is walked, even if
    /// it is linked or hidden.
    fn taken(&mut self, path: PathBuf, name: String) {
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => self.walk(&path, &name),
            Ok(meta) => self.add(path, name, fault::of_type(meta.file_type())),
            Err(error) => {
                let fault = broken_link(&path, &error);
                self.add(path, name, Some(fault));
            }
        }
    }

    fn pattern(&mut self, path: &Path, name: String) {
        let glob = match Glob::new(path) {
            Ok(glob) => glob,
            Err(why) => {
                let detail = format!("and as a pattern it is not valid ({why})");
                return self.add(path.to_path_buf(), name, Some(FileFault::new(FileReason::NotFound, detail)));
            }
        };
        let base = paths::base_name(&glob.base, &self.folder);
        let name_of = |hit: &Path| paths::below(&base, hit.strip_prefix(&glob.base).unwrap_or(hit));
        let hits = glob.expand();
        if hits.is_empty() {
            self.without_files.insert(name.clone());
        }
        for hit in hits {
            match hit {
                PatternMatch::Match(path) => {
                    let path = paths::clean(&path);
                    let name = if path == Path::new(".") { String::new() } else { name_of(&path) };
                    self.taken(path, name);
                }
                PatternMatch::Unreadable(path, error) => {
                    let name = name_of(&path);
                    self.add(path, name, Some(fault::of_error(&error)));
                }
            }
        }
    }

    fn walk(&mut self, root: &Path, base: &str) {
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
        let name_of = |path: &Path| paths::below(base, path.strip_prefix(root).unwrap_or(Path::new("")));
        let mut reports = BTreeSet::new();
        let mut has_files = false;
        for entry in WalkDir::new(root).into_iter().filter_entry(visible) {
            match entry {
                Ok(entry) if reports.contains(entry.path()) => {}
                Ok(entry) => {
                    has_files |= !entry.file_type().is_dir();
                    let kind = entry.file_type();
                    let name = name_of(entry.path());
                    // A folder is visited before its content. Files of a run are skipped below the
                    // root only.
                    if kind.is_dir() && entry.depth() > 0 {
                        reports.extend(files_of_a_run(entry.path()));
                    }
                    if kind.is_symlink() {
                        self.linked(entry.into_path(), name);
                    } else if !kind.is_dir() {
                        self.add(entry.into_path(), name, fault::of_type(kind));
                    }
                }
                Err(error) => {
                    has_files = true;
                    let path = error.path().unwrap_or(root).to_path_buf();
                    let name = name_of(&path);
                    let fault = match error.io_error() {
                        Some(error) => fault::of_error(error),
                        None => FileReason::IoError.into(),
                    };
                    self.add(path, name, Some(fault));
                }
            }
        }
        if !has_files {
            self.without_files.insert(if base.is_empty() { ".".to_owned() } else { base.to_owned() });
        }
    }

    /// Handles a link inside a folder: a linked file is read, a linked folder is not followed.
    fn linked(&mut self, path: PathBuf, name: String) {
        let fault = match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => return,
            Ok(meta) => fault::of_type(meta.file_type()),
            Err(error) => Some(broken_link(&path, &error)),
        };
        self.add(path, name, fault);
    }

    fn add(&mut self, path: PathBuf, name: String, fault: Option<FileFault>) {
        self.add_source(path, name, fault, false);
    }

    /// Adds a source. Of several for one path it keeps one without fault, then the one with the
    /// smallest name, so that the order of the inputs does not matter.
    fn add_source(&mut self, path: PathBuf, name: String, fault: Option<FileFault>, is_statement: bool) {
        let name = match name.as_str() {
            "" => ".".to_owned(),
            // The name `-` is reserved for standard input.
            "-" => "./-".to_owned(),
            _ => name,
        };
        if self.exclude.matches(&name) {
            self.excluded.insert(name);
            return;
        }
        let key = paths::resolved(&path, &self.folder).into_os_string();
        let mut source = Source { name, place: Place::File(path), fault, is_statement };
        let rank = |source: &Source| (source.fault.is_some(), source.name.clone());
        match self.found.get_mut(&key) {
            Some(kept) => {
                kept.is_statement |= is_statement;
                if rank(&source) < rank(kept) {
                    source.is_statement = kept.is_statement;
                    *kept = source;
                }
            }
            None => {
                self.found.insert(key, source);
            }
        }
    }

    fn finish(self) -> Discovered {
        let mut sources: Vec<Source> = self.found.into_values().collect();
        // The sort is stable: equal names keep the order of their absolute paths.
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        if self.stdin {
            sources.push(Source { name: "-".to_owned(), place: Place::Stdin, fault: None, is_statement: false });
        }
        Discovered {
            sources,
            without_files: self.without_files.into_iter().collect(),
            excluded: self.excluded.into_iter().collect(),
        }
    }
}

/// The fault of a path that exists but cannot be followed, like a dangling link.
fn broken_link(path: &Path, error: &Error) -> FileFault {
    let mut fault = fault::of_error(error);
    if fault.reason == FileReason::NotFound && path.is_symlink() {
        fault.detail.push_str("the link leads to nothing");
    }
    fault
}
