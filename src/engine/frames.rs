//! The kept documents of all partitions in the order of reports, for whoever wants each of them whole.

use avstem_core::ledger::{Ledger, Session};
use avstem_core::model::card::Kind;
use avstem_core::model::origin::Origin;
use avstem_core::normalize::{self, Partitions, RowKind};
use avstem_core::resolve::{Fate, Group, InputOrder, each_group, merge};
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

    fn parts(&self, at: usize) -> Vec<&[u8]> {
        self.rows.iter().map(|rows| rows.part(at)).collect()
    }

    fn count(&self) -> usize {
        self.rows.first().map_or(0, Partitions::count)
    }

    /// Calls `take` with every ledger, by kind, then id.
    pub fn ledgers<E>(&self, mut take: impl FnMut(&Ledger<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut all: Vec<Group<'_>> = Vec::new();
        for at in 0..self.count() {
            let wanted = |kind| matches!(kind, Kind::Transaction | Kind::Order);
            each_group(&self.parts(at), self.order(), wanted, |group| {
                if group.kept_row().is_none_or(|kept| kept.kind != RowKind::Partial) {
                    all.push(group.clone());
                }
            });
        }
        all.sort_unstable_by_key(|group| (group.kind, group.id()));
        let mut ledger = Ledger::new();
        for group in &all {
            if ledger_of(group, self.order(), &mut ledger) {
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
        let count = self.count();
        let mut embedded = Partitions::new(count.max(1));
        (0..count).for_each(|at| embedded_sessions(&self.parts(at), self.order(), &mut embedded));
        for at in 0..count {
            let mut parts = self.parts(at);
            parts.push(embedded.part(at));
            let mut session = Session::default();
            each_group(
                &parts,
                self.order(),
                |kind| kind == Kind::Session,
                |group| {
                    let Some(kept) = group.kept_row() else { return };
                    normalize::session(kept, &mut session);
                    session.origin.file = self.sources[session.origin.file as usize];
                    take(&session);
                },
            );
        }
    }

    /// What became of every document, by kind, id and input order.
    pub fn documents(&self) -> Vec<DocumentFate> {
        let mut fates = Vec::new();
        for at in 0..self.count() {
            each_group(
                &self.parts(at),
                self.order(),
                |_| true,
                |group| {
                    if group.kind == Kind::Order {
                        for (at, fate) in merge(&group.rows, group.kept, self.order()).1 {
                            fates.push(self.fate(Kind::Order, group.id(), group.rows[at].origin, fate));
                        }
                    }
                    for (at, row) in group.rows.iter().enumerate() {
                        if !matches!(row.kind, RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession) {
                            fates.push(self.fate(group.kind, row.id, row.origin, group.fate(at)));
                        }
                    }
                },
            );
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
