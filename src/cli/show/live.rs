//! Pages of documents read from the input.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io;

use avstem_core::ledger::{Ledger, Session, Settlement, states};
use avstem_core::model::card::Kind;
use avstem_core::model::display::{shown, visible};
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::model::settings::Settings;
use avstem_core::rules::{find, minimize};
use serde_json::Value;

use super::ledger::{account, scenes, whole};
use super::page::{RecordPlace, ShowPage, ShownCopy, ShownFinding, minor, shown_row};
use super::payouts::PayoutPages;
use super::surroundings::{ShownLink, Surroundings};
use avstem_engine::engine::{BankFact, DocumentFate, Documents, Done, Interrupted, Kept, Minimizer, Picked};
use avstem_engine::frame::column::{Cell, Column};
use avstem_engine::report::payouts::{PAYOUT_LINES, PAYOUTS, each, each_line};
use avstem_engine::report::table::{EXCEPTIONS, Exception, exception_row};

pub fn surroundings(id: &str, done: &Done, kept: &Kept) -> Surroundings {
    let named = kept.pick(|_, other| other == id);
    let mut bearers: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| named.has(*kind, id)).collect();
    let is_payout = done.outcome.payouts.all.iter().any(|(key, _)| key.id == id);
    bearers.extend(Some(Kind::Payout).filter(|_| is_payout && !bearers.contains(&Kind::Settlement)));
    bearers.extend(Some(Kind::Bank).filter(|_| !done.on_bank(id).is_empty()));
    let around: Result<Surroundings, Infallible> = Surroundings::around(id, &bearers, |wanted| {
        let links = done.links.iter().filter(|link| wanted.have(link.kind, &link.id, &link.transaction));
        let own = links.map(|link| ShownLink {
            kind: link.kind,
            id: link.id,
            transaction: link.transaction,
            by: link.by.to_owned(),
        });
        Ok(own.collect())
    });
    around.unwrap_or_else(|never| match never {})
}

/// One page per document of the surroundings.
pub fn pages(
    surroundings: &Surroundings,
    done: &Done,
    kept: &Kept,
    settings: &Settings,
) -> Result<Vec<ShowPage>, Interrupted> {
    let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); surroundings.members.len()];
    for finding in done.outcome.findings.iter() {
        let transaction = finding.subject.transaction_id.as_deref();
        if let Some(at) = surroundings.place(finding.kind, &finding.id, transaction) {
            findings[at].push(finding);
        }
    }
    let members: BTreeSet<&(Kind, String)> = surroundings.members.iter().collect();
    let picked = kept.pick(|kind, id| members.contains(&(kind, id.to_owned())));
    let documents = documents(surroundings, &findings, done, kept);
    let facts = whole(done.outcome.as_of);
    let mut maker = Maker { done, documents: documents.documents(), minimizer: Minimizer::new(settings, &facts) };
    let payouts = payouts(surroundings, done)?;
    let all = surroundings.members.iter().zip(findings);
    let pages = all.map(|((kind, id), findings)| {
        let page = maker.page(*kind, id, &picked, &findings);
        let links = surroundings.partners(*kind, id);
        let page = ShowPage { kind: Some(*kind), id: visible(id).into_owned(), links, ..page };
        ShowPage { payouts: payouts.shown(&page), ..page }
    });
    Ok(pages.collect())
}

fn payouts(surroundings: &Surroundings, done: &Done) -> io::Result<PayoutPages> {
    let mut pages = PayoutPages::of(surroundings);
    each_line(&done.outcome, true, &mut |cells| {
        if pages.wants_line(&|column| text_in(PAYOUT_LINES, cells, column)) {
            pages.add_line(shown_row(PAYOUT_LINES, cells));
        }
        Ok(())
    })?;
    each(&done.outcome, &mut |_, cells| {
        if pages.wants_payout(&|column| text_in(PAYOUTS, cells, column)) {
            pages.add_payout(shown_row(PAYOUTS, cells));
        }
        Ok(())
    })?;
    Ok(pages)
}

