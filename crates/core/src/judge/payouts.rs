//! Payouts: from the documents of a settlement, from its lines, and from the entries of payments.

use super::documents::Judge;
use crate::evidence;
use crate::findings::{Found, Judged};
use crate::ledger::Settlement;
use crate::link::unpack_facts;
use crate::model::card::Kind;
use crate::model::evidence::{CopyState, document_part, join};
use crate::model::finding::RuleHit;
use crate::model::settings::{Facts, Settings};
use crate::payout::{
    LineTerms, Origins, Payout, PayoutEntry, PayoutKey, PayoutLine, PayoutRow, SettledTwice, SettlementPair, read,
    write,
};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::Group;
use crate::rows::{self, RowKind};
use crate::rules::{Checks, Cx};

impl<'p> Judge<'_, 'p> {
    /// Writes the payouts that a settlement states, and the lines that name no transaction. Returns
    /// how the lines count; `kept` is the group's kept document.
    pub(super) fn payouts(&mut self, group: &Group<'p>, kept: &Settlement<'p>) -> LineTerms<'p> {
        let mut header = Settlement::default();
        let header_row = group.kept_header();
        header_row.iter().for_each(|row| rows::settlement(row, &mut header));
        let is_report = group.kept_row().is_some_and(|row| row.kind == RowKind::Settlement);
        let pair = SettlementPair { report: Some(kept).filter(|_| is_report), header: header_row.map(|_| &header) };
        let (terms, out) = (pair.line_terms(), &mut self.out.payouts);
        let payouts = pair.payouts();
        let (evidence, documents) = (evidence::of_payouts(group), evidence::documents(group) as u64);
        if payouts.is_empty() {
            let named = Payout { evidence: evidence.clone(), documents, ..pair.stated() };
            write(out, (Active::NAMESPACE, kept.id, ""), &PayoutRow::Named(Box::new(named)));
        }
        for (currency, payout) in payouts {
            let is_postponed = pair.texts().payment_status.is_some_and(Active::is_postponed);
            let payout = Payout { is_postponed, evidence: evidence.clone(), documents, ..payout };
            write(out, (Active::NAMESPACE, kept.id, currency), &PayoutRow::Document(Box::new(payout)));
        }
        for line in kept.lines.iter().filter(|line| line.transaction_id.is_none()) {
            let line = PayoutLine {
                line: line.place,
                product_type: line.product_type.map(str::to_owned),
                parts: line.parts(terms.convention),
                net: line.net_by(kept.convention()),
                record: kept.origin,
                ..PayoutLine::default()
            };
            write(out, (Active::NAMESPACE, kept.id, terms.currency), &PayoutRow::Line(line));
        }
        terms
    }
}

/// Puts the accounts of payouts together from their rows, which come sorted.
pub struct Accounts<'a> {
    checks: &'a Checks,
    settings: &'a Settings,
    facts: &'a Facts,
    /// By namespace, settlement id and currency.
    payouts: Vec<(PayoutKey, Payout)>,
    findings: Found,
    /// The current namespace and settlement id.
    current: (String, String),
    /// Where the payouts of the current settlement id begin.
    start: usize,
    /// A document of the current settlement, which has its texts.
    document: Option<Payout>,
    /// Whether the current settlement states no amounts.
    is_named: bool,
    /// Approximate bytes of the payouts, which are all held at once.
    pub held: usize,
    /// Documents of settlements so far.
    pub documents: usize,
}

impl<'a> Accounts<'a> {
    pub fn new(checks: &'a Checks, settings: &'a Settings, facts: &'a Facts) -> Self {
        Accounts {
            checks,
            settings,
            facts,
            payouts: Vec::new(),
            findings: Found::default(),
            current: Default::default(),
            start: 0,
            document: None,
            is_named: false,
            held: 0,
            documents: 0,
        }
    }

    /// Takes the next row.
    pub fn add(&mut self, row: &[u8]) {
        let bytes = row.len();
        let (key, row) = read(row);
        if (&self.current.0, &self.current.1) != (&key.namespace, &key.id) {
            self.close();
            self.current = (key.namespace.clone(), key.id.clone());
        }
        match row {
            PayoutRow::Document(payout) => {
                self.held += size_of::<(PayoutKey, Payout)>() + bytes;
                if self.document.is_none() {
                    self.documents += payout.documents as usize;
                    self.document = Some((*payout).clone());
                }
                self.payouts.push((key, *payout));
            }
            PayoutRow::Named(payout) => {
                self.is_named = true;
                self.documents += payout.documents as usize;
                self.document = Some(*payout);
            }
            PayoutRow::Line(line) => self.payout(key).joined_lines += u64::from(line.joined_by.is_some()),
            PayoutRow::Entry(entry) => self.entry(key, entry),
        }
    }

