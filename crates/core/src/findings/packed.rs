//! Packs findings into bytes that sort in report order, so that they can be sorted outside memory.

use std::borrow::Cow;

use crate::model::card::{Kind, Severity};
use crate::model::cause::{Cause, Root};
use crate::model::event::EventList;
use crate::model::finding::{EventAt, Finding, Subject, Value};
use crate::model::origin::Origin;
use crate::rows::{Unpacker, Wire, append, keyed};
use crate::rules::CATALOGUE;

const LISTS: [EventList; 6] = [
    EventList::Authorizations,
    EventList::Cancellations,
    EventList::Captures,
    EventList::Events,
    EventList::Refunds,
    EventList::Transactions,
];

/// Packed findings, each prefixed with its length. Rows compare in report order; findings with an
/// equal sort key compare by the settlement that they name, then in the order in which the rule reported them.
#[derive(Clone, Debug, Default)]
pub struct Found {
    rows: Vec<u8>,
    count: u64,
    /// Rule and subject of the last finding, and how many findings of both directly precede it.
    last: Option<(u16, Kind, String)>,
    repeated: u32,
}

impl Found {
    pub fn len(&self) -> usize {
        self.count as usize
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Takes the rows; the count is not reset.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rows)
    }

    fn push(&mut self, finding: &Finding) {
        let of = |(number, kind, id): &(u16, Kind, String)| {
            (*number, *kind, id) == (finding.card.number, finding.kind, &finding.id)
        };
        if self.last.as_ref().is_some_and(of) {
            self.repeated += 1;
        } else {
            self.last = Some((finding.card.number, finding.kind, finding.id.clone()));
            self.repeated = 0;
        }
        self.count += 1;
        let repeated = self.repeated;
        append(&mut self.rows, |out| {
            let start = out.len();
            sort_key(out, finding);
            keyed(out, finding.subject.settlement_id.as_deref().unwrap_or_default());

            out.extend_from_slice(&repeated.to_be_bytes());
            let key = (out.len() - start) as u32;
            write(out, finding);
            out.extend_from_slice(&key.to_le_bytes());
        });
    }
}

impl Extend<Finding> for Found {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(&finding));
    }
}

/// Appends [`Finding::sort_key`] in a form whose bytes compare the same.
pub(super) fn sort_key(out: &mut Vec<u8>, finding: &Finding) {
    out.byte(finding.severity as u8);
    out.extend_from_slice(&finding.card.number.to_be_bytes());
    out.byte(finding.kind as u8);
    keyed(out, &finding.id);
    match &finding.event {
        None => out.byte(0),
        Some(event) => {
            out.byte(1 + event.list as u8);
            out.extend_from_slice(&event.place.to_be_bytes());
        }
    }
    for text in [&finding.line, &finding.destination] {
        out.byte(u8::from(text.is_some()));
        keyed(out, text.as_deref().unwrap_or(""));
    }
    keyed(out, &finding.detail);
}

/// Reads a row of [`Found`], skipping its sort key.
pub fn sorted_finding(row: &[u8]) -> Finding {
    let (rest, key) = row.split_last_chunk::<4>().expect("a finding's row ends in the length of its key");
    read(&rest[u32::from_le_bytes(*key) as usize..])
}

pub fn write(out: &mut Vec<u8>, finding: &Finding) {
    let card = CATALOGUE.binary_search_by_key(&finding.card.number, |rule| rule.card.number);
    out.byte(card.expect("findings are of rules of the catalogue") as u8);
    out.byte(finding.severity as u8);
    out.byte(finding.kind as u8);
    out.text(&finding.id);
    let subject = &finding.subject;
    for text in [
        &subject.order_id,
        &subject.transaction_id,
        &subject.session_id,
        &subject.merchant_reference,
        &subject.merchant_reference_2,
        &subject.payment_product_type,
        &subject.settlement_id,
        &subject.currency,
        &subject.status,
        &subject.status_derived,
        &finding.line,
        &finding.destination,
    ] {
        out.opt_text(text.as_deref());
    }
    out.opt_instant(subject.created_at);
    match &finding.event {
        None => out.byte(0),
        Some(event) => {
            out.byte(1 + event.list as u8);
            out.number(u64::from(event.place));
            out.opt_instant(event.time);
            out.text(&event.key);
        }
    }
    value(out, &finding.expected);
    value(out, &finding.actual);
    out.text(&finding.detail);
    out.text(&finding.candidates);
    out.opt_instant(finding.due);
    out.byte(finding.root.as_ref().map_or(0, |root| root.cause as u8 + 1));
    if let Some(root) = &finding.root {
        out.text(&root.id);
        out.sum(root.explained);
    }
    out.number(u64::from(finding.origin.file));
    out.number(finding.origin.offset);
    out.number(u64::from(finding.origin.length));
    out.byte(u8::from(finding.accepted));
    out.number(u64::from(finding.ordinal));
    out.text(&finding.exception_id);
    out.text(&finding.evidence);
}

