//! Rules across documents: orders, sessions and the transactions they belong to.

pub mod authorization_over_used;
pub mod authorization_unknown;
pub mod cancelled_but_captured;
pub mod cancelled_but_open;
pub mod captured_differ;
pub mod currencies_differ;
pub mod paid_twice;
pub mod refunded_differ;
pub mod released_differ;
pub mod session_amount_differs;
pub mod session_link_broken;
pub mod transaction_missing;

use crate::ledger::{OrderPartners, TransactionFacts};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::Cx;

/// The transactions that an order's total can be compared with: all that it is linked to. `None` if
/// one is missing, partial or linked to another order too, or if the order's collection is not
/// given.
fn comparable<'c, 'p>(
    pair: &'c OrderPartners<'_, 'p>,
    list: EventList,
) -> Option<impl Iterator<Item = &'c TransactionFacts<'p>> + Clone> {
    let is_given = list.collection().is_some_and(|n| pair.order.given[n]);
    (is_given && pair.are_comparable()).then(|| pair.transactions.iter().map(|partner| &partner.transaction))
}

/// Pushes a finding when an order's total differs from its transactions'. A single partner is named in the finding.
fn compare_totals<'p>(pair: &OrderPartners<'_, 'p>, expected: Sum, actual: Sum, cx: &mut Cx<'_, 'p>) {
    if !cx.differs(actual, expected) {
        return;
    }
    let hit = Hit::amounts(expected, actual);
    cx.hit(match pair.transactions {
        [only] => hit.partner(Kind::Transaction, only.transaction.id),
        _ => hit,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{OrderFacts, Partner};
    use crate::model::settings::{Facts, Settings};

    fn findings(order: OrderFacts<'_>, transactions: &[Partner<'_>], tolerance: Sum) -> usize {
        let (mut settings, facts, mut hits) = (Settings::default(), Facts::default(), Vec::new());
        settings.set_tolerance(captured_differ::CARD.number, tolerance);
        let mut cx = Cx { settings: &settings, facts: &facts, card: &captured_differ::CARD, hits: &mut hits };
        let pair = OrderPartners { order, transactions };
        if let Some(partners) = comparable(&pair, EventList::Captures) {
            let expected = partners.map(|t| t.captured).sum();
            compare_totals(&pair, expected, order.captured, &mut cx);
        }
        hits.len()
    }

    #[test]
    fn totals_are_compared_only_with_all_partners_whole_and_own() {
        let order = OrderFacts { id: "o", captured: 91, given: [true; 4], named: 1, ..OrderFacts::default() };
        let of = |partial, shared| Partner {
            transaction: TransactionFacts { id: "P11111111.t", captured: 100, partial, ..Default::default() },
            shared,
        };
        assert_eq!(findings(order, &[of(false, false)], 0), 1);
        assert_eq!(findings(order, &[of(false, false)], 8), 1);
        assert_eq!(findings(order, &[of(false, false)], 9), 0);
        assert_eq!(findings(order, &[of(true, false)], 0), 0);
        assert_eq!(findings(order, &[of(false, true)], 0), 0);
        assert_eq!(findings(order, &[], 0), 0);
        assert_eq!(findings(OrderFacts { named: 2, ..order }, &[of(false, false)], 0), 0);
        assert_eq!(findings(OrderFacts { named: 0, ..order }, &[of(false, false)], 0), 1);
        assert_eq!(findings(OrderFacts { given: [true, true, false, true], ..order }, &[of(false, false)], 0), 0);
    }
}
