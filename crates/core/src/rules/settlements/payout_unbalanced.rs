//! AV712 payout-unbalanced.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::{Origins, Payout};
use crate::rules::{Check, Cx, Rule};

card! {
    /// What is known of a payout contradicts itself.
    ///
    /// Two documents of one payout state different amounts, its parts do not add up to what was paid, or its lines do not
    /// add up to its parts. Until it is known which is right, the amount on the bank account proves nothing.
    "AV712" "payout-unbalanced" Error [Payout]
    message: "the payout's numbers contradict each other: {expected} in one place, {actual} in another"
    action: "Fetch the documents of the payout again; if they still differ, ask the provider what was paid out."
    fires: "The report of a settlement pays out 145.50, its item in the settlement list 144.50."
    silent: "The report and the list item both state 145.50."
    needs: StatedPayouts
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Payout(check)] };

fn check<'p>(payout: &'p Payout, cx: &mut Cx<'_, 'p>) {
    if payout.origin == Origins::Provider && payout.unexplained != 0 {
        cx.hit(Hit::amounts(payout.amount - payout.unexplained, payout.amount).detail("sum"));
    }
    if let [Some(report), Some(header)] = payout.stated
        && report != header
    {
        cx.hit(Hit::amounts(report, header).detail("list"));
    }
    if let Some(stated) = payout.stated[0].or(payout.stated[1]) {
        let mut paid = payout.sources.iter().filter_map(|source| source.stated[0]);
        if let Some(other) = paid.find(|paid| *paid != stated) {
            cx.hit(Hit::amounts(stated, other).detail("source"));
        }
    }
    let parts = [payout.parts.captures, payout.parts.refunds];
    for (which, (part, lines)) in
        ["captures", "refunds"].into_iter().zip(parts.into_iter().zip(payout.in_lines.unwrap_or(parts)))
    {
        if lines != part {
            cx.hit(Hit::amounts(part, lines).detail(which));
        }
    }
}
