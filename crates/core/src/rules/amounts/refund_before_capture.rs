//! AV103 refund-before-capture.

use super::over_refunded;
use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// At some moment more was refunded than had been captured by then, though the final totals add up.
    ///
    /// Money cannot be given back before it was taken. A refund that comes too early was booked on the wrong payment,
    /// or a capture was recorded late; until the capture came, the merchant had paid out money of its own.
    "AV103" "refund-before-capture" Error [Transaction Order]
    message: "by {event} {actual} was refunded, when only {expected} had been captured"
    action: "Check the times of the captures and refunds with the provider. Find out whether the refund belongs to another payment."
    fires: "Refunded 50.00 at 10:00, captured 100.00 at 11:00."
    silent: "Captured 50.00 at 09:00, refunded 50.00 at 10:00, captured another 50.00 at 11:00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::TOTALS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.given(EventList::Captures) {
        return;
    }
    let too_early = ledger
        .timeline()
        .find(|(event, step)| event.is(EventKind::Refund) && cx.more(step.after.refunded, step.after.captured));
    let Some((event, step)) = too_early else { return };
    if !over_refunded::fires(ledger, cx) {
        cx.hit(Hit::amounts(step.after.captured, step.after.refunded).at(event));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::event::EventKind::{Capture, Refund};
    use crate::model::settings::Settings;
    use crate::rules::amounts::testing::{event, hits, transaction};

    #[test]
    fn it_is_silent_only_where_more_was_refunded_than_the_tolerance_there_allows() {
        let ledger = transaction(&[event(Refund, 5001, Some(1), None), event(Capture, 5000, Some(2), None)]);
        let mut settings = Settings::default();
        assert!(hits(&RULE, &ledger, &settings).is_empty());
        settings.set_tolerance(102, 1);
        assert_eq!(hits(&RULE, &ledger, &settings).len(), 1);
        settings.set_tolerance(103, 5001);
        assert!(hits(&RULE, &ledger, &settings).is_empty());
    }
}