fn text_in<'c>(columns: &[Column], cells: &'c [Cell<'_>], name: &str) -> Option<&'c str> {
    let place = columns.iter().position(|column| column.name == name)?;
    if let Cell::Text(text) = &cells[place] { Some(text) } else { None }
}

/// The documents needed to judge the findings again: the surroundings, the settlements of their
/// transactions, and transactions that share a merchant reference.
fn documents(surroundings: &Surroundings, findings: &[Vec<Finding>], done: &Done, kept: &Kept) -> Picked {
    let mut members: BTreeSet<(Kind, String)> = surroundings.members.iter().cloned().collect();
    let settled = done.links.iter().filter(|link| link.kind == Kind::Settlement);
    let settled = settled.filter(|link| members.contains(&(Kind::Transaction, link.transaction.clone())));
    let settlements: Vec<(Kind, String)> = settled.map(|link| (link.kind, link.id.clone())).collect();
    members.extend(settlements);
    let shared =
        findings.iter().flatten().filter(|finding| find(finding.card.code).is_some_and(minimize::is_by_reference));
    let references: BTreeSet<&str> =
        shared.filter_map(|finding| finding.subject.merchant_reference.as_deref()).collect();
    if !references.is_empty() {
        let others = kept.transactions_of(|reference| references.contains(reference));
        members.extend(others.into_iter().map(|id| (Kind::Transaction, id)));
    }
    kept.pick(|kind, id| members.contains(&(kind, id.to_owned())))
}

struct Maker<'m> {
    done: &'m Done,
    /// The documents on which stories are minimized.
    documents: Documents<'m>,
    minimizer: Minimizer<'m>,
}

