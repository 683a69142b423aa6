//! Prechecks a transaction while it is read and its rows are in memory: its figures, its moves, and
//! the [triggers](Triggers) that select the rules to run. A transaction without triggers need not
//! be unpacked again.
//!
//! It uses the rows as they were read, before [`Ledger::settle`], and gives the same results as
//! after it.

mod amount;
mod lines;
mod shares;

use self::amount::amount_of;
use super::states::expected;
use super::{Event, Figures, Head, Ledger, Move, Triggers};
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::product::Platform;
use crate::model::status::Status;

/// Documents with more events or items of their own than this are not prechecked: a precheck must
/// stay cheap.
const MANY: usize = 32;

/// Like [`MANY`], for all items and for all splits of the ledger.
const VERY_MANY: usize = 512;

/// The currencies with two decimals that most exports are in.
fn is_common_currency(currency: &str) -> bool {
    matches!(currency, "NOK" | "SEK" | "DKK" | "EUR" | "USD" | "GBP" | "PLN" | "CHF")
}

/// The result of a precheck. One value is reused, so that prechecks allocate nothing in the steady
/// state.
#[derive(Clone, Debug, Default)]
pub struct Precheck {
    /// With [`Triggers::UNREAD`], the other fields mean nothing.
    pub triggers: Triggers,
    pub figures: Figures,
    /// In timeline order.
    pub moves: Vec<Move>,
    lines: lines::Lines,
}

/// State carried from event to event.
#[derive(Default)]
struct PrecheckState {
    time: Option<Instant>,
    status: Option<Status>,
    /// The amounts of the last capture and of the last refund.
    capture: Option<Option<i64>>,
    refund: Option<Option<i64>>,
    moved_unauthorized: bool,
    capture_failed: bool,
    refund_failed: bool,
}

impl Precheck {
    /// Prechecks a transaction.
    pub fn take(&mut self, ledger: &Ledger<'_>) {
        self.moves.clear();
        self.figures = Figures::default();
        self.triggers = self.look(ledger).unwrap_or(Triggers::UNREAD);
    }

