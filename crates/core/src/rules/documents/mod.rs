//! Rules on documents and their copies: whether the record can be trusted at all.

pub mod conflicting_copies;
pub mod currency_changed;
pub mod currency_invalid;
pub mod exponent_suspicious;
pub mod history_rewritten;
pub mod partial_document;
pub mod precheck;
pub mod sandbox_document;
