//! Lines of payouts.

use super::NAMESPACE;
use super::names::KlarnaName as Name;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{Remittance, RemittanceKind, RemittedPart};

/// What a line is about.
fn part_of(word: &str) -> RemittedPart {
    match word {
        "SALE" => RemittedPart::Capture,
        "RETURN" => RemittedPart::Refund,
        "FEE" | "FEE_REFUND" => RemittedPart::Fee,
        _ => RemittedPart::Other,
    }
}

/// The words of lines whose amount is taken off.
const TAKEN_OFF: [&str; 6] = ["RETURN", "REVERSAL", "FEE", "CHARGE", "HOLDBACK", "TAX"];

/// Reads a line of a payout.
pub(in crate::provider) fn read_line<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Remittance<'b>, R::Fault> {
    let mut seen = Seen::default();
    let [mut id, mut word, mut currency, mut order, mut capture, mut refund] = [None; 6];
    let mut amount = None;
    cur.object(|cur, name| match name {
        Name::PaymentReference => member!(cur, seen, PaymentReference, id => cur.required(R::id)?),
        Name::Type => member!(cur, seen, Type, word => cur.required(R::text)?),
        Name::Amount => member!(cur, seen, Amount, amount => cur.required(R::amount)?),
        Name::CurrencyCode => member!(cur, seen, CurrencyCode, currency => cur.optional_text()?),
        Name::OrderId => member!(cur, seen, OrderId, order => cur.reference()?),
        Name::CaptureId => member!(cur, seen, CaptureId, capture => cur.reference()?),
        Name::RefundId => member!(cur, seen, RefundId, refund => cur.reference()?),
        _ => cur.skip(),
    })?;
    let word: &str = required(word, seen, Name::Type, cur)?;
    Ok(Remittance {
        namespace: NAMESPACE,
        kind: RemittanceKind::Line,
        id: required(id, seen, Name::PaymentReference, cur)?,
        currency: currency.unwrap_or_default(),
        part: part_of(word),
        is_taken_off: TAKEN_OFF.contains(&word),
        amount: required(amount, seen, Name::Amount, cur)?,
        ids: [capture, refund, order],
        word,
        ..Remittance::default()
    })
}
