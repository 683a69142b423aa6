//! Writes the normalized frames of a run.

use std::io::{self, Write};

use avstem_core::ledger::{Event, Item, Ledger, states};
use avstem_core::model::card::Kind;
use avstem_core::model::instant::Instant;
use avstem_core::model::origin::Origin;
pub use avstem_core::resolve::Fate;
use thiserror::Error;

use super::column::{Cell, Filled};
use super::described::Description;
use super::parquet::ParquetTable;
use super::schema::{
    DocumentRow, EventRow, FRAMES, ItemRow, LedgerRow, LineRow, LinkedPair, SplitRow, document_cells, event_cells,
    item_cells, ledger_cells, line_cells, link_cells, split_cells,
};

#[derive(Debug, Error)]
#[error("cannot write {file}: {error}")]
pub struct FrameError {
    /// The file name in [`FRAMES`].
    pub file: &'static str,
    #[source]
    pub error: io::Error,
}

/// Indices into [`FRAMES`].
const DOCUMENTS: usize = 0;
const LEDGERS: usize = 1;
const EVENTS: usize = 2;
const LINES: usize = 3;
const EVENT_ITEMS: usize = 4;
const SPLITS: usize = 5;
const LINKS: usize = 6;

/// Version of each frame, and the columns that its rows ascend by.
const DESCRIBED: [(u32, &[&str]); FRAMES.len()] = [
    (1, &["kind", "id"]),
    (1, &["kind", "id"]),
    (1, &["kind", "id", "seq"]),
    (1, &["kind", "id", "item"]),
    (1, &["kind", "id", "seq", "item"]),
    (1, &["kind", "id"]),
    (1, &["left_kind", "left_id", "right_kind", "right_id"]),
];

/// Writers of all frames. The caller must add documents and ledgers in order of kind and id, which
/// the files guarantee.
pub struct Frames<W: Write> {
    sources: Vec<String>,
    tables: Vec<ParquetTable<W>>,
}

impl<W: Write> Frames<W> {
    /// Starts all frames. `sources` are the input file names, indexed by origins; `open` opens a
    /// file by its name below the run folder, and `failed` converts a write error.
    pub fn new<E>(
        sources: Vec<String>,
        as_of: Option<Instant>,
        mut open: impl FnMut(&'static str) -> Result<W, E>,
        failed: impl Fn(FrameError) -> E,
    ) -> Result<Frames<W>, E> {
        let mut tables = Vec::with_capacity(FRAMES.len());
        for ((file, columns, _), (version, sorted_by)) in FRAMES.into_iter().zip(DESCRIBED) {
            let table = ParquetTable::new(open(file)?, columns);
            let table = table.map_err(|error| failed(FrameError { file, error }))?;
            tables.push(table.described(Description { table: name_of(file), version, as_of, sorted_by }));
        }
        Ok(Frames { sources, tables })
    }

    pub fn document(&mut self, kind: Kind, id: &str, origin: Origin, fate: Fate) -> Result<(), FrameError> {
        let Origin { file, offset, length } = origin;
        let row = DocumentRow { kind, id, source: name(&self.sources, file), offset, length, fate: fate.word() };
        push(&mut self.tables, DOCUMENTS, &document_cells(&row))
    }

    /// Adds a settled ledger with its events, lines, items and splits.
    pub fn ledger(&mut self, ledger: &Ledger<'_>) -> Result<(), FrameError> {
        let Frames { sources, tables } = self;
        let derived = states::derived(ledger);
        let row = LedgerRow { ledger, source: name(sources, ledger.head.origin.file), derived };
        push(tables, LEDGERS, &ledger_cells(&row))?;
        for (seq, (event, step)) in (0..).zip(ledger.timeline()) {
            let source = name(sources, event.origin.file);
            push(tables, EVENTS, &event_cells(&EventRow { ledger, event, step, seq, source }))?;
            event_parts(tables, ledger, event, seq)?;
        }
        own_parts(tables, ledger)
    }

    /// Adds a pair of linked documents; `by` is the field of `left` that identifies `right`.
    pub fn link(&mut self, left: (Kind, &str), right: (Kind, &str), by: &str) -> Result<(), FrameError> {
        push(&mut self.tables, LINKS, &link_cells(&LinkedPair { left, right, by }))
    }

    /// Writes the footers and returns the writers in the order of [`FRAMES`].
    pub fn finish(self) -> Result<Vec<Filled<W>>, FrameError> {
        let tables = self.tables.into_iter().zip(FRAMES);
        tables.map(|(table, (file, ..))| table.finish().map_err(|error| FrameError { file, error })).collect()
    }
}

/// The name of a table, from that of its file.
fn name_of(file: &'static str) -> &'static str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".parquet").unwrap_or(name)
}

fn name(sources: &[String], file: u32) -> Option<&str> {
    sources.get(file as usize).map(String::as_str)
}

fn push<W: Write>(tables: &mut [ParquetTable<W>], frame: usize, row: &[Cell<'_>]) -> Result<(), FrameError> {
    tables[frame].push(row).map_err(|error| FrameError { file: FRAMES[frame].0, error })
}

/// Adds items and splits of one event.
fn event_parts<W: Write>(
    tables: &mut [ParquetTable<W>],
    ledger: &Ledger<'_>,
    event: &Event<'_>,
    seq: i64,
) -> Result<(), FrameError> {
    let own = Place { ledger, event: Some((event, seq)), item: None, shipping: false };
    let own_splits = ledger.splits(event.splits);
    for split in own_splits {
        own.split(tables, split.destination, Some(split.amount), true)?;
    }
    for fee in ledger.fees(event.fees) {
        own.split(tables, fee, None, false)?;
    }
    for (number, item) in (0..).zip(ledger.items(event.items)) {
        push(tables, EVENT_ITEMS, &item_cells(&ItemRow { ledger, event, seq, item, number }))?;
        Place { item: Some(number), ..own }.item(tables, item, own_splits.is_empty())?;
    }
    Ok(())
}

/// Adds a transaction's own items and its shipping option.
fn own_parts<W: Write>(tables: &mut [ParquetTable<W>], ledger: &Ledger<'_>) -> Result<(), FrameError> {
    let numbers = (0..ledger.head.items.len() as i64).map(Some).chain([None]);
    for (number, item) in numbers.zip(ledger.own_items()) {
        push(tables, LINES, &line_cells(&LineRow { ledger, item, number }))?;
        Place { ledger, event: None, item: number, shipping: number.is_none() }.item(tables, item, false)?;
    }
    Ok(())
}

/// The location of splits.
#[derive(Clone, Copy)]
struct Place<'r> {
    ledger: &'r Ledger<'r>,
    event: Option<(&'r Event<'r>, i64)>,
    item: Option<i64>,
    shipping: bool,
}

impl Place<'_> {
    fn item<W: Write>(self, tables: &mut [ParquetTable<W>], item: &Item<'_>, counted: bool) -> Result<(), FrameError> {
        for split in self.ledger.splits(item.splits) {
            self.split(tables, split.destination, Some(split.amount), counted)?;
        }
        for fee in self.ledger.fees(item.fees) {
            self.split(tables, fee, None, false)?;
        }
        Ok(())
    }

    fn split<W: Write>(
        self,
        tables: &mut [ParquetTable<W>],
        destination: &str,
        amount: Option<i64>,
        counted: bool,
    ) -> Result<(), FrameError> {
        let Place { ledger, event, item, shipping } = self;
        push(tables, SPLITS, &split_cells(&SplitRow { ledger, event, item, shipping, destination, amount, counted }))
    }
}
