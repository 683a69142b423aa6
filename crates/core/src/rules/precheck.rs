//! Prechecks a transaction while it is read and its rows are in memory: its figures, its moves, and
//! the [triggers](Triggers) that select the rules to run. A transaction without triggers need not
//! be unpacked again.
//!
//! It uses the rows as they were read, before [`Ledger::settle`], and gives the same results as
//! after it.

use super::arithmetic::precheck::triggers_of_cards;
use super::documents::precheck::triggers_of_currency;
use super::lines::precheck::{Lines, same};
use super::settlements::precheck::is_settled_otherwise;
use super::splits::precheck::{triggers_of_seller, triggers_of_splits};
use super::states::precheck::{PrecheckState, triggers_of_outcome};
use crate::ledger::{Event, Figures, Ledger, Move, Precheck, Prechecker, Triggers};
use crate::model::event::EventKind;
use crate::model::money::Sum;

/// Documents with more events or items of their own than this are not prechecked: a precheck must
/// stay cheap.
const MANY: usize = 32;

/// Like [`MANY`], for all items and for all splits of the ledger.
const VERY_MANY: usize = 512;

/// What prechecks transactions.
pub fn prechecker() -> Prechecker {
    let mut lines = Lines::default();
    Box::new(move |ledger, known| Look { known, lines: &mut lines }.take(ledger))
}

/// A look at one transaction.
struct Look<'l> {
    known: &'l mut Precheck,
    lines: &'l mut Lines,
}

