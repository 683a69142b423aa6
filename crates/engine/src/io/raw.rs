//! One open source as stored on disk: hashed, counted and checked for changes while it is read.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Seek};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use avstem_core::model::reject::FileFault;

use super::hash::{Hash, HashKind};
use super::inputs::{FileState, Place, Source};
use super::part::PartFile;
use super::pipe::Pipe;
use super::{disk, fault};

/// How a file changed that is not there any more.
const GONE: &str = "it was removed or renamed";

/// The raw bytes of a source.
pub(super) struct Raw {
    input: Input,
    hash: Hash,
    consumed: u64,
    at_end: bool,
}

enum Input {
    /// A regular file, which must not change while it is read.
    File(File, Stamped),
    /// The lines of a part of a regular file.
    Part(PartFile),
    /// Any source that may block its reader.
    Pipe(Pipe),
}

/// A regular file in the state in which it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// `None` for standard input, which has no path.
    path: Option<PathBuf>,
    stamp: Stamp,
    /// The offset where reading begins.
    start: u64,
    /// Number of bytes to read.
    length: u64,
}

/// Identifies the state of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    state: FileState,
}

impl Stamp {
    fn of(meta: &Metadata) -> Stamp {
        Stamp { device: meta.dev(), inode: meta.ino(), state: FileState::of(meta) }
    }
}

impl FileState {
    pub(super) fn of(meta: &Metadata) -> FileState {
        FileState { length: meta.len(), modified: (meta.mtime(), meta.mtime_nsec()) }
    }

    /// The state of a source; `None` if it is no file.
    pub fn now(source: &Source) -> Option<FileState> {
        let Place::File(path) = &source.place else { return None };
        fs::metadata(path).ok().filter(Metadata::is_file).as_ref().map(FileState::of)
    }
}

impl Raw {
    /// Opens a source. Pipes are opened in the background, since a named pipe blocks until it has a
    /// writer.
    pub(super) fn open(source: &Source, hash: HashKind) -> Result<Raw, FileFault> {
        if let Some(fault) = &source.fault {
            return Err(fault.clone());
        }
        let input = match &source.place {
            Place::File(path) => open_path(path)?,
            Place::Part(path, part) => {
                let hash = Hash::of_part(hash, part.start);
                return Ok(Raw { input: Input::Part(PartFile::open(path, *part)?), hash, consumed: 0, at_end: false });
            }
            Place::Stdin => open_stdin().map_err(|error| fault::of_error(&error))?,
        };
        Ok(Raw { input, hash: Hash::new(hash), consumed: 0, at_end: false })
    }

    /// Looks at the first bytes; returns their number, and whether they were consumed. Bytes of a
    /// pipe must be consumed; those of a file are not, so that it is read by whole pages from its
    /// start.
    pub(super) fn peek(&mut self, head: &mut [u8]) -> Result<(usize, bool), FileFault> {
        let mut filled = 0;
        let is_pipe = matches!(self.input, Input::Pipe(_));
        while filled < head.len() {
            let read = match &mut self.input {
                Input::File(file, watch) => file.read_at(&mut head[filled..], watch.start + filled as u64),
                // It is known to be plain.
                Input::Part(_) => break,
                Input::Pipe(_) => Ok(self.read(&mut head[filled..])?),
            };
            match read {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::of_error(&error)),
            }
        }
        Ok((filled, is_pipe))
    }

    /// Reads once, directly into the buffer; 0 at the end and on every later call.
    pub(super) fn read(&mut self, buf: &mut [u8]) -> Result<usize, FileFault> {
        if self.at_end || buf.is_empty() {
            return Ok(0);
        }
        let count = loop {
            let read = match &mut self.input {
                Input::File(file, _) => disk::read(file, buf),
                Input::Part(part) => {
                    let count = part.read(buf, |own| self.hash.update(own))?;
                    self.at_end = count == 0;
                    self.consumed = part.consumed();
                    return Ok(count);
                }
                Input::Pipe(pipe) => pipe.read(buf),
            };
            match read {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::of_error(&error)),
            }
        };
        self.at_end = count == 0;
        self.consumed += count as u64;
        self.hash.update(&buf[..count]);
        Ok(count)
    }

    /// Raw bytes read so far.
    pub(super) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Returns the number of raw bytes, if known.
    pub(super) fn size_hint(&self) -> Option<u64> {
        match &self.input {
            Input::File(_, watch) => Some(watch.length),
            Input::Part(_) | Input::Pipe(_) => None,
        }
    }

    /// Where the first line of a part begins.
    pub(super) fn first_line(&self) -> Option<u64> {
        if let Input::Part(part) = &self.input { Some(part.first_line()) } else { None }
    }

    /// The file, if it can be opened and read again.
    pub(super) fn stamped(&self) -> Option<&Stamped> {
        match &self.input {
            Input::File(_, stamped) => Some(stamped).filter(|stamped| stamped.path.is_some()),
            Input::Part(_) | Input::Pipe(_) => None,
        }
    }

    /// Reads the rest, checks that the file is unchanged since it was opened, and returns size and
    /// hash.
    pub(super) fn finish(mut self) -> Result<(u64, Option<String>), FileFault> {
        if !self.at_end {
            let mut rest = vec![0; disk::BUFFER];
            while self.read(&mut rest)? > 0 {}
        }
        match &self.input {
            Input::File(file, watch) => watch.check(file, self.consumed)?,
            Input::Part(part) => part.check()?,
            Input::Pipe(_) => {}
        }
        Ok((self.consumed, self.hash.finish()))
    }
}

