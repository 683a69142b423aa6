//! Files for data that does not fit in memory. They are unnamed from their creation, so nothing is
//! left of them however the run ends, and nobody else can open them.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use super::{disk, paths};

/// Bytes of a frame header: length and checksum.
const HEAD: usize = 16;

/// Bytes that are gathered for one write.
const BUFFER: usize = 256 << 10;

/// The folder where spill files are created.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    /// The first error of a reader that could not return it.
    fault: Mutex<Option<io::Error>>,
}

impl Scratch {
    /// Uses `TMPDIR` if set; else the nearest existing folder above the output, which is suited for
    /// large files, while `/tmp` is often in memory; else the working folder.
    pub fn beside(output: Option<&Path>) -> Scratch {
        let asked = std::env::var_os("TMPDIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let beside = || {
            let above = output.into_iter().flat_map(|path| path.ancestors().skip(1));
            above.filter(|folder| folder.is_dir()).map(Path::to_path_buf).next()
        };
        let folder = asked.or_else(beside).unwrap_or_else(|| PathBuf::from("."));
        Scratch { folder, fault: Mutex::new(None) }
    }

    pub fn file(&self) -> io::Result<SpillFile> {
        match disk::create_nameless(&self.folder) {
            Ok(file) => Ok(SpillFile { file, end: AtomicU64::new(0), folder: self.folder.clone() }),
            Err(error) => Err(failed(&self.folder, "create a temporary file in", error)),
        }
    }

    /// Keeps an error for [`Scratch::check`], for a reader that can return only rows.
    pub fn keep(&self, error: io::Error) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// Returns the kept error. Must be called after reading rows, before the result counts as
    /// complete.
    pub fn check(&self) -> io::Result<()> {
        match self.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// The position of a frame in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    offset: u64,
    length: u32,
}

impl Frame {
    pub fn len(self) -> usize {
        self.length as usize
    }

    pub fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// An unnamed file of frames, each with its length and checksum. Several threads may write and read
/// it.
#[derive(Debug)]
pub struct SpillFile {
    file: File,
    end: AtomicU64,
    folder: PathBuf,
}

impl SpillFile {
    /// Writes pieces as consecutive frames.
    pub fn append(&self, pieces: &[&[u8]]) -> io::Result<Vec<Frame>> {
        let whole: usize = pieces.iter().map(|piece| HEAD + piece.len()).sum();
        let start = self.end.fetch_add(whole as u64, Ordering::Relaxed);
        let mut frames = Vec::with_capacity(pieces.len());
        let mut out = Vec::with_capacity(whole.min(BUFFER));
        let (mut written, mut offset) = (start, start);
        for piece in pieces {
            let length = u32::try_from(piece.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
            frames.push(Frame { offset, length });
            offset += (HEAD + piece.len()) as u64;
            out.extend_from_slice(&head(piece));
            for part in piece.chunks(BUFFER) {
                out.extend_from_slice(part);
                if out.len() >= BUFFER {
                    self.write(&mut out, &mut written)?;
                }
            }
        }
        self.write(&mut out, &mut written)?;
        Ok(frames)
    }

    fn write(&self, out: &mut Vec<u8>, at: &mut u64) -> io::Result<()> {
        disk::write_all_at(&self.file, out, *at)
            .map_err(|error| failed(&self.folder, "write temporary rows to", error))?;
        *at += out.len() as u64;
        out.clear();
        Ok(())
    }

    /// Appends the content of a frame to `out`.
    pub fn read(&self, frame: Frame, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        let broken = |error| failed(&self.folder, "read temporary rows in", error);
        let mut found = [0; HEAD];
        disk::read_exact_at(&self.file, &mut found, frame.offset).map_err(broken)?;
        out.resize(start + frame.len(), 0);
        disk::read_exact_at(&self.file, &mut out[start..], frame.offset + HEAD as u64).map_err(broken)?;
        if found == head(&out[start..]) {
            Ok(())
        } else {
            Err(broken(io::Error::new(ErrorKind::InvalidData, "what was written is not what is there")))
        }
    }
}

fn head(piece: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(&(piece.len() as u64).to_le_bytes());
    head[8..].copy_from_slice(&blake3::hash(piece).as_bytes()[..8]);
    head
}

/// An I/O error with its folder and advice.
#[derive(Debug, Error)]
#[error(
    "cannot {what} {}: {error}; {}, name another folder with TMPDIR, or give more --memory",
    paths::shown(folder.as_os_str()),
    advice(error)
)]
struct SpillError {
    folder: PathBuf,
    what: &'static str,
    #[source]
    error: io::Error,
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room there",
        _ => "check the disk",
    }
}

fn failed(folder: &Path, what: &'static str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), SpillError { folder: folder.to_path_buf(), what, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(folder: &Path) -> Scratch {
        Scratch { folder: folder.to_path_buf(), fault: Mutex::new(None) }
    }

    #[test]
    fn frames_come_back_and_leave_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = scratch(folder.path()).file().unwrap();
        let frames = file.append(&[b"first", b"", b"third"]).unwrap();
        let more = file.append(&[b"later"]).unwrap();
        let mut out = Vec::new();
        frames.iter().chain(&more).rev().for_each(|frame| file.read(*frame, &mut out).unwrap());
        assert_eq!(out, b"laterthirdfirst");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn large_pieces_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = scratch(folder.path()).file().unwrap();
        let large: Vec<u8> = (0..3 * BUFFER + 5).map(|n| (n % 251) as u8).collect();
        let frames = file.append(&[b"small", &large, b"behind"]).unwrap();
        let mut out = Vec::new();
        frames.iter().for_each(|frame| file.read(*frame, &mut out).unwrap());
        assert_eq!(out, [&b"small"[..], &large, b"behind"].concat());
    }

    #[test]
    fn damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = scratch(folder.path()).file().unwrap();
        let frame = file.append(&[b"rows"]).unwrap()[0];
        disk::write_all_at(&file.file, b"x", HEAD as u64 + 1).unwrap();
        let error = file.read(frame, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.starts_with("cannot read temporary rows in"), "{error}");
        file.file.set_len(2).unwrap();
        assert!(file.read(frame, &mut Vec::new()).is_err());
    }

    #[test]
    fn a_missing_folder_is_named_with_what_to_do() {
        let error = scratch(Path::new("/no/such/folder")).file().unwrap_err().to_string();
        assert!(error.contains("/no/such/folder") && error.contains("TMPDIR"), "{error}");
    }

    #[test]
    fn an_error_is_kept_until_it_is_asked_for() {
        let scratch = scratch(Path::new("."));
        scratch.check().unwrap();
        scratch.keep(io::Error::other("first"));
        scratch.keep(io::Error::other("second"));
        assert_eq!(scratch.check().unwrap_err().to_string(), "first");
    }
}
