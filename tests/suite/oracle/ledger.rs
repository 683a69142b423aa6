//! The account of one transaction or of one shopping order.

use std::collections::BTreeMap;

use super::collections::{self, Entry, Given};
use super::documents::*;
use super::findings::{Subject, SubjectKind};
use super::reading::{Everything, Found};
use super::states;

/// The totals at a point of the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub captured: i128,
    pub refunded: i128,
    pub released: i128,
    pub has_void: bool,
    pub has_authorize: bool,
}

/// One event of the timeline with the totals around it.
#[derive(Clone, Debug)]
pub struct Step {
    pub entry: Entry,
    pub before: Totals,
    pub after: Totals,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub line_id: String,
    /// "A line has an amount when one of its items has."
    pub amount: Option<i128>,
    /// Only when all items of the line have one.
    pub quantity: Option<i128>,
}

#[derive(Clone, Debug)]
pub struct Ledger {
    pub subject: Subject,
    pub authorised: i128,
    pub totals: Totals,
    /// All events in document order.
    pub entries: Vec<Entry>,
    pub steps: Vec<Step>,
    pub lines: Vec<Line>,
    pub given: Given,
    pub transaction: Option<Transaction>,
    pub order: Option<Order>,
}

impl Ledger {
    pub fn of_transaction(found: &Found<Transaction>) -> Ledger {
        let transaction = &found.document;
        let events = transaction.events.clone().unwrap_or_default();
        let entries: Vec<Entry> = events
            .into_iter()
            .enumerate()
            .map(|(index, event)| Entry { event, list: "events", index, place: found.place })
            .collect();
        let authorised = transaction.amount.unwrap_or(0);
        let steps = walk(authorised, &entries, true);
        let totals = steps.last().map_or(Totals::default(), |step| step.after);
        let mut subject = Subject::of_transaction(transaction, found.place);
        subject.status_derived = states::expected(authorised, &totals).map(|words| words.join(" or "));
        Ledger {
            subject,
            authorised,
            totals,
            entries,
            steps,
            lines: transaction_lines(transaction),
            given: Given { authorizations: true, captures: true, refunds: true, cancellations: true },
            transaction: Some(transaction.clone()),
            order: None,
        }
    }

    /// None: an order without document and without operations.
    pub fn of_order(id: &str, found: Option<&Found<Order>>, everything: &Everything) -> Option<Ledger> {
        let mut entries = Vec::new();
        for collection in COLLECTIONS {
            entries.extend(collections::merge(id, found, collection, everything));
        }
        // "For an order without document, of its first operation's."
        let first_operation = entries.iter().map(|entry| entry.place).min();
        let place = found.map(|order| order.place).or(first_operation)?;
        let order = found.map(|order| order.document.clone());
        // "An order's effective authorize events summed."
        let authorised = entries
            .iter()
            .filter(|entry| entry.event.is_effective() && entry.event.is(EventKind::Authorize))
            .map(|entry| entry.event.money())
            .sum();
        let steps = walk(authorised, &entries, false);
        let totals = steps.last().map_or(Totals::default(), |step| step.after);
        let given = collections::given(id, order.as_ref(), everything);
        let mut subject = Subject::of_order(id, order.as_ref(), place);
        if given.captures && given.refunds {
            subject.status_derived = states::payment_status(&totals, order.as_ref()).map(str::to_owned);
        }
        Some(Ledger {
            subject,
            authorised,
            totals,
            lines: order_lines(&entries),
            given,
            entries,
            steps,
            transaction: None,
            order,
        })
    }

    pub fn id(&self) -> &str {
        &self.subject.id
    }

    pub fn is_order(&self) -> bool {
        self.subject.kind == SubjectKind::Order
    }

    pub fn open(&self) -> i128 {
        self.authorised - self.totals.captured - self.totals.released
    }

    pub fn net(&self) -> i128 {
        self.totals.captured - self.totals.refunded
    }

    /// The events in timeline order.
    pub fn timeline(&self) -> Vec<&Entry> {
        self.steps.iter().map(|step| &step.entry).collect()
    }

    /// The effective events of a kind in timeline order.
    pub fn effective(&self, kind: EventKind) -> Vec<&Entry> {
        self.timeline().into_iter().filter(|entry| entry.event.is_effective() && entry.event.is(kind)).collect()
    }

    pub fn effective_items(&self, kind: EventKind) -> Vec<Item> {
        self.effective(kind).into_iter().flat_map(|entry| entry.event.items.clone()).collect()
    }

