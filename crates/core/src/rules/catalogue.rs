//! Every rule, by code. A code is never reused.

use super::rule::Rule;
use super::{amounts, arithmetic, documents, lines, links, settlements, splits, states};
use crate::model::card::Card;

/// The rules, sorted by code.
pub static CATALOGUE: &[&Rule] = &[
    &documents::conflicting_copies::RULE,
    &documents::history_rewritten::RULE,
    &documents::sandbox_document::RULE,
    &documents::currency_invalid::RULE,
    &documents::exponent_suspicious::RULE,
    &documents::partial_document::RULE,
    &documents::currency_changed::RULE,
    &amounts::over_captured::RULE,
    &amounts::over_refunded::RULE,
    &amounts::refund_before_capture::RULE,
    &amounts::over_released::RULE,
    &amounts::void_amount_wrong::RULE,
    &amounts::void_of_nothing::RULE,
    &amounts::amount_missing::RULE,
    &amounts::negative_amount::RULE,
    &amounts::negative_total::RULE,
    &amounts::repeated_event_id::RULE,
    &amounts::suspected_double_operation::RULE,
    &lines::items_unbalanced::RULE,
    &lines::line_over_captured::RULE,
    &lines::line_over_refunded::RULE,
    &lines::unknown_line::RULE,
    &lines::items_total_wrong::RULE,
    &lines::line_over_released::RULE,
    &lines::duplicate_line::RULE,
    &lines::quantity_exceeded::RULE,
    &splits::split_unbalanced::RULE,
    &splits::item_split_unbalanced::RULE,
    &splits::destination_over_refunded::RULE,
    &splits::fee_destination_unknown::RULE,
    &splits::splits_missing::RULE,
    &splits::duplicate_destination::RULE,
    &splits::negative_split::RULE,
    &splits::seller_missing::RULE,
    &splits::gift_card_with_splits::RULE,
    &states::status_mismatch::RULE,
    &states::last_status_mismatch::RULE,
    &states::event_status_mismatch::RULE,
    &states::capture_after_void::RULE,
    &states::before_authorize::RULE,
    &states::void_unsupported::RULE,
    &states::money_on_dead_transaction::RULE,
    &states::pending_operation::RULE,
    &states::operation_failed::RULE,
    &states::stale_authorization::RULE,
    &states::events_out_of_order::RULE,
    &states::status_unresolved::RULE,
    &states::unknown_event::RULE,
    &states::correction_mismatch::RULE,
    &links::captured_differ::RULE,
    &links::refunded_differ::RULE,
    &links::released_differ::RULE,
    &links::currencies_differ::RULE,
    &links::transaction_missing::RULE,
    &links::cancelled_but_captured::RULE,
    &links::cancelled_but_open::RULE,
    &links::session_amount_differs::RULE,
    &links::session_link_broken::RULE,
    &links::paid_twice::RULE,
    &links::authorization_unknown::RULE,
    &links::authorization_over_used::RULE,
    &arithmetic::session_total_wrong::RULE,
    &arithmetic::discount_mismatch::RULE,
    &arithmetic::gift_cards_exceed::RULE,
    &arithmetic::gift_card_over_refunded::RULE,
    &arithmetic::payment_status_mismatch::RULE,
    &settlements::settlement_unbalanced::RULE,
    &settlements::settlement_lines_differ::RULE,
    &settlements::settlement_line_unknown::RULE,
    &settlements::settled_differ::RULE,
    &settlements::settlement_status_mismatch::RULE,
    &settlements::unsettled::RULE,
];

/// The rule of a code or name, letter case aside.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.card.is_called(code_or_name))
}

pub fn cards() -> Vec<&'static Card> {
    CATALOGUE.iter().map(|rule| rule.card).collect()
}
