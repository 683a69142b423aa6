//! Judges transactions by the front of their rows; the ledger is unpacked only if triggers or
//! differing copies require it.

use super::again::open_since;
use super::balance::{self, Beside};
use super::documents::Judge;
use super::links;
use crate::evidence;
use crate::findings::{Judged, WaitingSubject, move_waiting, write_waiting};
use crate::ledger::{Figures, Ledger, Settled, TransactionFacts, Triggers, states};
use crate::link;
use crate::model::card::Kind;
use crate::model::cause::Undone;
use crate::model::evidence::CopyState;
use crate::model::finding::Timed;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::Group;
use crate::rows::{self, Account, Key, KeyPlaces, Row, RowKind, write_account};
use crate::rules::Cx;

impl<'p> Judge<'_, 'p> {
    pub(super) fn transaction(&mut self, group: &Group<'p>, ledger: &mut Ledger<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        let mut account = rows::account(kept);
        account.look_at_moves();
        // Asked for long before it is needed, because it lies anywhere in memory.
        let keys = self.plan.keys;
        let reference = account.merchant_reference.map(|id| (id, keys.places_of(Key::Reference, id)));
        self.moves.clear();
        let (id, origin) = (kept.id, kept.origin);
        self.note(group);
        if kept.kind == RowKind::Partial {
            rows::transaction(kept, ledger);
            self.run(&self.plan.checks.partial, |check, cx| check(ledger, cx));
            self.conclude(group, || {
                let judged = Judged::ledger(Kind::Transaction, id, &account.names(), None, origin);
                judged.replace_evidence(evidence::of_document(group))
            });
            self.out.sums.of(account.currency).subjects[Kind::Transaction as usize] += 1;
            return self.link_transaction(group, kept, &account, reference, None, None);
        }
        let is_whole = self.look(group, kept, &mut account, ledger);
        self.run(&self.plan.checks.document, |check, cx| check(Active::environment(id), cx));
        let Account { figures, packed_names, packed, .. } = &account;
        let derived =
            states::expected(figures.authorized, &figures.totals).map(|expected| Active::WORDING.of_expected(expected));
        let undone = self.conclude(group, || {
            let judged = Judged::ledger(Kind::Transaction, id, &account.names(), derived, origin);
            judged.replace_evidence(evidence::of_document(group))
        });
        let stated = (account.currency, account.created_at);
        let moves = account.moves.chain(self.moves.iter().copied());
        self.out.sums.add_transaction(stated, figures, moves, &self.plan.today());
        let write = |out: &mut Vec<u8>| match packed {
            [] => write_account(out, figures, |out| out.extend_from_slice(packed_names)),
            packed => out.extend_from_slice(packed),
        };
        let open_days = self.plan.today().open_days(figures, account.created_at);
        let (beside, whole) = (Beside { derived, open_days, origin }, is_whole.then_some(&*ledger));
        balance::write_ledger(&mut self.out.balances, (Kind::Transaction, id), write, &beside, whole);
        self.link_transaction(group, kept, &account, reference, derived, undone);
    }

    /// Unpacks the ledger and runs the rules if triggers or differing copies require it; short rows stand only for
    /// copies of which no rule has anything to say. Returns whether the ledger is one that a rule was asked about by a
    /// trigger, or found fault with.
    fn look(&mut self, group: &Group<'p>, kept: &Row<'p>, account: &mut Account<'p>, ledger: &mut Ledger<'p>) -> bool {
        let triggers = self.timely(kept, account);
        if triggers == Triggers::NONE && (kept.kind.is_short() || !group.differs()) {
            return false;
        }
        rows::transaction(kept, ledger);
        ledger.settle();
        for (card, gate, check) in &self.plan.checks.transaction {
            if triggers.has(*gate) {
                let mut cx = Cx { settings: self.plan.settings, facts: self.plan.facts, card, hits: &mut self.hits };
                check(ledger, &mut cx);
            }
        }
        if self.hits.iter().any(|(_, hit)| hit.waits()) {
            let waiter = WaitingSubject::named(kept.id, &account.names(), kept.origin);
            move_waiting(&mut self.hits, &waiter, &mut self.out.waiting);
        }
        self.trace(ledger, &mut self.plan.checks.transaction.iter().map(|(card, _, check)| (*card, *check)));
        if triggers.has(Triggers::UNREAD) {
            account.figures = Figures::of(ledger, &mut self.moves);
        }
        self.copies(group, kept.id, Some(ledger), |row| {
            let mut copy = Ledger::new();
            rows::transaction(row, &mut copy);
            copy.settle();
            Some(copy)
        });
        triggers != Triggers::NONE || !self.hits.is_empty()
    }

    /// Returns the triggers that apply at this as-of. An open amount counts only after the
    /// authorization window; until then it goes to the waiting rows.
    fn timely(&mut self, kept: &Row<'p>, account: &Account<'p>) -> Triggers {
        let settings = self.plan.settings;
        if !account.triggers.has(Triggers::OPEN) {
            return account.triggers;
        }
        match (open_since(account, settings), self.plan.facts.as_of) {
            (None, _) => account.triggers,
            (Some(_), None) => account.triggers.without(Triggers::OPEN),
            // With other triggers the ledger is unpacked, and the rule itself makes the waiting hit.
            (Some((since, window)), Some(as_of))
                if account.triggers == Triggers::OPEN && !as_of.is_later_by_more_than(since, window) =>
            {
                if let Some(card) = self.plan.checks.stale {
                    let timed = Timed { since, due: since.plus(window), waits: true };
                    let waiter = WaitingSubject::named(kept.id, &account.names(), kept.origin);
                    write_waiting(&mut self.out.waiting, card, &waiter, None, Some(account.figures.open()), timed);
                }
                Triggers::NONE
            }
            _ => account.triggers,
        }
    }

    fn link_transaction(
        &mut self,
        group: &Group<'p>,
        kept: &Row<'p>,
        account: &Account<'p>,
        reference: Option<(&'p [u8], KeyPlaces)>,
        derived: Option<&'p str>,
        undone: Option<Undone>,
    ) {
        let undone = undone.map(|undone| link::pack_undone(&undone));
        let partial = kept.kind == RowKind::Partial;
        let Some(state) = evidence::state_of(group) else { return };
        // Most transactions have no key in common with another document, so their facts are not needed.
        let facts = || TransactionFacts {
            partial,
            entries: account.entries,
            state,
            ..TransactionFacts::of(kept.id, &account.figures, derived, kept.origin)
        };
        let (linking, keys) = (self.plan.linking, self.plan.keys);
        let linked = |key, id: &[u8]| {
            let linked = TransactionFacts { undone: undone.as_deref(), ..facts() };
            link::write_transaction(self.out.links.of_bytes(id), key, id, account.packed_names, &linked);
        };
        let joinable = links::Joinable {
            id: kept.id,
            session: account.session_id,
            reference,
            names_settlements: !account.entries.is_empty(),
            partial,
            net: account.figures.net(),
        };
        links::keys_of_transaction(&joinable, linking, keys, linked);
        if linking.remittances && !partial {
            links::of_correlations(kept.id, account, &self.moves, keys, &mut self.out.links);
        }
        if linking.orders && group.rows.len() > 1 {
            self.link_former(group, &state);
        }
        // Without reports, only a settlement status can be wrong, and only where nothing was captured.
        let may_be_wrong = account.has_settlement_status && account.figures.totals.captured == 0;
        if !linking.settlements && !partial && may_be_wrong {
            self.settled_alone(group, &facts().named(&account.names()));
        }
    }

    fn link_former(&mut self, group: &Group<'p>, state: &CopyState) {
        for (row, _) in group.superseded() {
            let names = rows::account(row).names();
            if let Some(reference) = names.merchant_reference {
                links::of_former_transaction(reference, group.id(), state, &mut self.out.links);
            }
        }
    }

    /// Runs the settlement rules on a transaction of an input without settlement reports.
    fn settled_alone(&mut self, group: &Group<'p>, facts: &TransactionFacts<'p>) {
        let settled = Settled {
            transaction: facts,
            status: facts.settlement_status.and_then(Active::settlement_status),
            product_of: Active::product,
            lines: 0,
            captured: 0,
            refunded: 0,
            names_settlements: !facts.entries.is_empty(),
        };
        self.run(&self.plan.checks.settled, |check, cx| check(&settled, cx));
        move_waiting(&mut self.hits, &WaitingSubject::from(facts), &mut self.out.waiting);
        self.conclude(group, || Judged::transaction(facts));
    }
}