    /// The payout of a key: its own, else that of no currency, else a new one that only events name.
    fn payout(&mut self, key: PayoutKey) -> &mut Payout {
        let open = &self.payouts[self.start..];
        let own = open.iter().position(|(of, _)| of.currency == key.currency);
        let of_none = |(of, payout): &(PayoutKey, Payout)| of.currency.is_empty() && payout.is_stated();
        let place = own.or_else(|| open.iter().position(of_none));
        let place = place.map_or(self.payouts.len(), |place| self.start + place);
        if place == self.payouts.len() {
            self.held += size_of::<(PayoutKey, Payout)>() + key.id.len() + key.currency.len();
            self.payouts.push((key, Payout::empty(Origins::Events)));
        }
        &mut self.payouts[place].1
    }

    fn entry(&mut self, key: PayoutKey, entry: PayoutEntry) {
        let (settlement, currency) = (key.id.clone(), key.currency.clone());
        let payout = self.payout(key);
        payout.payments += 1;
        if payout.origin == Origins::Events {
            payout.parts.add(&entry.parts);
            payout.amount += entry.amount;
            payout.unexplained = payout.amount - payout.parts.sum();
            if payout.record.is_none_or(|first| entry.record.place() < first.place()) {
                payout.record = Some(entry.record);
            }
            if payout.evidence.is_empty() {
                let report = document_part(Kind::Settlement, &settlement, &CopyState::default());
                payout.evidence = join([entry.evidence.as_str(), &report]);
            }
        }
        if let Some(facts) = &entry.facts
            && let Some(report) = self.report_of(&currency)
        {
            self.settled_twice(&settlement, &entry, facts, &report);
        }
    }

    /// The evidence of the current settlement's report with lines, if it is of this currency or of none.
    fn report_of(&self, currency: &str) -> Option<String> {
        let is_it = |(key, payout): &&(PayoutKey, Payout)| {
            payout.nets.is_some() && (key.currency == currency || key.currency.is_empty())
        };
        self.payouts[self.start..].iter().find(is_it).map(|(_, payout)| payout.evidence.clone())
    }

    fn settled_twice(&mut self, settlement: &str, entry: &PayoutEntry, facts: &[u8], report: &str) {
        let settled =
            SettledTwice { settlement, entries: [entry.parts.captures, -entry.parts.refunds], lines: entry.in_lines };
        let mut hits: Vec<RuleHit<'_>> = Vec::new();
        for (card, check) in &self.checks.settled_twice {
            check(&settled, &mut Cx { settings: self.settings, facts: self.facts, card, hits: &mut hits });
        }
        let judged = Judged::transaction(&unpack_facts(facts)).with_evidence(report).with_evidence(&entry.others);
        let findings = hits.into_iter().filter_map(|(card, hit)| judged.finding(card, hit, self.settings));
        self.findings.extend(findings);
    }

    /// All payouts, once the last row was taken.
    pub fn finish(mut self) -> (Vec<(PayoutKey, Payout)>, Found) {
        self.close();
        (self.payouts, self.findings)
    }

    /// Ends the payouts of a settlement id.
    fn close(&mut self) {
        let open = &mut self.payouts[self.start..];
        let is_stated = self.is_named || open.iter().any(|(key, payout)| payout.is_stated() && key.currency.is_empty());
        let has_settlements = self.facts.has_settlements;
        for (key, payout) in open.iter_mut().filter(|(_, payout)| payout.origin == Origins::Events) {
            if let Some(document) = &self.document {
                payout.set_texts_of(document);
                // Other copies of its documents might state its currency.
                payout.evidence = join([payout.evidence.as_str(), &document.evidence]);
            }
            payout.is_missing = has_settlements && !is_stated && key.namespace == Active::NAMESPACE;
        }
        open.sort_by(|(a, _), (b, _)| a.cmp(b));
        (self.start, self.is_named, self.document) = (self.payouts.len(), false, None);
    }
}
