//! How much money is at stake: the order of currencies and of rules, without exchange rates.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use avstem_core::model::card::Severity;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::money::Sum;

use crate::engine::outcome::{Coverage, Outcome, Totals};

/// More decimals than any currency has.
const DECIMALS: u8 = 6;

/// An amount as a number that compares across currencies by major units: 100.00 NOK is as much as 100 JPY.
pub fn weight(minor: Sum, currency: &str) -> Sum {
    let decimals = DECIMALS.saturating_sub(display_exponent(Some(currency)));
    minor.saturating_abs().saturating_mul(Sum::from(10).pow(u32::from(decimals)))
}

/// Sorts amounts: the largest first, then by currency.
pub fn sort(amounts: &mut [(&str, Sum)]) {
    amounts.sort_by_key(|(currency, minor)| (Reverse(weight(*minor, currency)), *currency));
}

/// The amounts of a rule's findings by currency, the largest first.
pub fn of_rule(rule: &Coverage) -> Vec<(&str, Sum)> {
    let of = rule.by_currency.iter().map(|(currency, counts)| (currency.as_str(), counts.at_stake));
    let mut amounts: Vec<(&str, Sum)> = of.filter(|(_, minor)| *minor != 0).collect();
    sort(&mut amounts);
    amounts
}

/// The weight of the largest amount of a rule's findings.
pub fn most(rule: &Coverage) -> Sum {
    of_rule(rule).first().map_or(0, |(currency, minor)| weight(*minor, currency))
}

/// Totals by currency: what errors come to first, then what warnings come to, then the number of accounts.
pub fn currencies<'o>(outcome: &Outcome, totals: &'o BTreeMap<String, Totals>) -> Vec<(&'o str, &'o Totals)> {
    let mut all: Vec<(&str, &Totals)> = totals.iter().map(|(code, totals)| (code.as_str(), totals)).collect();
    let stake = |severity, code: &str| -> Sum {
        let rules = outcome.coverage.iter().filter(|rule| rule.severity == Some(severity));
        let minor = rules.filter_map(|rule| rule.by_currency.get(code)).map(|counts| counts.at_stake);
        minor.fold(0, |sum, minor| sum.saturating_add(weight(minor, code)))
    };
    all.sort_by_cached_key(|(code, totals)| {
        let [errors, warnings] = [Severity::Error, Severity::Warning].map(|severity| stake(severity, code));
        (Reverse((errors, warnings, totals.ledgers)), (*code).to_owned())
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::outcome;

    #[test]
    fn amounts_compare_by_major_units() {
        let mut amounts = [("AUD", 100), ("JPY", 500), ("NOK", 49_999), ("KWD", 600_000), ("SEK", -70_000)];
        sort(&mut amounts);
        assert_eq!(amounts.map(|(currency, _)| currency), ["SEK", "KWD", "JPY", "NOK", "AUD"]);
        assert!(weight(Sum::MIN, "ISK") > 0);
    }

    #[test]
    fn the_currency_of_the_largest_error_comes_first() {
        let mut outcome = outcome();
        let of = |outcome: &Outcome| -> Vec<String> {
            currencies(outcome, &outcome.totals).iter().map(|(code, _)| (*code).to_owned()).collect()
        };
        assert_eq!(of(&outcome), ["NOK", "ISK"], "only one has errors");
        for rule in &mut outcome.coverage {
            rule.by_currency.clear();
        }
        assert_eq!(of(&outcome), ["ISK", "NOK"], "else the one with more accounts");
    }
}
