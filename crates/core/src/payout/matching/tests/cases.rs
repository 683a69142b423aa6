//! Written cases, most of them from the page that defines matching.

use super::{WINDOW, account, claim, entry};
use crate::bank::BankEntry;
use crate::payout::claim::{Claim, Credit};
use crate::payout::matching::matched;
use crate::payout::receipt::{Receipt, Use};

/// Payouts against entries: what was found of each, in one line.
fn found(claims: &[Claim<'_>], entries: &[BankEntry]) -> String {
    let account = account("1");
    let credits: Vec<Credit<'_>> = entries.iter().map(|entry| Credit { account: &account, entry }).collect();
    let matches = matched(claims, &credits, WINDOW as u64);
    let id = |credit: &usize| credits[*credit].entry.id.as_str();
    let ids = |list: &[usize]| list.iter().map(id).collect::<Vec<_>>().join("+");
    let receipts = matches.receipts.iter().map(|receipt| match receipt {
        Receipt::Nothing => "none".to_owned(),
        Receipt::Matched { by, credits, received, repeats } if repeats.is_empty() => {
            format!("{} {} {received}", by.word(), ids(credits))
        }
        Receipt::Matched { by, credits, received, repeats } => {
            format!("{} {} {received} again {}", by.word(), ids(credits), ids(repeats))
        }
        Receipt::Ambiguous { candidates, .. } => format!("one of {candidates}"),
        Receipt::OtherCurrency(first) => format!("currency {}", id(first)),
    });
    let ambiguous = matches.uses.iter().enumerate().filter_map(|(credit, used)| match used {
        Use::Ambiguous(number) => {
            let candidates = matches.candidates[*number].first.iter().map(|claim| claims[*claim].id);
            Some(format!("{}: {}", id(&credit), candidates.collect::<Vec<_>>().join(" or ")))
        }
        _ => None,
    });
    receipts.chain(ambiguous).collect::<Vec<_>>().join("; ")
}

fn nok<'a>(id: &'a str, amount: i128, token: &'a str) -> Claim<'a> {
    claim(id, 10, "NOK", amount, token)
}

fn came(id: &str, day: i64, amount: i64, text: &str) -> BankEntry {
    entry(id, day, "NOK", amount, text)
}

const TOKEN: &str = "R17483";
const BORNE: &str = "DINTERO R17483";

#[test]
fn entries_with_a_payouts_token_are_its() {
    let with = |amounts: &[i64]| {
        let entries = amounts.iter().zip(["x", "y", "z"]).map(|(amount, id)| came(id, 11, *amount, BORNE));
        found(&[nok("a", 1000, TOKEN)], &entries.collect::<Vec<_>>())
    };
    for (amounts, expected) in [
        (&[1000][..], "reference x 1000"),
        (&[400, 600], "reference x+y 1000"),
        (&[1000, 1000], "reference x 1000 again y"),
        (&[300, 1000], "reference y 1000 again x"),
        (&[400, 300], "reference x+y 700"),
        (&[990], "reference x 990"),
        (&[], "none"),
    ] {
        assert_eq!(with(amounts), expected, "{amounts:?}");
    }
}

#[test]
fn the_first_of_equal_entries_is_that_of_the_earliest_day() {
    let entries = [came("a", 12, 1000, BORNE), came("b", 11, 1000, BORNE), came("c", 11, 1000, BORNE)];
    assert_eq!(found(&[nok("a", 1000, TOKEN)], &entries), "reference b 1000 again c+a");
}

#[test]
fn one_entry_with_tokens_of_several_payouts() {
    let text = "R17483 R17484 R17485";
    let three = |amounts: [i128; 3]| {
        [nok("a", amounts[0], "R17483"), nok("b", amounts[1], "R17484"), nok("c", amounts[2], "R17485")]
    };
    for (amounts, expected) in [
        ([100, 200, 700], "reference x 100; reference x 200; reference x 700"),
        ([100, 1000, 700], "none; reference x 1000; none"),
        ([1000, 1000, 700], "one of 1; one of 1; one of 1; x: a or b or c"),
        ([1, 2, 3], "one of 1; one of 1; one of 1; x: a or b or c"),
    ] {
        assert_eq!(found(&three(amounts), &[came("x", 11, 1000, text)]), expected, "{amounts:?}");
    }
}

#[test]
fn several_payouts_and_entries_pair_by_equal_amounts() {
    let two = [nok("a", 100, TOKEN), nok("b", 200, TOKEN)];
    let entries = [came("x", 11, 200, BORNE), came("y", 11, 100, BORNE)];
    assert_eq!(found(&two, &entries), "reference y 100; reference x 200");
    let equal = [nok("a", 100, TOKEN), nok("b", 100, TOKEN), nok("c", 7, TOKEN)];
    let entries = [came("x", 11, 100, BORNE), came("y", 11, 7, BORNE)];
    assert_eq!(found(&equal, &entries), "one of 1; one of 1; reference y 7; x: a or b or c");
}

#[test]
fn a_payout_that_bears_no_entry_of_the_rest_goes_on() {
    let claims = [
        Claim { tokens: vec!["R17483", "R17484"], ..nok("a", 100, "") },
        nok("b", 200, "R17483"),
        nok("c", 5, "R17484"),
        nok("d", 300, "R17483"),
    ];
    let entries = [
        came("x", 11, 100, "R17483"),
        came("y", 11, 200, "R17483"),
        came("z", 11, 9, "R17484"),
        came("w", 12, 300, "no token"),
    ];
    assert_eq!(
        found(&claims, &entries),
        "reference x 100; reference y 200; one of 1; amount w 300; z: a or b or c or d"
    );
}

#[test]
fn a_credit_of_another_currency_is_named_and_not_matched() {
    let entries = [entry("x", 12, "SEK", 900, BORNE), entry("y", 11, "SEK", 1000, BORNE), came("z", 11, 1000, "")];
    assert_eq!(found(&[nok("a", 1000, TOKEN)], &entries), "currency y");
    let both = [nok("a", 1000, TOKEN), claim("a", 10, "EUR", 90, TOKEN)];
    assert_eq!(found(&both, &[came("x", 11, 1000, BORNE)]), "reference x 1000; none");
}

#[test]
fn equal_amounts_in_reach_are_matched_only_one_to_one() {
    let one = [nok("a", 500, "")];
    for (day, expected) in [(8, "none"), (9, "amount x 500"), (17, "amount x 500"), (18, "none")] {
        assert_eq!(found(&one, &[came("x", day, 500, "Dintero")]), expected, "day {day}");
    }
    let two = [nok("a", 500, ""), nok("b", 500, "")];
    assert_eq!(found(&two, &[came("x", 11, 500, "")]), "one of 1; one of 1; x: a or b");
    let credits = [came("x", 11, 500, ""), came("y", 11, 500, "")];
    assert_eq!(found(&two, &credits), "one of 2; one of 2; x: a or b; y: a or b");
    let undated = [Claim { day: None, ..nok("a", 500, "") }];
    assert_eq!(found(&undated, &credits[..1]), "none");
}

#[test]
fn a_chain_of_reaches_is_one_group() {
    let claims = [claim("a", 10, "NOK", 5, ""), claim("b", 16, "NOK", 5, ""), claim("c", 40, "NOK", 5, "")];
    let entries = [came("x", 10, 5, ""), came("y", 16, 5, ""), came("z", 20, 5, ""), came("w", 41, 5, "")];
    let expected = "one of 2; one of 2; amount w 5; x: a or b; y: a or b; z: a or b";
    assert_eq!(found(&claims, &entries), expected);
}

#[test]
fn an_entry_with_any_payouts_token_is_not_matched_by_amount() {
    let claims = [nok("a", 500, ""), claim("b", 10, "SEK", 7, TOKEN)];
    assert_eq!(found(&claims, &[came("x", 11, 500, BORNE), entry("y", 11, "SEK", 7, BORNE)]), "none; reference y 7");
}

#[test]
fn a_token_that_is_none_leaves_the_amount() {
    for token in ["1234", "ABCDEF", "R17483"] {
        assert_eq!(found(&[nok("a", 500, token)], &[came("x", 11, 500, "1234 ABCDEF R174830")]), "amount x 500");
    }
}

fn seller<'a>(id: &'a str, amount: i128, provider: &'a str, destination: &'a str) -> Claim<'a> {
    Claim { provider, destination, ..nok(id, amount, "") }
}

