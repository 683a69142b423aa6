//! An export folder while it is written: sequences of files of bounded size, compressed or not.
//!
//! Everything is written under names that end in `.part` and renamed when complete, so that an
//! interrupted run leaves nothing that looks like an export.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::disk::{self, Through};

/// How the files of an export are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    Gzip,
    Zstd,
}

/// A file is closed when it has this many bytes before compression; the last piece may exceed it.
const FILE_SIZE: u64 = 64 << 20;

/// Compressed bytes are written in pieces of this size.
const BUFFER: usize = 256 << 10;

/// An export and the file beside it, while they are written.
pub struct ExportFolder {
    folder: PathBuf,
    packing: Packing,
    file_size: u64,
    sequences: BTreeMap<String, Sequence>,
    beside: BufWriter<Through<File>>,
    beside_name: &'static str,
    /// The names of the whole files beside it.
    files_beside: Vec<&'static str>,
    whole: bool,
}

/// The numbered files of one stem.
#[derive(Default)]
struct Sequence {
    number: u32,
    written: u64,
    open: Option<Packer>,
}

impl ExportFolder {
    /// Begins an export in `folder/export/`, with a text file of this name beside it.
    ///
    /// # Errors
    ///
    /// When one of them exists, or nothing can be written there.
    pub fn create(folder: &Path, beside_name: &'static str, packing: Packing) -> io::Result<Self> {
        for name in ["export", beside_name] {
            free(&folder.join(name))?;
        }
        let folder = folder.to_owned();
        let part = folder.join(EXPORT_PART);
        // Left by an interrupted run; nothing else uses the name.
        if part.exists() {
            disk::remove_dir_all(&part).map_err(|e| at(&part, &e))?;
        }
        disk::create_dir_all(&part).map_err(|e| at(&part, &e))?;
        let beside = create(&folder.join(format!("{beside_name}.part")))?;
        Ok(ExportFolder {
            folder,
            packing,
            file_size: FILE_SIZE,
            sequences: BTreeMap::new(),
            beside,
            beside_name,
            files_beside: Vec::new(),
            whole: false,
        })
    }

