//! Resolves copies: of all rows with one id, chooses the kept one and the fates of the others.

mod orders;
mod sorted;

pub use orders::{MergedOperation, given, merge};

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::ledger::CopyFacts;
use crate::model::card::Kind;
use crate::model::origin::FileNo;
use crate::rows::{Row, RowKind, Sealed, hash_of_bytes, rows};

/// The outcome of a record.
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

/// The rank of each file in input order; `None` for a refused file.
#[derive(Clone, Copy, Debug)]
pub struct InputOrder<'o> {
    /// By file number while reading.
    pub ranks: &'o [Option<FileNo>],
}

impl InputOrder<'_> {
    /// The rank of a row's file; `None` if the file was refused. Embedded sessions come from
    /// resolved rows, whose file is a rank already.
    fn rank(&self, row: &Sealed<'_>) -> Option<FileNo> {
        match row.kind {
            RowKind::EmbeddedSession | RowKind::FormerSession => Some(row.origin.file),
            _ => self.ranks[row.origin.file as usize],
        }
    }
}

/// How many rows are looked up together: what is found lies anywhere in memory.
const TOGETHER: usize = 64;

/// All rows of one id; their files are numbered in input order.
#[derive(Clone, Debug)]
pub struct Group<'p> {
    pub kind: Kind,
    /// In input order.
    pub rows: Vec<Row<'p>>,
    /// Index of the kept document's row; `None` for an order known by its operations alone.
    pub kept: Option<usize>,
}

/// Orders copies by preference: latest update, higher version, more events, later in input order.
fn preference(a: &Row<'_>, b: &Row<'_>) -> Ordering {
    let key = |row: &Row<'_>| (row.updated_at, row.version, row.weight, row.origin.place());
    key(a).cmp(&key(b))
}

/// Whether a row is a full document, which is kept in preference to any other kind of row.
fn is_full(row: &Row<'_>) -> bool {
    let is_document =
        matches!(row.kind, RowKind::Transaction | RowKind::Order | RowKind::Session | RowKind::Settlement);
    is_document || row.kind.is_short() || row.kind == RowKind::Remittance
}

/// Whether a row is a document that is kept only if there is no full one.
fn is_lesser(row: &Row<'_>) -> bool {
    matches!(row.kind, RowKind::Partial | RowKind::EmbeddedSession | RowKind::Header)
}

impl<'p> Group<'p> {
    /// Reads the packed rows of one group, which must be in the group's order.
    pub fn read(bytes: &'p [u8]) -> Option<Group<'p>> {
        let rows: Vec<Row<'p>> = rows(bytes).map(|row| row.open()).collect();
        Some(Group { kind: rows.first()?.kind.class(), kept: kept(&rows), rows })
    }

    pub fn id(&self) -> &'p str {
        self.rows[0].id
    }

    /// The header that is kept among headers, beside a report too.
    pub fn kept_header(&self) -> Option<&Row<'p>> {
        let headers = self.rows.iter().filter(|row| row.kind == RowKind::Header);
        headers.max_by(|a, b| preference(a, b))
    }

    pub fn kept_row(&self) -> Option<&Row<'p>> {
        self.kept.map(|at| &self.rows[at])
    }

    /// The fate of a document's row; those of operations come from [`merge`].
    pub fn fate(&self, at: usize) -> Fate {
        match self.kept {
            Some(kept) if kept == at => Fate::Accepted,
            Some(kept) if self.rows[kept].equals(&self.rows[at]) => Fate::Duplicate,
            _ => Fate::Superseded,
        }
    }

    /// Whether its rows are not all equal.
    pub fn differs(&self) -> bool {
        self.rows.windows(2).any(|pair| !pair[0].equals(&pair[1]))
    }

    /// The facts of all full copies in input order; empty if there are fewer than two.
    pub fn copies(&self) -> Vec<CopyFacts> {
        let full: Vec<&Row<'p>> = self.rows.iter().filter(|row| is_full(row)).collect();
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

    /// The superseded copies in input order, and whether each is full. Embedded sessions and
    /// headers are left out.
    pub fn superseded(&self) -> impl Iterator<Item = (&Row<'p>, bool)> {
        let is_copy = |row: &Row<'_>| is_full(row) || row.kind == RowKind::Partial;
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(at, row)| is_copy(row) && self.fate(*at) == Fate::Superseded)
            .map(|(_, row)| (row, is_full(row)))
    }
}

/// The rows of a partition by kind, their bodies unread. Rows of refused files are left out; files
/// are numbered in input order.
#[derive(Debug)]
pub struct SealedRows<'p> {
    by_kind: [Vec<Sealed<'p>>; Kind::OF_ROWS.len()],
}

