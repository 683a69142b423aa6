//! Copies: of all rows that bear one id, the kept one and what becomes of the others.

mod orders;

pub use orders::{MergedOperation, given, merge};

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use crate::ledger::CopyFacts;
use crate::model::card::Kind;
use crate::model::origin::{FileNo, Origin};
use crate::normalize::{Row, RowKind, rows};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its document is the kept one.
    Accepted,
    /// It equals the kept one.
    Duplicate,
    /// Another copy is kept.
    Superseded,
}

impl Fate {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Fate::Accepted => "accepted",
            Fate::Duplicate => "duplicate",
            Fate::Superseded => "superseded",
        }
    }
}

/// The place of each file in input order; `None` for a refused file, whose rows are struck.
#[derive(Clone, Copy, Debug)]
pub struct InputOrder<'o> {
    /// By file number.
    pub ranks: &'o [Option<u32>],
}

impl InputOrder<'_> {
    /// Whether the file is used.
    pub fn is_used(&self, file: FileNo) -> bool {
        self.ranks[file as usize].is_some()
    }

    /// The place of a record in input order.
    pub fn place(&self, origin: Origin) -> (Option<u32>, u64) {
        (self.ranks[origin.file as usize], origin.offset)
    }
}

/// All rows of one id.
#[derive(Clone, Debug)]
pub struct Group {
    /// The kind of document.
    pub kind: Kind,
    /// Its rows, in input order.
    pub rows: Range<usize>,
    /// The kept document's row; none for an order known by its operations alone.
    pub kept: Option<usize>,
}

/// The rows of a partition by kind, id and input order, in groups of one id.
#[derive(Debug)]
pub struct Resolved<'p> {
    /// The rows of files that are used.
    pub rows: Vec<Row<'p>>,
    /// The groups, by kind, then id.
    pub groups: Vec<Group>,
}

/// What is preferred among copies: the latest update, the higher version, more events, the later in input order.
fn preference(a: &Row<'_>, b: &Row<'_>, order: InputOrder<'_>) -> Ordering {
    let key = |row: &Row<'_>| (row.updated_at, row.version, row.weight, order.place(row.origin));
    key(a).cmp(&key(b))
}

/// A document that stands for its id before any other kind of row does.
fn is_full(row: &Row<'_>) -> bool {
    matches!(row.kind, RowKind::Transaction | RowKind::Order | RowKind::Session | RowKind::Settlement)
}

/// A document that stands for its id only when no full one does.
fn is_lesser(row: &Row<'_>) -> bool {
    matches!(row.kind, RowKind::Partial | RowKind::EmbeddedSession | RowKind::Header)
}

impl<'p> Resolved<'p> {
    /// Sorts and groups the rows of a partition that `wanted` lets through.
    pub fn new(parts: &[&'p [u8]], order: InputOrder<'_>, wanted: impl Fn(&Row<'p>) -> bool) -> Self {
        let of_part = |part: &&'p [u8]| rows(part).filter(|row| order.is_used(row.origin.file) && wanted(row));
        let all: Vec<Row<'p>> = parts.iter().flat_map(of_part).collect();
        let mut sorted: Vec<u32> = (0..all.len() as u32).collect();
        // An element's number within its envelope is its weight, and tells operations at one offset apart.
        let key = |n: &u32| {
            let row = &all[*n as usize];
            (row.kind.class(), row.id.as_bytes(), order.place(row.origin), row.weight)
        };
        sorted.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let rows: Vec<Row<'p>> = sorted.into_iter().map(|n| all[n as usize]).collect();
        let mut groups = Vec::new();
        let mut start = 0;
        while start < rows.len() {
            let (kind, id) = (rows[start].kind.class(), rows[start].id);
            let same = |row: &&Row<'_>| row.kind.class() == kind && row.id == id;
            let end = start + rows[start..].iter().take_while(same).count();
            groups.push(Group { kind, rows: start..end, kept: kept(&rows, start..end, order) });
            start = end;
        }
        Resolved { rows, groups }
    }

    /// The rows of a group.
    pub fn of(&self, group: &Group) -> &[Row<'p>] {
        &self.rows[group.rows.clone()]
    }

    /// What became of a document's row within its group. Operations are told by [`merge`].
    pub fn fate(&self, group: &Group, at: usize) -> Fate {
        match group.kept {
            Some(kept) if kept == at => Fate::Accepted,
            Some(kept) if self.rows[kept].equals(&self.rows[at]) => Fate::Duplicate,
            _ => Fate::Superseded,
        }
    }

    /// The facts of all full copies of a group, in input order, where there are several.
    pub fn copies(&self, group: &Group) -> Vec<CopyFacts> {
        let full: Vec<&Row<'p>> = self.of(group).iter().filter(|row| is_full(row)).collect();
        if full.len() < 2 {
            return Vec::new();
        }
        let mut contents = HashMap::new();
        let facts = |row: &&Row<'p>| {
            let next = contents.len() as u32;
            let content = *contents.entry((row.updated_at, row.version, row.weight, row.body)).or_insert(next);
            CopyFacts { updated_at: row.updated_at, version: row.version, content }
        };
        full.iter().map(facts).collect()
    }

    /// The copies that are neither kept nor equal to the kept one, in input order; whether each is a full one.
    pub fn superseded(&self, group: &Group) -> impl Iterator<Item = (&Row<'p>, bool)> {
        let is_copy = |row: &Row<'_>| is_full(row) || row.kind == RowKind::Partial;
        let places = group.rows.clone();
        places
            .filter(move |at| is_copy(&self.rows[*at]) && self.fate(group, *at) == Fate::Superseded)
            .map(|at| (&self.rows[at], is_full(&self.rows[at])))
    }
}

fn kept(rows: &[Row<'_>], range: Range<usize>, order: InputOrder<'_>) -> Option<usize> {
    let best = |is: fn(&Row<'_>) -> bool| {
        range.clone().filter(|at| is(&rows[*at])).max_by(|a, b| preference(&rows[*a], &rows[*b], order))
    };
    best(is_full).or_else(|| best(is_lesser))
}
