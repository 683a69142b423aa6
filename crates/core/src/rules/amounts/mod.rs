//! Totals of the ledger and single events.

pub mod amount_missing;
pub mod negative_amount;
pub mod negative_total;
pub mod over_captured;
pub mod over_refunded;
pub mod over_released;
pub mod precheck;
pub mod refund_before_capture;
pub mod repeated_event_id;
pub mod suspected_double_operation;
pub mod void_amount_wrong;
pub mod void_of_nothing;

#[cfg(test)]
mod testing {
    use crate::ledger::{Event, Ledger, Span};
    use crate::model::card::Kind;
    use crate::model::event::{EventKind, EventList};
    use crate::model::finding::Hit;
    use crate::model::instant::Instant;
    use crate::model::origin::Origin;
    use crate::model::settings::{Facts, Settings};
    use crate::rules::{Check, Cx, Rule};

    /// `second` is the event's time; `None` for no known time.
    pub fn event<'p>(kind: EventKind, amount: i64, second: Option<i64>, id: Option<&'p str>) -> Event<'p> {
        Event {
            list: EventList::Events,
            place: 0,
            kind,
            word: "",
            success: None,
            stated: Some(amount),
            status_word: None,
            status: None,
            time: second.map(|seconds| Instant { seconds, nanos: 0 }),
            created_at: None,
            updated_at: None,
            version: None,
            id,
            request_id: None,
            correlation_request_id: None,
            authorization_id: None,
            payment_id: None,
            settlements: Default::default(),
            correction: [None; 3],
            items: Span::default(),
            splits: Span::default(),
            fees: Span::default(),
            cards: Span::default(),
            origin: Origin::default(),
            amount: None,
        }
    }

    /// A transaction over 10000 with these events.
    pub fn transaction<'p>(events: &[Event<'p>]) -> Ledger<'p> {
        let mut ledger = Ledger::new();
        ledger.clear(Kind::Transaction);
        ledger.head.amount = Some(10_000);
        ledger.events.extend_from_slice(events);
        for (place, event) in ledger.events.iter_mut().enumerate() {
            event.place = place as u32;
        }
        ledger.settle();
        ledger
    }

    /// Runs a rule's ledger checks.
    pub fn hits<'p>(rule: &Rule, ledger: &Ledger<'p>, settings: &Settings) -> Vec<Hit<'p>> {
        let mut hits = Vec::new();
        let mut cx = Cx { settings, facts: &Facts::default(), card: rule.card, hits: &mut hits };
        for check in rule.checks {
            if let Check::Ledger(_, check) | Check::Order(check) = check {
                check(ledger, &mut cx);
            }
        }
        hits.into_iter().map(|(_, hit)| hit).collect()
    }
}
