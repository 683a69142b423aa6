//! The words of a transaction's status, and the states expected from totals.

use super::documents::Order;
use super::ledger::Totals;

const KNOWN: [&str; 12] = [
    "INITIATED",
    "AUTHORIZED",
    "AUTHORIZATION_VOIDED",
    "CAPTURED",
    "PARTIALLY_CAPTURED",
    "PARTIALLY_CAPTURED_REFUNDED",
    "REFUNDED",
    "PARTIALLY_REFUNDED",
    "DECLINED",
    "FAILED",
    "UNKNOWN",
    "ON_HOLD",
];

/// "Aliases: any letter case; `INITIALIZED` = INITIATED; `REJECTED` = DECLINED;
/// `PARTICALLY_CAPTURED_REFUNDED` = PARTIALLY_CAPTURED_REFUNDED."
pub fn canonical(written: Option<&str>) -> Option<&'static str> {
    let upper = written?.to_ascii_uppercase();
    let word = match upper.as_str() {
        "INITIALIZED" => "INITIATED",
        "REJECTED" => "DECLINED",
        "PARTICALLY_CAPTURED_REFUNDED" => "PARTIALLY_CAPTURED_REFUNDED",
        other => other,
    };
    KNOWN.into_iter().find(|known| *known == word)
}

/// "UNKNOWN is never expected and never judged by AV401–AV403."
pub fn judged(written: Option<&str>) -> Option<&'static str> {
    canonical(written).filter(|word| *word != "UNKNOWN")
}

/// The expected states of a transaction from its totals at a moment: the first
/// row that applies.
pub fn expected(a: i128, totals: &Totals) -> Option<Vec<&'static str>> {
    let c = totals.captured;
    let r = totals.refunded;
    let void = totals.has_void;
    if a == 0 {
        return Some(vec![
            "AUTHORIZED",
            "CAPTURED",
            "INITIATED",
            "AUTHORIZATION_VOIDED",
            "ON_HOLD",
            "DECLINED",
            "FAILED",
        ]);
    }
    if c == 0 && r == 0 {
        return Some(match (void, totals.has_authorize) {
            (true, _) => vec!["AUTHORIZATION_VOIDED"],
            (false, true) => vec!["AUTHORIZED", "ON_HOLD"],
            (false, false) => vec!["INITIATED", "ON_HOLD", "DECLINED", "FAILED"],
        });
    }
    let partly = 0 < c && c < a;
    if partly && r == 0 && !void {
        return Some(vec!["PARTIALLY_CAPTURED"]);
    }
    if partly && r == 0 {
        return Some(vec!["PARTIALLY_CAPTURED", "CAPTURED"]);
    }
    if partly && 0 < r && r < c {
        let mut words = vec!["PARTIALLY_CAPTURED_REFUNDED"];
        if void {
            words.push("PARTIALLY_REFUNDED");
        }
        return Some(words);
    }
    if partly && r >= c {
        return Some(vec!["PARTIALLY_CAPTURED_REFUNDED", "REFUNDED"]);
    }
    if c >= a && r == 0 {
        return Some(vec!["CAPTURED"]);
    }
    if c >= a && 0 < r && r < c {
        return Some(vec!["PARTIALLY_REFUNDED"]);
    }
    if c >= a && r >= c {
        return Some(vec!["REFUNDED"]);
    }
    None
}

/// An order's payment status from its totals: `refunded` when R ≥ C > 0, `partially_refunded` when
/// 0 < R < C; with R = 0 `pending` when C = 0, `paid` when C ≥ gross_amount, `partially_paid` when
/// 0 < C < gross_amount. Without `gross_amount`, or with a reversed item, the last two cannot be
/// distinguished, and both are named.
pub fn payment_status(totals: &Totals, order: Option<&Order>) -> Option<&'static str> {
    let (c, r) = (totals.captured, totals.refunded);
    if r >= c && c > 0 {
        return Some("refunded");
    }
    if 0 < r && r < c {
        return Some("partially_refunded");
    }
    if r != 0 || c < 0 {
        return None;
    }
    if c == 0 {
        return Some("pending");
    }
    let gross = order.and_then(|order| order.gross_amount.filter(|_| !order.has_reversed_item));
    match gross {
        Some(gross) if c >= gross => Some("paid"),
        Some(_) => Some("partially_paid"),
        None => Some("partially_paid or paid"),
    }
}
