//! Matching against its definition, over written cases and random ones.

mod cases;
mod definition;
mod hostile;

use avstem_worlds::Rng;

use super::matched;
use crate::bank::{BankAccount, BankEntry};
use crate::model::money::Sum;
use crate::payout::claim::{Claim, Credit};
use crate::payout::receipt::{MatchedBy, Matches, Receipt, Use};

pub const WINDOW: i64 = 7;

pub fn account(number: &str) -> BankAccount {
    BankAccount { number: number.to_owned(), masked: format!("*{number}") }
}

pub fn entry(id: &str, day: i64, currency: &str, amount: i64, text: &str) -> BankEntry {
    BankEntry {
        id: id.to_owned(),
        day,
        currency: currency.to_owned(),
        amount,
        is_reversal: false,
        reference: None,
        texts: vec![text.to_owned()],
        debtors: Vec::new(),
    }
}

pub fn claim<'a>(id: &'a str, day: i64, currency: &'a str, amount: Sum, token: &'a str) -> Claim<'a> {
    Claim { namespace: "dintero", id, currency, amount, day: Some(day), tokens: vec![token], ..Claim::default() }
}

/// Small worlds, in which everything collides.
fn world<'a>(rng: &mut Rng, accounts: &'a [BankAccount]) -> (Vec<Claim<'a>>, Vec<(&'a BankAccount, BankEntry)>) {
    const IDS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const TOKENS: [&str; 6] = ["R10001", "R10002", "R1-0003", "R10003", "R10004 X", "none"];
    let days = 1 + rng.roll(20);
    let amounts: Vec<i64> = if rng.once_in(2) { vec![1, 2, 3] } else { vec![100, 200, 300, 500, 800] };
    let plain = 1 + rng.roll(4);
    let claims = rng.list(8, |rng| Claim {
        namespace: rng.word(&["dintero", "klarna"]),
        id: "",
        currency: rng.word(&["NOK", "NOK", "NOK", "SEK"]),
        amount: Sum::from(*rng.one_of(&amounts)),
        day: (!rng.once_in(9)).then(|| rng.roll(days) as i64),
        tokens: if rng.once_in(plain) { rng.list(3, |rng| rng.word(&TOKENS)) } else { Vec::new() },
        provider: rng.word(&["", "p", "p"]),
        destination: rng.word(&["x", "x", "y"]),
    });
    let claims = claims.into_iter().zip(IDS).map(|(claim, id)| Claim { id, ..claim }).collect();
    let number = rng.roll(9) as usize;
    let entries = IDS[..number].iter().map(|id| {
        let text = if rng.once_in(plain) { rng.list(2, |rng| rng.word(&TOKENS)).join(" / ") } else { String::new() };
        let amount = rng.one_of(&amounts) + if rng.once_in(3) { *rng.one_of(&amounts) } else { 0 };
        let currency = rng.word(&["NOK", "NOK", "NOK", "SEK"]);
        (rng.one_of(accounts), entry(id, rng.roll(days + 4) as i64, currency, amount, &text))
    });
    (claims, entries.collect())
}

/// What was found, without places in lists.
fn told(claims: &[Claim<'_>], credits: &[Credit<'_>], matches: &Matches) -> Vec<String> {
    let name = |credit: &usize| credits[*credit].name();
    let names = |list: &[usize]| list.iter().map(name).collect::<Vec<_>>().join(",");
    let of_claims = claims.iter().zip(&matches.receipts).map(|(claim, receipt)| {
        let found = match receipt {
            Receipt::Nothing => "nothing".to_owned(),
            Receipt::Matched { by, credits, received, repeats } => {
                format!("{} {} {received} {}", by.word(), names(credits), names(repeats))
            }
            Receipt::Ambiguous { by, candidates } => format!("{} ambiguous {candidates}", by.word()),
            Receipt::OtherCurrency(first) => format!("other currency {}", name(first)),
        };
        format!("{:?}: {found}", claim.name())
    });
    let of_credits = matches.uses.iter().enumerate().map(|(credit, used)| match used {
        Use::Ambiguous(number) => {
            let candidates = &matches.candidates[*number];
            let first: Vec<_> = candidates.first.iter().map(|claim| claims[*claim].name()).collect();
            format!("{}: {} of {first:?}", name(&credit), candidates.count)
        }
        used => format!("{}: {used:?}", name(&credit)),
    });
    let mut told: Vec<String> = of_claims.chain(of_credits).collect();
    told.sort();
    told
}

