//! The events of one payment, with the statuses, lines and splits that follow from them.

use super::basket::{lines_between, refund_shares, share};
use crate::realistic::model::{DAY, END, EventType, HOUR, MINUTE, Millis, Payment, PaymentEvent, SECOND, Splitting};
use crate::realistic::spec::{Lifecycle, PurchaseSpec};
use crate::rng::Rng;

/// The last time of any event of a purchase, so that its documents are updated before the end.
const LAST: Millis = END - 10 * SECOND;

/// The status that the totals imply; if the rules accept several, one of them.
pub fn status(amount: i64, captured: i64, refunded: i64, voided: bool) -> &'static str {
    match (captured, refunded) {
        (0, 0) if voided => "AUTHORIZATION_VOIDED",
        (0, 0) => "AUTHORIZED",
        (c, 0) if c < amount => "PARTIALLY_CAPTURED",
        (_, 0) => "CAPTURED",
        (c, _) if c < amount => "PARTIALLY_CAPTURED_REFUNDED",
        (c, r) if r < c => "PARTIALLY_REFUNDED",
        _ => "REFUNDED",
    }
}

struct EventBuilder<'a> {
    payment: &'a mut Payment,
    rng: &'a mut Rng,
    spec: &'a PurchaseSpec,
    items: bool,
    clock: Millis,
    captured: i64,
    refunded: i64,
    released: i64,
    voided: bool,
    gift_left: i64,
    gift_taken: i64,
    /// The balance of each seller, if events have splits.
    sellers: Vec<(u32, i64)>,
}

/// Adds the events of this lifecycle that happen before the end.
pub fn add_events(
    payment: &mut Payment,
    rng: &mut Rng,
    spec: &PurchaseSpec,
    lifecycle: Lifecycle,
    splitting: Splitting,
) {
    let items = splitting == Splitting::OnLines || spec.items.unwrap_or_else(|| rng.chance(850));
    let sellers = if splitting == Splitting::OnEvents {
        let first = rng.below(9000) as u32 * 10;
        (0..rng.range(2, 3) as u32).map(|k| (first + k, 0)).collect()
    } else {
        Vec::new()
    };
    let mut builder = EventBuilder {
        clock: payment.created,
        gift_left: payment.gift_card,
        payment,
        rng,
        spec,
        items,
        captured: 0,
        refunded: 0,
        released: 0,
        voided: false,
        gift_taken: 0,
        sellers,
    };
    builder.until_authorization(lifecycle);
    if builder.payment.status == "AUTHORIZED" {
        builder.after_authorization(lifecycle);
    }
}

