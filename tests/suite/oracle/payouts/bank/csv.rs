//! A bank's CSV as `[bank.csv]` describes it. "A row that does not fit refuses the file": None here.

use chrono::NaiveDate;

use super::statement::{StatedEntry, Statement, account_number, minor};
use crate::oracle::BankCsv;
use crate::oracle::reading::Place;

/// "`dnb` latin1, Dato %d.%m.%Y, Inn på konto, Ut fra konto, Forklaring; `nordea-no` …"
const PRESETS: [(&str, &[(&str, &str)]); 4] = [
    (
        "dnb",
        &[
            ("encoding", "latin1"),
            ("date", "Dato"),
            ("date_format", "%d.%m.%Y"),
            ("credit", "Inn på konto"),
            ("debit", "Ut fra konto"),
            ("text", "Forklaring"),
        ],
    ),
    (
        "nordea-no",
        &[
            ("date", "Bokføringsdato"),
            ("date_format", "%Y/%m/%d"),
            ("amount", "Beløp"),
            ("text", "Tittel"),
            ("currency_column", "Valuta"),
        ],
    ),
    (
        "nordea-se",
        &[
            ("date", "Bokföringsdag"),
            ("date_format", "%Y/%m/%d"),
            ("amount", "Belopp"),
            ("text", "Rubrik"),
            ("balance", "Saldo"),
            ("currency_column", "Valuta"),
        ],
    ),
    (
        "seb",
        &[
            ("date", "Bokföringsdatum"),
            ("date_format", "%Y-%m-%d"),
            ("amount", "Belopp"),
            ("decimal", "."),
            ("text", "Text"),
            ("balance", "Saldo"),
        ],
    ),
];

struct Keys<'c> {
    told: &'c BankCsv,
    preset: &'static [(&'static str, &'static str)],
}

impl Keys<'_> {
    /// "A key beside it overrides."
    fn get(&self, key: &str) -> Option<&str> {
        let own = self.told.keys.get(key).map(String::as_str);
        let preset = self.preset.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        // One of the two ways to state a currency, and to state amounts, replaces the other.
        let others: &[&str] = match key {
            "currency_column" => &["currency"],
            "credit" | "debit" => &["amount"],
            "amount" => &["credit", "debit"],
            _ => &[],
        };
        let is_replaced = others.iter().any(|other| self.told.keys.contains_key(*other));
        own.or(preset.filter(|_| !is_replaced))
    }

    fn texts(&self) -> Vec<&str> {
        if self.told.text.is_empty() {
            return self.get("text").into_iter().collect();
        }
        self.told.text.iter().map(String::as_str).collect()
    }
}

fn keys(told: &BankCsv) -> Keys<'_> {
    let name = told.keys.get("preset").map_or("", String::as_str);
    let preset = PRESETS.into_iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, keys)| keys);
    Keys { told, preset }
}

/// The rows of a text, cells perhaps in quotes.
fn table(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("there is a row");
        let cell = row.last_mut().expect("there is a cell");
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => cell.push(letter),
            '\r' => {}
            '\n' => rows.push(vec![String::new()]),
            _ if letter == delimiter => row.push(String::new()),
            _ => cell.push(letter),
        }
    }
    rows.retain(|row| *row != [""]);
    rows
}

/// A cell's amount in minor units.
fn amount(written: &str, decimal: &str, currency: &str) -> Option<i128> {
    let written: String = written.chars().filter(|letter| !letter.is_whitespace() && *letter != '\'').collect();
    let grouping = if decimal == "," { '.' } else { ',' };
    let (whole, fraction) = written.split_once(decimal).unwrap_or((&written, ""));
    if fraction.contains(grouping) {
        return None;
    }
    let mut groups = whole.split(grouping);
    groups.next();
    if groups.any(|group| group.len() != 3) {
        return None;
    }
    minor(&format!("{}.{fraction}", whole.replace(grouping, "")), currency)
}

struct Row {
    entry: StatedEntry,
    balance: Option<i128>,
}

