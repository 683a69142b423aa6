//! Replaces the content of a small file atomically: a reader sees the old or the new content,
//! complete.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::disk::{self, Through};
use super::failed::OutputError;

/// Replaces a file, which need not exist; of a link, the target is replaced. Permissions are kept.
///
/// # Errors
///
/// On a disk error. The file is then unchanged, unless only syncing its folder failed.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |error| OutputError::failed(&target, "write", error);
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().ok_or_else(|| failed(ErrorKind::InvalidInput.into()))?);
    name.push(format!(".{}.partial", process::id()));
    let temporary = folder.join(name);
    let written = fill(&temporary, &target, bytes).and_then(|()| disk::rename(&temporary, &target));
    if let Err(error) = written {
        let _ = disk::remove_file(&temporary);
        return Err(failed(error));
    }
    match disk::open(&folder).and_then(|folder| disk::sync(&folder)) {
        // Some network file systems cannot sync folders.
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Err(failed(error)),
        _ => Ok(()),
    }
}

fn fill(temporary: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = disk::create_new(temporary)?;
    if let Ok(meta) = fs::metadata(target) {
        file.set_permissions(meta.permissions())?;
    }
    Through(&file).write_all(bytes)?;
    disk::sync(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_replaced_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(&folder.path().join("nowhere/a.toml"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_lead_to_what_is_replaced() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.toml"), folder.path().join("link"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        replace(&link, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
