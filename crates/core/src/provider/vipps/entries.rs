//! Entries of a ledger: what came in, what was taken off, and what was paid out.

use super::NAMESPACE;
use super::names::VippsName as Name;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{Remittance, RemittanceKind, RemittedPart};

/// What an entry is about. New words come unannounced.
fn part_of(word: &str) -> RemittedPart {
    match word {
        "capture" => RemittedPart::Capture,
        "refund" => RemittedPart::Refund,
        "fees-retained" => RemittedPart::Fee,
        "payout-scheduled" | "scheduled-for-payout" | "payout" => RemittedPart::Payout,
        _ => RemittedPart::Other,
    }
}

/// The ledger that a path names; empty if it names none.
pub(in crate::provider) fn ledger_in(path: &str) -> &str {
    let mut parts = path.split(['/', '\\']).skip_while(|part| *part != "ledgers").skip(1);
    let ledger = parts.next().unwrap_or_default();
    // The last part is the name of the file.
    if parts.next().is_some() { ledger } else { "" }
}

/// Whether an entry is of the topic fees: it moves no funds.
pub(in crate::provider) fn is_left_out(path: &str, word: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']).skip(1);
    matches!(word, "capture-fee" | "fees-invoiced") || parts.any(|part| part == "fees")
}

/// Reads an entry of a ledger.
pub(in crate::provider) fn read_entry<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &'b str,
) -> Result<Remittance<'b>, R::Fault> {
    let mut seen = Seen::default();
    let [mut word, mut day, mut currency, mut psp_reference, mut reference] = [None; 5];
    let [mut amount, mut before, mut after] = [None; 3];
    let mut time = None;
    cur.object(|cur, name| match name {
        Name::EntryType => member!(cur, seen, EntryType, word => cur.required(R::text)?),
        Name::LedgerDate => member!(cur, seen, LedgerDate, day => cur.required(R::text)?),
        Name::Currency => member!(cur, seen, Currency, currency => cur.required(R::text)?),
        Name::Amount => member!(cur, seen, Amount, amount => cur.required(R::amount)?),
        Name::PspReference => member!(cur, seen, PspReference, psp_reference => cur.reference()?),
        Name::Reference => member!(cur, seen, Reference, reference => cur.reference()?),
        Name::Time => member!(cur, seen, Time, time => cur.optional_loose_instant()?),
        Name::BalanceBefore => member!(cur, seen, BalanceBefore, before => cur.optional_amount()?),
        Name::BalanceAfter => member!(cur, seen, BalanceAfter, after => cur.optional_amount()?),
        _ => cur.skip(),
    })?;
    let word: &str = required(word, seen, Name::EntryType, cur)?;
    Ok(Remittance {
        namespace: NAMESPACE,
        kind: RemittanceKind::Entry,
        id: ledger,
        currency: required(currency, seen, Name::Currency, cur)?,
        part: part_of(word),
        amount: required(amount, seen, Name::Amount, cur)?,
        ids: [reference, psp_reference, None],
        day: Some(required(day, seen, Name::LedgerDate, cur)?),
        time,
        word,
        before,
        after,
        ..Remittance::default()
    })
}
