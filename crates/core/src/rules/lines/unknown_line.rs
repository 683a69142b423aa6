//! AV204 unknown-line.

use crate::card;
use crate::ledger::{Event, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A capture, refund or cancellation names a line that the transaction or order does not have.
    ///
    /// Line ids drift: the shop sends an article number where it sent a running number before, or renames shipping.
    /// What is captured on an unknown line can be held against nothing, and the line that was meant looks uncaptured.
    "AV204" "unknown-line" Warning [Transaction Order]
    message: "{event} moves {actual} on line {line}, which is none of the known lines"
    action: "Find the line that was meant, and make the shop send the same line ids in every call."
    fires: "Lines 1 and 2, and a capture of 30.00 on line SKU-77."
    silent: "A capture of 30.00 on line 2; or events with lines on a transaction that has no items at all."
    needs: Nothing
    window: None
    tolerance: None
    repair: MoveItems
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::LINES, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    // Lines of the ledger come first, so this is quick where every line is known.
    if ledger.tallies.iter().all(|tally| tally.on_ledger) || !ledger.tallies.iter().any(|tally| tally.on_ledger) {
        return;
    }
    for event in ledger.events.iter().filter(|e| e.effective()) {
        if matches!(event.kind, EventKind::Capture | EventKind::Refund | EventKind::Cancel) {
            judge(ledger, event, cx);
        }
    }
}

fn judge<'p>(ledger: &Ledger<'p>, event: &Event<'p>, cx: &mut Cx<'_, 'p>) {
    let mut unknown: Vec<(u32, Sum)> = ledger
        .items(event.items)
        .iter()
        .filter_map(|item| Some((item.tally?, Sum::from(item.amount.unwrap_or(0)))))
        .filter(|(tally, _)| !ledger.tallies[*tally as usize].on_ledger)
        .collect();
    unknown.sort_unstable_by_key(|(tally, _)| *tally);
    for of_line in unknown.chunk_by(|a, b| a.0 == b.0) {
        let sum: Sum = of_line.iter().map(|(_, amount)| amount).sum();
        let line = ledger.tallies[of_line[0].0 as usize].line;
        cx.hit(Hit::actual(sum).at(event).line(Some(line)));
    }
}