    /// The triggers; `None` for a transaction that cannot be prechecked.
    fn look(&mut self, ledger: &Ledger<'_>) -> Option<Triggers> {
        let head = &ledger.head;
        let many = ledger.events.len() > MANY || head.items.len() > MANY;
        let amount = head.amount.unwrap_or(0);
        if many || ledger.items.len() > VERY_MANY || ledger.splits.len() > VERY_MANY || amount < 0 {
            return None;
        }
        self.figures.authorized = Sum::from(amount);
        self.figures.events = ledger.events.len() as u64;
        self.figures.has_cards_or_splits = !ledger.cards.is_empty() || !ledger.splits.is_empty();
        let mut triggers = triggers_of_head(ledger)?;
        let mut course = PrecheckState::default();
        for event in &ledger.events {
            triggers |= self.event(ledger, event, &mut course)?;
        }
        self.figures.last_event_at = course.time;
        triggers |= self.outcome(head, &course);
        triggers |= self.lines.look(ledger)?;
        self.figures.lines = self.lines.sum();
        if !ledger.splits.is_empty() {
            triggers |= shares::look(ledger, &mut self.figures);
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
        triggers.note(event.correction != [None; 3], Triggers::CORRECTION);
        if effective {
            course.status = event.status.or(course.status);
            triggers.note(event.request_id.is_some() && asks(event.kind), Triggers::REQUEST);
            if Move::KINDS.contains(&event.kind) {
                triggers |= self.step(ledger, event, course)?;
            }
        }
        Some(triggers)
    }

    fn step(&mut self, ledger: &Ledger<'_>, event: &Event<'_>, course: &mut PrecheckState) -> Option<Triggers> {
        let before = self.figures.totals;
        let left = self.figures.open().max(0);
        let mut triggers = Triggers::NONE;
        let mut repeats = |before: &mut Option<Option<i64>>| -> Option<Sum> {
            let (amount, of_amount) = amount_of(ledger, event)?;
            triggers |= of_amount;
            triggers.note(before.replace(amount) == Some(amount), Triggers::REPEATED);
            Some(Sum::from(amount.unwrap_or(0)))
        };
        let amount = match event.kind {
            EventKind::Authorize => 0,
            EventKind::Capture => repeats(&mut course.capture)?,
            EventKind::Refund => repeats(&mut course.refund)?,
            _ => left,
        };
        let step = Move { kind: event.kind, place: event.place, time: event.time, amount };
        self.figures.add(&step);
        self.moves.push(step);
        let after = &self.figures.totals;
        match event.kind {
            EventKind::Authorize => triggers.note(course.moved_unauthorized, Triggers::SEQUENCE),
            EventKind::Capture => {
                course.moved_unauthorized |= !after.authorized;
                triggers.note(before.voided, Triggers::VOID);
            }
            EventKind::Refund => triggers.note(after.refunded > after.captured, Triggers::TOTALS),
            _ => {
                course.moved_unauthorized |= !after.authorized;
                let in_part = 0 < before.captured && before.captured < self.figures.authorized;
                let is_wrong = event.stated.map_or(left == 0, |stated| Sum::from(stated) != left);
                triggers.note(in_part || is_wrong, Triggers::VOID);
            }
        }
        if let Some(status) = event.status {
            triggers.note(!allows(self.figures.authorized, after, status), Triggers::STATUS);
        }
        let named_before = |id: &str| ledger.events.iter().take(event.place as usize).any(|e| e.id == Some(id));
        triggers.note(event.id.is_some_and(named_before), Triggers::REPEATED);
        Some(triggers)
    }

    /// Triggers of the final totals and the last events.
    fn outcome(&self, head: &Head<'_>, course: &PrecheckState) -> Triggers {
        let Figures { authorized, totals, .. } = &self.figures;
        let mut triggers = Triggers::NONE;
        triggers.note(totals.captured > *authorized || totals.refunded > totals.captured, Triggers::TOTALS);
        triggers.note(course.capture_failed || course.refund_failed, Triggers::SEQUENCE);
        let moved = totals.captured > 0 || totals.refunded > 0;
        match head.status {
            None | Some(Status::Unknown | Status::OnHold) => triggers |= Triggers::STATUS,
            Some(status) => {
                triggers.note(!allows(*authorized, totals, status), Triggers::STATUS);
                let is_refused = matches!(status, Status::Declined | Status::Failed);
                triggers.note(moved && (is_refused || status == Status::Initiated), Triggers::STATUS);
                triggers.note(!is_refused && course.status.is_some_and(|last| last != status), Triggers::STATUS);
                let may_capture = matches!(status, Status::Authorized | Status::PartiallyCaptured);
                triggers.note(may_capture && self.figures.open() > 0, Triggers::OPEN);
            }
        }
        triggers
    }
}

/// Whether totals allow a status; totals without a row in the table allow any.
fn allows(authorized: Sum, now: &super::Running, status: Status) -> bool {
    expected(authorized, now).is_none_or(|expected| expected.allows(status))
}

fn asks(kind: EventKind) -> bool {
    matches!(kind, EventKind::InitiateCapture | EventKind::InitiateRefund | EventKind::InitiateVoid)
}

/// `None` on 64-bit overflow.
fn triggers_of_head(ledger: &Ledger<'_>) -> Option<Triggers> {
    let head = &ledger.head;
    let mut triggers = Triggers::NONE;
    triggers.note(!head.currency.is_some_and(is_common_currency), Triggers::CURRENCY);
    let has_seller = head.seller.is_some() || head.store_seller.is_some();
    triggers.note(!has_seller && head.platform == Platform::OfSellers, Triggers::SELLER);
    triggers.note(!ledger.cards.is_empty(), Triggers::CARDS);
    let items = ledger.document_items();
    let (mut sum, amount) = (0i64, head.amount.unwrap_or(0));
    for item in items {
        sum = sum.checked_add(item.amount.unwrap_or(0))?;
        if let (Some(gross), Some(discounts), Some(amount)) = (item.gross, item.discounts, item.amount) {
            triggers.note(Sum::from(gross) - discounts != Sum::from(amount), Triggers::ITEMS);
        }
    }
    if !items.is_empty() && sum != amount {
        let shipping = head.shipping.as_ref().and_then(|option| option.amount).unwrap_or(0);
        triggers.note(sum.checked_add(shipping)? != amount || ledger.shipping_is_an_item(), Triggers::ITEMS);
    }
    Some(triggers)
}
