//! The shop's bank: an account for each currency, on which payouts arrive, and its statements.

pub mod account;
mod camt;
mod delimited;
mod everyday;

use std::collections::BTreeMap;

use camt::StatedAccount;

use super::model::CURRENCIES;
use super::payout::{
    AccountMovement, AccountStatement, FIRST_STATED_DAY, LAST_STATED_DAY, PaidOut, PlantedAccount, UNREFERENCED,
    arrival, bank_reference, referenced_credit, unreferenced_credit,
};

/// Days from the one before a payout in which a credit can be assigned to it.
const WINDOW: i64 = 8;

/// One payout of so many arrives in two parts, one as an entry that tells its two payments, and one
/// without its reference.
const UNUSUAL: u64 = 40;

/// An account with its statements.
struct Account {
    number: String,
    currency: &'static str,
    statements: Vec<AccountStatement>,
}

pub struct ShopBank {
    seed: u64,
    /// By the place of the currency in `CURRENCIES`. The first is there in every world.
    movements: BTreeMap<usize, Vec<AccountMovement>>,
    /// Payouts that a credit without a reference could be assigned to.
    open: Vec<PaidOut>,
    /// Payouts that arrived without a reference.
    unreferenced: Vec<PaidOut>,
    pub statements: u64,
}

/// The files of the bank, with their paths in the export folder, and those beside it.
pub struct BankFiles {
    pub export: Vec<(String, Vec<u8>)>,
    pub beside: Vec<(&'static str, String)>,
}

impl ShopBank {
    pub fn new(seed: u64) -> Self {
        let movements = BTreeMap::from([(0, Vec::new())]);
        ShopBank { seed, movements, open: Vec::new(), unreferenced: Vec::new(), statements: 0 }
    }

    /// Books a payout as it was stated, if it arrives before the last statement ends.
    pub fn pay(&mut self, payout: &PaidOut) {
        let day = arrival(payout);
        if payout.amount <= 0 {
            return;
        }
        let (whole, first) = (payout.amount, payout.amount / 3 + 1);
        match payout.id.1 % UNUSUAL {
            _ if day > LAST_STATED_DAY => self.open.push(*payout),
            0 if whole > 1 => {
                self.book(referenced_credit(payout, 1, day, first));
                self.book(referenced_credit(payout, 2, day, whole - first));
            }
            1 if whole > 1 => {
                let parts = vec![first, whole - first];
                self.book(AccountMovement { parts, ..referenced_credit(payout, 0, day, whole) });
            }
            2 => self.unreferenced.push(*payout),
            _ => self.book(referenced_credit(payout, 0, day, whole)),
        }
    }

    /// Books the payouts that the bank does not name, if their amounts alone say which they are.
    fn book_unreferenced(&mut self) {
        let mut amounts: BTreeMap<(&str, i64), u64> = BTreeMap::new();
        let mut seen = |currency, amount| *amounts.entry((currency, amount)).or_default() += 1;
        self.open.iter().chain(&self.unreferenced).for_each(|payout| seen(payout.currency, payout.amount));
        let credits = self.movements.values().flatten().filter(|movement| movement.text == UNREFERENCED);
        credits.for_each(|credit| seen(credit.currency, credit.amount));
        for payout in std::mem::take(&mut self.unreferenced) {
            let day = arrival(&payout);
            if amounts.get(&(payout.currency, payout.amount)) == Some(&1) {
                let reference = bank_reference(&payout, 0);
                self.book(unreferenced_credit(reference, payout.currency, day, payout.amount));
                self.open.push(payout);
            } else {
                self.book(referenced_credit(&payout, 0, day, payout.amount));
            }
        }
    }

    /// Notes a payout to which no credit can be assigned.
    pub fn leave_open(&mut self, payout: PaidOut) {
        self.open.push(payout);
    }

    pub fn book(&mut self, movement: AccountMovement) {
        let place = CURRENCIES.iter().position(|(_, (code, _))| *code == movement.currency).unwrap_or(0);
        self.movements.entry(place).or_default().push(movement);
    }

    /// The file of a further account.
    pub fn further(&mut self, account: &PlantedAccount) -> (String, Vec<u8>) {
        self.statements += account.statements.len() as u64;
        let of = |statement| StatedAccount { number: &account.number, currency: CURRENCIES[0].1.0, statement };
        let stated: Vec<StatedAccount> = account.statements.iter().map(of).collect();
        (format!("bank/camt053-{}.xml", account.number), camt::document(&stated))
    }

    /// Adds what else moves on the accounts, and writes all statements.
    pub fn finish(&mut self) -> BankFiles {
        self.book_unreferenced();
        let movements = std::mem::take(&mut self.movements);
        let accounts: Vec<Account> = movements.into_iter().map(|(place, paid)| self.account(place, paid)).collect();
        let mut export = Vec::new();
        for (week, (first, _)) in weeks().enumerate() {
            let stated: Vec<StatedAccount> = accounts
                .iter()
                .filter_map(|account| {
                    let statement = account.statements.get(week)?;
                    Some(StatedAccount { number: &account.number, currency: account.currency, statement })
                })
                .collect();
            self.statements += stated.len() as u64;
            export.push((format!("bank/camt053-{}.xml", camt::date(first)), camt::document(&stated)));
        }
        let mut beside = Vec::new();
        if let Some(Account { number, statements, .. }) = accounts.first() {
            let movements = statements.iter().flat_map(|statement| &statement.movements);
            beside.push(("bank.csv", delimited::rows(number, movements)));
            beside.push(("bank.toml", delimited::configuration(number)));
        }
        BankFiles { export, beside }
    }

    fn account(&self, place: usize, mut movements: Vec<AccountMovement>) -> Account {
        let currency = CURRENCIES[place].1.0;
        let open: Vec<&PaidOut> = self.open.iter().filter(|payout| payout.currency == currency).collect();
        // A sum of payouts is larger than each of them.
        let too_small = |day: i64, amount: i64| {
            let in_range = |payout: &&&PaidOut| (payout.day - 1..payout.day + WINDOW).contains(&day);
            open.iter().filter(in_range).all(|payout| amount < payout.amount)
        };
        for (first, _) in weeks() {
            movements.extend(everyday::week(self.seed, place, currency, first, too_small));
        }
        movements.sort_unstable();
        let number = account::of_currency(place);
        let mut balance = 40_000 * 10_i64.pow(camt::decimals(currency).into());
        let mut rest = movements.into_iter().peekable();
        let statements = weeks().map(|(first, last)| {
            let movements: Vec<_> = std::iter::from_fn(|| rest.next_if(|movement| movement.day <= last)).collect();
            let opening = balance;
            balance +=
                movements.iter().filter(|movement| movement.is_booked()).map(|movement| movement.amount).sum::<i64>();
            let id = format!("{number}-{}", camt::date(first).replace('-', ""));
            AccountStatement { id, days: (first, last), opening, closing: balance, movements }
        });
        let statements = statements.collect();
        Account { number, currency, statements }
    }
}

/// The first and the last day of each statement.
fn weeks() -> impl Iterator<Item = (i64, i64)> {
    (FIRST_STATED_DAY..=LAST_STATED_DAY).step_by(7).map(|first| (first, (first + 6).min(LAST_STATED_DAY)))
}
