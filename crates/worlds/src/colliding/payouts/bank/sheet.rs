//! A bank's CSV, in layouts of its own and of the presets.

use super::draft::{CsvKeys, DraftStatement};
use crate::rng::Rng;

/// How all CSV files of a world are written.
#[derive(Clone, Copy, Debug)]
pub struct SheetLayout {
    preset: &'static str,
    account: &'static str,
    currency: &'static str,
}

impl SheetLayout {
    pub fn random(rng: &mut Rng) -> SheetLayout {
        SheetLayout {
            preset: rng.word(&["", "", "dnb", "nordea-no", "nordea-se", "seb"]),
            account: "15034455667",
            currency: rng.word(&["NOK", "NOK", "SEK"]),
        }
    }

    /// Statements of the account and currency that have entries; CSV knows no other currency.
    pub fn fits(&self, statement: &DraftStatement) -> bool {
        let is_mine = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>() == self.account;
        is_mine(statement.account.1)
            && statement.currency == self.currency
            && statement.entries.iter().any(|entry| entry.is_booked())
            && statement.entries.iter().all(|entry| entry.currency == self.currency)
    }

    fn has_currency_column(&self) -> bool {
        self.preset.starts_with("nordea")
    }

    pub fn keys(&self) -> CsvKeys {
        let mut keys = vec![("account", self.account)];
        if !self.has_currency_column() {
            keys.push(("currency", self.currency));
        }
        let mut text = Vec::new();
        if self.preset.is_empty() {
            keys.extend([
                ("delimiter", "tab"),
                ("skip_rows", "2"),
                ("date", "Dato"),
                ("date_format", "%d.%m.%Y"),
                ("credit", "Inn"),
                ("debit", "Ut"),
                ("decimal", ","),
                ("reference", "Arkivref"),
                ("balance", "Saldo"),
            ]);
            text = vec!["Tekst".to_owned(), "Melding".to_owned()];
        } else {
            keys.push(("preset", self.preset));
        }
        let keys = keys.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        CsvKeys { keys, text }
    }

    fn header(&self) -> &'static str {
        match self.preset {
            "dnb" => "Dato;Forklaring;Rentedato;Ut fra konto;Inn p\u{e5} konto",
            "nordea-no" => "Bokf\u{f8}ringsdato;Bel\u{f8}p;Avsender;Tittel;Valuta",
            "nordea-se" => "Bokf\u{f6}ringsdag;Belopp;Rubrik;Saldo;Valuta",
            "seb" => "Bokf\u{f6}ringsdatum;Text;Belopp;Saldo",
            _ => "Konto 1\nUtskrift\nDato\tTekst\tMelding\tInn\tUt\tArkivref\tSaldo",
        }
    }

    /// Rows oldest first or newest first, with the balance after each.
    pub fn write(&self, rng: &mut Rng, statement: &DraftStatement) -> Vec<u8> {
        let mut entries: Vec<_> = statement.entries.iter().filter(|entry| entry.is_booked()).collect();
        entries.sort_by_key(|entry| entry.day);
        let mut balance = statement.opening;
        let mut rows = Vec::new();
        for entry in entries {
            balance += entry.amount;
            let stated = if rng.once_in(20) { balance + 1 } else { balance };
            rows.push(self.row(rng, entry.day, entry.text.trim(), entry.amount, stated, entry.reference));
        }
        if rng.once_in(2) {
            rows.reverse();
        }
        let end = rng.word(&["\n", "\r\n"]);
        let lines = self.header().split('\n').map(str::to_owned).chain(rows);
        let text: String = lines.map(|line| line + end).collect();
        match self.preset {
            "dnb" => text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect(),
            _ => text.into_bytes(),
        }
    }

    fn row(&self, rng: &mut Rng, day: &str, text: &str, amount: i64, balance: i64, reference: &str) -> String {
        let comma = |amount: i64| money(amount, ",", group(amount));
        let text = format!("\"{text}\"");
        let (year, month, of_month) = (&day[..4], &day[5..7], &day[8..]);
        let (credit, debit) = match amount {
            0.. => (comma(amount), String::new()),
            _ => (rng.word(&["", "0,00"]).to_owned(), comma(if rng.once_in(2) { amount } else { -amount })),
        };
        match self.preset {
            "dnb" => format!("{of_month}.{month}.{year};{text};;{debit};{credit}"),
            "nordea-no" => format!("{year}/{month}/{of_month};{};;{text};{}", comma(amount), self.currency),
            "nordea-se" => {
                format!("{year}/{month}/{of_month};{};{text};{};{}", comma(amount), comma(balance), self.currency)
            }
            "seb" => format!("{day};{text};{};{}", money(amount, ".", ","), money(balance, ".", "")),
            _ => format!("{of_month}.{month}.{year}\t{text}\tx\t{credit}\t{debit}\t{reference}\t{}", comma(balance)),
        }
    }
}

/// What stands between the thousands of this amount.
fn group(amount: i64) -> &'static str {
    match amount.unsigned_abs() % 4 {
        0 => ".",
        1 => " ",
        2 => "\u{a0}",
        _ => "",
    }
}

fn money(amount: i64, decimal: &str, group: &str) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let size = amount.unsigned_abs();
    let digits = (size / 100).to_string();
    let mut whole = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            whole.push_str(group);
        }
        whole.push(digit);
    }
    format!("{sign}{whole}{decimal}{:02}", size % 100)
}
