//! Inputs for which it would take hours to compare all with all.

use super::{WINDOW, account, claim, entry};
use crate::payout::claim::{Claim, Credit};
use crate::payout::matching::matched;
use crate::payout::receipt::{Matches, Receipt, Use};

const MANY: usize = 20_000;

fn run(claims: &[Claim<'_>], entries: &[crate::bank::BankEntry]) -> Matches {
    let account = account("1");
    let credits: Vec<Credit<'_>> = entries.iter().map(|entry| Credit { account: &account, entry }).collect();
    matched(claims, &credits, WINDOW as u64)
}

fn numbers() -> Vec<String> {
    (0..MANY).map(|n| format!("{n:07}")).collect()
}

#[test]
fn equal_amounts_in_one_window_are_one_group() {
    let ids = numbers();
    let claims: Vec<Claim<'_>> = ids.iter().map(|id| claim(id, 5, "NOK", 100, "")).collect();
    let entries: Vec<_> = ids.iter().map(|id| entry(id, 6, "NOK", 100, "")).collect();
    let matches = run(&claims, &entries);
    assert_eq!(matches.candidates.len(), 1);
    assert_eq!(matches.candidates[0].count, MANY);
    let is_open = |receipt: &Receipt| matches!(receipt, Receipt::Ambiguous { candidates: MANY, .. });
    assert!(matches.receipts.iter().all(is_open));
    assert!(matches.uses.iter().all(|used| *used == Use::Ambiguous(0)));
}

#[test]
fn one_token_of_all_payouts_in_all_entries_lists_no_pair() {
    let ids = numbers();
    let claims: Vec<Claim<'_>> = ids
        .iter()
        .map(|id| Claim { tokens: vec!["R17483", id.as_str(), "shared 22222"], ..claim(id, 5, "NOK", 100, "") })
        .collect();
    let text = |id: &str| format!("R17483 {id} shared 22222");
    let equal: Vec<_> = ids.iter().map(|id| entry(id, 6, "NOK", 100, &text(id))).collect();
    let matches = run(&claims, &equal);
    assert!(matches.receipts.iter().all(|receipt| matches!(receipt, Receipt::Ambiguous { candidates: MANY, .. })));
    let other: Vec<_> = ids.iter().map(|id| entry(id, 6, "EUR", 100, &text(id))).collect();
    let matches = run(&claims, &other);
    assert!(matches.receipts.iter().all(|receipt| *receipt == Receipt::OtherCurrency(0)));
    assert!(matches.uses.iter().all(|used| *used == Use::OtherCurrency));
}

#[test]
fn texts_full_of_tokens_are_read_once() {
    let ids = numbers();
    let text = ids.join(" ");
    let claims: Vec<Claim<'_>> = ids.iter().map(|id| claim(id, 5, "NOK", 100, id)).collect();
    let entries: Vec<_> = ids[..20].iter().map(|id| entry(id, 6, "NOK", 7, &text)).collect();
    let matches = run(&claims, &entries);
    assert!(matches.receipts.iter().all(|receipt| matches!(receipt, Receipt::Ambiguous { candidates: 20, .. })));
    assert_eq!(matches.candidates[0].count, MANY);
}

#[test]
fn sellers_with_many_sums_are_summed_once_for_all_entries() {
    let ids = numbers();
    let claims: Vec<Claim<'_>> = (0..MANY / 20)
        .map(|n| Claim { destination: &ids[n / 12], ..claim(&ids[n], 5, "NOK", 1 << (n % 12), "") })
        .collect();
    // No power of two, so that no payout alone is as much.
    let amount = |n: usize| (n as i64 % 2047) * 2 + 1 + i64::from(n.is_multiple_of(2047)) * 2;
    let entries: Vec<_> = (0..MANY).map(|n| entry(&ids[n], 6, "NOK", amount(n), "")).collect();
    let matches = run(&claims, &entries);
    let is_ambiguous = |receipt: &Receipt| matches!(receipt, Receipt::Ambiguous { .. });
    assert!(matches.receipts.iter().all(is_ambiguous));
    assert!(matches.candidates.iter().all(|candidates| candidates.first.len() <= 16));
}

#[test]
fn more_payouts_than_are_searched_cost_nothing() {
    let ids = numbers();
    let claims: Vec<Claim<'_>> = ids.iter().map(|id| claim(id, 5, "NOK", 100, "")).collect();
    let entries: Vec<_> = ids.iter().map(|id| entry(id, 6, "NOK", 200, "")).collect();
    let matches = run(&claims, &entries);
    assert_eq!(matches.totals["NOK"].sum_skipped, MANY as u64);
    assert!(matches.uses.iter().all(|used| *used == Use::None));
}
