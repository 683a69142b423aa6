//! AV702 settlement-lines-differ.

use crate::card;
use crate::ledger::Settlement;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The lines of a settlement report do not add up to what was paid out.
    ///
    /// A line that is missing is a sale whose payout cannot be proved; a sum that is too high means that something
    /// was held back without a line that says so.
    "AV702" "settlement-lines-differ" Error [Settlement]
    message: "the lines of the report come to {actual}, it pays out {expected}: {delta} apart"
    action: "Fetch the report again in full; if the difference stays, ask the provider for the lines that make it up."
    fires: "A report that pays out 194.00, with lines of 150.00 and 43.00."
    silent: "A report that pays out 194.00, with lines of 294.00 and -100.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: RemoveLine
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settlement(check)] };

fn check<'p>(settlement: &Settlement<'p>, cx: &mut Cx<'_, 'p>) {
    let header = settlement.amounts.first().filter(|_| settlement.is_report);
    let Some(amount) = header.and_then(|header| header.amount) else { return };
    let convention = settlement.convention();
    let lines: Sum = settlement.lines.iter().map(|line| line.net_by(convention)).sum();
    if cx.differs(lines, Sum::from(amount)) {
        cx.hit(Hit::amounts(amount, lines).settlement(settlement.id));
    }
}
