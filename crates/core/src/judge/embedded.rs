//! Sessions embedded in transactions. Nearly all agree with their transaction and occur in no other
//! document: they are judged with it, here. The others become rows of their own.

use super::totals::Sums;
use crate::evidence;
use crate::ledger::{Session, SessionFacts, TransactionFacts, Triggers};
use crate::model::card::Kind;
use crate::model::evidence::Watch;
use crate::model::finding::RuleHit;
use crate::model::settings::{Facts, Settings};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::{Group, SealedRows};
use crate::rows::{self, Key, KeyFilter, Partitions, Row, RowKind, Sealed, Wire, text_of};
use crate::rules::{Checks, Cx};

/// The run-wide inputs of this step.
#[derive(Clone, Copy)]
pub struct EmbeddedPlan<'a> {
    pub checks: &'a Checks,
    pub settings: &'a Settings,
    /// The keys by which documents may be joined.
    pub keys: &'a KeyFilter,
    /// Whether a document of the input may have an id of a production account.
    pub may_have_production: bool,
    /// Evidence parts of an earlier run's findings to look for.
    pub watch: Watch<'a>,
    /// Whether every session becomes a row.
    pub keeps_all: bool,
}

/// What the sessions embedded in the transactions of some partitions come to.
#[derive(Debug)]
pub struct EmbeddedResult {
    /// The rows of sessions that are judged on their own.
    pub rows: Partitions,
    /// Their keys: to be merged with those of all documents.
    pub keys: KeyFilter,
    /// The sessions that were judged.
    pub sums: Sums,
    /// Facts of those sessions.
    pub facts: Facts,
}

impl EmbeddedResult {
    /// Creates an empty result for `partitions` partitions of rows; `keys` must be empty.
    pub fn new(partitions: usize, keys: KeyFilter) -> Self {
        EmbeddedResult { rows: Partitions::new(partitions), keys, sums: Sums::default(), facts: Facts::default() }
    }
}

/// Judges the sessions embedded in a partition's transactions, and writes those that need more than
/// their transaction as rows of their own. Each body is followed by the transaction's id and copy
/// state. Full rows must stand for those of [`take_copied`](super::take_copied).
pub fn embedded_sessions<'p>(rows: &mut SealedRows<'p>, plan: &EmbeddedPlan<'_>, out: &mut EmbeddedResult) {
    let EmbeddedResult { rows: sessions, keys, sums, facts } = out;
    let mut pairs = Pairs { plan, sums, facts, session: Session::default(), hits: Vec::new() };
    rows.drop_transactions(|row| pairs.is_done(row));
    rows.each_group(|group| write_sessions(group, keys, sessions));
}

fn write_sessions(group: &Group<'_>, keys: &mut KeyFilter, out: &mut Partitions) {
    let Some(state) = evidence::state_of(group) else { return };
    let kept = group.kept_row().map(|row| (row, RowKind::EmbeddedSession));
    let superseded = group.superseded().map(|(row, _)| (row, RowKind::FormerSession));
    for (row, kind) in kept.into_iter().chain(superseded) {
        let Some(session) = rows::embedded_session(row) else { continue };
        // What both name was noted once.
        keys.repeat(Key::Transaction, group.id());
        keys.repeat(Key::Session, session.id);
        Row { kind, ..session }.write(out.of(session.id), |out| {
            out.extend_from_slice(session.body);
            let start = out.len();
            out.text(group.id());
            evidence::pack_state(out, &state);
            let length = (out.len() - start) as u32;
            out.extend_from_slice(&length.to_le_bytes());
        });
    }
}

/// Judges pairs of a transaction and the session inside.
struct Pairs<'j, 'p> {
    plan: &'j EmbeddedPlan<'j>,
    sums: &'j mut Sums,
    facts: &'j mut Facts,
    session: Session<'p>,
    hits: Vec<RuleHit<'p>>,
}

impl<'p> Pairs<'_, 'p> {
    /// Whether nothing is left to do for a transaction: it has no copy, and no session or one that
    /// only it names and that no rule finds fault with.
    fn is_done(&mut self, row: &Sealed<'p>) -> bool {
        let EmbeddedPlan { keys, watch, keeps_all, .. } = *self.plan;
        if row.kind == RowKind::Partial || keeps_all || keys.is_repeated(Key::Transaction, row.id) {
            return false;
        }
        let row = row.open();
        let Some(session) = rows::embedded_session(&row) else { return true };
        if keys.is_repeated(Key::Session, session.id.as_bytes())
            || watch.parts_of(Kind::Session, session.id).next().is_some()
            || !self.is_clean(&row, &session)
        {
            return false;
        }
        self.sums.of(self.session.currency).subjects[Kind::Session as usize] += 1;
        *self.facts = self.facts.merge(Facts {
            as_of: session.updated_at.max(self.session.created_at),
            has_production: rows::is_production(session.id),
            ..Facts::default()
        });
        true
    }

    /// Whether a transaction and its session name each other and no rule finds fault with the session.
    fn is_clean(&mut self, row: &Row<'p>, session: &Row<'p>) -> bool {
        let account = rows::account(row);
        rows::session(&Row { kind: RowKind::Session, ..*session }, &mut self.session);
        let named = account.session_id.map(text_of);
        let names_session = named == Some(session.id);
        let named_back = self.session.transaction_id == Some(row.id);
        let names_other = named.is_some() && !names_session || self.session.transaction_id.is_some() && !named_back;
        if account.triggers.has(Triggers::UNREAD) || names_other || !(names_session || named_back) {
            return false;
        }
        let EmbeddedPlan { checks, settings, may_have_production, .. } = *self.plan;
        let facts = &Facts { has_production: may_have_production, ..Facts::default() };
        let hits = &mut self.hits;
        for (card, check) in &checks.document {
            check(Active::environment(session.id), &mut Cx { settings, facts, card, hits });
        }
        for (card, check) in &checks.session {
            check(&self.session, &mut Cx { settings, facts, card, hits });
        }
        let transaction = TransactionFacts::of(row.id, &account.figures, None, row.origin);
        let transaction = TransactionFacts { currency: account.currency, session_id: named, ..transaction };
        let of_session = SessionFacts::from(&self.session);
        for (card, check) in &checks.session_pair {
            check(&of_session, &transaction, &mut Cx { settings, facts, card, hits });
        }
        let is_clean = hits.is_empty();
        hits.clear();
        is_clean
    }
}

/// Returns the latest time of embedded sessions, and whether one is of a production account.
/// Embedded sessions that also exist standalone are skipped, and so are those that were judged with their transaction.
pub fn session_documents(rows: &SealedRows<'_>) -> Facts {
    let mut facts = Facts::default();
    let mut session = Session::default();
    rows.each_group(|group| {
        if group.kept_row().is_some_and(|kept| kept.kind == RowKind::EmbeddedSession) {
            for row in group.rows.iter().filter(|row| row.kind == RowKind::EmbeddedSession) {
                rows::session(row, &mut session);
                facts = facts.merge(Facts {
                    as_of: row.updated_at.max(session.created_at),
                    has_production: rows::is_production(row.id),
                    ..Facts::default()
                });
            }
        }
    });
    facts
}
