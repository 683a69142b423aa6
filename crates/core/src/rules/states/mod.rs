//! Rules on states: what a transaction states, compared with what its events did and when.

pub mod before_authorize;
pub mod capture_after_void;
pub mod correction_mismatch;
pub mod event_status_mismatch;
pub mod events_out_of_order;
pub mod last_status_mismatch;
pub mod money_on_dead_transaction;
pub mod operation_failed;
pub mod pending_operation;
pub mod precheck;
pub mod stale_authorization;
pub mod status_mismatch;
pub mod status_unresolved;
pub mod unknown_event;
pub mod void_unsupported;
