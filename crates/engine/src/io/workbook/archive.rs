//! The parts of a workbook, which is an archive of XML files; what is read of them is bounded.

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

/// A workbook of ten million exceptions is smaller.
const MOST_BYTES: u64 = 4 << 30;

/// So many times its size may a workbook grow when it is unpacked.
const MOST_GROWTH: u64 = 200;

/// So much of a file is read for the list of its parts. The list is kept, several times as large.
const MOST_OF_THE_LIST: u64 = 16 << 20;

/// How a file begins that older programs wrote, and newer ones when they lock a workbook with a password.
const OLDER: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

/// The parts of a workbook.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<Listing>>,
    /// How many unpacked bytes may still be read.
    left: u64,
}

impl Archive {
    /// Opens a file, of which so many unpacked bytes are read, or more where it is large itself.
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

    /// A part by its name, if it is there.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Xml<Meter<'_, impl Read>>>, WorkbookError> {
        match self.zip.by_name(name) {
            Ok(part) => Ok(Some(Xml::new(name, Meter::new(part, &mut self.left)))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(WorkbookError(format!("its part {name}: {}", what(error)))),
        }
    }
}

/// The file: of the list of its parts no more is read than `left`, which ends once there is a list.
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

/// An error of the archive in words.
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
