//! Rules on settlements: payouts compared with the money that moved.

pub mod settled_differ;
pub mod settlement_line_unknown;
pub mod settlement_lines_differ;
pub mod settlement_status_mismatch;
pub mod settlement_unbalanced;
pub mod unsettled;
