//! Finds single entries and statements of bank accounts, with what they were held against.

use avstem_core::bank::{BankEntry, BankInput, StatedBalance, Statement};
use avstem_core::model::display::visible;
use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::payout::claim::Credit;
use avstem_core::payout::receipt::{Matches, Receipt, Use};
use avstem_core::payout::statements::{self, Neighbours};
use avstem_core::payout::{Payout, PayoutKey};

use super::payouts::Payouts;

/// What is known of an entry or a statement.
pub enum BankFact {
    Text(String),
    Amount(Sum),
    Count(u64),
}

/// An entry or a statement of a bank account; several may have one name.
pub struct FoundOnBank {
    pub origin: Origin,
    pub currency: Option<String>,
    /// By column name.
    pub facts: Vec<(&'static str, BankFact)>,
}

impl FoundOnBank {
    fn new(statement: &Statement, currency: Option<&str>) -> FoundOnBank {
        FoundOnBank {
            origin: Origin { file: statement.file, offset: statement.offset, length: 0 },
            currency: currency.map(str::to_owned),
            facts: vec![("account", BankFact::Text(statement.account.masked.clone()))],
        }
    }

    fn text(&mut self, name: &'static str, text: impl Into<String>) {
        self.facts.push((name, BankFact::Text(text.into())));
    }

    fn balance(&mut self, name: &'static str, balance: Option<&StatedBalance>) {
        // A balance in another currency is no number of this page.
        let stated = balance.filter(|stated| Some(&stated.currency) == self.currency.as_ref());
        self.facts.extend(stated.map(|stated| (name, BankFact::Amount(stated.amount.into()))));
    }
}

/// All statements and entries of a name.
pub fn on_bank(name: &str, bank: &BankInput, payouts: &Payouts) -> Vec<FoundOnBank> {
    let neighbours = Neighbours::all(bank.statements.iter());
    let (mut found, mut credits) = (Vec::new(), 0);
    for statement in &bank.statements {
        if statements::name(statement) == name {
            let before = neighbours.iter().find(|pair| std::ptr::eq(pair.later, statement));
            found.push(whole(statement, before));
        }
        for entry in &statement.entries {
            let credit = Credit::of(&statement.account, entry);
            let place = credit.map(|_| credits);
            credits += usize::from(credit.is_some());
            if format!("{}/{}", statement.account.masked, entry.id) == name {
                found.push(one(statement, entry, place, payouts));
            }
        }
    }
    found
}

fn whole(statement: &Statement, before: Option<&Neighbours<'_>>) -> FoundOnBank {
    let mut found = FoundOnBank::new(statement, statement.currency.as_deref());
    let days = |(first, last): (i64, i64)| format!("{} to {}", format_day(first), format_day(last));
    found.text("days", statement.days.map_or_else(|| "none are stated".to_owned(), days));
    found.balance("opening_minor", statement.opening.as_ref());
    let booked = found.currency.as_ref().and_then(|currency| statement.booked.get(currency)).copied();
    found.facts.push(("booked_minor", BankFact::Amount(booked.unwrap_or(0))));
    found.balance("closing_minor", statement.closing.as_ref());
    found.facts.push(("entries", BankFact::Count(statement.entries.len() as u64)));
    found.facts.push(("pending", BankFact::Count(statement.pending)));
    if let Some(Neighbours { earlier, .. }) = before {
        let covered = earlier.days.map(days).unwrap_or_default();
        found.text("statement_before", format!("{}, {covered}", visible(&statements::name(earlier))));
        found.balance("closing_before_minor", earlier.closing.as_ref());
    }
    found
}

fn one(statement: &Statement, entry: &BankEntry, place: Option<usize>, payouts: &Payouts) -> FoundOnBank {
    let mut found = FoundOnBank::new(statement, Some(&entry.currency));
    found.text("statement", visible(&statement.id));
    found.text("booked_on", format_day(entry.day));
    found.facts.push(("amount_minor", BankFact::Amount(entry.amount.into())));
    let Some((place, matches)) = place.zip(payouts.matches.as_ref()) else {
        let why = if entry.is_reversal { "it reverses another entry" } else { "it is no credit" };
        found.text("held_against", format!("no payout: {why}"));
        return found;
    };
    let claimed: Vec<&(PayoutKey, Payout)> = payouts.all.iter().filter(|(_, payout)| payout.is_claimed()).collect();
    let of_currency: Vec<_> = claimed.iter().filter(|(key, _)| key.currency == entry.currency).collect();
    let equal = of_currency.iter().filter(|(_, payout)| payout.amount == Sum::from(entry.amount)).count();
    let counts = format!("{} payouts of its currency, {equal} of its amount", of_currency.len());
    found.text("held_against", counts);
    found.text("outcome", outcome(matches.uses[place]));
    let name = |at: usize| {
        let (PayoutKey { namespace, id, currency }, _) = claimed[at];
        visible(&format!("{namespace} {id} {currency}")).into_owned()
    };
    let names: Vec<String> = paid(matches, place).into_iter().map(name).collect();
    if !names.is_empty() {
        found.text("payouts", names.join(", "));
    }
    found
}

fn outcome(used: Use) -> String {
    match used {
        Use::None => "no payout has its reference, and none within the window is as much alone or in a sum".to_owned(),
        Use::Matched(by) => format!("matched by {}", by.word()),
        Use::Repeat => "it repeats a credit that paid its payout in full".to_owned(),
        Use::Ambiguous(_) => "it may pay each of several payouts, and nothing tells which".to_owned(),
        Use::OtherCurrency => "it has the reference of a payout in another currency".to_owned(),
    }
}

/// The claimed payouts that an entry pays, repeats or may pay.
fn paid(matches: &Matches, place: usize) -> Vec<usize> {
    if let Use::Ambiguous(number) = matches.uses[place] {
        return matches.candidates[number].first.clone();
    }
    let is_its = |receipt: &Receipt| match receipt {
        Receipt::Matched { credits, repeats, .. } => credits.contains(&place) || repeats.contains(&place),
        Receipt::OtherCurrency(first) => *first == place,
        Receipt::Nothing | Receipt::Ambiguous { .. } => false,
    };
    (0..matches.receipts.len()).filter(|at| is_its(&matches.receipts[*at])).collect()
}
