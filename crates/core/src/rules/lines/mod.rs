//! Rules on lines: what was sold, and how much of it each event moved.

pub mod duplicate_line;
pub mod items_total_wrong;
pub mod items_unbalanced;
pub mod line_over_captured;
pub mod line_over_refunded;
pub mod line_over_released;
pub mod precheck;
pub mod quantity_exceeded;
pub mod unknown_line;