#[test]
fn what_is_found_is_what_the_definition_says() {
    let mut rng = Rng::stream(17, 1, 2);
    let accounts = ["1", "2"].map(account);
    let mut seen = [0; 8];
    for round in 0..30_000 {
        let (claims, entries) = world(&mut rng, &accounts);
        let credits: Vec<_> = entries.iter().map(|(account, entry)| Credit { account, entry }).collect();
        let matches = matched(&claims, &credits, WINDOW as u64);
        let expected = definition::matched(&claims, &credits);
        let context = || format!("round {round}: {claims:#?} {entries:#?}");
        assert_eq!(told(&claims, &credits, &matches), told(&claims, &credits, &expected), "{}", context());
        assert_eq!(matches.totals, expected.totals, "{}", context());
        for receipt in &matches.receipts {
            seen[match receipt {
                Receipt::Nothing => 0,
                Receipt::Matched { by, repeats, .. } => 1 + *by as usize + 3 * usize::from(!repeats.is_empty()),
                Receipt::Ambiguous { by: MatchedBy::Sum, .. } => 5,
                Receipt::Ambiguous { .. } => 6,
                Receipt::OtherCurrency(_) => 7,
            }] += 1;
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}

#[test]
fn the_order_of_the_input_never_matters() {
    let mut rng = Rng::stream(17, 2, 2);
    let accounts = ["1", "2"].map(account);
    for _ in 0..5000 {
        let (mut claims, entries) = world(&mut rng, &accounts);
        let mut credits: Vec<_> = entries.iter().map(|(account, entry)| Credit { account, entry }).collect();
        let before = matched(&claims, &credits, WINDOW as u64);
        let told_before = told(&claims, &credits, &before);
        rng.shuffle(&mut claims);
        rng.shuffle(&mut credits);
        let after = matched(&claims, &credits, WINDOW as u64);
        assert_eq!(told(&claims, &credits, &after), told_before);
        assert_eq!(after.totals, before.totals);
    }
}

#[test]
fn each_credit_is_used_once_and_its_amount_goes_somewhere() {
    let mut rng = Rng::stream(17, 3, 2);
    let accounts = ["1", "2"].map(account);
    for _ in 0..5000 {
        let (claims, entries) = world(&mut rng, &accounts);
        let credits: Vec<_> = entries.iter().map(|(account, entry)| Credit { account, entry }).collect();
        let matches = matched(&claims, &credits, WINDOW as u64);
        let mut payers = vec![Vec::new(); credits.len()];
        let mut received = Sum::default();
        for (number, receipt) in matches.receipts.iter().enumerate() {
            let Receipt::Matched { credits: of, received: sum, repeats, .. } = receipt else { continue };
            received += sum;
            of.iter().for_each(|credit| payers[*credit].push(number));
            assert!(repeats.iter().all(|credit| matches.uses[*credit] == Use::Repeat));
        }
        for (credit, payers) in payers.iter().enumerate() {
            assert_eq!(!payers.is_empty(), matches!(matches.uses[credit], Use::Matched(_)));
            if payers.len() > 1 {
                let paid: Sum = payers.iter().map(|claim| claims[*claim].amount).sum();
                assert_eq!(paid, credits[credit].amount());
            }
        }
        for (currency, totals) in &matches.totals {
            let of_currency = credits.iter().filter(|credit| credit.entry.currency == *currency);
            assert_eq!(totals.credits, of_currency.map(Credit::amount).sum::<Sum>());
            assert_eq!(totals.credits, totals.matched + totals.ambiguous + totals.repeats + totals.unmatched);
        }
        assert_eq!(received, matches.totals.values().map(|totals| totals.matched).sum::<Sum>());
    }
}

#[test]
fn credits_without_a_token_change_no_match_by_reference() {
    let mut rng = Rng::stream(17, 4, 2);
    let accounts = ["1", "2"].map(account);
    for _ in 0..5000 {
        let (claims, mut entries) = world(&mut rng, &accounts);
        let by_reference = |entries: &[(&BankAccount, BankEntry)]| {
            let credits: Vec<_> = entries.iter().map(|(account, entry)| Credit { account, entry }).collect();
            let receipts = matched(&claims, &credits, WINDOW as u64).receipts;
            receipts.into_iter().map(|receipt| match receipt {
                Receipt::Matched { by: MatchedBy::Reference, .. } | Receipt::OtherCurrency(_) => Some(receipt),
                _ => None,
            })
        };
        let before: Vec<_> = by_reference(&entries).collect();
        let amount = *rng.one_of(&[1, 2, 3, 100, 300, 500, 7777]);
        entries.push((&accounts[0], entry("new", rng.roll(9) as i64, "NOK", amount, "no token here")));
        assert!(by_reference(&entries).eq(before));
    }
}
