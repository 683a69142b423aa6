//! CSV files of banks. A row that does not fit refuses the file: a statement is never partly used.

mod number;
mod rows;
#[cfg(test)]
mod tests;

use std::io::BufRead;

use super::StatedBalance;
use super::raw::{BankFile, BookedEntry, ReadStatement, StatementForm};
use super::room::Room;
use super::settings::{BankCsv, CsvAmount, CsvCurrency, DecimalMark};
use super::stream::unreadable;
use crate::model::currency::exponent;
use crate::model::instant::format_day;
use crate::model::money::{Minor, Sum, minor};
use crate::model::reject::{FileFault, FileReason};
use rows::{CsvRows, StatementRow, fault};

type Parsed<T> = Result<T, FileFault>;

/// A column: its place and its name.
type Column<'c> = (usize, &'c str);

enum AmountColumns<'c> {
    Signed(Column<'c>),
    Split { credit: Column<'c>, debit: Column<'c> },
}

/// The columns that are read.
struct Columns<'c> {
    /// How many columns have a name.
    count: usize,
    date: Column<'c>,
    amount: AmountColumns<'c>,
    currency: Option<Column<'c>>,
    text: Vec<Column<'c>>,
    reference: Option<Column<'c>>,
    balance: Option<Column<'c>>,
}

/// A row with its balance.
struct BookedRow {
    line: u64,
    entry: BookedEntry,
    balance: Option<Minor>,
}

/// Reads a file; what it holds takes from the room.
///
/// # Errors
///
/// Returns the first defect: a file with one is not used at all. Some fault if the room is full.
pub fn read(input: impl BufRead, csv: &BankCsv, room: &dyn Room) -> Result<BankFile, FileFault> {
    let mut rows = CsvRows::new(input, csv);
    let header = if rows.skip(csv.skip_rows)? { rows.next()? } else { None };
    let Some(header) = header else {
        let what = "expected a row with the names of the columns, found the end";
        let missing = fault(FileReason::MissingField, what, rows.lines.max(1));
        return Err(if rows.has_text { missing } else { FileReason::EmptyInput.into() });
    };
    let columns = Columns::new(&header, csv)?;
    let mut booked: Vec<BookedRow> = Vec::new();
    while let Some(row) = rows.next()? {
        let row = booked_row(&row, &columns, csv)?;
        if let Some(first) = booked.first()
            && first.entry.currency != row.entry.currency
        {
            let what = "expected the currency of the rows before, found another";
            return Err(fault(FileReason::WrongType, what, row.line));
        }
        room.take(size_of::<BookedRow>() + row.entry.held()).map_err(|_| unreadable())?;
        booked.push(row);
    }
    Ok(BankFile { statements: vec![statement(booked, csv)?], notifications: Vec::new() })
}

impl<'c> Columns<'c> {
    fn new(header: &StatementRow, csv: &'c BankCsv) -> Parsed<Columns<'c>> {
        let find = |name: &'c String| -> Parsed<Column<'c>> {
            let name = name.trim();
            let mut places = (0..header.cells.len()).filter(|at| header.cells[*at] == name);
            match (places.next(), places.next()) {
                (Some(at), None) => Ok((at, name)),
                (None, _) => {
                    let what = format!("expected a column `{name}`, found none in the header");
                    Err(fault(FileReason::MissingField, &what, header.line))
                }
                _ => {
                    let what = format!("expected one column `{name}`, found several in the header");
                    Err(fault(FileReason::WrongType, &what, header.line))
                }
            }
        };
        let find_some = |name: &'c Option<String>| name.as_ref().map(find).transpose();
        Ok(Columns {
            count: header.cells.iter().rposition(|name| !name.is_empty()).map_or(0, |at| at + 1),
            date: find(&csv.date)?,
            amount: match &csv.amount {
                CsvAmount::Signed(name) => AmountColumns::Signed(find(name)?),
                CsvAmount::Split { credit, debit } => {
                    AmountColumns::Split { credit: find(credit)?, debit: find(debit)? }
                }
            },
            currency: match &csv.currency {
                CsvCurrency::Fixed(_) => None,
                CsvCurrency::Column(name) => Some(find(name)?),
            },
            text: csv.text.iter().map(find).collect::<Parsed<_>>()?,
            reference: find_some(&csv.reference)?,
            balance: find_some(&csv.balance)?,
        })
    }
}

/// The text of a cell that must have one.
fn filled<'r>(row: &'r StatementRow, (at, name): Column<'_>) -> Parsed<&'r str> {
    let cell = &*row.cells[at];
    if cell.is_empty() {
        return Err(fault(FileReason::MissingField, &format!("column `{name}` is empty"), row.line));
    }
    Ok(cell)
}

fn booked_row(row: &StatementRow, columns: &Columns<'_>, csv: &BankCsv) -> Parsed<BookedRow> {
    if row.cells.len() < columns.count || !row.is_empty_from(columns.count) {
        let expected = columns.count;
        let what = format!("expected {expected} cells as in the header, found {}", row.cells.len());
        return Err(fault(FileReason::BrokenText, &what, row.line));
    }
    let day = csv.date_format.day(filled(row, columns.date)?).ok_or_else(|| {
        let (form, name) = (csv.date_format.text(), columns.date.1);
        let what = format!("expected a date of the form `{form}` in column `{name}`, found another text");
        fault(FileReason::BadTimestamp, &what, row.line)
    })?;
    let currency = match (&csv.currency, columns.currency) {
        (CsvCurrency::Fixed(code), _) => code,
        (CsvCurrency::Column(_), None) => "",
        (CsvCurrency::Column(_), Some(column)) => filled(row, column)?,
    };
    let decimals = exponent(currency).ok_or_else(|| {
        let what = "expected a currency code of ISO 4217, found another text";
        fault(FileReason::WrongType, what, row.line)
    })?;
    let amounts = Amounts { row, decimals, mark: csv.decimal };
    let texts = columns.text.iter().map(|(at, _)| row.cells[*at].clone()).filter(|text| !text.is_empty());
    let entry = BookedEntry {
        day,
        currency: currency.to_owned(),
        amount: amounts.entry(&columns.amount)?,
        is_reversal: false,
        reference: columns.reference.map(|(at, _)| row.cells[at].clone()).filter(|text| !text.is_empty()),
        entry_reference: None,
        texts: texts.collect(),
        details: Vec::new(),
        is_batch: false,
    };
    let balance = columns.balance.map(|column| amounts.filled(column)).transpose()?;
    Ok(BookedRow { line: row.line, entry, balance })
}

/// Reads the amounts of a row.
struct Amounts<'r> {
    row: &'r StatementRow,
    decimals: u8,
    mark: DecimalMark,
}

