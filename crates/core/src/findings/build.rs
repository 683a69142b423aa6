//! Turns hits, which borrow from a ledger, into self-contained findings.

use std::collections::HashMap;

use super::packed::sort_key;
use crate::bank::Statement;
use crate::evidence;
use crate::ledger::{Names, OrderFacts, Running, Session, SessionFacts, Settlement, TransactionFacts};
use crate::model::card::{Card, Kind};
use crate::model::cause::{Cause, Root, Undone};
use crate::model::event::EventList;
use crate::model::evidence::{join, need_part};
use crate::model::finding::{EventAt, EventRef, Finding, Hit, Subject, short_hash};
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::settings::Settings;
use crate::payout::{Payout, PayoutKey};

/// The subject of findings, with the record that they cite.
#[derive(Clone, Debug)]
pub struct Judged {
    pub kind: Kind,
    pub id: String,
    /// What its kept document states.
    pub subject: Subject,
    /// The record of the kept document.
    pub origin: Origin,
    /// What its findings rest on.
    pub evidence: String,
}

/// The cause that explains a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The index of the hit that names the cause.
    pub root: usize,
    pub cause: Cause,
    /// How much of the hit's delta the cause explains.
    pub explained: Sum,
}

/// The causes of the hits on a ledger.
#[derive(Debug, Default)]
pub struct Traced {
    /// One entry per hit; empty if nothing was traced.
    pub traces: Vec<Option<Trace>>,
    /// The only cause found, and the totals without it; `None` if several were found.
    pub undone: Option<(Trace, Running)>,
}

