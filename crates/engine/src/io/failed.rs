//! Errors of writing a run folder.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::paths;

#[derive(Debug, Error)]
#[error("{}{}{}", self.what(), if self.is_mistake() { ": " } else { "; " }, self.advice())]
pub enum OutputError {
    /// The folder exists, and replacing it was not requested.
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// Something exists that no run wrote; it is never replaced.
    NotARun {
        path: PathBuf,
        /// A description of what is there.
        found: &'static str,
    },
    /// The file system returned an error.
    Failed {
        path: PathBuf,
        /// What was tried, as a verb.
        what: &'static str,
        #[source]
        error: io::Error,
    },
}

impl OutputError {
    pub(super) fn failed(path: &Path, what: &'static str, error: io::Error) -> OutputError {
        OutputError::Failed { path: path.to_path_buf(), what, error }
    }

    /// Describes the error and its path.
    pub fn what(&self) -> String {
        let shown = |path: &Path| paths::shown(path.as_os_str());
        match self {
            OutputError::Exists { path } => format!("{} exists already", shown(path)),
            OutputError::NotARun { path, found } => format!("{} is {found}, and is left alone", shown(path)),
            OutputError::Failed { path, what, error } => format!("cannot {what} {}: {error}", shown(path)),
        }
    }

    /// Returns what to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            OutputError::Exists { .. } => "name another folder, or replace it with --force",
            OutputError::NotARun { .. } => "name another folder with --out",
            OutputError::Failed { error, .. } => match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room there, or name another folder",
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    "name a folder where you may write, with --out"
                }
                ErrorKind::InvalidInput | ErrorKind::NotADirectory => "name another folder with --out",
                _ => "check the disk, then run again",
            },
        }
    }

    /// Whether the user named a wrong folder, as opposed to an I/O error.
    fn is_mistake(&self) -> bool {
        !matches!(self, OutputError::Failed { .. })
    }
}
