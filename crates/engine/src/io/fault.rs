//! Operating system errors as faults of a file, in words without paths.

use std::fs::FileType;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::FileTypeExt;

use avstem_core::model::reject::{FileFault, FileReason};

/// The fault of a file that could not be opened or read.
pub(super) fn of_error(error: &Error) -> FileFault {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileReason::NotFound.into(),
        // A path with a NUL byte is refused before the system call; no file can have it.
        ErrorKind::InvalidInput if error.raw_os_error().is_none() => FileReason::NotFound.into(),
        ErrorKind::PermissionDenied => {
            FileFault::new(FileReason::Permission, "let the user that runs this read it, and its folders")
        }
        ErrorKind::IsADirectory => not_regular("a folder"),
        _ => FileFault::new(FileReason::IoError, words(error)),
    }
}

/// Returns the message of the operating system, which contains no path.
fn words(error: &Error) -> String {
    match error.raw_os_error() {
        Some(code) => Error::from_raw_os_error(code).to_string(),
        None => error.kind().to_string(),
    }
}

/// The fault of what is neither a file nor a pipe.
pub(super) fn not_regular(what: &str) -> FileFault {
    FileFault::new(FileReason::NotRegular, format!("it is {what}"))
}

/// Returns the fault of a file type that is not read; `None` for files and pipes.
pub(super) fn of_type(kind: FileType) -> Option<FileFault> {
    if kind.is_file() || kind.is_fifo() {
        None
    } else if kind.is_dir() {
        Some(not_regular("a folder"))
    } else if kind.is_socket() {
        Some(not_regular("a socket"))
    } else {
        Some(not_regular("a device"))
    }
}

/// The fault of a file that changed while it was read.
pub(super) fn changed(how: &str) -> FileFault {
    FileFault::new(FileReason::ChangedWhileReading, format!("{how}; wait until it is whole, then run again"))
}
