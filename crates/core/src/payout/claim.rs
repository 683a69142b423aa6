//! What is matched: payouts that should have come, and credits that did.

use crate::bank::{BankAccount, BankEntry, Statement};
use crate::model::money::{Minor, Sum};

/// A payout that takes part in matching: its amount is above zero, it is neither unseen nor postponed.
#[derive(Clone, Debug, Default)]
pub struct Claim<'a> {
    pub namespace: &'a str,
    /// The settlement id.
    pub id: &'a str,
    pub currency: &'a str,
    pub amount: Sum,
    pub day: Option<i64>,
    /// What the bank may print of it.
    pub tokens: Vec<&'a str>,
    /// Empty if unknown.
    pub provider: &'a str,
    /// The payout destination; empty if unknown.
    pub destination: &'a str,
}

impl<'a> Claim<'a> {
    /// Claims are named in this order, whatever the order of the input.
    pub fn name(&self) -> (&'a str, &'a str, &'a str) {
        (self.namespace, self.id, self.currency)
    }
}

/// A booked entry that takes part in matching: its amount is above zero, and it reverses nothing.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    pub account: &'a BankAccount,
    pub entry: &'a BankEntry,
}

impl<'a> Credit<'a> {
    pub fn of(account: &'a BankAccount, entry: &'a BankEntry) -> Option<Credit<'a>> {
        (entry.amount > 0 && !entry.is_reversal).then_some(Credit { account, entry })
    }

    /// The credits of a statement.
    pub fn all(statement: &'a Statement) -> impl Iterator<Item = Credit<'a>> {
        statement.entries.iter().filter_map(|entry| Credit::of(&statement.account, entry))
    }

    pub fn amount(&self) -> Sum {
        self.entry.amount.into()
    }

    /// Which of several credits is the first: by day, account as outputs show it, id.
    pub fn place(&self) -> (i64, &'a str, &'a str, &'a str) {
        (self.entry.day, &self.account.masked, &self.entry.id, &self.account.number)
    }

    /// An order in which those of one name follow each other, whatever the order of the input.
    pub fn name_order(&self) -> (&'a str, &'a str, &'a str, i64, Minor, &'a [String]) {
        let BankEntry { id, currency, day, amount, texts, .. } = self.entry;
        (&self.account.masked, id, currency, *day, *amount, texts)
    }

    /// How outputs name it.
    pub fn name(&self) -> String {
        format!("{}/{}", self.account.masked, self.entry.id)
    }
}