fn own(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

impl Judged {
    /// Describes the ledger of a transaction or an order; `derived` is the status that its totals imply.
    pub fn ledger(kind: Kind, id: &str, names: &Names<'_>, derived: Option<&str>, origin: Origin) -> Judged {
        let own_id = own(Some(id));
        let (order_id, transaction_id) = if kind == Kind::Order { (own_id, None) } else { (None, own_id) };
        Judged {
            kind,
            id: id.to_owned(),
            subject: Subject {
                order_id,
                transaction_id,
                session_id: own(names.session_id),
                merchant_reference: own(names.merchant_reference),
                merchant_reference_2: own(names.merchant_reference_2),
                payment_product_type: own(names.product_type),
                settlement_id: None,
                currency: own(names.currency),
                status: own(names.status),
                status_derived: own(derived),
                created_at: names.created_at,
            },
            origin,
            evidence: String::new(),
        }
    }

    pub fn session(session: &Session<'_>) -> Judged {
        Judged::session_facts(&SessionFacts::from(session))
    }

    pub fn session_facts(session: &SessionFacts<'_>) -> Judged {
        Judged {
            kind: Kind::Session,
            id: session.id.to_owned(),
            subject: Subject {
                session_id: own(Some(session.id)),
                transaction_id: own(session.transaction_id),
                merchant_reference: own(session.merchant_reference),
                merchant_reference_2: own(session.merchant_reference_2),
                currency: own(session.currency),
                created_at: session.created_at,
                ..Subject::default()
            },
            origin: session.origin,
            evidence: evidence::of_session(session),
        }
    }

    pub fn settlement(settlement: &Settlement<'_>) -> Judged {
        let currency = if settlement.amounts.len() == 1 { settlement.amounts[0].currency } else { None };
        Judged {
            kind: Kind::Settlement,
            id: settlement.id.to_owned(),
            subject: Subject { currency: own(currency), created_at: settlement.created_at, ..Subject::default() },
            origin: settlement.origin,
            evidence: String::new(),
        }
    }

    pub fn payout(key: &PayoutKey, payout: &Payout) -> Judged {
        Judged {
            kind: Kind::Payout,
            id: key.id.clone(),
            subject: Subject {
                settlement_id: own(Some(&key.id)),
                currency: own(Some(&key.currency)),
                status: own(Some(payout.state().word())),
                ..Subject::default()
            },
            origin: payout.record.unwrap_or_default(),
            evidence: payout.evidence.clone(),
        }
    }

    /// Describes an entry or a statement of a bank account; `id` is its name in outputs.
    pub fn bank(id: String, statement: &Statement, evidence: String) -> Judged {
        Judged {
            kind: Kind::Bank,
            id,
            subject: Subject { currency: own(statement.currency.as_deref()), ..Subject::default() },
            origin: Origin { file: statement.file, offset: statement.offset, length: 0 },
            evidence,
        }
    }

    pub fn transaction(facts: &TransactionFacts<'_>) -> Judged {
        Judged {
            kind: Kind::Transaction,
            id: facts.id.to_owned(),
            subject: Subject {
                transaction_id: own(Some(facts.id)),
                session_id: own(facts.session_id),
                merchant_reference: own(facts.merchant_reference),
                merchant_reference_2: own(facts.merchant_reference_2),
                payment_product_type: own(facts.product_type),
                currency: own(facts.currency),
                status: own(facts.status),
                status_derived: own(facts.status_derived),
                created_at: facts.created_at,
                ..Subject::default()
            },
            origin: facts.origin,
            evidence: evidence::of_transaction(facts),
        }
    }

    pub fn order(facts: &OrderFacts<'_>) -> Judged {
        Judged {
            kind: Kind::Order,
            id: facts.id.to_owned(),
            subject: Subject {
                order_id: own(Some(facts.id)),
                currency: own(facts.currency),
                status: own(facts.status),
                status_derived: own(facts.status_derived),
                created_at: facts.created_at,
                ..Subject::default()
            },
            origin: facts.origin,
            evidence: evidence::of_order(facts),
        }
    }

    /// Adds the transaction that the subject is compared with.
    pub fn with_transaction(mut self, id: &str) -> Judged {
        self.subject.transaction_id = own(Some(id));
        self
    }

    /// Replaces the evidence.
    pub fn replace_evidence(self, evidence: String) -> Judged {
        Judged { evidence, ..self }
    }

    /// Adds to the evidence.
    pub fn with_evidence(mut self, evidence: &str) -> Judged {
        self.evidence = join([self.evidence.as_str(), evidence]);
        self
    }

    /// Makes the finding of a hit on this subject; `None` if the rule is off. The card's needs of
    /// the whole input are added to the evidence.
    pub fn finding(&self, card: &'static Card, hit: Hit<'_>, settings: &Settings) -> Option<Finding> {
        let severity = settings.severity(card)?;
        let mut subject = self.subject.clone();
        match hit.partner {
            Some((Kind::Transaction, id)) => subject.transaction_id = own(Some(id)),
            Some((Kind::Order, id)) => subject.order_id = own(Some(id)),
            Some((Kind::Session, id)) => subject.session_id = own(Some(id)),
            Some((Kind::Settlement, id)) => subject.settlement_id = own(Some(id)),
            Some((Kind::Payout | Kind::Bank, _)) | None => {}
        }
        if hit.currency.is_some() {
            subject.currency = own(hit.currency);
        }
        if let Some(id) = hit.settlement {
            subject.settlement_id = own(Some(id));
        }
        Some(Finding {
            card,
            severity,
            kind: self.kind,
            id: self.id.clone(),
            origin: hit.event.map_or(self.origin, |event| event.origin),
            event: hit.event.map(event_at),
            line: own(hit.line),
            destination: own(hit.destination),
            expected: hit.expected.into_owned(),
            actual: hit.actual.into_owned(),
            detail: hit.detail.into_owned(),
            candidates: hit.candidates.into_owned(),
            due: hit.timed.map(|timed| timed.due),
            root: None,
            subject,
            accepted: false,
            ordinal: 0,
            exception_id: String::new(),
            evidence: match need_part(card.needs) {
                Some(part) => join([self.evidence.as_str(), part]),
                None => self.evidence.clone(),
            },
        })
    }
}

/// Copies an event out of the ledger. Its key in the finding's id is its own id, else its kind and
/// time, else its place.
pub(super) fn event_at(event: EventRef<'_>) -> EventAt {
    let place = || format!("{}[{}]", event.list.name(), event.place);
    let key = match (event.id, event.kind, event.time) {
        (Some(id), ..) => id.to_owned(),
        (None, Some(kind), Some(time)) => format!("{} {time}", kind.word()),
        _ => place(),
    };
    debug_assert!(event.kind.is_some() || event.list == EventList::Transactions);
    EventAt { list: event.list, place: event.place, time: event.time, key }
}

/// Sets the roots of the findings of one document; `traced` covers the first of them. All findings
/// of a rule and document must be here, so that names match those in reports. Returns the repaired
/// totals if exactly one cause was found.
pub fn set_roots(findings: &mut [Finding], traced: &Traced) -> Option<Undone> {
    if traced.traces.iter().all(Option::is_none) {
        return None;
    }
    let names = names_of(findings);
    for (finding, trace) in findings.iter_mut().zip(&traced.traces) {
        finding.root = trace.map(|Trace { root, cause, explained }| Root { id: names[root].clone(), cause, explained });
    }
    let (Trace { root, cause, .. }, totals) = traced.undone?;
    let Running { captured, refunded, released, .. } = totals;
    Some(Undone { root: Root::number(&names[root])?, cause, captured, refunded, released })
}

/// Returns the stable names of findings in any order. All findings of a rule and subject must be
/// among them, because names number equal findings.
pub fn names_of(findings: &[Finding]) -> Vec<String> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| findings[*a].order().cmp(&findings[*b].order()));
    let (mut namer, mut names) = (Namer::default(), vec![String::new(); findings.len()]);
    for at in order {
        let mut finding = findings[at].clone();
        namer.name(&mut finding);
        names[at] = finding.exception_id;
    }
    names
}

