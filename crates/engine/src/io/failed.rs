//! Why something of a run folder could not be written.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::paths;

/// Why a run folder could not be written.
#[derive(Debug, Error)]
#[error("{}{}{}", self.what(), if self.is_mistake() { ": " } else { "; " }, self.advice())]
pub enum OutputError {
    /// There is a folder already, and it was not asked to be replaced.
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// There is something that no run wrote: it is never replaced.
    NotARun {
        /// What is there.
        path: PathBuf,
        /// In words.
        found: &'static str,
    },
    /// The file system refused.
    Failed {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a verb.
        what: &'static str,
        /// What it said.
        #[source]
        error: io::Error,
    },
}

impl OutputError {
    pub(super) fn failed(path: &Path, what: &'static str, error: io::Error) -> OutputError {
        OutputError::Failed { path: path.to_path_buf(), what, error }
    }

    /// Where it went wrong, and how.
    pub fn what(&self) -> String {
        let shown = |path: &Path| paths::shown(path.as_os_str());
        match self {
            OutputError::Exists { path } => format!("{} exists already", shown(path)),
            OutputError::NotARun { path, found } => format!("{} is {found}, and is left alone", shown(path)),
            OutputError::Failed { path, what, error } => format!("cannot {what} {}: {error}", shown(path)),
        }
    }

    /// What to do about it.
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

    /// Whether nothing failed: the folder was named by mistake.
    fn is_mistake(&self) -> bool {
        !matches!(self, OutputError::Failed { .. })
    }
}
