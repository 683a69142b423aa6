//! Compares a run folder with its manifest, and the inputs if they are given.
//!
//! The folder is untrusted, and nothing outside of it is read.

mod inputs;
mod manifest;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use avstem_core::model::display::visible;
use serde::Serialize;
use thiserror::Error;

pub use inputs::verify_inputs;

use crate::frame::parquet_rows;
use crate::io::folder::{Entry, RunFolder};
use crate::io::manifest::{MANIFEST, Manifest, Output};
use crate::io::output::is_plain;

/// Maximum number of files; no run has as many.
const MOST_FILES: usize = 10_000;

/// Why a run folder cannot be verified at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Broken(String);

/// The result of verifying a run folder.
#[derive(Debug)]
pub struct Verified {
    pub manifest: Manifest,
    /// The SHA-256 of the manifest itself.
    pub manifest_sha256: String,
    /// The number of inputs that were compared, if they were given.
    pub inputs: Option<usize>,
    /// Everything that differs from the manifest.
    pub differences: Vec<Difference>,
}

/// One difference from the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The file or input.
    pub name: String,
    /// The kind of difference.
    pub what: What,
    /// The value in the manifest, if there is one.
    pub expected: Option<String>,
    /// The value that was found.
    pub found: Option<String>,
}

/// The kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The manifest names it, but it does not exist.
    Missing,
    /// It exists, but the manifest does not name it.
    Extra,
    /// It is a link, a pipe or a device.
    NotAFile,
    /// The manifest names a file that no run writes; it is not opened.
    BadName,
    /// The manifest names it twice.
    NamedTwice,
    Size,
    Hash,
    /// The number of rows.
    Rows,
    /// It cannot be read.
    Unreadable,
    /// An input with the same bytes but another name.
    Renamed,
    /// An input that was refused by the run, and can be read now.
    Refused,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, found) = (self.expected.as_deref().unwrap_or("none"), self.found.as_deref().unwrap_or("none"));
        write!(f, "{}: ", self.name)?;
        match self.what {
            What::Missing => write!(f, "missing; the manifest has it with {expected} bytes"),
            What::Extra => write!(f, "the manifest does not have it"),
            What::NotAFile => write!(f, "no regular file, so it was not opened"),
            What::BadName => write!(f, "the manifest names a file that no run writes; it was not looked for"),
            What::NamedTwice => write!(f, "the manifest names it twice"),
            What::Size => write!(f, "has {found} bytes, the manifest says {expected}"),
            What::Hash => write!(f, "has the hash {found}, the manifest says {expected}"),
            What::Rows => write!(f, "has {found} rows, the manifest says {expected}"),
            What::Unreadable => write!(f, "cannot be read: {found}"),
            What::Renamed => write!(f, "has the bytes of {expected}, which is not among the inputs given"),
            What::Refused => write!(f, "can be read now; when the run was made it was refused ({expected})"),
        }
    }
}

impl Difference {
    fn new(name: &str, what: What) -> Difference {
        Difference { name: visible(name).into_owned(), what, expected: None, found: None }
    }

    fn between(name: &str, what: What, expected: impl ToString, found: impl ToString) -> Difference {
        let text = |value: String| Some(visible(&value).into_owned());
        Difference {
            expected: text(expected.to_string()),
            found: text(found.to_string()),
            ..Difference::new(name, what)
        }
    }

    fn missing(name: &str, bytes: u64) -> Difference {
        Difference { expected: Some(bytes.to_string()), ..Difference::new(name, What::Missing) }
    }

    fn unreadable(name: &str, why: impl fmt::Display) -> Difference {
        Difference { found: Some(visible(&why.to_string()).into_owned()), ..Difference::new(name, What::Unreadable) }
    }
}

/// Compares every file of a run folder with its manifest.
///
/// # Errors
///
/// When the folder cannot be read, or has no valid manifest.
pub fn verify(path: &Path) -> Result<Verified, Broken> {
    let cannot = |error: std::io::Error| Broken(format!("the folder cannot be read: {error}"));
    let folder = RunFolder::open(path, MOST_FILES).map_err(cannot)?;
    let (manifest, manifest_sha256) = manifest::read(&folder).map_err(Broken)?;
    let mut differences = Vec::new();
    let mut named = BTreeSet::from([MANIFEST]);
    for output in &manifest.outputs {
        if !is_plain(&output.name) || output.name == MANIFEST {
            differences.push(Difference::new(&output.name, What::BadName));
        } else if !named.insert(&output.name) {
            differences.push(Difference::new(&output.name, What::NamedTwice));
        } else {
            differences.extend(file(&folder, output));
        }
    }
    let extra = folder.entries().keys().filter(|name| !named.contains(name.as_str()));
    differences.extend(extra.map(|name| Difference::new(name, What::Extra)));
    Ok(Verified { manifest, manifest_sha256, inputs: None, differences })
}

/// Returns the first difference of a file, checked in the order of existence, type, size, hash,
/// rows.
fn file(folder: &RunFolder, output: &Output) -> Option<Difference> {
    let name = output.name.as_str();
    let size = match folder.entries().get(name) {
        None => return Some(Difference::missing(name, output.bytes)),
        Some(Entry::Other) => return Some(Difference::new(name, What::NotAFile)),
        Some(Entry::File(size)) => *size,
    };
    if size != output.bytes {
        return Some(Difference::between(name, What::Size, output.bytes, size));
    }
    let mut lines = Lines::default();
    let contents = match folder.read(name, |piece| lines.count(piece)) {
        Ok(contents) => contents,
        Err(error) => return Some(Difference::unreadable(name, error)),
    };
    if !contents.sha256.eq_ignore_ascii_case(&output.sha256) {
        return Some(Difference::between(name, What::Hash, &output.sha256, contents.sha256));
    }
    let rows = match name.rsplit_once('.') {
        Some((_, "csv")) => Some(lines.ended.saturating_sub(1)),
        Some((_, "parquet")) => match folder.file(name).and_then(parquet_rows) {
            Ok(rows) => Some(rows),
            Err(error) => return Some(Difference::unreadable(name, error)),
        },
        _ => None,
    };
    let shown = |rows: Option<u64>| rows.map_or("no".to_owned(), |rows| rows.to_string());
    (rows != output.rows).then(|| Difference::between(name, What::Rows, shown(output.rows), shown(rows)))
}

/// Counts the lines of a CSV file; line ends inside quotes do not count.
#[derive(Default)]
struct Lines {
    quoted: bool,
    ended: u64,
}

impl Lines {
    fn count(&mut self, piece: &[u8]) {
        for at in memchr::memchr2_iter(b'"', b'\n', piece) {
            match piece[at] {
                b'"' => self.quoted = !self.quoted,
                _ => self.ended += u64::from(!self.quoted),
            }
        }
    }
}