/// Names findings, which must come in report order.
#[derive(Debug, Default)]
pub struct Namer {
    /// Rule and subject of the last finding; findings of both are adjacent in report order.
    last: Option<(u16, Kind, String)>,
    /// The sort key of the last finding, and how many findings with that key precede it.
    key: Vec<u8>,
    ordinal: u32,
    /// How often each name occurred for the current rule and subject.
    seen: HashMap<Vec<u8>, u32>,
}

impl Namer {
    /// Sets the finding's ordinal among findings with an equal sort key, and its stable name.
    pub fn name(&mut self, finding: &mut Finding) {
        let is_same = |(number, kind, id): &(u16, Kind, String)| {
            (*number, *kind, id) == (finding.card.number, finding.kind, &finding.id)
        };
        if !self.last.as_ref().is_some_and(is_same) {
            self.last = Some((finding.card.number, finding.kind, finding.id.clone()));
            self.key.clear();
            self.seen.clear();
        }
        let mut key = Vec::with_capacity(self.key.len().max(64));
        sort_key(&mut key, finding);
        self.ordinal = if key == self.key { self.ordinal + 1 } else { 0 };
        self.key = key;
        finding.ordinal = self.ordinal;
        let mut name = name_parts(finding);
        let ordinal = match self.seen.get_mut(&name) {
            Some(next) => std::mem::replace(next, *next + 1),
            None => {
                self.seen.insert(name.clone(), 1);
                0
            }
        };
        add_name_part(&mut name, &ordinal.to_string());
        finding.exception_id = id_of_name(&name);
    }
}

fn name_parts(finding: &Finding) -> Vec<u8> {
    let parts = [
        finding.card.code,
        finding.kind.word(),
        &finding.id,
        finding.event.as_ref().map_or("", |event| &event.key),
        finding.line.as_deref().unwrap_or(""),
        finding.destination.as_deref().unwrap_or(""),
        &finding.detail,
    ];
    let mut bytes = Vec::with_capacity(160);
    parts.iter().for_each(|part| add_name_part(&mut bytes, part));
    bytes
}

pub(super) fn add_name_part(bytes: &mut Vec<u8>, part: &str) {
    bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
    bytes.extend_from_slice(part.as_bytes());
}

/// Hashes name parts into a stable name; the last part numbers equal names.
pub(super) fn id_of_name(name: &[u8]) -> String {
    short_hash(name)
}