    /// Appends whole lines to the sequence of files whose names begin with `stem`.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn append(&mut self, stem: &str, lines: &[u8]) -> io::Result<()> {
        if !self.sequences.contains_key(stem) {
            self.sequences.insert(stem.to_owned(), Sequence::default());
        }
        let Some(sequence) = self.sequences.get_mut(stem) else { return Ok(()) };
        let packer = match &mut sequence.open {
            Some(open) => open,
            none => {
                sequence.number += 1;
                sequence.written = 0;
                let name = format!("{stem}-{:05}.ndjson{}", sequence.number, self.packing.ending());
                none.insert(Packer::new(&self.folder.join(EXPORT_PART).join(name), self.packing)?)
            }
        };
        packer.write_all(lines)?;
        sequence.written += lines.len() as u64;
        if sequence.written >= self.file_size
            && let Some(open) = sequence.open.take()
        {
            open.finish()?;
        }
        Ok(())
    }

    /// Writes a single file, never compressed.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(EXPORT_PART).join(path);
        let mut file = create(&path)?;
        file.write_all(bytes).and_then(|()| file.flush()).map_err(|e| at(&path, &e))
    }

    /// Appends to the file beside the export.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn beside(&mut self, lines: &[u8]) -> io::Result<()> {
        self.beside.write_all(lines)
    }

    /// Writes a whole file beside the export.
    ///
    /// # Errors
    ///
    /// When it exists, or cannot be written.
    pub fn file_beside(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()> {
        free(&self.folder.join(name))?;
        self.files_beside.push(name);
        let path = self.folder.join(format!("{name}.part"));
        let mut file = create(&path)?;
        file.write_all(bytes).and_then(|()| file.flush()).map_err(|e| at(&path, &e))
    }

    /// Finishes all files and renames the export to its final name.
    ///
    /// # Errors
    ///
    /// When something cannot be written; then there is no export.
    pub fn finish(mut self) -> io::Result<()> {
        for sequence in std::mem::take(&mut self.sequences).into_values() {
            sequence.open.map_or(Ok(()), Packer::finish)?;
        }
        self.beside.flush()?;
        for name in self.files_beside.iter().chain([&self.beside_name]) {
            let part = self.folder.join(format!("{name}.part"));
            disk::rename(&part, &self.folder.join(name)).map_err(|e| at(&part, &e))?;
        }
        let part = self.folder.join(EXPORT_PART);
        disk::rename(&part, &self.folder.join("export")).map_err(|e| at(&part, &e))?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for ExportFolder {
    /// Removes an unfinished export; errors are ignored.
    fn drop(&mut self) {
        if !self.whole {
            let _ = disk::remove_dir_all(&self.folder.join(EXPORT_PART));
            for name in self.files_beside.iter().chain([&self.beside_name]) {
                let _ = disk::remove_file(&self.folder.join(format!("{name}.part")));
            }
        }
    }
}

/// Fails if there is something at the path.
fn free(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", path.display())))
}

const EXPORT_PART: &str = "export.part";

impl Packing {
    fn ending(self) -> &'static str {
        match self {
            Packing::Plain => "",
            Packing::Gzip => ".gz",
            Packing::Zstd => ".zst",
        }
    }
}

/// The writer of one file.
enum Packer {
    Plain(BufWriter<Through<File>>),
    Gzip(flate2::write::GzEncoder<BufWriter<Through<File>>>),
    Zstd(zstd::Encoder<'static, BufWriter<Through<File>>>),
}

impl Packer {
    fn new(path: &Path, packing: Packing) -> io::Result<Self> {
        let file = create(path)?;
        Ok(match packing {
            Packing::Plain => Packer::Plain(file),
            Packing::Gzip => Packer::Gzip(flate2::write::GzEncoder::new(file, flate2::Compression::default())),
            Packing::Zstd => {
                let mut encoder = zstd::Encoder::new(file, 3)?;
                encoder.include_checksum(true)?;
                Packer::Zstd(encoder)
            }
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Packer::Plain(file) => file.write_all(bytes),
            Packer::Gzip(file) => file.write_all(bytes),
            Packer::Zstd(file) => file.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Packer::Plain(mut file) => file.flush(),
            Packer::Gzip(file) => file.finish()?.flush(),
            Packer::Zstd(file) => file.finish()?.flush(),
        }
    }
}

/// Creates a file and its folders.
fn create(path: &Path) -> io::Result<BufWriter<Through<File>>> {
    if let Some(folder) = path.parent() {
        disk::create_dir_all(folder).map_err(|e| at(folder, &e))?;
    }
    Ok(BufWriter::with_capacity(BUFFER, Through(disk::create(path).map_err(|e| at(path, &e))?)))
}

/// Adds the path to an error.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn unpacked(path: &Path, packing: Packing) -> String {
        let (mut text, file) = (String::new(), File::open(path).unwrap());
        match packing {
            Packing::Plain => io::BufReader::new(file).read_to_string(&mut text),
            Packing::Gzip => flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text),
            Packing::Zstd => zstd::Decoder::new(file).unwrap().read_to_string(&mut text),
        }
        .unwrap();
        text
    }

    #[test]
    fn sequences_break_into_files() {
        for (packing, ending) in [(Packing::Plain, ""), (Packing::Gzip, ".gz"), (Packing::Zstd, ".zst")] {
            let folder = tempfile::tempdir().unwrap();
            let mut export = ExportFolder::create(folder.path(), "truth.csv", packing).unwrap();
            export.file_size = 8;
            for line in ["one\n", "two\n", "three\n"] {
                export.append("a/part", line.as_bytes()).unwrap();
            }
            export.file("b/c.json", b"{}").unwrap();
            export.beside(b"x\n").unwrap();
            assert_eq!(names(folder.path()), ["export.part", "truth.csv.part"]);
            export.finish().unwrap();
            assert_eq!(names(folder.path()), ["export", "truth.csv"]);
            let parts = folder.path().join("export/a");
            assert_eq!(names(&parts), [1, 2].map(|n| format!("part-0000{n}.ndjson{ending}")));
            assert_eq!(unpacked(&parts.join(format!("part-00001.ndjson{ending}")), packing), "one\ntwo\n");
            assert_eq!(unpacked(&parts.join(format!("part-00002.ndjson{ending}")), packing), "three\n");
        }
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut export = ExportFolder::create(folder.path(), "truth.csv", Packing::Plain).unwrap();
        export.append("part", b"x\n").unwrap();
        drop(export);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn nothing_is_overwritten() {
        for name in ["export", "truth.csv"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), "mine").unwrap();
            let error = ExportFolder::create(folder.path(), "truth.csv", Packing::Plain).err().unwrap();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "mine");
            assert_eq!(names(folder.path()), [name]);
        }
    }
}