impl Maker<'_> {
    fn page(&mut self, kind: Kind, id: &str, picked: &Picked, findings: &[Finding]) -> ShowPage {
        let page = match kind {
            Kind::Transaction | Kind::Order => {
                picked.ledger(kind, id).map(|(ledger, partial)| self.ledger(&ledger, partial, findings))
            }
            Kind::Session => picked.session(id).map(|session| self.session(&session, findings)),
            Kind::Settlement => picked.settlement(id).map(|settlement| self.settlement(&settlement, findings)),
            Kind::Payout => {
                let findings = findings.iter().map(|finding| self.told(finding)).collect();
                Some(ShowPage { findings, ..ShowPage::default() })
            }
            Kind::Bank => Some(self.on_bank(id, findings)),
        };
        let copies = picked.copies(kind, id).into_iter();
        let copy =
            |fate: DocumentFate| ShownCopy { place: self.place(fate.origin), outcome: fate.fate.word().to_owned() };
        ShowPage { copies: copies.map(copy).collect(), ..page.unwrap_or_default() }
    }

    /// An entry or a statement of a bank account; of several with one name their facts follow each other.
    fn on_bank(&mut self, name: &str, findings: &[Finding]) -> ShowPage {
        let mut page =
            ShowPage { findings: findings.iter().map(|finding| self.told(finding)).collect(), ..ShowPage::default() };
        for found in self.done.on_bank(name) {
            page.currency = page.currency.or_else(|| found.currency.as_deref().map(|text| shown(text).into_owned()));
            page.place = page.place.or_else(|| Some(self.place(found.origin)));
            page.facts.extend(found.facts.into_iter().map(|(name, fact)| (name, fact_value(fact))));
        }
        page
    }

    fn place(&self, origin: Origin) -> RecordPlace {
        let source = self.done.outcome.sources.get(origin.file as usize).map_or("?", |source| &source.name);
        RecordPlace { source: visible(source).into_owned(), offset: origin.offset }
    }

    fn told(&mut self, finding: &Finding) -> ShownFinding {
        let mut told = ShownFinding::new(EXCEPTIONS, &exception_row(&Exception::new(finding, &self.done.outcome)));
        if let Some(events) = self.minimizer.shortest(finding, &self.documents) {
            told.tell(scenes(&self.documents, &events, &|origin| self.place(origin)));
        }
        told
    }

    fn ledger(&mut self, ledger: &Ledger<'_>, partial: bool, findings: &[Finding]) -> ShowPage {
        let head = &ledger.head;
        let derived = states::derived(ledger).filter(|_| !partial);
        let facts = [
            ("status", free(head.status_word)),
            ("status_derived", free(derived)),
            ("settlement_status", free(head.settlement_status)),
            ("payment_product_type", free(head.product_type)),
            ("merchant_reference", free(head.merchant_reference)),
            ("merchant_reference_2", free(head.merchant_reference_2)),
            ("session_id", id(head.session_id)),
            ("payout_destination_id", id(head.seller.or(head.store_seller))),
            ("created_at", time(head.created_at)),
        ];
        ShowPage {
            findings: findings.iter().map(|finding| self.told(finding)).collect(),
            partial,
            currency: head.currency.map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(head.origin)),
            account: (!partial).then(|| account(ledger, &|origin| self.place(origin))),
            ..ShowPage::default()
        }
    }

    fn session(&mut self, session: &Session<'_>, findings: &[Finding]) -> ShowPage {
        let items = session.items.iter().filter_map(|item| item.amount).map(Sum::from).sum();
        let shipping = session.shipping.and_then(|option| option.amount).map(Sum::from);
        let facts = [
            ("amount_minor", Some(minor(Some(Sum::from(session.amount))))),
            ("items_minor", (!session.items.is_empty()).then(|| minor(Some(items)))),
            ("shipping_minor", shipping.map(|amount| minor(Some(amount)))),
            ("transaction_id", id(session.transaction_id)),
            ("merchant_reference", free(session.merchant_reference)),
            ("merchant_reference_2", free(session.merchant_reference_2)),
            ("created_at", time(session.created_at)),
            ("cancelled_at", time(session.cancelled_at)),
        ];
        ShowPage {
            currency: session.currency.map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(session.origin)),
            findings: findings.iter().map(|finding| self.told(finding)).collect(),
            ..ShowPage::default()
        }
    }

    fn settlement(&mut self, settlement: &Settlement<'_>, findings: &[Finding]) -> ShowPage {
        let only = if let [only] = settlement.amounts.as_slice() { Some(only) } else { None };
        let part = |amount: Option<i64>| amount.map(|amount| minor(Some(Sum::from(amount))));
        let facts = [
            ("amount_minor", only.and_then(|sums| part(sums.amount))),
            ("captured_minor", only.and_then(|sums| part(sums.capture))),
            ("refunded_minor", only.and_then(|sums| part(sums.refund))),
            ("fee_minor", only.and_then(|sums| part(sums.fee))),
            ("convention", only.map(|_| settlement.convention().formula().into())),
            ("lines", Some(settlement.lines.len().into())),
            ("created_at", time(settlement.created_at)),
        ];
        ShowPage {
            currency: only.and_then(|sums| sums.currency).map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(settlement.origin)),
            findings: findings.iter().map(|finding| self.told(finding)).collect(),
            ..ShowPage::default()
        }
    }
}

fn fact_value(fact: BankFact) -> Value {
    match fact {
        BankFact::Text(text) => text.into(),
        BankFact::Amount(amount) => minor(Some(amount)),
        BankFact::Count(count) => count.into(),
    }
}

fn free(text: Option<&str>) -> Option<Value> {
    text.filter(|text| !text.is_empty()).map(|text| shown(text).into())
}

fn id(text: Option<&str>) -> Option<Value> {
    text.filter(|text| !text.is_empty()).map(|text| visible(text).into())
}

fn time(time: Option<Instant>) -> Option<Value> {
    time.map(|time| time.to_string().into())
}

fn present<const N: usize>(facts: [(&'static str, Option<Value>); N]) -> Vec<(&'static str, Value)> {
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
