//! The rows of payouts.csv.

use super::judged::JudgedPayout;
use crate::oracle::{Finding, Severity};

/// The columns by name; an empty text is an empty cell.
pub type PayoutRow = Vec<(&'static str, String)>;

/// The columns of payouts.csv, in their order.
pub const PAYOUT_COLUMNS: [&str; 31] = [
    "namespace",
    "settlement_id",
    "currency",
    "provider",
    "payout_destination_id",
    "origin",
    "state",
    "settled_on",
    "settlement_reference",
    "convention",
    "lines",
    "joined_lines",
    "unjoined_lines",
    "payments",
    "captures_minor",
    "refunds_minor",
    "fees_minor",
    "other_minor",
    "carried_in_minor",
    "carried_out_minor",
    "unexplained_minor",
    "amount_minor",
    "received_minor",
    "matched_by",
    "bank_date",
    "bank_entries",
    "candidates",
    "findings",
    "worst_severity",
    "source",
    "source_offset",
];

pub fn rows(all: &[JudgedPayout], findings: &[Finding], names: &[String]) -> Vec<PayoutRow> {
    all.iter().map(|judged| row(judged, findings, names)).collect()
}

fn is_of(finding: &Finding, judged: &JudgedPayout) -> bool {
    let payout = &judged.payout;
    finding.kind == "payout"
        && finding.id == payout.id
        && finding.currency.as_deref().unwrap_or("") == payout.currency
        && finding.detail.split(' ').next() == Some(payout.namespace)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Off => "off",
    }
}

fn row(judged: &JudgedPayout, findings: &[Finding], names: &[String]) -> PayoutRow {
    let payout = &judged.payout;
    let own: Vec<&Finding> = findings.iter().filter(|finding| is_of(finding, judged)).collect();
    let worst = own.iter().map(|finding| finding.severity).min();
    let text = |text: &str| text.to_owned();
    // Beyond 64 bits a cell is empty.
    let minor = |sum: i128| i64::try_from(sum).map_or(String::new(), |sum| sum.to_string());
    let parts = &payout.parts;
    let cells = [
        text(payout.namespace),
        payout.id.clone(),
        payout.currency.clone(),
        payout.provider.clone(),
        payout.destination.clone(),
        text(payout.origin),
        text(judged.state),
        payout.settled_on.clone(),
        payout.reference.clone(),
        text(payout.convention),
        payout.lines.to_string(),
        payout.joined_lines.to_string(),
        (payout.lines - payout.joined_lines).to_string(),
        payout.payments.len().to_string(),
        minor(parts.captures),
        minor(parts.refunds),
        minor(parts.fees),
        minor(parts.other),
        minor(parts.carried_in),
        minor(parts.carried_out),
        minor(payout.unexplained()),
        minor(payout.amount),
        judged.received.map_or(String::new(), minor),
        text(judged.matched_by),
        judged.bank_date.map_or(String::new(), |date| date.to_string()),
        judged.bank_entries.join(" "),
        judged.candidates.map_or(String::new(), |count| count.to_string()),
        own.len().to_string(),
        worst.map_or(String::new(), |severity| text(word(severity))),
        names[payout.place.source].clone(),
        payout.place.offset.to_string(),
    ];
    PAYOUT_COLUMNS.into_iter().zip(cells).collect()
}
