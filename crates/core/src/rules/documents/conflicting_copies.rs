//! AV001 conflicting-copies.

use crate::card;
use crate::ledger::Copies;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Two copies of one document claim the same moment and version, and yet differ.
    ///
    /// Exports overlap, so the same document often comes twice, and the later update wins. Here nothing says which
    /// copy is the later one: one of them was edited, cut or mixed up on its way, and every sum that rests on the
    /// copy that was kept rests on a guess.
    "AV001" "conflicting-copies" Error [Transaction Order Session Settlement]
    message: "the input has copies of {id} with the same update time and version, but different content"
    action: "Fetch the document again from the source and replace both copies. Find out which export or tool wrote the other one."
    fires: "Two copies updated at 12:00:00, version 3: one captures 100.00, the other 90.00."
    silent: "Two such copies that are equal in everything that is read; or the second was updated one second later."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Copies(check)] };

fn check<'p>(copies: &Copies<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    if copies.all.windows(2).all(|pair| pair[0].content == pair[1].content) {
        return;
    }
    let mut claims: Vec<_> = copies.all.iter().filter_map(|c| Some((c.updated_at?, c.version, c.content))).collect();
    claims.sort_unstable();
    // Comparing neighbours suffices: claims are sorted, so if any contents of one claim differ, two
    // neighbours do.
    if claims.windows(2).any(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1) && pair[0].2 != pair[1].2) {
        cx.hit(Hit::new());
    }
}
