//! Payouts of Dintero: its reports and list items, and the payments' own entries.

use std::collections::{BTreeMap, BTreeSet};

use super::account::{Parts, Payout, Signs};
use crate::oracle::copies;
use crate::oracle::documents::*;
use crate::oracle::reading::{Found, Place};
use crate::oracle::settlements::line_nets;
use crate::oracle::world::World;

/// An entry with the transaction that it stands in.
pub struct PaymentEntry<'w> {
    pub transaction_id: &'w str,
    pub currency: &'w str,
    pub place: Place,
    pub entry: &'w SettlementEntry,
}

/// "`events[k].settlements.events[j]` of a kept full transaction is an entry. Its currency is the
/// transaction's."
pub fn payment_entries<'w>(world: &'w World) -> Vec<PaymentEntry<'w>> {
    let mut all = Vec::new();
    for copies in world.transactions.values() {
        let transaction = &copies.kept.document;
        for event in transaction.events.iter().flatten() {
            for entry in &event.settlements.entries {
                all.push(PaymentEntry {
                    transaction_id: &transaction.id,
                    currency: transaction.currency.as_deref().unwrap_or(""),
                    place: copies.kept.place,
                    entry,
                });
            }
        }
    }
    all
}

/// "An entry is read likewise by its own amount."
pub fn entry_header(entry: &SettlementEntry) -> Header {
    Header { currency: None, amount: entry.amount, capture: entry.capture, refund: entry.refund, fee: entry.fee }
}

pub fn entry_parts(entry: &SettlementEntry) -> Parts {
    let header = entry_header(entry);
    Signs::of(&header).parts(&header)
}

/// The documents of one settlement id.
pub struct Documents<'w> {
    pub id: &'w str,
    /// "The kept report (with `transactions[]`)."
    pub report: Option<&'w Found<Settlement>>,
    /// "The kept header (list item or report without lines; preferred among headers as in rules 2)."
    pub header: Option<Found<Settlement>>,
}

pub fn documents<'w>(world: &'w World) -> Vec<Documents<'w>> {
    let of = |(id, all): (&'w String, &'w copies::Copies<Settlement>)| {
        let headers: Vec<Found<Settlement>> = all.all.iter().filter(|copy| !copy.document.is_report).cloned().collect();
        Documents {
            id,
            report: Some(&all.kept).filter(|kept| kept.document.is_report),
            header: copies::choose(&headers).remove(id).map(|chosen| chosen.kept),
        }
    };
    world.settlements.iter().map(of).collect()
}

fn stated_currency(header: &Header) -> &str {
    header.currency.as_deref().unwrap_or("")
}

