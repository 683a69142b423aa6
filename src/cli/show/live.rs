//! Pages of what was just read from the input.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use avstem_core::ledger::{Event, Ledger, Session, Settlement, states};
use avstem_core::model::card::Kind;
use avstem_core::model::display::{shown, visible};
use avstem_core::model::event::EventKind;
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::rules::story;
use serde_json::Value;

use super::circle::{Circle, Link};
use super::page::{Account, Copy, Moment, Moved, Page, Place, Share, Told, minor};
use crate::engine::{DocumentFate, Done, Kept, Picked};
use crate::report::table::{EXCEPTIONS, Exception, exception_row};

/// The documents around an id in the input.
pub fn circle(id: &str, done: &Done, kept: &Kept) -> Circle {
    let named = kept.pick(|_, other| other == id);
    let bearers: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| named.has(*kind, id)).collect();
    let around: Result<Circle, Infallible> = Circle::around(id, &bearers, |wanted| {
        let links = done.links.iter().filter(|link| wanted(link.kind, &link.id, &link.transaction));
        let own = links.map(|link| Link {
            kind: link.kind,
            id: link.id,
            transaction: link.transaction,
            by: link.by.to_owned(),
        });
        Ok(own.collect())
    });
    around.unwrap_or_else(|never| match never {})
}

/// The page of every document of a circle.
pub fn pages(circle: &Circle, done: &Done, kept: &Kept, settings: &Settings) -> Vec<Page> {
    let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); circle.members.len()];
    for finding in done.outcome.findings.iter() {
        let transaction = finding.subject.transaction_id.as_deref();
        if let Some(at) = circle.place(finding.kind, &finding.id, transaction) {
            findings[at].push(finding);
        }
    }
    let members: BTreeSet<&(Kind, String)> = circle.members.iter().collect();
    let picked = kept.pick(|kind, id| members.contains(&(kind, id.to_owned())));
    let mut maker = Maker { done, settings, effort: story::EFFORT };
    let all = circle.members.iter().zip(findings);
    all.map(|((kind, id), findings)| {
        let page = maker.page(*kind, id, &picked, &findings);
        Page { kind: Some(*kind), id: visible(id).into_owned(), links: circle.partners(*kind, id), ..page }
    })
    .collect()
}

struct Maker<'m> {
    done: &'m Done,
    settings: &'m Settings,
    /// What is left for telling stories.
    effort: usize,
}

