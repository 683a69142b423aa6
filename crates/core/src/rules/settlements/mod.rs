//! Rules on settlements: payouts compared with the money that moved.

pub mod over_settled;
pub mod payout_chain_broken;
pub mod payout_unbalanced;
pub mod precheck;
pub mod settled_differ;
pub mod settled_event_differs;
pub mod settlement_line_differs;
pub mod settlement_line_unknown;
pub mod settlement_line_unnamed;
pub mod settlement_lines_differ;
pub mod settlement_missing;
pub mod settlement_status_mismatch;
pub mod settlement_unbalanced;
pub mod unsettled;