impl Documents<'_> {
    /// "Each text from the report, else the header."
    fn text(&self, of: impl Fn(&SettlementTexts) -> &Option<String>) -> String {
        let report = self.report.and_then(|found| of(&found.document.texts).clone());
        let header = || self.header.as_ref().and_then(|found| of(&found.document.texts).clone());
        report.or_else(header).unwrap_or_default()
    }

    /// "Of several `amounts` of one currency the first."
    pub fn header_of(&self, currency: &str) -> Option<&Header> {
        let headers = self.header.as_ref().map_or(&[][..], |found| &found.document.headers);
        headers.iter().find(|header| stated_currency(header) == currency)
    }

    fn header_currencies(&self) -> BTreeSet<String> {
        let headers = self.header.as_ref().map_or(&[][..], |found| &found.document.headers);
        headers.iter().map(|header| stated_currency(header).to_owned()).collect()
    }

    /// "A report that states no currency takes its header's, if that has one."
    pub fn report_currency(&self) -> Option<String> {
        let stated = self.report?.document.headers.first().map_or("", stated_currency);
        if !stated.is_empty() {
            return Some(stated.to_owned());
        }
        let others: Vec<String> = self.header_currencies().into_iter().filter(|found| !found.is_empty()).collect();
        Some(if let [only] = &others[..] { only.clone() } else { String::new() })
    }

    pub fn currencies(&self) -> BTreeSet<String> {
        self.header_currencies().into_iter().chain(self.report_currency()).collect()
    }

    /// The report, where its currency is this one.
    pub fn report_of(&self, currency: &str) -> Option<&Settlement> {
        let report = self.report?;
        (self.report_currency().as_deref() == Some(currency)).then_some(&report.document)
    }

    pub fn report_amount(&self, currency: &str) -> Option<i128> {
        self.report_of(currency)?.headers.first()?.amount
    }

    pub fn header_amount(&self, currency: &str) -> Option<i128> {
        self.header_of(currency)?.amount
    }

    /// "The parts of the document whose convention holds, else the report's, else the header's,
    /// and its word."
    fn read(&self, currency: &str) -> (Header, Signs) {
        let report = self.report_of(currency).and_then(|report| report.headers.first());
        let header = self.header_of(currency);
        let both = [report, header];
        let holding = both.into_iter().flatten().find(|header| Signs::that_hold(header).is_some());
        let document = holding.or(report).or(header).expect("a document has the currency");
        (document.clone(), Signs::of(document))
    }

    pub fn signs(&self, currency: &str) -> Signs {
        self.read(currency).1
    }

    fn put_texts(&self, payout: &mut Payout) {
        payout.provider = self.text(|texts| &texts.provider);
        payout.destination = self.text(|texts| &texts.payout_destination_id);
        payout.reference = self.text(|texts| &texts.settlement_reference);
        payout.is_postponed = self.text(|texts| &texts.payment_status) == "postponed";
        // "`settled_at` (first ten characters) else `settlement_date`."
        let settled_at: String = self.text(|texts| &texts.settled_at).chars().take(10).collect();
        let date = self.text(|texts| &texts.settlement_date);
        payout.settled_on = if settled_at.is_empty() { date } else { settled_at };
        // "`settlement_reference`, `provider_reference`, settlement id."
        payout.tokens = vec![payout.reference.clone(), self.text(|texts| &texts.provider_reference), payout.id.clone()];
    }

    /// The texts by which a provider's payout is this one's source.
    pub fn references(&self) -> [String; 2] {
        [self.text(|texts| &texts.provider_reference), self.text(|texts| &texts.settlement_reference)]
    }

    fn payout(&self, world: &World, currency: &str) -> Payout {
        let report = self.report_of(currency);
        let place = match (report, self.report, &self.header) {
            (Some(_), Some(found), _) => found.place,
            (_, _, Some(found)) => found.place,
            _ => unreachable!("a document has the currency"),
        };
        let origin = if report.is_some() { "report" } else { "header" };
        let mut payout = Payout::new("dintero", self.id, currency, origin, place);
        self.put_texts(&mut payout);
        let (document, signs) = self.read(currency);
        payout.convention = signs.word;
        let stated = self.report_amount(currency).or(self.header_amount(currency));
        payout.is_stated = stated.is_some();
        let lines = report.map_or(&[][..], |report| &report.lines);
        let nets: i128 = report.map_or(0, |report| line_nets(report).iter().sum());
        if lines.is_empty() {
            payout.parts = signs.parts(&document);
            payout.amount = stated.unwrap_or(payout.parts.sum());
        } else {
            // "Captures, refunds, fees from the lines; other = nets (AV702's) − these; unexplained
            // = amount − nets."
            for line in lines {
                payout.parts.captures += line.capture.unwrap_or(0);
                payout.parts.refunds += signs.refund(line.refund.unwrap_or(0));
                payout.parts.fees += signs.fee(line.fee.unwrap_or(0));
            }
            payout.parts.other = nets - payout.parts.sum();
            payout.amount = stated.unwrap_or(nets);
        }
        // "A Dintero line is joined when its transaction is in the input and full."
        let is_joined = |line: &&SettlementLine| {
            line.transaction_id.as_deref().is_some_and(|id| world.transaction_ledger(id).is_some())
        };
        payout.lines = lines.len();
        payout.joined_lines = lines.iter().filter(is_joined).count();
        payout
    }
}

/// The payouts, and the ids and currencies of those that AV707 speaks of.
pub struct DinteroPayouts {
    pub payouts: Vec<Payout>,
    pub missing: BTreeSet<(String, String)>,
}

pub fn payouts(world: &World) -> DinteroPayouts {
    let mut all: BTreeMap<(String, String), Payout> = BTreeMap::new();
    let documents = documents(world);
    for found in &documents {
        for currency in found.currencies() {
            let payout = found.payout(world, &currency);
            all.insert((found.id.to_owned(), currency), payout);
        }
    }
    let mut missing = BTreeSet::new();
    let mut unseen: BTreeMap<(String, String), Payout> = BTreeMap::new();
    for named in payment_entries(world) {
        let id = named.entry.settlement_id.clone();
        let exact = (id.clone(), named.currency.to_owned());
        let any = (id.clone(), String::new());
        // "Id and currency; one without currency is any."
        let key = if all.contains_key(&exact) { &exact } else { &any };
        if let Some(payout) = all.get_mut(key) {
            payout.payments.insert(named.transaction_id.to_owned());
            continue;
        }
        let of_id = documents.iter().find(|found| found.id == id);
        let states_a_currency = of_id.is_none_or(|found| !found.currencies().is_empty());
        if !world.settlements.is_empty() && states_a_currency {
            missing.insert(exact.clone());
        }
        let payout = unseen.entry(exact).or_insert_with(|| {
            let mut payout = Payout::new("dintero", &id, named.currency, "events", named.place);
            if let Some(found) = of_id {
                found.put_texts(&mut payout);
            }
            payout.is_unseen = true;
            payout
        });
        // "`unseen`: of its entries (of one without amount its parts)."
        let parts = entry_parts(named.entry);
        payout.parts.add(parts);
        payout.amount += named.entry.amount.unwrap_or(parts.sum());
        payout.payments.insert(named.transaction_id.to_owned());
        payout.place = payout.place.min(named.place);
    }
    DinteroPayouts { payouts: all.into_values().chain(unseen.into_values()).collect(), missing }
}
