//! The rows of payouts.csv.

use super::judged::JudgedPayout;
use crate::oracle::{Finding, Severity};

/// The columns by name; an empty text is an empty cell.
pub type PayoutRow = Vec<(&'static str, String)>;

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
    let parts = &payout.parts;
    vec![
        ("namespace", text(payout.namespace)),
        ("settlement_id", payout.id.clone()),
        ("currency", payout.currency.clone()),
        ("provider", payout.provider.clone()),
        ("payout_destination_id", payout.destination.clone()),
        ("origin", text(payout.origin)),
        ("state", text(judged.state)),
        ("settled_on", payout.settled_on.clone()),
        ("settlement_reference", payout.reference.clone()),
        ("convention", text(payout.convention)),
        ("lines", payout.lines.to_string()),
        ("joined_lines", payout.joined_lines.to_string()),
        ("unjoined_lines", (payout.lines - payout.joined_lines).to_string()),
        ("payments", payout.payments.len().to_string()),
        ("captures_minor", parts.captures.to_string()),
        ("refunds_minor", parts.refunds.to_string()),
        ("fees_minor", parts.fees.to_string()),
        ("other_minor", parts.other.to_string()),
        ("carried_in_minor", parts.carried_in.to_string()),
        ("carried_out_minor", parts.carried_out.to_string()),
        ("unexplained_minor", payout.unexplained().to_string()),
        ("amount_minor", payout.amount.to_string()),
        ("received_minor", judged.received.map_or(String::new(), |sum| sum.to_string())),
        ("matched_by", text(judged.matched_by)),
        ("bank_date", judged.bank_date.map_or(String::new(), |date| date.to_string())),
        ("bank_entries", judged.bank_entries.join(" ")),
        ("candidates", judged.candidates.map_or(String::new(), |count| count.to_string())),
        ("findings", own.len().to_string()),
        ("worst_severity", worst.map_or(String::new(), |severity| text(word(severity)))),
        ("source", names[payout.place.source].clone()),
        ("source_offset", payout.place.offset.to_string()),
    ]
}