impl EventBuilder<'_> {
    fn until_authorization(&mut self, lifecycle: Lifecycle) {
        let first = if lifecycle == Lifecycle::OnHold { "ON_HOLD" } else { "INITIATED" };
        self.payment.events.push(PaymentEvent::new(EventType::Initiate, self.clock, first, self.rng));
        self.clock += 5 * SECOND + self.rng.range(0, MINUTE);
        let (success, state) = match lifecycle {
            Lifecycle::Initiated | Lifecycle::OnHold => {
                self.payment.status = first;
                return;
            }
            Lifecycle::Declined => (false, "DECLINED"),
            Lifecycle::Failed => (false, "FAILED"),
            _ => (true, "AUTHORIZED"),
        };
        let mut event = PaymentEvent::new(EventType::Authorize, self.clock, state, self.rng);
        event.success = success;
        event.amount = self.rng.chance(100).then_some(self.payment.amount);
        self.payment.events.push(event);
        self.payment.status = state;
    }

    fn after_authorization(&mut self, lifecycle: Lifecycle) {
        let amount = self.payment.amount;
        let part = (amount * self.rng.range(30, 80) / 100).max(1);
        let extended = self.payment.product.name == "klarna" && !self.spec.plain && self.rng.chance(60);
        if extended && let Some(at) = self.advance(HOUR, DAY) {
            let event = PaymentEvent::new(EventType::Authorize, at, "AUTHORIZED", self.rng);
            self.payment.events.push(event);
        }
        match lifecycle {
            Lifecycle::Voided => self.void(),
            Lifecycle::Captured(parts) => self.in_parts(EventType::Capture, amount, parts),
            Lifecycle::PartCaptured => self.in_parts(EventType::Capture, part, 1),
            Lifecycle::PartVoided => {
                self.in_parts(EventType::Capture, part, 1);
                if self.captured == part {
                    self.void();
                }
            }
            Lifecycle::Refunded(captures, refunds) => {
                self.in_parts(EventType::Capture, amount, captures);
                if self.captured == amount {
                    self.in_parts(EventType::Refund, amount, refunds);
                }
            }
            Lifecycle::PartRefunded(captures, refunds) => {
                self.in_parts(EventType::Capture, amount, captures);
                if self.captured == amount {
                    self.in_parts(EventType::Refund, part, refunds);
                }
            }
            Lifecycle::PartCapturedRefunded => {
                self.in_parts(EventType::Capture, part, 1);
                let back = (part * self.rng.range(20, 100) / 100).max(1);
                if self.captured == part {
                    self.in_parts(EventType::Refund, back, 1);
                }
            }
            _ => {}
        }
    }

    /// The time of the next event; `None` if after the end.
    fn advance(&mut self, least: Millis, most: Millis) -> Option<Millis> {
        let at = self.clock + self.rng.range(least, most);
        (at <= LAST).then(|| {
            self.clock = at;
            at
        })
    }

    fn in_parts(&mut self, kind: EventType, total: i64, parts: u8) {
        let mut left = total;
        for k in 1..=parts {
            let share = if k == parts { left } else { left * self.rng.range(25, 60) / 100 };
            if share <= 0 {
                continue;
            }
            if !self.operation(kind, share) {
                return;
            }
            left -= share;
        }
    }

    /// Adds a capture or refund and the events before it; returns false if it would be after the
    /// end.
    fn operation(&mut self, kind: EventType, amount: i64) -> bool {
        // Equal operations within ten minutes count as duplicates.
        let (least, most) = match kind {
            _ if self.spec.plain => (11 * MINUTE, 10 * HOUR),
            EventType::Capture => (11 * MINUTE, 16 * HOUR),
            _ => (6 * HOUR, 6 * DAY),
        };
        let Some(at) = self.advance(least, most) else { return false };
        let tries = if self.spec.plain { 0 } else { self.rng.below(1000) };
        let (failed, requested) = ((1..=40).contains(&tries), (41..=100).contains(&tries));
        let request = self.rng.pair();
        let done_at = if failed || requested { self.advance(11 * MINUTE, 2 * HOUR) } else { Some(at) };
        if requested {
            let kind = if kind == EventType::Capture { EventType::InitiateCapture } else { EventType::InitiateRefund };
            let mut event = PaymentEvent::new(kind, at, self.payment.status, self.rng);
            event.request = Some(request);
            self.payment.events.push(event);
        }
        // A request shortly before the end has no answer; a failed attempt without a retry is left
        // out.
        let Some(done_at) = done_at else { return false };
        let from = if kind == EventType::Capture { self.captured } else { self.refunded };
        if failed {
            let mut event = self.operation_event(kind, at, from, amount);
            (event.success, event.status) = (false, Some("FAILED"));
            self.payment.events.push(event);
        }
        let mut event = self.operation_event(kind, done_at, from, amount);
        event.answers = requested.then_some(request);
        self.add_splits(&mut event, amount);
        if kind == EventType::Capture {
            self.captured += amount
        } else {
            self.refunded += amount
        }
        self.push_effective(event, failed);
        true
    }

    fn operation_event(&mut self, kind: EventType, at: Millis, from: i64, amount: i64) -> PaymentEvent {
        let mut event = PaymentEvent::new(kind, at, "", self.rng).with_amount(amount);
        event.from = from;
        event.items = self.items.then(|| lines_between(&self.payment.lines, from, amount));
        event
    }

    /// Adds the splits and the gift card amount of an effective capture or refund.
    fn add_splits(&mut self, event: &mut PaymentEvent, amount: i64) {
        let capture = event.kind == EventType::Capture;
        if !self.sellers.is_empty() && capture {
            let names: Vec<u32> = self.sellers.iter().map(|(seller, _)| *seller).collect();
            event.splits = share(self.rng, &names, amount);
            for (have, (_, part)) in self.sellers.iter_mut().zip(&event.splits) {
                have.1 += part;
            }
            if self.rng.chance(500) {
                event.fee_to = names[..1].to_vec();
            }
        } else if !self.sellers.is_empty() {
            event.splits = refund_shares(&mut self.sellers, amount);
        }
        if capture {
            event.gift = self.gift_left.min(amount);
            self.gift_left -= event.gift;
            self.gift_taken += event.gift;
        } else {
            event.gift = self.gift_taken.min(amount);
            self.gift_taken -= event.gift;
        }
    }

    fn void(&mut self) {
        let Some(at) = self.advance(11 * MINUTE, if self.spec.plain { 10 * HOUR } else { 2 * DAY }) else { return };
        let left = self.payment.amount - self.captured;
        let mut event = PaymentEvent::new(EventType::Void, at, "", self.rng);
        event.amount = self.rng.chance(300).then_some(left);
        (self.voided, self.released, event.from) = (true, left, self.captured);
        self.push_effective(event, false);
    }

    /// Adds an event with the resulting status, and sometimes with the remaining amounts.
    fn push_effective(&mut self, mut event: PaymentEvent, repeated: bool) {
        self.payment.status = status(self.payment.amount, self.captured, self.refunded, self.voided);
        event.status = Some(self.payment.status);
        if repeated && self.rng.chance(300) {
            let open = self.payment.amount - self.captured - self.released;
            let voidable = if self.captured > 0 && !self.payment.product.voids_remainder { 0 } else { open };
            event.correction = Some((open, self.captured - self.refunded, voidable));
        }
        self.payment.events.push(event);
    }
}
