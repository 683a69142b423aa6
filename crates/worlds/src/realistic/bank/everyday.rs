//! What else moves on a shop's account: rent and wages, suppliers and customers.

use super::camt::decimals;
use crate::realistic::payout::{AccountMovement, LAST_STATED_DAY, MovementStage, business_day};
use crate::rng::Rng;

/// Text, and the least and the most in major units.
const DEBITS: [(&str, i64, i64); 7] = [
    ("Kreditorbetaling Varegrossisten AS", 2_000, 60_000),
    ("Frakt uke", 300, 9_000),
    ("Husleie Storgata 4", 12_000, 12_000),
    ("Lønn", 15_000, 45_000),
    ("Strøm og nettleie", 800, 6_000),
    ("Skattetrekk", 4_000, 20_000),
    ("Gebyr betalinger", 5, 90),
];

/// The same of credits, and who pays.
const CREDITS: [(&str, i64, i64, Option<&str>); 5] = [
    ("Faktura 20388", 200, 9_000, Some("Fjellvang Kafe AS")),
    ("Innskudd nattsafe", 500, 12_000, None),
    ("Retur fra Varegrossisten AS", 100, 2_000, None),
    ("KID 100234566", 90, 4_000, Some("Solveig Testrud")),
    ("Renter", 1, 40, None),
];

/// The movements of a week on the account of a currency. Of credits only those are kept that are
/// `too_small` to be an open payout or a sum of several.
pub fn week(
    seed: u64,
    place: usize,
    currency: &'static str,
    first: i64,
    too_small: impl Fn(i64, i64) -> bool,
) -> Vec<AccountMovement> {
    let mut rng = Rng::stream(seed, first as u64, 20 + place as u64);
    let unit = 10_i64.pow(decimals(currency).into());
    let mut movements = Vec::new();
    let usual = if place == 0 { 5 } else { 1 };
    for number in 0..rng.range(usual, 2 * usual) {
        let day = business_day(first + rng.range(0, 4)).min(LAST_STATED_DAY);
        let (text, least, most, debtor, side) = if rng.chance(550) {
            let (text, least, most) = rng.pick(&DEBITS);
            (text, least, most, None, -1)
        } else {
            let (text, least, most, debtor) = rng.pick(&CREDITS);
            (text, least, most, debtor, 1)
        };
        let amount = side * (rng.range(least * unit, most * unit));
        let reference = format!("8{first:06}{place}{number:03}");
        let mut movement = AccountMovement::plain(reference, currency, day, amount, text);
        movement.debtor = debtor;
        movement.stage = match rng.below(1000) {
            ..40 if amount > 0 => MovementStage::Reversal,
            ..300 if day == LAST_STATED_DAY => MovementStage::Pending,
            _ => MovementStage::Booked,
        };
        if amount < 0 || too_small(day, amount) {
            movements.push(movement);
        }
    }
    movements
}