/// A file that is read a second time.
pub struct Reopened<'s> {
    file: File,
    stamped: &'s Stamped,
}

impl Reopened<'_> {
    /// Fills the buffer from an offset.
    pub fn read(&self, buf: &mut [u8], at: u64) -> Result<(), FileFault> {
        disk::read_exact_at(&self.file, buf, at).map_err(|error| fault::of_error(&error))
    }

    /// Checks that the file did not change since it was first opened.
    pub fn finish(self) -> Result<(), FileFault> {
        self.stamped.check(&self.file, self.stamped.length)
    }
}

impl Stamped {
    /// Opens the file again; a fault if it changed.
    pub fn reopen(&self) -> Result<Reopened<'_>, FileFault> {
        let path = self.path.as_deref().unwrap_or_else(|| Path::new("-"));
        let file = disk::open(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => fault::changed(GONE),
            _ => fault::of_error(&error),
        })?;
        self.check(&file, self.length)?;
        Ok(Reopened { file, stamped: self })
    }

    fn check(&self, file: &File, consumed: u64) -> Result<(), FileFault> {
        let now = file.metadata().map_err(|error| fault::of_error(&error))?;
        if now.len() != self.stamp.state.length {
            return Err(fault::changed("its size is another than at the start"));
        }
        if Stamp::of(&now) != self.stamp {
            return Err(fault::changed("it was written to meanwhile"));
        }
        if consumed != self.length {
            return Err(fault::changed("it held more or fewer bytes than its size"));
        }
        let Some(path) = &self.path else { return Ok(()) };
        match fs::metadata(path) {
            Ok(meta) if Stamp::of(&meta) == self.stamp => Ok(()),
            Ok(_) => Err(fault::changed("another file took its place")),
            Err(_) => Err(fault::changed(GONE)),
        }
    }
}

/// Opens a path after checking its type: opening anything but a file or a pipe may block or do
/// harm.
fn open_path(path: &Path) -> Result<Input, FileFault> {
    let failed = |error: io::Error| fault::of_error(&error);
    let before = fs::metadata(path).map_err(failed)?;
    if let Some(fault) = fault::of_type(before.file_type()) {
        return Err(fault);
    }
    if !before.is_file() {
        let path = path.to_path_buf();
        return Pipe::start(move || disk::open(&path)).map(Input::Pipe).map_err(failed);
    }
    let file = disk::open(path).map_err(failed)?;
    let opened = file.metadata().map_err(failed)?;
    if (opened.dev(), opened.ino()) != (before.dev(), before.ino()) {
        return Err(fault::changed("another file took its place"));
    }
    let watch = Stamped { path: Some(path.to_path_buf()), stamp: Stamp::of(&opened), start: 0, length: opened.len() };
    Ok(Input::File(file, watch))
}

/// Opens standard input as a separate file, without the buffer and the lock of the shared handle.
fn open_stdin() -> io::Result<Input> {
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Pipe::start(move || Ok(file)).map(Input::Pipe);
    }
    // Another process may have read the beginning.
    let start = file.stream_position()?;
    let length = meta.len().saturating_sub(start);
    Ok(Input::File(file, Stamped { path: None, stamp: Stamp::of(&meta), start, length }))
}
