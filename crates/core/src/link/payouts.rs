//! What the entries of a transaction, and the settlement lines that name it, say about payouts.

use std::collections::BTreeMap;

use super::join::Joiner;
use super::rows::{LineFacts, LinkFacts, LinkRow, pack_facts};
use crate::evidence;
use crate::findings::Judged;
use crate::ledger::TransactionFacts;
use crate::model::card::Kind;
use crate::model::evidence::{CopyState, MOST_DOCUMENTS, document_part};
use crate::payout::{JoinedBy, PayoutEntry, PayoutLine, PayoutRow, write};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::each_entry;

impl Joiner<'_> {
    /// Writes the rows of payouts that name a transaction, or are named by it; `transaction` is the
    /// full one of this id.
    pub(super) fn payouts<'p>(
        &mut self,
        id: &'p str,
        transaction: Option<&TransactionFacts<'p>>,
        rows: &[LinkRow<'p>],
    ) {
        let lines =
            || rows.iter().filter_map(|row| if let LinkFacts::Line(line) = row.facts { Some(line) } else { None });
        for line in lines() {
            let joined = PayoutLine {
                line: line.place,
                transaction: Some(id.to_owned()),
                joined_by: transaction.map(|_| JoinedBy::Line),
                product_type: product_of(&line, transaction),
                parts: line.share.parts,
                net: line.share.net,
                record: line.origin,
                ..PayoutLine::default()
            };
            let key = (Active::NAMESPACE, line.settlement, line.share.currency);
            write(&mut self.out.payouts, key, &PayoutRow::Line(joined));
        }
        let Some(transaction) = transaction.filter(|transaction| !transaction.entries.is_empty()) else { return };
        let entries = entries_of(transaction);
        lines().filter(|line| !entries.contains_key(line.settlement)).for_each(|line| self.unnamed(&line, transaction));
        let currency = transaction.currency.unwrap_or_default();
        let named: Vec<&str> = entries.keys().copied().collect();
        for (settlement, mut entry) in entries {
            let counts = |line: &LineFacts<'_>| {
                line.settlement == settlement && (line.share.currency.is_empty() || line.share.currency == currency)
            };
            for line in lines().filter(counts) {
                entry.in_lines[0] += line.share.parts.captures;
                entry.in_lines[1] -= line.share.parts.refunds;
            }
            if self.whole.has_reports && entry.in_lines != [entry.parts.captures, -entry.parts.refunds] {
                entry.facts = Some(pack_facts(transaction));
                let others = named.iter().filter(|other| **other != settlement).take(MOST_DOCUMENTS + 1);
                let parts = others.map(|other| document_part(Kind::Settlement, other, &CopyState::default()));
                entry.others = parts.collect::<Vec<_>>().join(" ");
            }
            let key = (Active::NAMESPACE, settlement, currency);
            write(&mut self.out.payouts, key, &PayoutRow::Entry(entry));
        }
    }

    /// Judges a line of a settlement that none of the transaction's events names, though they name others.
    fn unnamed<'p>(&mut self, line: &LineFacts<'p>, transaction: &TransactionFacts<'p>) {
        let (settlement, named) = line.of_report(transaction.id);
        let hits = self.hits(&self.checks.unnamed_line, |check, cx| check(&settlement, &named, cx));
        let report = document_part(Kind::Settlement, line.settlement, &line.state);
        self.conclude(hits, &[], &|| {
            let judged = Judged::settlement(&settlement).with_transaction(transaction.id);
            judged.replace_evidence(report.clone()).with_evidence(&evidence::of_transaction(transaction))
        });
    }
}

/// A joined line is of its transaction's product.
fn product_of(line: &LineFacts<'_>, transaction: Option<&TransactionFacts<'_>>) -> Option<String> {
    let own = transaction.and_then(|transaction| transaction.product_type);
    own.or(line.share.product_type).map(str::to_owned)
}

/// The entries of a transaction by settlement.
fn entries_of<'p>(transaction: &TransactionFacts<'p>) -> BTreeMap<&'p str, PayoutEntry> {
    let mut entries: BTreeMap<&str, PayoutEntry> = BTreeMap::new();
    each_entry(transaction.entries, |place, entry| {
        let parts = entry.parts(&Active::CONVENTIONS);
        let sum = entries.entry(entry.settlement).or_insert_with(|| PayoutEntry {
            transaction: transaction.id.to_owned(),
            event: Some(place),
            product_type: transaction.product_type.map(str::to_owned),
            evidence: evidence::of_transaction(transaction),
            record: transaction.origin,
            ..PayoutEntry::default()
        });
        sum.event = sum.event.filter(|event| *event == place);
        sum.parts.add(&parts);
        sum.amount += entry.amount.map_or(parts.sum(), Into::into);
    });
    entries
}