impl Maker<'_> {
    fn page(&mut self, kind: Kind, id: &str, picked: &Picked<'_>, findings: &[Finding]) -> Page {
        let mut page = Page::default();
        match kind {
            Kind::Transaction | Kind::Order => {
                picked.ledger(kind, id, |ledger, partial| page = self.ledger(ledger, partial, findings));
            }
            Kind::Session => {
                picked.session(id, |session| page = self.session(session, findings));
            }
            Kind::Settlement => {
                picked.settlement(id, |settlement| page = self.settlement(settlement, findings));
            }
        }
        let copies = picked.copies(kind, id).into_iter();
        let copy = |fate: DocumentFate| Copy { place: self.place(fate.origin), outcome: fate.fate.word().to_owned() };
        Page { copies: copies.map(copy).collect(), ..page }
    }

    fn place(&self, origin: Origin) -> Place {
        let source = self.done.outcome.sources.get(origin.file as usize).map_or("?", |source| &source.name);
        Place { source: visible(source).into_owned(), offset: origin.offset }
    }

    fn told(&self, finding: &Finding) -> Told {
        Told::new(EXCEPTIONS, &exception_row(&Exception::new(finding, &self.done.outcome)))
    }

    fn ledger(&mut self, ledger: &Ledger<'_>, partial: bool, findings: &[Finding]) -> Page {
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
        let told = findings.iter().map(|finding| {
            let facts = Facts { as_of: self.done.outcome.as_of, ..Facts::default() };
            let story = story::shortest(ledger, finding, self.settings, &facts, &mut self.effort);
            let story = story.map(|events| events.into_iter().map(|at| place_of(&ledger.events[at])).collect());
            Told { story, ..self.told(finding) }
        });
        Page {
            findings: told.collect(),
            partial,
            currency: head.currency.map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(head.origin)),
            account: (!partial).then(|| self.account(ledger)),
            ..Page::default()
        }
    }

    fn account(&self, ledger: &Ledger<'_>) -> Account {
        let mut authorized = if ledger.is_order() { 0 } else { ledger.authorized };
        let timeline = ledger.timeline().map(|(event, step)| {
            if ledger.is_order() && event.is(EventKind::Authorize) {
                authorized += event.sum();
            }
            let after = Moment {
                authorized: Some(authorized),
                captured: Some(step.after.captured),
                refunded: Some(step.after.refunded),
                released: Some(step.after.released),
            };
            self.moved(event, after)
        });
        let totals = &ledger.totals;
        Account {
            timeline: timeline.collect(),
            totals: Moment {
                authorized: Some(ledger.authorized),
                captured: Some(totals.captured),
                refunded: Some(totals.refunded),
                released: Some(totals.released),
            },
            lines: lines(ledger),
            destinations: destinations(ledger),
        }
    }

    fn moved(&self, event: &Event<'_>, after: Moment) -> Moved {
        Moved {
            event: place_of(event),
            kind: event.kind.word().to_owned(),
            word: Some(event.word).filter(|word| !word.is_empty()).map(|word| shown(word).into_owned()),
            effective: event.effective(),
            time: event.time.map(|time| time.to_string()),
            amount: event.amount,
            id: event.id.map(|id| visible(id).into_owned()),
            after,
            place: self.place(event.origin),
        }
    }

    fn session(&self, session: &Session<'_>, findings: &[Finding]) -> Page {
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
        Page {
            currency: session.currency.map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(session.origin)),
            findings: findings.iter().map(|finding| self.told(finding)).collect(),
            ..Page::default()
        }
    }

    fn settlement(&self, settlement: &Settlement<'_>, findings: &[Finding]) -> Page {
        let only = if let [only] = settlement.amounts.as_slice() { Some(only) } else { None };
        let part = |amount: Option<i64>| amount.map(|amount| minor(Some(Sum::from(amount))));
        let facts = [
            ("amount_minor", only.and_then(|sums| part(sums.amount))),
            ("captured_minor", only.and_then(|sums| part(sums.capture))),
            ("refunded_minor", only.and_then(|sums| part(sums.refund))),
            ("fee_minor", only.and_then(|sums| part(sums.fee))),
            ("lines", Some(settlement.lines.len().into())),
            ("created_at", time(settlement.created_at)),
        ];
        Page {
            currency: only.and_then(|sums| sums.currency).map(|text| shown(text).into_owned()),
            facts: present(facts),
            place: Some(self.place(settlement.origin)),
            findings: findings.iter().map(|finding| self.told(finding)).collect(),
            ..Page::default()
        }
    }
}

fn place_of(event: &Event<'_>) -> String {
    format!("{}[{}]", event.list.name(), event.place)
}

fn lines(ledger: &Ledger<'_>) -> Vec<Share> {
    let line = |tally: &avstem_core::ledger::LineTally<'_>| Share {
        name: visible(tally.line).into_owned(),
        authorized: tally.amount,
        captured: Some(tally.captured),
        refunded: Some(tally.refunded),
        released: ledger.is_order().then_some(tally.cancelled),
    };
    ledger.tallies.iter().map(line).collect()
}

/// What destinations got and gave back, and what the lines promised them; by name.
fn destinations(ledger: &Ledger<'_>) -> Vec<Share> {
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    let fresh = |name: &str| Share {
        name: visible(name).into_owned(),
        captured: Some(0),
        refunded: Some(0),
        ..Share::default()
    };
    for tally in &ledger.destinations {
        let share = shares.entry(tally.destination).or_insert_with(|| fresh(tally.destination));
        (share.captured, share.refunded) = (Some(tally.captured), Some(tally.refunded));
    }
    let of_events = ledger.effective(EventKind::Authorize).filter(|_| ledger.is_order());
    let promised = of_events.flat_map(|event| ledger.splits_of(event));
    for split in promised.chain(ledger.own_items().flat_map(|item| ledger.splits(item.splits))) {
        let share = shares.entry(split.destination).or_insert_with(|| fresh(split.destination));
        share.authorized = Some(share.authorized.unwrap_or(0) + Sum::from(split.amount));
    }
    shares.into_values().collect()
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
