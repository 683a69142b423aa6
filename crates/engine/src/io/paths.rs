//! Paths as text and as keys: cleaned, shown, and made absolute without following links.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// Returns the path without `.`, doubled and trailing slashes; `.` itself if nothing else is left.
pub(super) fn clean(path: &Path) -> PathBuf {
    let cleaned: PathBuf = path.components().filter(|part| !matches!(part, Component::CurDir)).collect();
    if cleaned.as_os_str().is_empty() && !path.as_os_str().is_empty() { PathBuf::from(".") } else { cleaned }
}

/// Returns the absolute form by which paths are compared.
///
/// `x/..` is removed only if `x` is not a link: after a link `..` leads elsewhere, and taking two
/// files for one would silently lose a file.
pub(super) fn resolved(path: &Path, folder: &Path) -> PathBuf {
    let mut whole = if path.is_absolute() { PathBuf::new() } else { folder.to_path_buf() };
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if parent_is_textual(&whole) => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

/// Whether the parent of this path is its textual parent.
fn parent_is_textual(path: &Path) -> bool {
    match path.components().next_back() {
        Some(Component::RootDir) => true,
        Some(Component::Normal(_)) => !fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink()),
        _ => false,
    }
}

/// Resolves all links in the longest prefix of the path that exists.
pub(super) fn real(path: &Path) -> PathBuf {
    let whole = resolved(path, &working_folder());
    let mut there = whole.ancestors().filter_map(|above| Some((above, fs::canonicalize(above).ok()?)));
    match there.next() {
        Some((above, real)) => real.join(whole.strip_prefix(above).unwrap_or(Path::new(""))),
        None => whole,
    }
}

/// Returns the working folder, or an empty path if it no longer exists.
pub(super) fn working_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// Returns a name as text; bytes that are not UTF-8 become `\xFF`.
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

/// Returns the shown name of an input or of a pattern's folder: a relative path as it is, of an
/// absolute path the last part. Empty for the working folder and for the root.
pub(super) fn base_name(path: &Path, folder: &Path) -> String {
    if path.is_absolute() {
        resolved(path, folder).file_name().map(shown).unwrap_or_default()
    } else if path == Path::new(".") {
        String::new()
    } else {
        shown(path.as_os_str())
    }
}

/// Returns the name of a path below a folder.
pub(super) fn below(base: &str, rest: &Path) -> String {
    let rest = shown(rest.as_os_str());
    match (base.is_empty(), rest.is_empty()) {
        (true, _) => rest,
        (_, true) => base.to_owned(),
        _ => format!("{base}/{rest}"),
    }
}
