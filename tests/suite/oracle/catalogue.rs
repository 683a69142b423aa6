//! The rules by code, name and severity.

use super::{Settings, Severity};

/// Code, name and severity of every rule.
pub const CATALOGUE: &[(&str, &str, Severity)] = &[
    ("AV001", "conflicting-copies", Severity::Error),
    ("AV002", "history-rewritten", Severity::Error),
    ("AV003", "sandbox-document", Severity::Warning),
    ("AV004", "currency-invalid", Severity::Error),
    ("AV005", "exponent-suspicious", Severity::Info),
    ("AV006", "partial-document", Severity::Info),
    ("AV007", "currency-changed", Severity::Error),
    ("AV101", "over-captured", Severity::Error),
    ("AV102", "over-refunded", Severity::Error),
    ("AV103", "refund-before-capture", Severity::Error),
    ("AV104", "over-released", Severity::Error),
    ("AV105", "void-amount-wrong", Severity::Error),
    ("AV106", "void-of-nothing", Severity::Warning),
    ("AV107", "amount-missing", Severity::Error),
    ("AV108", "negative-amount", Severity::Error),
    ("AV109", "negative-total", Severity::Error),
    ("AV110", "repeated-event-id", Severity::Error),
    ("AV111", "suspected-double-operation", Severity::Warning),
    ("AV201", "items-unbalanced", Severity::Error),
    ("AV202", "line-over-captured", Severity::Error),
    ("AV203", "line-over-refunded", Severity::Error),
    ("AV204", "unknown-line", Severity::Warning),
    ("AV205", "items-total-wrong", Severity::Error),
    ("AV206", "line-over-released", Severity::Error),
    ("AV207", "duplicate-line", Severity::Warning),
    ("AV208", "quantity-exceeded", Severity::Warning),
    ("AV301", "split-unbalanced", Severity::Error),
    ("AV302", "item-split-unbalanced", Severity::Error),
    ("AV303", "destination-over-refunded", Severity::Error),
    ("AV304", "fee-destination-unknown", Severity::Error),
    ("AV305", "splits-missing", Severity::Warning),
    ("AV306", "duplicate-destination", Severity::Warning),
    ("AV307", "negative-split", Severity::Error),
    ("AV308", "seller-missing", Severity::Warning),
    ("AV309", "gift-card-with-splits", Severity::Warning),
    ("AV401", "status-mismatch", Severity::Error),
    ("AV402", "last-status-mismatch", Severity::Warning),
    ("AV403", "event-status-mismatch", Severity::Warning),
    ("AV404", "capture-after-void", Severity::Error),
    ("AV405", "before-authorize", Severity::Error),
    ("AV406", "void-unsupported", Severity::Warning),
    ("AV407", "money-on-dead-transaction", Severity::Error),
    ("AV408", "pending-operation", Severity::Warning),
    ("AV409", "operation-failed", Severity::Warning),
    ("AV410", "stale-authorization", Severity::Warning),
    ("AV411", "events-out-of-order", Severity::Info),
    ("AV412", "status-unresolved", Severity::Warning),
    ("AV413", "unknown-event", Severity::Warning),
    ("AV414", "correction-mismatch", Severity::Error),
    ("AV501", "captured-differ", Severity::Error),
    ("AV502", "refunded-differ", Severity::Error),
    ("AV503", "released-differ", Severity::Error),
    ("AV504", "currencies-differ", Severity::Error),
    ("AV505", "transaction-missing", Severity::Warning),
    ("AV506", "cancelled-but-captured", Severity::Error),
    ("AV507", "cancelled-but-open", Severity::Error),
    ("AV508", "session-amount-differs", Severity::Warning),
    ("AV509", "session-link-broken", Severity::Error),
    ("AV510", "paid-twice", Severity::Warning),
    ("AV511", "authorization-unknown", Severity::Error),
    ("AV512", "authorization-over-used", Severity::Error),
    ("AV601", "session-total-wrong", Severity::Warning),
    ("AV602", "discount-mismatch", Severity::Warning),
    ("AV603", "gift-cards-exceed", Severity::Error),
    ("AV604", "gift-card-over-refunded", Severity::Error),
    ("AV605", "payment-status-mismatch", Severity::Warning),
    ("AV701", "settlement-unbalanced", Severity::Error),
    ("AV702", "settlement-lines-differ", Severity::Error),
    ("AV703", "settlement-line-unknown", Severity::Warning),
    ("AV704", "settled-differ", Severity::Error),
    ("AV705", "settlement-status-mismatch", Severity::Warning),
    ("AV706", "unsettled", Severity::Warning),
];

/// The rules on payouts and the bank, which run when the settings ask for payouts.
pub const PAYOUTS: &[(&str, &str, Severity)] = &[
    ("AV707", "settlement-missing", Severity::Warning),
    ("AV708", "settled-event-differs", Severity::Error),
    ("AV709", "settlement-line-differs", Severity::Error),
    ("AV710", "settlement-line-unnamed", Severity::Warning),
    ("AV711", "over-settled", Severity::Error),
    ("AV712", "payout-unbalanced", Severity::Error),
    ("AV713", "payout-chain-broken", Severity::Warning),
    ("AV801", "payout-not-received", Severity::Error),
    ("AV802", "payout-differs", Severity::Error),
    ("AV803", "payout-received-twice", Severity::Error),
    ("AV804", "bank-credit-unknown", Severity::Warning),
    ("AV805", "statement-unbalanced", Severity::Error),
    ("AV806", "statement-gap", Severity::Warning),
    ("AV807", "bank-match-ambiguous", Severity::Warning),
];

fn entry(rule: &str) -> &'static (&'static str, &'static str, Severity) {
    CATALOGUE.iter().chain(PAYOUTS).find(|entry| entry.0 == rule).expect("every rule is in the catalogue")
}

pub fn name(rule: &str) -> &'static str {
    entry(rule).1
}

/// "The configuration can change a rule's or turn it off."
pub fn severity(rule: &str, settings: &Settings) -> Severity {
    let (code, name, severity) = *entry(rule);
    let set = settings.severities.get(code).or_else(|| settings.severities.get(name));
    set.copied().unwrap_or(severity)
}

/// "0 minor units, unless the configuration sets one for a rule."
pub fn tolerance(rule: &str, settings: &Settings) -> i128 {
    let (code, name, _) = *entry(rule);
    let set = settings.tolerances.get(code).or_else(|| settings.tolerances.get(name));
    set.copied().unwrap_or(0)
}

/// "`|actual − expected| > tolerance`".
pub fn differs(rule: &str, settings: &Settings, expected: i128, actual: i128) -> bool {
    (actual - expected).abs() > tolerance(rule, settings)
}

/// "For rules that say more, `actual > expected + tolerance`".
pub fn is_more(rule: &str, settings: &Settings, expected: i128, actual: i128) -> bool {
    actual > expected + tolerance(rule, settings)
}

/// "Beyond a limit L: more than L when L ≥ 0, less than L when L < 0"; "beyond
/// a negative limit: `actual < expected − tolerance`".
pub fn is_beyond(rule: &str, settings: &Settings, limit: i128, actual: i128) -> bool {
    if limit >= 0 { actual > limit + tolerance(rule, settings) } else { actual < limit - tolerance(rule, settings) }
}
