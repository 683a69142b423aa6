//! Paths as text and as keys: cleaned, shown, and made absolute without following links.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// The path without `.`, doubled and trailing slashes; `.` itself when nothing else is left.
pub(super) fn clean(path: &Path) -> PathBuf {
    let cleaned: PathBuf = path.components().filter(|part| !matches!(part, Component::CurDir)).collect();
    if cleaned.as_os_str().is_empty() && !path.as_os_str().is_empty() { PathBuf::from(".") } else { cleaned }
}

/// The absolute form by which two spellings of one path are found to be the same.
///
/// `x/..` falls away only where `x` is no link: behind a link `..` leads elsewhere, and two files taken for one would
/// lose a file without a word.
pub(super) fn resolved(path: &Path, folder: &Path) -> PathBuf {
    let mut whole = if path.is_absolute() { PathBuf::new() } else { folder.to_path_buf() };
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if may_climb(&whole) => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

/// Whether the parent of this path is what its text says.
fn may_climb(path: &Path) -> bool {
    match path.components().next_back() {
        Some(Component::RootDir) => true,
        Some(Component::Normal(_)) => !fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink()),
        _ => false,
    }
}

/// The path without links, as far as it leads somewhere.
pub(super) fn real(path: &Path) -> PathBuf {
    let whole = resolved(path, &working_folder());
    let mut there = whole.ancestors().filter_map(|above| Some((above, fs::canonicalize(above).ok()?)));
    match there.next() {
        Some((above, real)) => real.join(whole.strip_prefix(above).unwrap_or(Path::new(""))),
        None => whole,
    }
}

/// The working folder, or an empty path where there is none any more.
pub(super) fn working_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// A name's bytes as text: what is not UTF-8 becomes `\xFF`.
pub(super) fn shown(name: &OsStr) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// The shown name of an input or of a pattern's folder: a relative path as it is, of an absolute one the last part.
/// Empty for the working folder and for the root.
pub(super) fn base_name(path: &Path, folder: &Path) -> String {
    if path.is_absolute() {
        resolved(path, folder).file_name().map(shown).unwrap_or_default()
    } else if path == Path::new(".") {
        String::new()
    } else {
        shown(path.as_os_str())
    }
}

/// The name of what lies below a folder.
pub(super) fn below(base: &str, rest: &Path) -> String {
    let rest = shown(rest.as_os_str());
    match (base.is_empty(), rest.is_empty()) {
        (true, _) => rest,
        (_, true) => base.to_owned(),
        _ => format!("{base}/{rest}"),
    }
}
