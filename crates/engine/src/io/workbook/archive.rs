//! The parts of a workbook, which is a ZIP archive of XML files; reading is bounded.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::error::WorkbookError;
use super::meter::Meter;
use super::xml::Xml;
use crate::io::disk::{self, Through};

/// Maximum size of a file; a workbook of ten million exceptions is smaller.
const MOST_BYTES: u64 = 4 << 30;

/// Maximum ratio of unpacked bytes to the file size, where that exceeds the fixed limit.
const MOST_GROWTH: u64 = 200;

/// Maximum bytes read for the archive's directory, which takes several times as much memory.
const MOST_OF_THE_LIST: u64 = 16 << 20;

/// The start of .xls files of older programs, and of newer workbooks locked with a password.
const OLDER: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

pub(super) struct Archive {
    zip: ZipArchive<BufReader<Listing>>,
    /// Unpacked bytes that may still be read.
    left: u64,
}

impl Archive {
    /// Opens a file. At most `unpacked` bytes are unpacked, or more if the file itself is large.
    pub(super) fn open(path: &Path, unpacked: u64) -> Result<Archive, WorkbookError> {
        let failed = |error: io::Error| WorkbookError(error.to_string());
        let mut file = disk::open(path).map_err(failed)?;
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() {
            return Err(WorkbookError("it is no regular file".to_owned()));
        }
        if meta.len() > MOST_BYTES {
            return Err(WorkbookError(format!("it is larger than {} GiB", MOST_BYTES >> 30)));
        }
        let mut head = Vec::new();
        (&mut file).take(4).read_to_end(&mut head).map_err(failed)?;
        if head == OLDER {
            return Err(WorkbookError("it is of an older kind (.xls), or locked with a password".to_owned()));
        }
        file.rewind().map_err(failed)?;
        let left = Rc::new(Cell::new(MOST_OF_THE_LIST));
        let zip = ZipArchive::new(BufReader::new(Listing { file: Through(file), left: Rc::clone(&left) }));
        let zip =
            zip.map_err(|error| WorkbookError(format!("it is no workbook (.xlsx), or not whole: {}", what(error))))?;
        left.set(u64::MAX);
        Ok(Archive { zip, left: unpacked.max(meta.len().saturating_mul(MOST_GROWTH)) })
    }

    /// Returns a part by its name, if it exists.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Xml<Meter<'_, impl Read>>>, WorkbookError> {
        match self.zip.by_name(name) {
            Ok(part) => Ok(Some(Xml::new(name, Meter::new(part, &mut self.left)))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(WorkbookError(format!("its part {name}: {}", what(error)))),
        }
    }
}

/// The file. Reading the archive's directory is limited to `left` bytes; the limit is lifted
/// afterwards.
struct Listing {
    file: Through<File>,
    left: Rc<Cell<u64>>,
}

impl Read for Listing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other("the list of its parts is too long"));
        }
        let taken = self.file.read(buf)?;
        self.left.set(self.left.get().saturating_sub(taken as u64));
        Ok(taken)
    }
}

impl Seek for Listing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Describes an error of the archive.
fn what(error: ZipError) -> String {
    match error {
        ZipError::Io(error) => error.to_string(),
        ZipError::InvalidArchive(_) => "it does not open as one; save it again as an Excel workbook".to_owned(),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "it is locked with a password".to_owned()
        }
        ZipError::UnsupportedArchive(what) => what.to_owned(),
        other => other.to_string(),
    }
}
