//! AV308 seller-missing.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::product::Platform;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An aggregator's transaction names no merchant of record.
    ///
    /// An aggregator takes payments on behalf of its sellers, and each must say for whom: by
    /// `payout_destination_id`, on the transaction or on its store. Without it the payout is held back until
    /// somebody tells the provider whose money it is.
    "AV308" "seller-missing" Warning [Transaction]
    message: "the platform is an aggregator, yet no payout destination says which seller the payment belongs to"
    action: "Ask the provider how this payment was paid out, and set `order.store.payout_destination_id` on every session of the platform."
    fires: "`platform_type` is `aggregator` and there is a store without `payout_destination_id`."
    silent: "`platform_type` is `aggregator` and the store has a `payout_destination_id`, or `platform_type` is `marketplace`."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SELLER, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let head = &ledger.head;
    if head.platform == Platform::OfSellers && !head.has_seller && !ledger.is_order() {
        cx.hit(Hit::new());
    }
}