impl Amounts<'_> {
    fn wrong(&self, reason: FileReason, what: &str) -> FileFault {
        fault(reason, what, self.row.line)
    }

    /// The amount of a cell; `None` if it is empty.
    fn cell(&self, (at, name): Column<'_>) -> Parsed<Option<Minor>> {
        let what = |reason| match reason {
            FileReason::AmountNotInteger => {
                format!("expected at most {} decimals in column `{name}`, found more", self.decimals)
            }
            FileReason::AmountOutOfRange => {
                format!("expected an amount of at most 64 bits in column `{name}`, found a larger one")
            }
            _ => format!("expected an amount in column `{name}`, found another text"),
        };
        let read = number::amount(&self.row.cells[at], self.mark, self.decimals);
        read.map_err(|reason| self.wrong(reason, &what(reason)))
    }

    fn filled(&self, column: Column<'_>) -> Parsed<Minor> {
        let missing = || self.wrong(FileReason::MissingField, &format!("column `{}` is empty", column.1));
        self.cell(column)?.ok_or_else(missing)
    }

    fn entry(&self, columns: &AmountColumns<'_>) -> Parsed<Minor> {
        let (credit, debit) = match *columns {
            AmountColumns::Signed(column) => return self.filled(column),
            AmountColumns::Split { credit, debit } => (credit, debit),
        };
        let not_zero = |column| -> Parsed<Option<Minor>> { Ok(self.cell(column)?.filter(|amount| *amount != 0)) };
        match (not_zero(credit)?, not_zero(debit)?) {
            (Some(amount), None) if amount > 0 => Ok(amount),
            (None, Some(amount)) => Ok(if amount > 0 { -amount } else { amount }),
            (Some(_), None) => {
                let what = format!("expected an amount above 0 in column `{}`, found a negative one", credit.1);
                Err(self.wrong(FileReason::WrongType, &what))
            }
            (Some(_), Some(_)) => {
                let what = format!("expected an amount in column `{}` or `{}`, found both", credit.1, debit.1);
                Err(self.wrong(FileReason::WrongType, &what))
            }
            (None, None) => {
                let what = format!("expected an amount in column `{}` or `{}`, found none", credit.1, debit.1);
                Err(self.wrong(FileReason::MissingField, &what))
            }
        }
    }
}

fn statement(booked: Vec<BookedRow>, csv: &BankCsv) -> Parsed<ReadStatement> {
    let days = || booked.iter().map(|row| row.entry.day);
    let days = days().min().zip(days().max());
    let shown = |day: Option<i64>| day.map(format_day).unwrap_or_default();
    let (opening, closing) = balances(&booked)?.unzip();
    let currency = match &csv.currency {
        CsvCurrency::Fixed(code) => Some(code.clone()),
        CsvCurrency::Column(_) => booked.first().map(|row| row.entry.currency.clone()),
    };
    let stated = |amount: Option<Minor>| Some(StatedBalance { currency: currency.clone()?, amount: amount? });
    Ok(ReadStatement {
        form: StatementForm::Csv,
        id: format!("csv:{}..{}", shown(days.map(|days| days.0)), shown(days.map(|days| days.1))),
        account: csv.account.clone(),
        days,
        opening: stated(opening),
        closing: stated(closing),
        currency: currency.clone(),
        entries: booked.into_iter().map(|row| row.entry).collect(),
        pending: 0,
        offset: 0,
    })
}

/// The balances before the oldest and after the newest row.
fn balances(booked: &[BookedRow]) -> Parsed<Option<(Minor, Minor)>> {
    let (Some(first), Some(last)) = (booked.first(), booked.last()) else { return Ok(None) };
    let (oldest, newest) = if first.entry.day > last.entry.day { (last, first) } else { (first, last) };
    let (Some(after_oldest), Some(closing)) = (oldest.balance, newest.balance) else { return Ok(None) };
    let opening = minor(Sum::from(after_oldest) - Sum::from(oldest.entry.amount)).ok_or_else(|| {
        let what = "expected a balance that fits in 64 bits before the row";
        fault(FileReason::AmountOutOfRange, what, oldest.line)
    })?;
    Ok(Some((opening, closing)))
}