#[test]
fn payouts_of_one_seller_sum_to_one_entry() {
    let credit = [came("x", 11, 500, "")];
    let two = [seller("a", 300, "p", "s"), seller("b", 200, "p", "s")];
    assert_eq!(found(&two, &credit), "sum x 300; sum x 200");
    for other in [seller("b", 200, "p", "t"), seller("b", 200, "q", "s")] {
        assert_eq!(found(&[two[0].clone(), other], &credit), "none; none");
    }
    let four = [&two[..], &[seller("c", 250, "p", "s"), seller("d", 250, "p", "s")]].concat();
    assert_eq!(found(&four, &credit), "one of 1; one of 1; one of 1; one of 1; x: a or b or c or d");
    let credits = [came("x", 11, 500, ""), came("y", 12, 500, "")];
    assert_eq!(found(&two, &credits), "one of 2; one of 2; x: a or b; y: a or b");
    let shared = [&two[..], &[seller("c", 99, "p", "s")]].concat();
    let credits = [came("x", 11, 500, ""), came("y", 12, 299, "")];
    assert_eq!(found(&shared, &credits), "one of 1; one of 2; one of 1; x: a or b; y: b or c");
}

#[test]
fn thirteen_payouts_in_reach_are_not_searched() {
    const IDS: [&str; 13] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"];
    let claims: Vec<_> = IDS.iter().enumerate().map(|(n, id)| seller(id, 1 << n, "p", "s")).collect();
    let credit = [came("x", 11, 3, "")];
    assert_eq!(found(&claims, &credit), ["none"; 13].join("; "));
    assert_eq!(
        found(&claims[..12], &credit),
        ["sum x 1", "sum x 2"].iter().chain(&["none"; 10]).copied().collect::<Vec<_>>().join("; ")
    );
}
