//! Prechecks the status: what the events come to, one after the other.

use crate::ledger::states::row;
use crate::ledger::{Head, Ledger, Running, Triggers};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::status::Status;

/// State carried from event to event.
#[derive(Default)]
pub struct PrecheckState {
    pub time: Option<Instant>,
    pub status: Option<Status>,
    /// The amounts of the last capture and of the last refund.
    pub capture: Option<Option<i64>>,
    pub refund: Option<Option<i64>>,
    /// The totals so far, in 64 bits.
    pub captured: i64,
    pub refunded: i64,
    pub released: i64,
    pub authorized: bool,
    pub voided: bool,
    pub moved_unauthorized: bool,
    pub capture_failed: bool,
    pub refund_failed: bool,
}

/// Triggers of the final totals and the last events.
pub fn triggers_of_outcome(head: &Head<'_>, course: &PrecheckState) -> Triggers {
    let authorized = head.amount.unwrap_or(0);
    let mut triggers = Triggers::NONE;
    triggers.note(course.captured > authorized || course.refunded > course.captured, Triggers::TOTALS);
    triggers.note(course.capture_failed || course.refund_failed, Triggers::SEQUENCE);
    let moved = course.captured > 0 || course.refunded > 0;
    match head.status {
        None | Some(Status::Unknown | Status::OnHold) => triggers |= Triggers::STATUS,
        Some(status) => {
            triggers.note(!course.allows(authorized, status), Triggers::STATUS);
            let is_refused = matches!(status, Status::Declined | Status::Failed);
            triggers.note(moved && (is_refused || status == Status::Initiated), Triggers::STATUS);
            triggers.note(!is_refused && course.status.is_some_and(|last| last != status), Triggers::STATUS);
            let may_capture = matches!(status, Status::Authorized | Status::PartiallyCaptured);
            let open = Sum::from(authorized) - Sum::from(course.captured) - Sum::from(course.released);
            triggers.note(may_capture && open > 0, Triggers::OPEN);
        }
    }
    triggers
}

impl PrecheckState {
    /// Whether what is left now is what an event states.
    pub fn leaves(&self, ledger: &Ledger<'_>, stated: [Option<i64>; 3]) -> bool {
        let [captured, refunded, released] = [self.captured, self.refunded, self.released].map(Sum::from);
        let now = Running { captured, refunded, released, ..Running::default() };
        let authorized = Sum::from(ledger.head.amount.unwrap_or(0));
        let ours = now.remaining(authorized, ledger.can_void_remainder());
        stated.into_iter().zip(ours).all(|(stated, ours)| stated.is_none_or(|stated| Sum::from(stated) == ours))
    }

    /// Whether the totals allow a status; totals without a row in the table allow any.
    pub fn allows(&self, authorized: i64, status: Status) -> bool {
        let expected = row(authorized, self.captured, self.refunded, self.voided, self.authorized);
        expected.is_none_or(|expected| expected.allows(status))
    }
}
