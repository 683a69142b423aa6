//! A first look at a transaction, taken while it is read and its rows are at hand: its figures, its moves, and the
//! [signs](Signs) by which rules are asked. Where it shows none, nobody needs to unpack the transaction again.
//!
//! It looks at the rows as they were read, before [`Ledger::settle`], and says the same as that would.

mod lines;
mod shares;

use super::states::expected;
use super::{Event, Figures, Head, Ledger, Move, Signs, items_sum};
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::product::Platform;
use crate::model::status::Status;

/// Documents with more events or items of their own than this are left to the rules: a look must stay short.
const MANY: usize = 32;

/// As [`MANY`], for all items and splits together.
const VERY_MANY: usize = 512;

/// Whether it is one of the currencies with two decimals that most exports are in.
fn is_everyday(currency: &str) -> bool {
    matches!(currency, "NOK" | "SEK" | "DKK" | "EUR" | "USD" | "GBP" | "PLN" | "CHF")
}

/// What a look at a transaction shows. One value is used again and again, so that looking allocates nothing in the
/// steady state.
#[derive(Clone, Debug, Default)]
pub struct Glance {
    /// The signs; where they say that it was not read, the rest says nothing.
    pub signs: Signs,
    /// The figures.
    pub figures: Figures,
    /// The moves, by the timeline.
    pub moves: Vec<Move>,
    lines: lines::Lines,
}

/// What is remembered from event to event.
#[derive(Default)]
struct Course<'l, 'p> {
    time: Option<Instant>,
    status: Option<Status>,
    capture: Option<&'l Event<'p>>,
    refund: Option<&'l Event<'p>>,
    moved_unauthorized: bool,
    capture_failed: bool,
    refund_failed: bool,
}

impl Glance {
    /// Looks at a transaction.
    pub fn take(&mut self, ledger: &Ledger<'_>) {
        self.moves.clear();
        self.figures = Figures::default();
        self.signs = self.look(ledger).unwrap_or(Signs::UNREAD);
    }

    /// The signs; `None` for a transaction that takes more than a look.
    fn look(&mut self, ledger: &Ledger<'_>) -> Option<Signs> {
        let head = &ledger.head;
        let many = ledger.events.len() > MANY || head.items.len() > MANY;
        let amount = head.amount.unwrap_or(0);
        if many || ledger.items.len() > VERY_MANY || ledger.splits.len() > VERY_MANY || amount < 0 {
            return None;
        }
        self.figures.authorized = Sum::from(amount);
        self.figures.events = ledger.events.len() as u64;
        self.figures.has_cards_or_splits = !ledger.cards.is_empty() || !ledger.splits.is_empty();
        let mut signs = signs_of_head(ledger);
        let mut course = Course::default();
        for event in &ledger.events {
            signs |= self.event(ledger, event, &mut course)?;
        }
        self.figures.last_event_at = course.time;
        signs |= self.outcome(head, &course);
        signs |= self.lines.look(ledger)?;
        self.figures.lines = self.lines.sum();
        if !ledger.splits.is_empty() {
            signs |= shares::look(ledger, &mut self.figures);
        }
        Some(signs)
    }

    fn event<'l, 'p>(
        &mut self,
        ledger: &'l Ledger<'p>,
        event: &'l Event<'p>,
        course: &mut Course<'l, 'p>,
    ) -> Option<Signs> {
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
        let mut signs = Signs::NONE;
        signs.note(event.kind == EventKind::Other, Signs::UNKNOWN_EVENT);
        signs.note(event.stated.is_some_and(|amount| amount < 0), Signs::AMOUNT);
        signs.note(event.correction != [None; 3], Signs::CORRECTION);
        if effective {
            course.status = event.status.or(course.status);
            signs.note(event.request_id.is_some() && asks(event.kind), Signs::REQUEST);
            if Move::KINDS.contains(&event.kind) {
                signs |= self.step(ledger, event, course);
            }
        }
        Some(signs)
    }

