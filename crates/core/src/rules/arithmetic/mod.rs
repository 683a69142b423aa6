//! Arithmetic of orders, sessions and gift cards.

pub mod discount_mismatch;
pub mod gift_card_over_refunded;
pub mod gift_cards_exceed;
pub mod payment_status_mismatch;
pub mod precheck;
pub mod session_total_wrong;