pub fn read(bytes: &[u8], told: &BankCsv, source: usize) -> Option<Statement> {
    let keys = keys(told);
    let text = match keys.get("encoding") {
        Some("latin1") => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8(bytes.to_vec()).ok()?.trim_start_matches('\u{feff}').to_owned(),
    };
    let delimiter = match keys.get("delimiter") {
        Some("tab") => '\t',
        Some(stated) => stated.chars().next()?,
        None => ';',
    };
    let skipped: usize = keys.get("skip_rows").unwrap_or("0").parse().ok()?;
    let mut rows = table(&text, delimiter).into_iter().skip(skipped);
    let header: Vec<String> = rows.next()?.iter().map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<Row> = rows.map(|cells| row(&keys, &header, &cells)).collect::<Option<_>>()?;
    let currency = rows.first()?.entry.currency.clone();
    if rows.iter().any(|row| row.entry.currency != currency) {
        return None;
    }
    Some(statement(rows, account_number(keys.get("account")?), currency, source))
}

fn statement(rows: Vec<Row>, account: String, currency: String, source: usize) -> Statement {
    let (first_row, last_row) = (&rows[0], &rows[rows.len() - 1]);
    // "Newest first when the first row's day is later than the last's."
    let is_newest_first = first_row.entry.date > last_row.entry.date;
    let (oldest, newest) = if is_newest_first { (last_row, first_row) } else { (first_row, last_row) };
    let opening = oldest.balance.map(|after| (currency.clone(), after - oldest.entry.amount));
    let closing = newest.balance.map(|after| (currency.clone(), after));
    let first = rows.iter().map(|row| row.entry.date).min().expect("there is a row");
    let last = rows.iter().map(|row| row.entry.date).max().expect("there is a row");
    Statement {
        id: format!("csv:{first}..{last}"),
        account,
        currency: Some(currency),
        days: Some((first, last)),
        opening,
        closing,
        entries: rows.into_iter().map(|row| row.entry).collect(),
        place: Place { source, offset: 0, inner: 0 },
    }
}

fn row(keys: &Keys, header: &[String], cells: &[String]) -> Option<Row> {
    // "Empty cells after the last column are fine."
    if cells.len() < header.len() || cells[header.len()..].iter().any(|cell| !cell.trim().is_empty()) {
        return None;
    }
    let cell = |column: &str| {
        let at = header.iter().position(|name| name == column)?;
        Some(cells[at].trim())
    };
    let currency = match keys.get("currency_column") {
        Some(column) => cell(column)?,
        None => keys.get("currency")?,
    };
    let decimal = keys.get("decimal").unwrap_or(",");
    let stated = match keys.get("amount") {
        Some(column) => amount(cell(column)?, decimal, currency)?,
        None => {
            let of = |key: &str| match cell(keys.get(key)?)? {
                "" => Some(0),
                written => amount(written, decimal, currency),
            };
            match (of("credit")?, of("debit")?.abs()) {
                (credit, 0) if credit >= 0 => credit,
                (0, debit) => -debit,
                _ => return None,
            }
        }
    };
    let balance = match keys.get("balance") {
        Some(column) => Some(amount(cell(column)?, decimal, currency)?),
        None => None,
    };
    let texts: Vec<String> =
        keys.texts().into_iter().map(|name| Some(cell(name)?.to_owned())).collect::<Option<_>>()?;
    let reference = match keys.get("reference") {
        Some(column) => Some(cell(column)?.to_owned()).filter(|text| !text.is_empty()),
        None => None,
    };
    let entry = StatedEntry {
        date: NaiveDate::parse_from_str(cell(keys.get("date")?)?, keys.get("date_format")?).ok()?,
        currency: currency.to_owned(),
        amount: stated,
        is_reversal: false,
        reference,
        own_reference: None,
        texts: texts.into_iter().filter(|text| !text.is_empty()).collect(),
        debtors: Vec::new(),
        parts: Vec::new(),
    };
    Some(Row { entry, balance })
}
