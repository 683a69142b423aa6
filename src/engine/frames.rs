//! The kept documents of all partitions in the order of reports, for whoever wants each of them whole.

use avstem_core::ledger::{Ledger, Session};
use avstem_core::model::card::Kind;
use avstem_core::model::origin::Origin;
use avstem_core::normalize::{self, Partitions, RowKind};
use avstem_core::resolve::{Fate, InputOrder, Resolved, merge};
use avstem_core::shard::{embedded_sessions, ledger_of};

/// Rows that are kept after judging, so that ledgers can be looked at again.
pub struct Kept {
    /// Rows as they were read, a set for each worker.
    pub rows: Vec<Partitions>,
    /// The place of each file in input order.
    pub ranks: Vec<Option<u32>>,
    /// The number of each file among the outcome's sources.
    pub sources: Vec<u32>,
}

/// What became of one document.
#[derive(Clone, Debug)]
pub struct DocumentFate {
    /// What it is; an operation counts with its order.
    pub kind: Kind,
    /// Its id; an operation's order.
    pub id: String,
    /// Its record; the file is the number among the outcome's sources.
    pub origin: Origin,
    /// What became of it.
    pub fate: Fate,
}

impl Kept {
    fn order(&self) -> InputOrder<'_> {
        InputOrder { ranks: &self.ranks }
    }

    fn resolved(&self) -> Vec<Resolved<'_>> {
        let count = self.rows.first().map_or(0, Partitions::count);
        let parts = |at: usize| -> Vec<&[u8]> { self.rows.iter().map(|rows| rows.part(at)).collect() };
        (0..count).map(|at| Resolved::new(&parts(at), self.order(), |_| true)).collect()
    }

    /// Calls `take` with every ledger, by kind, then id.
    pub fn ledgers<E>(&self, mut take: impl FnMut(&Ledger<'_>) -> Result<(), E>) -> Result<(), E> {
        let resolved = self.resolved();
        let mut all: Vec<(Kind, &str, usize, usize)> = Vec::new();
        for (at, partition) in resolved.iter().enumerate() {
            for (n, group) in partition.groups.iter().enumerate() {
                let is_partial = group.kept.is_some_and(|kept| partition.rows[kept].kind == RowKind::Partial);
                if matches!(group.kind, Kind::Transaction | Kind::Order) && !is_partial {
                    all.push((group.kind, partition.rows[group.rows.start].id, at, n));
                }
            }
        }
        all.sort_unstable();
        let mut ledger = Ledger::new();
        for (_, _, at, n) in all {
            if ledger_of(&resolved[at], &resolved[at].groups[n], self.order(), &mut ledger) {
                for event in &mut ledger.events {
                    event.origin.file = self.sources[event.origin.file as usize];
                }
                ledger.head.origin.file = self.sources[ledger.head.origin.file as usize];
                take(&ledger)?;
            }
        }
        Ok(())
    }

    /// Calls `take` with every kept session, those inside kept transactions included; in no order.
    pub fn sessions(&self, mut take: impl FnMut(&Session<'_>)) {
        let count = self.rows.first().map_or(0, Partitions::count);
        let parts = |at: usize| -> Vec<&[u8]> { self.rows.iter().map(|rows| rows.part(at)).collect() };
        let mut embedded = Partitions::new(count.max(1));
        (0..count).for_each(|at| embedded_sessions(&parts(at), self.order(), &mut embedded));
        for at in 0..count {
            let mut runs = parts(at);
            runs.push(embedded.part(at));
            let resolved = Resolved::new(&runs, self.order(), |row| row.kind.class() == Kind::Session);
            let mut session = Session::default();
            for kept in resolved.groups.iter().filter_map(|group| group.kept) {
                normalize::session(&resolved.rows[kept], &mut session);
                session.origin.file = self.sources[session.origin.file as usize];
                take(&session);
            }
        }
    }

    /// What became of every document, by kind, id and input order.
    pub fn documents(&self) -> Vec<DocumentFate> {
        let mut fates = Vec::new();
        for partition in self.resolved() {
            for group in &partition.groups {
                let rows = partition.of(group);
                let kept = group.kept.map(|at| at - group.rows.start);
                if group.kind == Kind::Order {
                    for (at, fate) in merge(rows, kept, self.order()).1 {
                        fates.push(self.fate(Kind::Order, rows[at].id, rows[at].origin, fate));
                    }
                }
                for at in group.rows.clone() {
                    let row = &partition.rows[at];
                    if !matches!(row.kind, RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession) {
                        fates.push(self.fate(group.kind, row.id, row.origin, partition.fate(group, at)));
                    }
                }
            }
        }
        fates.sort_by(|a, b| {
            let place = |f: &DocumentFate| (f.origin.file, f.origin.offset);
            (a.kind, &a.id, place(a)).cmp(&(b.kind, &b.id, place(b)))
        });
        fates
    }

    fn fate(&self, kind: Kind, id: &str, mut origin: Origin, fate: Fate) -> DocumentFate {
        origin.file = self.sources[origin.file as usize];
        DocumentFate { kind, id: id.to_owned(), origin, fate }
    }
}
