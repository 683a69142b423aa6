//! What the fuzz targets share: those sources of the program that need no polars, compiled in here by
//! way of links, and a desk of files in memory.

#![allow(
    dead_code,
    unused_imports,
    reason = "what is compiled in here serves the whole program, the targets use a part"
)]
#![allow(missing_docs, reason = "the links' own files have docs; this crate is published nowhere")]

pub mod config;
pub mod engine;
pub mod io;
pub mod night;

pub mod frame {
    pub mod column;

    /// In the place of what polars does: here nothing is a Parquet file.
    pub fn parquet_rows(_: std::fs::File) -> std::io::Result<u64> {
        Err(std::io::ErrorKind::InvalidData.into())
    }
}

pub mod report {
    pub mod control_totals;
    pub mod coverage;
    pub mod delimited;
    pub mod history;
    pub mod html;
    pub mod manifest;
    pub mod message;
    pub mod options;
    pub mod sample;
    pub mod table;
    pub mod verify;
    pub mod xlsx;

    pub use delimited::Dialect;
    pub use options::{Exit, ReportOptions, TOOL, VERSION};

    use std::io;

    use super::engine::outcome::Outcome;
    use super::frame::column::Cell;
    use super::owned;

    /// The rows of the control totals.
    pub fn control_total_rows(outcome: &Outcome) -> Vec<Vec<Cell<'static>>> {
        collected(&mut |take| control_totals::each(outcome, take))
    }

    /// The rows of the coverage.
    pub fn coverage_rows(outcome: &Outcome) -> Vec<Vec<Cell<'static>>> {
        collected(&mut |take| coverage::each(outcome, take))
    }

    type Take<'t> = &'t mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>;

    fn collected(each: &mut dyn FnMut(Take<'_>) -> io::Result<()>) -> Vec<Vec<Cell<'static>>> {
        let mut rows = Vec::new();
        let mut take = |row: &[Cell<'_>]| {
            rows.push(row.iter().cloned().map(owned).collect());
            Ok(())
        };
        each(&mut take).expect("memory takes all");
        rows
    }

    fn json_text(value: &impl serde::Serialize) -> String {
        serde_json::to_string_pretty(value).expect("a report is always JSON")
    }
}

pub mod book;
pub mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use avstem_core::document::Options;
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Settings;

use self::engine::outcome::Outcome;
use self::engine::{Intake, Progress, Request};
use self::frame::column::Cell;
use self::io::decode::{HashKind, Limits};
use self::io::inputs::Source;
use self::io::spill::Scratch;

/// A whole run by one worker, with everything but this as it is by default.
pub fn judge(sources: &[Source], options: Options, allow_empty: bool, block_size: usize, partitions: usize) -> Outcome {
    let limits = Limits { max_expansion: 1000 };
    let request = Request {
        sources,
        intake: Intake { options, hash: HashKind::Blake3, limits, allow_empty, block_size, partitions },
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

/// A cell that lends nothing.
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

/// A folder that is used again for every input, in memory where there is such a place.
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

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a file, and gives its path.
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
