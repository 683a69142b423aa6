//! The type of faults, and functions that several faults use.

use crate::realistic::draw::{order, purchase};
use crate::realistic::model::*;
use crate::realistic::spec::PurchaseSpec;
use crate::realistic::truth::ExpectedFinding;
use crate::rng::Rng;

pub struct FaultKind {
    /// The name in the truth file: the rule's name, and a variant if there are several.
    pub name: &'static str,
    /// The purchase that the fault needs.
    pub spec: PurchaseSpec,
    /// Adds the fault and the findings it must cause.
    pub plant: fn(&mut Purchase, &mut Rng),
}

impl FaultKind {
    /// The purchase of this index with the fault added.
    pub fn purchase(&self, seed: u64, index: u64) -> Purchase {
        let mut purchase = purchase::draw(seed, index, &self.spec);
        let mut rng = Rng::stream(seed, index, 4);
        (self.plant)(&mut purchase, &mut rng);
        let main = &mut purchase.main;
        main.updated = main.updated.max(main.last_at() + SECOND);
        main.version = main.version.max(main.events.len() as i64);
        purchase
    }
}

impl Purchase {
    pub fn expect_on_payment(&mut self, rule: u16, more: impl FnOnce(ExpectedFinding) -> ExpectedFinding) {
        self.truth.push(more(ExpectedFinding::new(rule, "transaction", self.main.id)));
    }

    pub fn expect_on_order(&mut self, rule: u16, more: impl FnOnce(ExpectedFinding) -> ExpectedFinding) {
        if let Some(order) = &self.order {
            self.truth.push(more(ExpectedFinding::new(rule, "order", order.id)));
        }
    }

    pub fn expect_on_session(&mut self, rule: u16, more: impl FnOnce(ExpectedFinding) -> ExpectedFinding) {
        if let Some(session) = &self.session {
            self.truth.push(more(ExpectedFinding::new(rule, "session", session.id)));
        }
    }

    /// Adds an event `after` the last one; returns its position.
    pub fn append(&mut self, kind: EventType, after: Millis, rng: &mut Rng) -> usize {
        let event = PaymentEvent::new(kind, self.main.last_at() + after, self.main.status, rng);
        self.main.events.push(event);
        self.main.events.len() - 1
    }

    /// Position and event of the last capture.
    pub fn capture(&mut self) -> Option<(usize, &mut PaymentEvent)> {
        let at = self.main.last(EventType::Capture)?;
        Some((at, &mut self.main.events[at]))
    }

    /// Position and event of the last refund.
    pub fn refund(&mut self) -> Option<(usize, &mut PaymentEvent)> {
        let at = self.main.last(EventType::Refund)?;
        Some((at, &mut self.main.events[at]))
    }
}

/// Leaves a finding on the whole document unchanged.
pub fn as_is(finding: ExpectedFinding) -> ExpectedFinding {
    finding
}

/// Swaps two events in both position and time.
pub fn swap_events(payment: &mut Payment, one: usize, other: usize) {
    payment.events.swap(one, other);
    let at = payment.events[one].at;
    payment.events[one].at = payment.events[other].at;
    payment.events[other].at = at;
}

/// Adds operations without lines to the order, one per hour.
pub fn add_operations(purchase: &mut Purchase, rng: &mut Rng, status: &'static str, entries: &[(usize, i64)]) {
    let Some(order) = &mut purchase.order else { return };
    let mut at = order.operations.iter().flatten().map(|op| op.at).max().unwrap_or(order.created);
    for &(list, amount) in entries {
        at += HOUR;
        order.operations[list].push(order::operation(at, amount, Vec::new(), None, rng));
    }
    order.updated = order.updated.max(at + SECOND);
    order.payment_status = Some(status).filter(|s| !s.is_empty());
}
