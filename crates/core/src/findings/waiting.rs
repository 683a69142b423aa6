//! Findings of time rules that are not due yet. A healthy export has many, so hits are packed
//! directly, without building a finding.

use std::borrow::Cow;

use super::build::{add_name_part, event_at, id_of_name};
use crate::ledger::{Names, TransactionFacts};
use crate::model::card::{Card, Kind};
use crate::model::event::EventList;
use crate::model::finding::{Hit, Timed, place_text};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::rows::{Unpacker, Wire, append};
use crate::rules::CATALOGUE;

/// The transaction that a waiting finding is about.
#[derive(Clone, Copy, Debug)]
pub struct WaitingSubject<'p> {
    pub id: &'p str,
    /// Its currency as written.
    pub currency: Option<&'p str>,
    pub merchant_reference: Option<&'p str>,
    pub product_type: Option<&'p str>,
    /// Its record.
    pub origin: Origin,
}

impl<'p> WaitingSubject<'p> {
    pub fn named(id: &'p str, names: &Names<'p>, origin: Origin) -> Self {
        let Names { currency, merchant_reference, product_type, .. } = *names;
        WaitingSubject { id, currency, merchant_reference, product_type, origin }
    }
}

impl<'p> From<&TransactionFacts<'p>> for WaitingSubject<'p> {
    fn from(facts: &TransactionFacts<'p>) -> Self {
        let TransactionFacts { id, currency, merchant_reference, product_type, origin, .. } = *facts;
        WaitingSubject { id, currency, merchant_reference, product_type, origin }
    }
}

/// A finding that is not due yet.
#[derive(Clone, Debug)]
pub struct Waiting<'p> {
    pub card: &'static Card,
    pub waiter: WaitingSubject<'p>,
    /// The event's place in the list, and its key in the finding's id.
    pub event: Option<(u32, Cow<'p, str>)>,
    /// The hit's actual amount.
    pub amount: Option<Sum>,
    /// Start of the rule's window.
    pub since: Instant,
    /// End of the rule's window.
    pub due: Instant,
}

impl Waiting<'_> {
    /// The event's place as the `event` column shows it.
    pub fn place_text(&self) -> Option<String> {
        self.event.as_ref().map(|(place, _)| place_text(EventList::Events, *place))
    }

    /// The stable name that the finding will get, unless an equal one of the same event key precedes it.
    pub fn exception_id(&self) -> String {
        let event = self.event.as_ref().map_or("", |(_, key)| key);
        let mut name = Vec::with_capacity(160);
        let parts = [self.card.code, Kind::Transaction.word(), self.waiter.id, event, "", "", "", "0"];
        parts.iter().for_each(|part| add_name_part(&mut name, part));
        id_of_name(&name)
    }
}

/// Moves the hits that are not due yet from `hits` to rows in `out`, which compare by rule, id and event.
pub fn move_waiting(hits: &mut Vec<(&'static Card, Hit<'_>)>, waiter: &WaitingSubject<'_>, out: &mut Vec<u8>) {
    if !hits.iter().any(|(_, hit)| hit.waits()) {
        return;
    }
    hits.retain(|(card, hit)| match hit.timed {
        Some(timed @ Timed { waits: true, .. }) => {
            let event = hit.event.map(|event| (event.place, event_at(event).key));
            let event = event.as_ref().map(|(place, key)| (*place, key.as_str()));
            write(out, card, waiter, event, hit.actual.amount(), timed);
            false
        }
        _ => true,
    });
}

pub fn write(
    out: &mut Vec<u8>,
    card: &Card,
    waiter: &WaitingSubject<'_>,
    event: Option<(u32, &str)>,
    amount: Option<Sum>,
    timed: Timed,
) {
    append(out, |out| {
        out.extend_from_slice(&card.number.to_be_bytes());
        out.terminated(waiter.id);
        out.extend_from_slice(&event.map_or(0, |(place, _)| place + 1).to_be_bytes());
        out.opt_text(event.map(|(_, key)| key));
        for text in [waiter.currency, waiter.merchant_reference, waiter.product_type] {
            out.opt_text(text);
        }
        out.byte(u8::from(amount.is_some()));
        amount.into_iter().for_each(|amount| out.sum(amount));
        out.opt_instant(Some(timed.since));
        out.opt_instant(Some(timed.due));
        out.number(u64::from(waiter.origin.file));
        out.number(waiter.origin.offset);
        out.number(u64::from(waiter.origin.length));
    });
}

pub fn read(row: &[u8]) -> Waiting<'_> {
    let (number, rest) = row.split_first_chunk::<2>().expect("a row begins with its rule");
    let number = u16::from_be_bytes(*number);
    let card = CATALOGUE.binary_search_by_key(&number, |rule| rule.card.number).expect("rows are of known rules");
    let mut values = Unpacker::new(rest);
    let id = values.terminated();
    let (place, rest) = values.rest().split_first_chunk::<4>().expect("the place follows the id");
    let place = u32::from_be_bytes(*place).checked_sub(1);
    let mut values = Unpacker::new(rest);
    let key = values.opt_text();
    let (currency, merchant_reference, product_type) = (values.opt_text(), values.opt_text(), values.opt_text());
    let amount = (values.byte() == 1).then(|| values.sum());
    let (since, due) = (values.opt_instant(), values.opt_instant());
    let origin = Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 };
    Waiting {
        card: CATALOGUE[card].card,
        waiter: WaitingSubject { id, currency, merchant_reference, product_type, origin },
        event: place.zip(key.map(Cow::Borrowed)),
        amount,
        since: since.expect("what waits has a time"),
        due: due.expect("what waits is due some day"),
    }
}
