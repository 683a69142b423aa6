//! Glob patterns, matched folder by folder.
//!
//! The `glob` crate matches names but does not walk: its walk silently skips names that are not
//! UTF-8, and follows linked folders.

use std::ffi::OsString;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// Wildcards do not match names that begin with a dot.
const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// A result of expanding a pattern.
pub(super) enum PatternMatch {
    Match(PathBuf),
    /// A folder that the pattern requires to be listed, but that cannot be.
    Unreadable(PathBuf, Error),
}

/// One component of a pattern.
enum Part {
    Literal(OsString),
    Wild(Pattern),
    /// `**`: any number of folders.
    Deep,
}

/// A parsed pattern.
pub(super) struct Glob {
    /// The folders before the first wildcard.
    pub(super) base: PathBuf,
    parts: Vec<Part>,
}

/// Whether the path holds a wildcard at all.
pub(super) fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
}

impl Glob {
    /// Parses a pattern; the error says what is invalid.
    pub(super) fn new(pattern: &Path) -> Result<Glob, &'static str> {
        let mut base = PathBuf::new();
        let mut parts = Vec::new();
        for component in pattern.components() {
            let Component::Normal(text) = component else {
                match component {
                    Component::CurDir => {}
                    other if parts.is_empty() => base.push(other),
                    other => parts.push(Part::Literal(other.as_os_str().to_owned())),
                }
                continue;
            };
            if !is_pattern(Path::new(text)) {
                if parts.is_empty() { base.push(text) } else { parts.push(Part::Literal(text.to_owned())) }
            } else if text == "**" {
                // Two in a row mean the same as one.
                if !matches!(parts.last(), Some(Part::Deep)) {
                    parts.push(Part::Deep);
                }
            } else {
                parts.push(Part::Wild(Pattern::new(&text.to_string_lossy()).map_err(|error| error.msg)?));
            }
        }
        Ok(Glob { base, parts })
    }

    /// Returns every matching path, in no order and possibly with duplicates.
    pub(super) fn expand(&self) -> Vec<PatternMatch> {
        let mut hits = Vec::new();
        let mut open = vec![(self.base.clone(), 0)];
        while let Some((path, at)) = open.pop() {
            match self.parts.get(at) {
                None => hits.push(PatternMatch::Match(path)),
                Some(Part::Literal(name)) => {
                    let path = path.join(name);
                    if fs::symlink_metadata(&path).is_ok() {
                        open.push((path, at + 1));
                    }
                }
                Some(Part::Wild(pattern)) => {
                    let last = at + 1 == self.parts.len();
                    let entries = list(&path, &mut hits);
                    let wanted = entries.into_iter().filter(|(name, kind)| {
                        (matches!(kind, Kind::Folder) || (last && matches!(kind, Kind::File)))
                            && pattern.matches_with(&name.to_string_lossy(), OPTIONS)
                    });
                    open.extend(wanted.map(|(name, _)| (path.join(name), at + 1)));
                }
                Some(Part::Deep) => {
                    let entries = list(&path, &mut hits);
                    let folders = entries.into_iter().filter(|(name, kind)| {
                        matches!(kind, Kind::Folder) && !name.as_encoded_bytes().starts_with(b".")
                    });
                    open.extend(folders.map(|(name, _)| (path.join(name), at)));
                    if path.as_os_str().is_empty() || path.is_dir() {
                        let here = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
                        open.push((here, at + 1));
                    }
                }
            }
        }
        hits
    }
}

/// Patterns of files that are no part of an export. One without a slash matches a file's last name, one with a slash
/// the whole name that reports show.
#[derive(Clone, Debug, Default)]
pub struct Exclude(Vec<Pattern>);

impl Exclude {
    const OPTIONS: MatchOptions =
        MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

    /// Parses patterns.
    ///
    /// # Errors
    ///
    /// Returns the first invalid pattern and what is wrong with it.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Exclude, (&'p str, &'static str)> {
        let parse = |pattern: &'p str| Pattern::new(pattern).map_err(|error| (pattern, error.msg));
        patterns.into_iter().map(parse).collect::<Result<_, _>>().map(Exclude)
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        let last = name.rsplit('/').next().unwrap_or(name);
        self.0.iter().any(|pattern| {
            let subject = if pattern.as_str().contains('/') { name } else { last };
            pattern.matches_with(subject, Self::OPTIONS)
        })
    }
}

/// The type of a folder entry, as far as matching needs it.
enum Kind {
    Folder,
    /// Not matched by wildcards; followed only if the pattern names it literally.
    LinkedFolder,
    /// Anything else; unreadable files are reported later.
    File,
}

/// Lists a folder; returns nothing if there is no such folder, and adds other errors to `hits`.
fn list(folder: &Path, hits: &mut Vec<PatternMatch>) -> Vec<(OsString, Kind)> {
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut entries = Vec::new();
    let listed = fs::read_dir(place).and_then(|reader| {
        for entry in reader {
            let entry = entry?;
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => Kind::Folder,
                Ok(kind) if kind.is_symlink() && entry.path().is_dir() => Kind::LinkedFolder,
                _ => Kind::File,
            };
            entries.push((entry.file_name(), kind));
        }
        Ok(())
    });
    if let Err(error) = listed
        && !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
    {
        hits.push(PatternMatch::Unreadable(place.to_path_buf(), error));
    }
    entries
}
