//! One file of a run: buffered, hashed and counted while it is written.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::failed::OutputError;
use super::hash::hex;
use super::{disk, interrupt};

/// Small writes are gathered into pieces of this size.
const BUFFER: usize = 128 << 10;

/// A file of a run folder that is being written.
#[derive(Debug)]
pub struct OutputFile {
    name: String,
    path: PathBuf,
    writer: BufWriter<Hashed<File>>,
}

/// A file of a run folder that is complete and on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path below the run folder.
    pub name: String,
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// Number of rows, for a table.
    pub rows: Option<u64>,
}

/// A file and the hash of the bytes written to it.
#[derive(Debug)]
struct Hashed<F> {
    file: F,
    hasher: Sha256,
    bytes: u64,
    /// A write failed: the content of the file is unknown, so every later write must fail.
    broken: bool,
}

impl OutputFile {
    /// Creates a file that must not exist yet.
    pub(super) fn create(name: &str, path: PathBuf) -> Result<OutputFile, OutputError> {
        let file = disk::create_new(&path).map_err(|error| OutputError::failed(&path, "create", error))?;
        Ok(OutputFile::around(name, path, file))
    }

    /// Wraps an open file.
    pub(super) fn around(name: &str, path: PathBuf, file: File) -> OutputFile {
        let hashed = Hashed { file, hasher: Sha256::new(), bytes: 0, broken: false };
        OutputFile { name: name.to_owned(), path, writer: BufWriter::with_capacity(BUFFER, hashed) }
    }

    /// The path while the file is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Converts a write error to one that names the file.
    pub fn failed(&self, error: io::Error) -> OutputError {
        OutputError::failed(&self.path, "write", error)
    }

    /// Writes the buffered bytes and syncs the file.
    pub fn finish(mut self) -> Result<Written, OutputError> {
        if let Err(error) = self.writer.flush() {
            return Err(self.failed(error));
        }
        let hashed = self.writer.get_ref();
        if let Err(error) = disk::sync(&hashed.file) {
            return Err(self.failed(error));
        }
        let sha256 = hex(&hashed.hasher.clone().finalize());
        let bytes = hashed.bytes;
        Ok(Written { name: self.name, bytes, sha256, rows: None })
    }
}

impl Write for OutputFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.writer.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<F: Write> Write for Hashed<F> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        if interrupt::pending().is_some() {
            return Err(io::Error::other("stopped by a signal"));
        }
        let count = match disk::write(&mut self.file, buf) {
            Ok(count) => count,
            Err(error) => {
                self.broken = error.kind() != ErrorKind::Interrupted;
                return Err(error);
            }
        };
        self.hasher.update(&buf[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.broken { Err(io::Error::other("an earlier write failed")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepts three bytes per write, and fails the second write.
    struct FailingWriter(Vec<u8>, u32);

    impl Write for FailingWriter {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.1 += 1;
            if self.1 == 2 {
                return Err(ErrorKind::StorageFull.into());
            }
            let count = buf.len().min(3);
            self.0.extend_from_slice(&buf[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_succeeds_after_a_failed_write() {
        let mut hashed = Hashed { file: FailingWriter(Vec::new(), 0), hasher: Sha256::new(), bytes: 0, broken: false };
        assert_eq!(hashed.write(b"abcdef").unwrap(), 3);
        assert!(hashed.flush().is_ok());
        assert_eq!(hashed.write(b"def").unwrap_err().kind(), ErrorKind::StorageFull);
        assert!(hashed.write(b"def").is_err(), "though the file would take it now");
        assert!(hashed.flush().is_err());
        assert_eq!((hashed.bytes, hashed.file.0.as_slice()), (3, &b"abc"[..]), "what was taken is what is counted");
        assert_eq!(hashed.hasher.finalize(), Sha256::digest(b"abc"));
    }
}
