//! Which days the statements of accounts cover.

use std::collections::BTreeMap;

use crate::bank::{BankAccount, Statement};

/// Days without a gap that statements of one account cover.
#[derive(Clone, Copy, Debug)]
struct Run<'s> {
    first: i64,
    last: i64,
    account: &'s BankAccount,
}

/// The covered days of all accounts, by currency.
#[derive(Debug, Default)]
pub struct CoveredDays<'s> {
    /// By first day. A run that ends before an earlier one covers nothing that the earlier does not,
    /// and is replaced by it.
    runs: BTreeMap<&'s str, Vec<Run<'s>>>,
    of_accounts: BTreeMap<(&'s str, &'s str), Vec<(i64, i64)>>,
}

impl<'s> CoveredDays<'s> {
    /// Takes the statements in any order; those without currency or days cover nothing.
    pub fn of(statements: impl Iterator<Item = &'s Statement>) -> Self {
        let mut days: Vec<(&str, &BankAccount, i64, i64)> = statements
            .filter_map(|statement| {
                let (first, last) = statement.days.filter(|(first, last)| first <= last)?;
                Some((statement.currency.as_deref()?, &statement.account, first, last))
            })
            .collect();
        days.sort_unstable();
        let mut covered = CoveredDays::default();
        let follows = |a: &(&str, &BankAccount, i64, i64), b: &(&str, &BankAccount, i64, i64)| (a.0, a.1) == (b.0, b.1);
        for of_account in days.chunk_by(follows) {
            let (currency, account, ..) = of_account[0];
            let runs = merged(of_account.iter().map(|(_, _, first, last)| (*first, *last)));
            let of_currency = covered.runs.entry(currency).or_default();
            of_currency.extend(runs.iter().map(|&(first, last)| Run { first, last, account }));
            covered.of_accounts.entry((&account.masked, currency)).or_default().extend(runs);
        }
        for runs in covered.runs.values_mut() {
            runs.sort_by_key(|run| (run.first, run.account));
            for at in 1..runs.len() {
                if runs[at - 1].last >= runs[at].last {
                    runs[at] = Run { first: runs[at].first, ..runs[at - 1] };
                }
            }
        }
        // Two accounts may be shown alike.
        covered.of_accounts.values_mut().for_each(|runs| {
            runs.sort_unstable();
            *runs = merged(runs.iter().copied());
        });
        covered
    }

    /// An account whose statements of this currency cover all of these days.
    pub fn covering(&self, currency: &str, first: i64, last: i64) -> Option<&'s BankAccount> {
        let runs = self.runs.get(currency)?;
        let run = runs[..runs.partition_point(|run| run.first <= first)].last()?;
        (run.last >= last).then_some(run.account)
    }

    /// The accounts as outputs show them, each with its currency.
    pub fn accounts(&self) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.of_accounts.keys().copied()
    }

    /// Whether statements of the account, named as in outputs, cover all of these days.
    pub fn covers(&self, masked: &str, currency: &str, first: i64, last: i64) -> bool {
        self.of_accounts.get(&(masked, currency)).is_some_and(|runs| {
            let before = &runs[..runs.partition_point(|run| run.0 <= first)];
            before.last().is_some_and(|run| run.1 >= last)
        })
    }
}

/// Joins runs that overlap or follow each other; they come by first day.
fn merged(runs: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (first, last) in runs {
        match merged.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::super::statements::tests::statement;
    use super::*;

    fn nok(number: &str, first: i64, last: i64) -> Statement {
        statement(number, "s", Some((first, last)))
    }

    #[test]
    fn statements_of_one_account_cover_together_and_those_of_two_do_not() {
        let days = [nok("1", 15, 20), nok("1", 10, 14), nok("2", 18, 30), nok("1", 11, 12), nok("3", 1, 1)];
        let covered = CoveredDays::of(days.iter());
        let covering = |first, last| covered.covering("NOK", first, last).map(|account| account.number.as_str());
        assert_eq!(covering(10, 20), Some("1"));
        assert_eq!([covering(9, 11), covering(14, 21), covering(17, 30), covering(31, 31)], [None; 4]);
        assert_eq!([covering(18, 30), covering(20, 25), covering(19, 20)], [Some("2"), Some("2"), Some("2")]);
        assert_eq!(covered.covering("SEK", 10, 11), None);
        assert!(covered.covers("*1", "NOK", 10, 20) && !covered.covers("*1", "NOK", 10, 21));
        assert!(!covered.covers("*1", "SEK", 10, 20) && !covered.covers("*4", "NOK", 10, 20));
    }

    #[test]
    fn a_day_without_a_statement_is_a_gap() {
        let days = [nok("1", 10, 14), nok("1", 16, 20)];
        let covered = CoveredDays::of(days.iter());
        assert!(covered.covering("NOK", 10, 14).is_some() && covered.covering("NOK", 14, 16).is_none());
    }

    #[test]
    fn a_statement_without_days_or_currency_covers_nothing() {
        let days = [
            Statement { days: None, ..nok("1", 1, 9) },
            Statement { currency: None, ..nok("1", 1, 9) },
            nok("1", 9, 1),
        ];
        assert_eq!(CoveredDays::of(days.iter()).accounts().count(), 0);
    }
}
