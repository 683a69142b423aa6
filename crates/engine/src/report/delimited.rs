//! CSV files: RFC 4180, or a dialect that a Norwegian Excel opens without import settings.

use std::io::{self, Write};

use avstem_core::model::bytes::has_any;
use avstem_core::model::display::{MOST_DIGITS, digits_of};

use crate::frame::column::{Cell, Column, Filled};

/// How the CSV files of a run are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// UTF-8, comma, decimal point, LF.
    #[default]
    Plain,
    /// Byte-order mark, semicolon, decimal comma, CRLF.
    ExcelNo,
}

impl Dialect {
    /// The names on the command line.
    pub const WORDS: [&'static str; 2] = ["plain", "excel-no"];

    /// Returns the dialect of a name.
    pub fn named(word: &str) -> Option<Dialect> {
        match word {
            "plain" => Some(Dialect::Plain),
            "excel-no" => Some(Dialect::ExcelNo),
            _ => None,
        }
    }
}

/// Bytes of rows that are buffered before a write.
const GATHERED: usize = 64 << 10;

/// A CSV file that is being written.
pub struct CsvTable<W: Write> {
    writer: W,
    dialect: Dialect,
    /// Rows that are not written yet.
    text: String,
    rows: u64,
}

impl<W: Write> CsvTable<W> {
    /// Begins a file with the names of its columns.
    pub fn new(writer: W, columns: &[Column], dialect: Dialect) -> io::Result<CsvTable<W>> {
        CsvTable::named(writer, columns.iter().map(|column| column.name), dialect)
    }

    /// Begins a file whose columns were not declared.
    pub fn named<'n>(writer: W, names: impl IntoIterator<Item = &'n str>, dialect: Dialect) -> io::Result<CsvTable<W>> {
        let mut table = CsvTable { writer, dialect, text: String::with_capacity(2 * GATHERED), rows: 0 };
        if dialect == Dialect::ExcelNo {
            table.text.push('\u{FEFF}');
        }
        for (at, name) in names.into_iter().enumerate() {
            table.between(at);
            table.field(name);
        }
        table.end()?;
        Ok(table)
    }

    pub fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        for (at, cell) in row.iter().enumerate() {
            self.between(at);
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => self.guarded(text),
                Cell::Number(number) if self.dialect == Dialect::ExcelNo => self.field(&number.replacen('.', ",", 1)),
                Cell::Number(number) => self.field(number),
                Cell::Integer(number) => integer(&mut self.text, *number),
                Cell::Flag(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
                // Writing to a String cannot fail.
                Cell::Time(time) => drop(time.write(&mut self.text)),
            }
        }
        self.rows += 1;
        self.end()
    }

    fn between(&mut self, at: usize) {
        if at > 0 {
            self.text.push(match self.dialect {
                Dialect::Plain => ',',
                Dialect::ExcelNo => ';',
            });
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.text.push_str(match self.dialect {
            Dialect::Plain => "\n",
            Dialect::ExcelNo => "\r\n",
        });
        if self.text.len() < GATHERED { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> io::Result<()> {
        self.writer.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    /// Writes a text so that no spreadsheet takes it for a formula: one that would begin a formula
    /// is prefixed with an apostrophe.
    fn guarded(&mut self, text: &str) {
        if matches!(text.as_bytes(), [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r', ..]) {
            self.field(&format!("'{text}"));
        } else {
            self.field(text);
        }
    }

    /// Writes a text as a field, in quotes if it contains a quote, the separator or a line end.
    fn field(&mut self, text: &str) {
        let between = if self.dialect == Dialect::Plain { b',' } else { b';' };
        if !has_any(text.as_bytes(), [b'"', between, b'\n', b'\r']) {
            return self.text.push_str(text);
        }
        self.text.push('"');
        for piece in text.split_inclusive('"') {
            self.text.push_str(piece);
            if piece.ends_with('"') {
                self.text.push('"');
            }
        }
        self.text.push('"');
    }

    /// Writes the buffered rows, and returns the writer.
    pub fn finish(mut self) -> io::Result<Filled<W>> {
        self.write()?;
        Ok(Filled { writer: self.writer, rows: self.rows })
    }
}

/// Appends a number as digits.
fn integer(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    out.push_str(digits_of(number.unsigned_abs().into(), &mut [0; MOST_DIGITS]));
}

#[cfg(test)]
mod tests {
    use csv::{QuoteStyle, Terminator, WriterBuilder};

    use super::*;
    use crate::frame::column::{Type, cell};

    const COLUMNS: &[Column] =
        &[Column { name: "a", kind: Type::Text, what: "" }, Column { name: "b", kind: Type::Integer, what: "" }];

    #[test]
    fn fields_are_quoted_as_another_library_quotes_them() {
        let texts = ["a", "a,b", "a;b", "\"", "a\"b\"\"", "\n", "a\rb", "x\r\n", " ", "å,ø", "x\"", "#", "\\", "a\tb"];
        for (dialect, delimiter) in [(Dialect::Plain, b','), (Dialect::ExcelNo, b';')] {
            let terminator = if dialect == Dialect::Plain { Terminator::Any(b'\n') } else { Terminator::CRLF };
            let mut builder = WriterBuilder::new();
            builder.quote_style(QuoteStyle::Necessary).delimiter(delimiter).terminator(terminator);
            let (mut theirs, mut ours) =
                (builder.from_writer(Vec::new()), CsvTable::new(Vec::new(), COLUMNS, dialect).unwrap());
            theirs.write_record(["a", "b"]).unwrap();
            for text in texts {
                for number in [0, 7, -10, i64::MIN, i64::MAX] {
                    theirs.write_record([text, &number.to_string()]).unwrap();
                    ours.push(&[Cell::from(cell::raw(text)), Cell::Integer(number)]).unwrap();
                }
            }
            let (theirs, ours) = (theirs.into_inner().unwrap(), ours.finish().unwrap().writer);
            let mark = if dialect == Dialect::Plain { "" } else { "\u{FEFF}" };
            assert_eq!(String::from_utf8(ours).unwrap(), mark.to_owned() + &String::from_utf8(theirs).unwrap());
        }
    }
}