    /// The sum per `line_id` of the items of the effective events of a kind.
    pub fn sums_by_line(&self, kind: EventKind) -> BTreeMap<String, i128> {
        let mut sums = BTreeMap::new();
        for item in self.effective_items(kind) {
            if let Some(line_id) = item.line_id {
                *sums.entry(line_id).or_insert(0) += item.amount.unwrap_or(0);
            }
        }
        sums
    }

    /// The sum per destination of the splits of the effective events of a kind.
    pub fn sums_by_destination(&self, kind: EventKind) -> BTreeMap<String, i128> {
        let mut sums = BTreeMap::new();
        for entry in self.effective(kind) {
            for split in entry.event.all_splits() {
                *sums.entry(split.destination).or_insert(0) += split.amount;
            }
        }
        sums
    }

    pub fn product_type(&self) -> Option<&str> {
        self.transaction.as_ref()?.payment_product_type.as_deref()
    }
}

/// "A ledger's events sorted by `created_at` (order operations: `processed_at`,
/// else `created_at`), ties by place in the document; between collections on a
/// tie: authorizations, cancellations, captures, refunds. If any event of the
/// ledger has no time, the timeline is the document order."
fn timeline(entries: &[Entry]) -> Vec<Entry> {
    let mut sorted = entries.to_vec();
    if sorted.iter().all(|entry| entry.event.time().is_some()) {
        sorted.sort_by_key(|entry| entry.event.time());
    }
    sorted
}

fn walk(authorised: i128, entries: &[Entry], is_transaction: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut totals = Totals::default();
    for entry in timeline(entries) {
        let before = totals;
        if entry.event.is_effective() {
            count(&mut totals, authorised, &entry.event, is_transaction);
        }
        steps.push(Step { entry, before, after: totals });
    }
    steps
}

fn count(totals: &mut Totals, authorised: i128, event: &Event, is_transaction: bool) {
    match event.kind {
        EventKind::Authorize => totals.has_authorize = true,
        EventKind::Capture => totals.captured += event.money(),
        EventKind::Refund => totals.refunded += event.money(),
        // "For a transaction each effective void in the timeline releases what
        // is left at that moment, max(A − C so far − V so far, 0)."
        EventKind::Void if is_transaction => {
            totals.has_void = true;
            totals.released += left(authorised, totals);
        }
        // "For an order the effective cancel amounts summed."
        EventKind::Cancel => totals.released += event.money(),
        _ => {}
    }
}

/// What is left to capture or release at that point.
pub fn left(authorised: i128, totals: &Totals) -> i128 {
    (authorised - totals.captured - totals.released).max(0)
}

/// "A transaction's `items[]`, plus the shipping option as one line when it has
/// `line_id` and `amount` and no item carries that `line_id`."
fn transaction_lines(transaction: &Transaction) -> Vec<Line> {
    let mut lines = lines_of(&transaction.items);
    if let Some(option) = &transaction.shipping_option
        && let (Some(line_id), Some(amount)) = (&option.line_id, option.amount)
        && !lines.iter().any(|line| line.line_id == *line_id)
    {
        lines.push(Line { line_id: line_id.clone(), amount: Some(amount), quantity: option.quantity });
    }
    lines
}

/// "Items that share a `line_id` are one line, amounts and quantities summed;
/// a line has an amount when one of its items has."
fn lines_of(items: &[Item]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for item in items {
        let Some(line_id) = &item.line_id else {
            continue;
        };
        match lines.iter_mut().find(|line| line.line_id == *line_id) {
            Some(line) => {
                line.amount = match (line.amount, item.amount) {
                    (None, None) => None,
                    (one, other) => Some(one.unwrap_or(0) + other.unwrap_or(0)),
                };
                line.quantity = match (line.quantity, item.quantity) {
                    (Some(one), Some(other)) => Some(one + other),
                    _ => None,
                };
            }
            None => lines.push(Line { line_id: line_id.clone(), amount: item.amount, quantity: item.quantity }),
        }
    }
    lines
}

/// "For an order, the lines named by any of its authorize events (amount = sum
/// over the effective ones)."
fn order_lines(entries: &[Entry]) -> Vec<Line> {
    let mut items = Vec::new();
    for entry in entries {
        if !entry.event.is(EventKind::Authorize) {
            continue;
        }
        for item in &entry.event.items {
            let mut counted = item.clone();
            if !entry.event.is_effective() {
                counted.amount = counted.amount.map(|_| 0);
            }
            items.push(counted);
        }
    }
    lines_of(&items)
}
