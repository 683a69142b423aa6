//! Statements of one account held against each other and against themselves.

use crate::bank::{StatedBalance, Statement};
use crate::model::money::Sum;

/// How outputs name a statement.
pub fn name(statement: &Statement) -> String {
    format!("{}/{}", statement.account.masked, statement.id)
}

/// What opening and booked entries come to, with the stated closing balance; `None` unless both
/// balances are stated, and in one currency.
pub fn closing(statement: &Statement) -> Option<(Sum, &StatedBalance)> {
    let (opening, closing) = statement.opening.as_ref().zip(statement.closing.as_ref())?;
    let sum = Sum::from(opening.amount) + statement.booked.get(&opening.currency).copied().unwrap_or(0);
    (opening.currency == closing.currency).then_some((sum, closing))
}

/// Two statements of one account and currency that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'p> {
    pub earlier: &'p Statement,
    pub later: &'p Statement,
}

impl<'p> Neighbours<'p> {
    /// All neighbours, by account and currency; statements without days have none.
    pub fn all(statements: impl Iterator<Item = &'p Statement>) -> Vec<Neighbours<'p>> {
        let mut statements: Vec<&Statement> = statements.filter(|statement| statement.days.is_some()).collect();
        // Equal ones stay in the order of the input.
        let key = |of: &'p Statement| (&of.account, &of.currency, of.days, &of.id);
        statements.sort_by_key(|statement| key(statement));
        let of_one =
            |pair: &&[&Statement]| (&pair[0].account, &pair[0].currency) == (&pair[1].account, &pair[1].currency);
        let pairs = statements.windows(2).filter(of_one);
        pairs.map(|pair| Neighbours { earlier: pair[0], later: pair[1] }).collect()
    }

    /// Whether the later begins before the earlier has ended.
    pub fn overlap(&self) -> bool {
        self.earlier.days.zip(self.later.days).is_some_and(|((_, last), (first, _))| first <= last)
    }

    /// The earlier's closing and the later's opening balance, in one currency.
    pub fn balances(&self) -> Option<(Sum, Sum)> {
        let (closing, opening) = self.earlier.closing.as_ref().zip(self.later.opening.as_ref())?;
        (closing.currency == opening.currency).then_some((closing.amount.into(), opening.amount.into()))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::bank::BankAccount;

    pub fn statement(number: &str, id: &str, days: Option<(i64, i64)>) -> Statement {
        Statement {
            id: id.to_owned(),
            account: BankAccount { number: number.to_owned(), masked: format!("*{number}") },
            currency: Some("NOK".to_owned()),
            days,
            opening: None,
            closing: None,
            entries: Vec::new(),
            booked: Default::default(),
            file: 0,
            pending: 0,
            offset: 0,
        }
    }

    pub fn balance(currency: &str, amount: i64) -> Option<StatedBalance> {
        Some(StatedBalance { currency: currency.to_owned(), amount })
    }

    #[test]
    fn neighbours_are_of_one_account_and_currency_by_days_then_id() {
        let statements = [
            statement("1", "c", Some((5, 9))),
            statement("1", "b", Some((1, 4))),
            statement("1", "a", Some((1, 4))),
            statement("1", "x", None),
            statement("2", "d", Some((1, 4))),
            Statement { currency: Some("SEK".to_owned()), ..statement("1", "e", Some((10, 11))) },
        ];
        let pairs = Neighbours::all(statements.iter());
        let named = |pair: &Neighbours<'_>| format!("{} {} {}", pair.earlier.id, pair.later.id, pair.overlap());
        assert_eq!(pairs.iter().map(named).collect::<Vec<_>>(), ["a b true", "b c false"]);
    }

    #[test]
    fn balances_of_two_currencies_are_not_compared() {
        let earlier = Statement { closing: balance("NOK", 5), ..statement("1", "a", Some((1, 4))) };
        let opened = |currency| Statement { opening: balance(currency, 6), ..statement("1", "b", Some((5, 9))) };
        let balances = |later: &Statement| Neighbours { earlier: &earlier, later }.balances();
        assert_eq!(balances(&opened("NOK")), Some((5, 6)));
        assert_eq!(balances(&opened("EUR")), None);
        assert_eq!(balances(&statement("1", "b", None)), None);
    }
}
