//! AV205 items-total-wrong.

use crate::card;
use crate::ledger::{Ledger, Triggers, items_sum};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The items of a transaction do not sum to its amount.
    ///
    /// The payer agreed to one amount, the lines say another: a rounding error, a shipping or discount line that is
    /// missing, a price that changed in between. Revenue and tax by line will not tie to the payment. Shipping may
    /// stand outside the items; both ways of counting it are tried.
    "AV205" "items-total-wrong" Error [Transaction]
    message: "the items sum to {actual}, the amount is {expected}: {delta} apart"
    action: "Compare the items with the shop's order, and add the missing rounding, shipping or discount line where the payment is created."
    fires: "An amount of 139.00, items of 99.98 and shipping of 39.00 beside them."
    silent: "An amount of 139.00, items of 100.00 and shipping of 39.00, among the items or beside them."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: Round(DocumentItems)
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::ITEMS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let items = ledger.document_items();
    if items.is_empty() {
        return;
    }
    let sum = items_sum(items);
    if !cx.differs(sum, ledger.authorized) {
        return;
    }
    let shipping = ledger.head.shipping.as_ref().and_then(|option| option.amount).map_or(0, Sum::from);
    if ledger.shipping_is_an_item() || cx.differs(sum + shipping, ledger.authorized) {
        cx.hit(Hit::amounts(ledger.authorized, sum));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::ledger::{Item, Ledger, Span};
    use crate::model::settings::{Facts, Settings};
    use crate::rules::{Check, Cx};

    #[test]
    fn both_ways_of_counting_shipping_must_be_beyond_the_tolerance() {
        let item = |amount| Item { amount: Some(amount), ..Item::default() };
        let found = |sum, shipping| {
            let mut ledger = Ledger::new();
            ledger.head.amount = Some(100);
            ledger.items.push(item(sum));
            ledger.head.items = Span { start: 0, end: 1 };
            ledger.head.shipping = Some(item(shipping));
            ledger.settle();
            let (mut settings, mut hits) = (Settings::default(), Vec::new());
            settings.set_tolerance(205, 2);
            let cx = &mut Cx { settings: &settings, facts: &Facts::default(), card: RULE.card, hits: &mut hits };
            if let [Check::Ledger(_, check)] = RULE.checks {
                check(&ledger, cx);
            }
            !hits.is_empty()
        };
        assert!(!found(98, 50) && !found(52, 50) && !found(48, 50));
        assert!(found(97, 50) && found(53, 50) && found(47, 50));
    }
}
