//! Translates the words in a document's head.

use crate::ledger::Head;
use crate::model::card::Kind;
use crate::provider::dintero::{products, settlements, statuses};

pub(in crate::provider::dintero) fn explain(head: &mut Head<'_>) {
    let is_order = head.kind == Kind::Order;
    head.status = head.status_word.filter(|_| !is_order).and_then(statuses::status);
    head.payment_status = head.status_word.filter(|_| is_order).and_then(statuses::payment_status);
    head.words = &statuses::WORDS;
    head.conventions = settlements::CONVENTIONS;
    head.product = products::product(head.product_type.unwrap_or_default());
    head.platform = products::platform(head.platform_type);
}