    fn step<'l, 'p>(&mut self, ledger: &'l Ledger<'p>, event: &'l Event<'p>, course: &mut Course<'l, 'p>) -> Signs {
        let before = self.figures.totals;
        let left = self.figures.open().max(0);
        let mut signs = Signs::NONE;
        let amount = match event.kind {
            EventKind::Authorize => 0,
            EventKind::Void => left,
            _ => {
                let (amount, of_amount) = amount_of(ledger, event);
                signs |= of_amount;
                amount.unwrap_or(0)
            }
        };
        let step = Move { kind: event.kind, place: event.place, time: event.time, amount };
        self.figures.add(&step);
        self.moves.push(step);
        let after = &self.figures.totals;
        match event.kind {
            EventKind::Authorize => signs.note(course.moved_unauthorized, Signs::SEQUENCE),
            EventKind::Capture => {
                course.moved_unauthorized |= !after.authorized;
                signs.note(before.voided, Signs::VOID);
                signs.note(is_repeated(ledger, course.capture.replace(event), event), Signs::REPEATED);
            }
            EventKind::Refund => {
                signs.note(after.refunded > after.captured, Signs::TOTALS);
                signs.note(is_repeated(ledger, course.refund.replace(event), event), Signs::REPEATED);
            }
            _ => {
                course.moved_unauthorized |= !after.authorized;
                let in_part = 0 < before.captured && before.captured < self.figures.authorized;
                let is_wrong = event.stated.map_or(left == 0, |stated| Sum::from(stated) != left);
                signs.note(in_part || is_wrong, Signs::VOID);
            }
        }
        if let Some(status) = event.status {
            signs.note(!allows(self.figures.authorized, after, status), Signs::STATUS);
        }
        let named_before = |id: &str| ledger.events.iter().take(event.place as usize).any(|e| e.id == Some(id));
        signs.note(event.id.is_some_and(named_before), Signs::REPEATED);
        signs
    }

    /// What the final totals and the end of the course show.
    fn outcome(&self, head: &Head<'_>, course: &Course<'_, '_>) -> Signs {
        let Figures { authorized, totals, .. } = &self.figures;
        let mut signs = Signs::NONE;
        signs.note(totals.captured > *authorized || totals.refunded > totals.captured, Signs::TOTALS);
        signs.note(course.capture_failed || course.refund_failed, Signs::SEQUENCE);
        let moved = totals.captured > 0 || totals.refunded > 0;
        match head.status {
            None | Some(Status::Unknown | Status::OnHold) => signs |= Signs::STATUS,
            Some(status) => {
                signs.note(!allows(*authorized, totals, status), Signs::STATUS);
                let is_refused = matches!(status, Status::Declined | Status::Failed);
                signs.note(moved && (is_refused || status == Status::Initiated), Signs::STATUS);
                signs.note(!is_refused && course.status.is_some_and(|last| last != status), Signs::STATUS);
                let may_capture = matches!(status, Status::Authorized | Status::PartiallyCaptured);
                signs.note(may_capture && self.figures.open() > 0, Signs::OPEN);
            }
        }
        signs
    }
}

/// Whether totals allow a state; what the table says nothing of is allowed.
fn allows(authorized: Sum, now: &super::Running, status: Status) -> bool {
    expected(authorized, now).is_none_or(|expected| expected.states().contains(&status))
}

fn asks(kind: EventKind) -> bool {
    matches!(kind, EventKind::InitiateCapture | EventKind::InitiateRefund | EventKind::InitiateVoid)
}

/// The amount of a capture or refund, and what it shows.
fn amount_of(ledger: &Ledger<'_>, event: &Event<'_>) -> (Option<Sum>, Signs) {
    let items = ledger.items(event.items);
    let sum = (!items.is_empty()).then(|| items_sum(items));
    let stated = event.stated.map(Sum::from);
    let mut signs = Signs::NONE;
    signs.note(stated.is_some() && sum.is_some() && stated != sum, Signs::ITEMS);
    signs.note(stated.or(sum).is_none(), Signs::AMOUNT);
    (stated.or(sum), signs)
}

/// Whether an event has the amount of the one of its kind before it.
fn is_repeated(ledger: &Ledger<'_>, before: Option<&Event<'_>>, event: &Event<'_>) -> bool {
    before.is_some_and(|before| amount_of(ledger, before).0 == amount_of(ledger, event).0)
}

fn signs_of_head(ledger: &Ledger<'_>) -> Signs {
    let head = &ledger.head;
    let mut signs = Signs::NONE;
    signs.note(!head.currency.is_some_and(is_everyday), Signs::CURRENCY);
    let has_seller = head.seller.is_some() || head.store_seller.is_some();
    signs.note(!has_seller && head.platform == Platform::OfSellers, Signs::SELLER);
    signs.note(!ledger.cards.is_empty(), Signs::CARDS);
    let items = ledger.document_items();
    let wrongly_discounted = |item: &super::Item<'_>| match (item.gross, item.discounts, item.amount) {
        (Some(gross), Some(discounts), Some(amount)) => Sum::from(gross) - discounts != Sum::from(amount),
        _ => false,
    };
    signs.note(items.iter().any(wrongly_discounted), Signs::ITEMS);
    let (sum, amount) = (items_sum(items), Sum::from(head.amount.unwrap_or(0)));
    if !items.is_empty() && sum != amount {
        let shipping = head.shipping.as_ref().and_then(|option| option.amount).map_or(0, Sum::from);
        signs.note(sum + shipping != amount || ledger.shipping_is_an_item(), Signs::ITEMS);
    }
    signs
}