impl Look<'_> {
    fn take(&mut self, ledger: &Ledger<'_>) {
        self.known.moves.clear();
        self.known.figures = Figures::default();
        self.known.triggers = self.look(ledger).unwrap_or(Triggers::UNREAD);
        let states_settlements = |event: &Event<'_>| event.settlements.word.is_some();
        let has_settlements = !ledger.entries.is_empty() || ledger.events.iter().any(states_settlements);
        self.known.triggers.note(has_settlements, Triggers::NAMES_SETTLEMENTS);
        self.known.triggers.note(!ledger.correlations.is_empty(), Triggers::CORRELATED);
    }

    /// The triggers; `None` for a transaction that cannot be prechecked.
    fn look(&mut self, ledger: &Ledger<'_>) -> Option<Triggers> {
        let head = &ledger.head;
        let many = ledger.events.len() > MANY || head.items.len() > MANY;
        let amount = head.amount.unwrap_or(0);
        if many || ledger.items.len() > VERY_MANY || ledger.splits.len() > VERY_MANY || amount < 0 {
            return None;
        }
        self.known.figures.authorized = Sum::from(amount);
        self.known.figures.events = ledger.events.len() as u64;
        self.known.figures.has_cards_or_splits = !ledger.cards.is_empty() || !ledger.splits.is_empty();
        let (mut triggers, sum) = self.lines.begin(ledger)?;
        triggers |= triggers_of_head(ledger, sum)?;
        let mut course = PrecheckState::default();
        for event in &ledger.events {
            triggers |= self.event(ledger, event, &mut course)?;
        }
        self.known.figures.last_event_at = course.time;
        triggers |= triggers_of_outcome(head, &course);
        triggers |= self.lines.end();
        self.known.figures.lines = self.lines.sum;
        triggers.note(!ledger.entries.is_empty() && is_settled_otherwise(ledger), Triggers::SETTLED);
        if !ledger.splits.is_empty() {
            triggers |= triggers_of_splits(ledger, &mut self.known.figures);
        }
        Some(triggers)
    }

    fn event(&mut self, ledger: &Ledger<'_>, event: &Event<'_>, course: &mut PrecheckState) -> Option<Triggers> {
        if event.time.is_some() {
            if event.time < course.time {
                return None;
            }
            course.time = event.time;
        }
        let effective = event.effective();
        match event.kind {
            EventKind::Capture => course.capture_failed = !effective,
            EventKind::Refund => course.refund_failed = !effective,
            _ => {}
        }
        let mut triggers = Triggers::NONE;
        triggers.note(event.kind == EventKind::Other, Triggers::UNKNOWN_EVENT);
        triggers.note(event.stated.is_some_and(|amount| amount < 0), Triggers::AMOUNT);
        if effective {
            course.status = event.status.or(course.status);
            if Move::KINDS.contains(&event.kind) {
                triggers |= self.step(ledger, event, course)?;
            }
        }
        if event.correction != [None; 3] {
            triggers.note(!course.leaves(ledger, event.correction), Triggers::CORRECTION);
        }
        if event.asks() {
            triggers.note(event.request_id.is_some_and(|request| !ledger.is_completed(request)), Triggers::REQUEST);
        }
        Some(triggers)
    }

    fn step(&mut self, ledger: &Ledger<'_>, event: &Event<'_>, course: &mut PrecheckState) -> Option<Triggers> {
        let mut triggers = Triggers::NONE;
        let authorized = ledger.head.amount.unwrap_or(0);
        let amount = match event.kind {
            EventKind::Authorize => {
                course.authorized = true;
                triggers.note(course.moved_unauthorized, Triggers::SEQUENCE);
                0
            }
            EventKind::Capture => {
                let (of_amount, amount) = self.amount_of(ledger, event, &mut course.capture)?;
                triggers |= of_amount;
                triggers.note(course.voided, Triggers::VOID);
                course.captured = course.captured.checked_add(amount)?;
                course.moved_unauthorized |= !course.authorized;
                amount
            }
            EventKind::Refund => {
                let (of_amount, amount) = self.amount_of(ledger, event, &mut course.refund)?;
                triggers |= of_amount;
                course.refunded = course.refunded.checked_add(amount)?;
                triggers.note(course.refunded > course.captured, Triggers::TOTALS);
                amount
            }
            _ => {
                let left = authorized.checked_sub(course.captured)?.checked_sub(course.released)?.max(0);
                let in_part = 0 < course.captured && course.captured < authorized;
                let is_wrong = event.stated.map_or(left == 0, |stated| stated != left);
                triggers.note((in_part && !ledger.can_void_remainder()) || is_wrong, Triggers::VOID);
                (course.voided, course.released) = (true, course.released.checked_add(left)?);
                course.moved_unauthorized |= !course.authorized;
                left
            }
        };
        let step = Move { kind: event.kind, place: event.place, time: event.time, amount: Sum::from(amount) };
        self.known.figures.add(&step);
        self.known.moves.push(step);
        if let Some(status) = event.status {
            triggers.note(!course.allows(authorized, status), Triggers::STATUS);
        }
        let before = ledger.events.get(..event.place as usize).unwrap_or_default();
        let named_before = |id: &str| before.iter().any(|other| other.id.is_some_and(|other| same(other, id)));
        triggers.note(event.id.is_some_and(named_before), Triggers::REPEATED);
        Some(triggers)
    }

    /// The amount of a capture or refund, zero if it has none; `last` is that of the one before, and
    /// becomes this. `None` on 64-bit overflow.
    fn amount_of(
        &mut self,
        ledger: &Ledger<'_>,
        event: &Event<'_>,
        last: &mut Option<Option<i64>>,
    ) -> Option<(Triggers, i64)> {
        let (mut triggers, sum) = self.lines.moved(ledger, event)?;
        let sum = Some(sum).filter(|_| !event.items.is_empty());
        triggers.note(event.stated.is_some() && sum.is_some() && event.stated != sum, Triggers::ITEMS);
        let amount = event.stated.or(sum);
        triggers.note(amount.is_none(), Triggers::AMOUNT);
        triggers.note(last.replace(amount) == Some(amount), Triggers::REPEATED);
        Some((triggers, amount.unwrap_or(0)))
    }
}

/// `sum` is that of the document's items; `None` on 64-bit overflow.
fn triggers_of_head(ledger: &Ledger<'_>, sum: i64) -> Option<Triggers> {
    let head = &ledger.head;
    let amount = head.amount.unwrap_or(0);
    let mut triggers = Triggers::NONE;
    triggers |= triggers_of_currency(head);
    triggers |= triggers_of_seller(head);
    if !ledger.cards.is_empty() {
        triggers |= triggers_of_cards(ledger);
    }
    let items = ledger.document_items();
    if !items.is_empty() && sum != amount {
        let shipping = head.shipping.as_ref().and_then(|option| option.amount).unwrap_or(0);
        triggers.note(sum.checked_add(shipping)? != amount || ledger.shipping_is_an_item(), Triggers::ITEMS);
    }
    Some(triggers)
}
