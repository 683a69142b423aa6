//! Shared by the fuzz targets: a run over a few files, strict readers of its output, and a folder
//! in memory.

pub mod book;
pub mod page;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use avstem_core::document::Options;
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Settings;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::engine::{self, Intake, Progress, Request};
use avstem_engine::frame::column::Cell;
use avstem_engine::io::decode::{HashKind, Limits};
use avstem_engine::io::inputs::Source;
use avstem_engine::io::spill::Scratch;

/// A whole run with one worker and default settings.
pub fn judge(sources: &[Source], options: Options, allow_empty: bool, block_size: usize, partitions: usize) -> Outcome {
    let limits = Limits { max_expansion: 1000 };
    let request = Request {
        sources,
        bank: &Default::default(),
        intake: Intake { options, hash: HashKind::Blake3, limits, allow_empty, block_size, partitions, key_filter: 1 << 8 },
        as_of: None,
        settings: &Settings::default(),
        accept: &[],
        baseline: None,
        memory: 1 << 30,
        scratch: &Arc::new(Scratch::beside(None)),
        day_of: &Instant::day,
        jobs: 1,
        keep: false,
        progress: &Progress::new(sources.len()),
    };
    engine::run(&request).expect("no signal comes").outcome
}

pub fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Empty => Cell::Empty,
        Cell::Text(text) => Cell::Text(text.into_owned().into()),
        Cell::Number(text) => Cell::Number(text.into_owned().into()),
        Cell::Integer(integer) => Cell::Integer(integer),
        Cell::Flag(flag) => Cell::Flag(flag),
        Cell::Time(time) => Cell::Time(time),
    }
}

type Take<'t> = &'t mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>;

/// Collects the rows passed to `each`.
pub fn collected(each: &mut dyn FnMut(Take<'_>) -> io::Result<()>) -> Vec<Vec<Cell<'static>>> {
    let mut rows = Vec::new();
    let mut take = |row: &[Cell<'_>]| {
        rows.push(row.iter().cloned().map(owned).collect());
        Ok(())
    };
    each(&mut take).expect("memory takes all");
    rows
}

/// A folder that is reused for every input, in memory if possible.
pub struct Desk {
    folder: PathBuf,
}

impl Desk {
    pub fn new(name: &str) -> Desk {
        let shared = PathBuf::from("/dev/shm");
        let base = if shared.is_dir() { shared } else { std::env::temp_dir() };
        let folder = base.join(format!("avstem-fuzz-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        Desk { folder }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a file and returns its path.
    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
