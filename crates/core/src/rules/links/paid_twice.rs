//! AV510 paid-twice.

use crate::card;
use crate::ledger::TransactionFacts;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Two transactions with one merchant reference both hold the payer's money.
    ///
    /// A shop that lets a payer try again after a timeout, or that handles a callback twice, may take the price of
    /// one order two times. Failed, voided and fully refunded tries are not counted.
    "AV510" "paid-twice" Warning [Transaction]
    message: "{actual} is kept here, though an earlier transaction with the same merchant reference was paid too"
    action: "Find out whether the payer bought once or twice; if once, refund this transaction."
    fires: "Two captured transactions of one account and currency, both with `merchant_reference` `order-1001`."
    silent: "The first of them was refunded in full, or one of them is in another currency."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SameReference(check)] };

fn check<'p>(all: &[TransactionFacts<'p>], hit: &mut dyn FnMut(usize, usize, Hit<'p>), cx: &Cx<'_, 'p>) {
    if all.iter().filter(|t| t.net() > 0).nth(1).is_none() {
        return;
    }
    let mut paid: Vec<usize> = (0..all.len()).filter(|&n| all[n].net() > 0).collect();
    let shop = |n: usize| (all[n].currency, account(all[n].id));
    // The stable sort keeps the order of creation within a shop and currency.
    paid.sort_by_key(|&n| shop(n));
    for pair in paid.windows(2) {
        let net = all[pair[1]].net();
        if shop(pair[0]) == shop(pair[1]) && cx.more(net, 0) {
            hit(pair[1], pair[0], Hit::amounts(0, net));
        }
    }
}

/// The account that an id belongs to.
fn account(id: &str) -> Option<&str> {
    id.split_once('.').map(|(account, _)| account).filter(|account| account.starts_with(['P', 'T']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::{Facts, Settings};

    #[test]
    fn each_account_and_currency_is_judged_alone() {
        let paid = |id, currency, captured, refunded| TransactionFacts {
            id,
            currency: Some(currency),
            captured,
            refunded,
            ..TransactionFacts::default()
        };
        let all = [
            paid("P11111111.z", "NOK", 0, 0),
            paid("P11111111.a", "NOK", 100, 0),
            paid("P22222222.b", "NOK", 100, 0),
            paid("P11111111.c", "SEK", 100, 0),
            paid("P11111111.d", "NOK", 100, 100),
            paid("e", "NOK", 100, 0),
            paid("P11111111.f", "NOK", 100, 1),
            paid("X.g", "NOK", 100, 0),
        ];
        let (settings, facts, mut hits) = (Settings::default(), Facts::default(), Vec::new());
        let cx = Cx { settings: &settings, facts: &facts, card: &CARD, hits: &mut hits };
        let mut found = Vec::new();
        check(&all, &mut |n, _, hit| found.push((all[n].id, hit.actual.amount())), &cx);
        assert_eq!(found, [("X.g", Some(100)), ("P11111111.f", Some(99))]);
    }
}
