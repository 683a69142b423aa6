//! Statements of the bank: entries that pay the payouts of a world, or nearly.

mod camt;
mod draft;
mod entries;
mod sheet;

use super::pools::BANK_DAYS;
use crate::colliding::ExportFile;
use crate::rng::Rng;
pub use draft::CsvKeys;
use draft::DraftStatement;
use entries::{Booked, entries};
use sheet::SheetLayout;

/// A file of the bank.
#[derive(Clone, Debug)]
pub struct WorldBankFile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// CSV files are read only when `--bank` names them.
    pub is_csv: bool,
}

/// Files of the bank, and how its CSV is to be read.
#[derive(Clone, Debug, Default)]
pub struct WorldBank {
    pub files: Vec<WorldBankFile>,
    pub csv: CsvKeys,
}

/// Accounts as they are written; the last two are one.
const ACCOUNTS: [(&str, &str); 3] =
    [("IBAN", "NO93 8601 1117 947"), ("Othr", "1503.44.55667"), ("Othr", "15034455667")];

/// Periods of statements: neighbours, overlaps and gaps.
const PERIODS: [(usize, usize); 8] = [(0, 59), (0, 30), (31, 59), (0, 11), (12, 30), (8, 20), (14, 30), (40, 59)];

pub fn random_bank(rng: &mut Rng, files: &[ExportFile]) -> WorldBank {
    let all = entries(rng, files);
    let mut statements = Vec::new();
    for account in [ACCOUNTS[0], *rng.one_of(&ACCOUNTS[1..])] {
        for currency in ["NOK", "SEK", "JPY"] {
            if currency != "NOK" && !rng.once_in(3) {
                continue;
            }
            let count = *rng.one_of(&[1, 1, 2, 2, 3]);
            let mut periods: Vec<(usize, usize)> = (0..count).map(|_| *rng.one_of(&PERIODS)).collect();
            if rng.once_in(2) {
                periods = vec![PERIODS[1], PERIODS[2]];
            }
            let mine: Vec<Booked> = all.iter().filter(|entry| entry.goes_to(account.0, currency)).cloned().collect();
            statements.extend(with_balances(rng, account, currency, &periods, &mine));
        }
    }
    let mut bank = WorldBank::default();
    write(rng, &statements, &mut bank);
    if rng.once_in(3) {
        let notified: Vec<DraftStatement> = statements.iter().filter(|_| rng.once_in(2)).cloned().collect();
        if !notified.is_empty() {
            let bytes = camt::notifications(rng, &notified);
            bank.files.push(WorldBankFile { name: "bank/n.xml".to_owned(), bytes, is_csv: false });
        }
    }
    bank
}

/// The statements of an account, whose balances mostly continue each other.
fn with_balances(
    rng: &mut Rng,
    account: (&'static str, &'static str),
    currency: &'static str,
    periods: &[(usize, usize)],
    entries: &[Booked],
) -> Vec<DraftStatement> {
    let mut balance = *rng.one_of(&[0, 10_000, 100]);
    let mut made = Vec::new();
    for (first, last) in periods {
        let days = (BANK_DAYS[*first], BANK_DAYS[*last]);
        let within = entries.iter().filter(|entry| days.0 <= entry.day && entry.day <= days.1);
        let entries: Vec<Booked> = within.filter(|_| !rng.once_in(12)).cloned().collect();
        let booked = entries.iter().filter(|entry| entry.is_booked() && entry.currency == currency);
        let sum: i64 = booked.map(|entry| entry.amount).sum();
        let mut closing = balance + sum;
        if rng.once_in(8) {
            closing += *rng.one_of(&[1, -100]);
        }
        let id = rng.word(&["S1", "S2", "2026-01", "S1"]).to_owned();
        made.push(DraftStatement { id, account, currency, days, opening: balance, closing, entries });
        balance = if rng.once_in(8) { closing + 5 } else { closing };
    }
    made
}

fn write(rng: &mut Rng, statements: &[DraftStatement], bank: &mut WorldBank) {
    let writes_csv = rng.once_in(3);
    let mut left: Vec<DraftStatement> = statements.to_vec();
    if writes_csv {
        let layout = SheetLayout::random(rng);
        let is_mine = |statement: &DraftStatement| layout.fits(statement);
        let (rows, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_mine);
        left = rest;
        bank.csv = layout.keys();
        for (n, statement) in rows.iter().enumerate() {
            let bytes = layout.write(rng, statement);
            bank.files.push(WorldBankFile { name: format!("bank/{n}.csv"), bytes, is_csv: true });
        }
    }
    let mut number = 0;
    while !left.is_empty() {
        let count = (1 + rng.index(3)).min(left.len());
        let some: Vec<DraftStatement> = left.drain(..count).collect();
        let bytes = camt::statements(rng, &some);
        let again = rng.once_in(10);
        bank.files.push(WorldBankFile { name: format!("bank/{number}.xml"), bytes: bytes.clone(), is_csv: false });
        if again {
            bank.files.push(WorldBankFile { name: format!("again/{number}.xml"), bytes, is_csv: false });
        }
        number += 1;
    }
}