impl<'p> SealedRows<'p> {
    /// The `wanted` rows among runs of rows.
    pub fn new(parts: &[&'p [u8]], order: InputOrder<'_>, wanted: impl Fn(Kind) -> bool) -> Self {
        let mut all = SealedRows { by_kind: Default::default() };
        parts.iter().for_each(|part| all.add_wanted(part, order, &wanted));
        all
    }

    /// Adds a run of rows.
    pub fn add(&mut self, part: &'p [u8], order: InputOrder<'_>) {
        self.add_wanted(part, order, |_| true);
    }

    fn add_wanted(&mut self, part: &'p [u8], order: InputOrder<'_>, wanted: impl Fn(Kind) -> bool) {
        for row in rows(part) {
            if let Some(file) = order.rank(&row).filter(|_| wanted(row.kind.class())) {
                self.by_kind[row.kind.class() as usize].push(row.in_file(file));
            }
        }
    }

    /// Splits rows and the short ones that were taken out into as many parts, a power of two, by their ids.
    pub fn split(self, short: Vec<Row<'p>>, count: usize) -> Vec<(Self, Vec<Row<'p>>)> {
        if count == 1 {
            return vec![(self, short)];
        }
        // These bits choose neither the partition nor its share.
        let place = |id: &[u8]| (hash_of_bytes(id) >> 20) as usize & (count - 1);
        let none = || (SealedRows { by_kind: Default::default() }, Vec::new());
        let mut parts: Vec<(Self, Vec<Row<'p>>)> = std::iter::repeat_with(none).take(count).collect();
        for row in self.by_kind.into_iter().flatten() {
            parts[place(row.id)].0.by_kind[row.kind.class() as usize].push(row);
        }
        short.into_iter().for_each(|row| parts[place(row.id.as_bytes())].1.push(row));
        parts
    }

    /// Removes the transactions that `is` holds for.
    pub fn drop_transactions(&mut self, mut is: impl FnMut(&Sealed<'p>) -> bool) {
        self.by_kind[Kind::Transaction as usize].retain(|row| !is(row));
    }

    /// Removes the transactions that `is` holds for, and returns them.
    pub fn take_transactions(&mut self, mut is: impl FnMut(&Sealed<'p>) -> bool) -> Vec<Row<'p>> {
        let mut taken = Vec::new();
        self.drop_transactions(|row| {
            let is = is(row);
            taken.extend(is.then(|| row.open()));
            is
        });
        taken
    }

    /// Removes the short rows of transactions whose rows `need` it, and returns them. `need` is called
    /// with all rows of an id among those that `may`, which gets what `find` says of some rows before.
    pub fn take_copies<F>(
        &mut self,
        find: impl Fn(&Sealed<'p>) -> F,
        may: impl Fn(&Sealed<'p>, F) -> bool,
        mut need: impl FnMut(&[Row<'p>]) -> bool,
    ) -> Vec<Row<'p>> {
        let rows = &mut self.by_kind[Kind::Transaction as usize];
        let (mut copies, mut found) = (Vec::new(), Vec::with_capacity(TOGETHER));
        for (start, some) in (0..).step_by(TOGETHER).zip(rows.chunks(TOGETHER)) {
            found.extend(some.iter().map(&find));
            let may = some.iter().zip(found.drain(..)).map(|(row, found)| may(row, found));
            copies.extend((start..).zip(may).filter_map(|(at, may)| may.then_some(at)));
        }
        copies.sort_unstable_by_key(|at| (rows[*at].id, *at));
        let (mut same, mut taken) = (Vec::new(), Vec::new());
        for of_id in copies.chunk_by(|a, b| rows[*a].id == rows[*b].id) {
            same.clear();
            same.extend(of_id.iter().map(|at| rows[*at].open()));
            if same.iter().any(|row| row.kind.is_short()) && need(&same) {
                taken.extend(of_id.iter().copied().filter(|at| rows[*at].kind.is_short()));
            }
        }
        taken.sort_unstable();
        let short = taken.iter().map(|at| rows[*at].open()).collect();
        let (mut at, mut taken) = (0, taken.into_iter().peekable());
        rows.retain(|_| {
            let is_taken = taken.next_if_eq(&at).is_some();
            at += 1;
            !is_taken
        });
        short
    }

    /// The short rows whose full rows are not there.
    pub fn without_full(&self, mut short: Vec<Row<'p>>) -> Vec<Row<'p>> {
        if !short.is_empty() {
            let full = self.by_kind[Kind::Transaction as usize].iter().filter(|row| !row.kind.is_short());
            let full: BTreeSet<_> = full.map(|row| row.open().origin.place()).collect();
            short.retain(|row| !full.contains(&row.origin.place()));
        }
        short
    }

    /// Calls `each` with the rows of every kind and id, in the order of both. The group passed to
    /// `each` is reused.
    pub fn each_group(&self, mut each: impl FnMut(&Group<'p>)) {
        for (kind, rows) in Kind::OF_ROWS.into_iter().zip(&self.by_kind) {
            let mut group = Group { kind, rows: Vec::new(), kept: None };
            sorted::each_id(rows, |same| {
                group.rows.clear();
                group.rows.extend(same.iter().map(|key| rows[key.1 as usize].open()));
                if group.rows.len() > 1 {
                    // An operation's weight is its index in the envelope, which orders operations at
                    // one offset.
                    group.rows.sort_unstable_by_key(|row| (row.origin.place(), row.weight));
                }
                group.kept = kept(&group.rows);
                each(&group);
            });
        }
    }
}

/// The index of the kept document's row.
pub fn kept(rows: &[Row<'_>]) -> Option<usize> {
    if let [only] = rows {
        return (is_full(only) || is_lesser(only)).then_some(0);
    }
    // What a provider reports twice counts once, where it stands first.
    if rows.first().is_some_and(|first| first.kind == RowKind::Remittance && rows.iter().all(|row| row.equals(first))) {
        return Some(0);
    }
    let best = |is: fn(&Row<'_>) -> bool| {
        let fit = (0..rows.len()).filter(|at| is(&rows[*at]));
        fit.max_by(|a, b| preference(&rows[*a], &rows[*b]))
    };
    best(is_full).or_else(|| best(is_lesser))
}