pub fn read(row: &[u8]) -> Finding {
    let values = &mut Unpacker::new(row);
    let card = CATALOGUE[usize::from(values.byte())].card;
    let severity = Severity::ALL[usize::from(values.byte())];
    let kind = Kind::ALL[usize::from(values.byte())];
    let id = values.text().to_owned();
    let mut text = || values.opt_text().map(str::to_owned);
    let mut subject = Subject {
        order_id: text(),
        transaction_id: text(),
        session_id: text(),
        merchant_reference: text(),
        merchant_reference_2: text(),
        payment_product_type: text(),
        settlement_id: text(),
        currency: text(),
        status: text(),
        status_derived: text(),
        created_at: None,
    };
    let (line, destination) = (text(), text());
    subject.created_at = values.opt_instant();
    let event = values.byte().checked_sub(1).map(|list| EventAt {
        list: LISTS[usize::from(list)],
        place: values.number() as u32,
        time: values.opt_instant(),
        key: values.text().to_owned(),
    });
    Finding {
        card,
        severity,
        kind,
        id,
        subject,
        event,
        line,
        destination,
        expected: read_value(values),
        actual: read_value(values),
        detail: values.text().to_owned(),
        candidates: values.text().to_owned(),
        due: values.opt_instant(),
        root: values.byte().checked_sub(1).map(|cause| Root {
            cause: Cause::ALL[usize::from(cause)],
            id: values.text().to_owned(),
            explained: values.sum(),
        }),
        origin: Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 },
        accepted: values.byte() == 1,
        ordinal: values.number() as u32,
        exception_id: values.text().to_owned(),
        evidence: values.text().to_owned(),
    }
}

fn value(out: &mut Vec<u8>, value: &Value<'_>) {
    out.byte(u8::from(value.words().is_some()) << 1 | u8::from(value.amount().is_some()));
    value.words().into_iter().for_each(|words| out.text(words));
    value.amount().into_iter().for_each(|amount| out.sum(amount));
}

fn read_value(values: &mut Unpacker<'_>) -> Value<'static> {
    let parts = values.byte();
    let words = (parts & 2 != 0).then(|| Cow::Owned(values.text().to_owned()));
    let amount = (parts & 1 != 0).then(|| values.sum());
    match (words, amount) {
        (None, None) => Value::None,
        (None, Some(amount)) => Value::Amount(amount),
        (Some(words), None) => Value::Words(words),
        (Some(words), Some(amount)) => Value::Both(words, amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Judged;
    use crate::ledger::TransactionFacts;
    use crate::model::finding::Hit;
    use crate::model::settings::Settings;
    use crate::rows::pieces;
    use crate::rules::find;

    #[test]
    fn equal_findings_of_several_settlements_are_in_their_order_whatever_stands_between() {
        let card = find("AV709").unwrap().card;
        let found = |transaction: &str, settlement: &str| {
            let facts = TransactionFacts { id: transaction, ..TransactionFacts::default() };
            let hit = Hit::amounts(0, 5).settlement(settlement).detail("captured");
            Judged::transaction(&facts).finding(card, hit, &Settings::default())
        };
        let mut all = Found::default();
        all.extend([found("t1", "s10"), found("t2", "s10"), found("t1", "s9")].into_iter().flatten());
        let mut rows: Vec<&[u8]> = pieces(all.rows()).collect();
        rows.sort_unstable();
        let findings: Vec<Finding> = rows.iter().map(|row| sorted_finding(row)).collect();
        let named = findings.iter().map(|f| format!("{} {}", f.id, f.subject.settlement_id.as_deref().unwrap()));
        assert_eq!(named.collect::<Vec<_>>(), ["t1 s10", "t1 s9", "t2 s10"]);
    }
}
