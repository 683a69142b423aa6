//! CSV files: RFC 4180, or what a Norwegian Excel opens without asking.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

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
    /// The words on the command line.
    pub const WORDS: [&'static str; 2] = ["plain", "excel-no"];

    /// The dialect of a word.
    pub fn named(word: &str) -> Option<Dialect> {
        match word {
            "plain" => Some(Dialect::Plain),
            "excel-no" => Some(Dialect::ExcelNo),
            _ => None,
        }
    }
}

/// A CSV file that is being written.
pub struct CsvTable<W: Write> {
    writer: Writer<W>,
    dialect: Dialect,
    /// Room for one cell.
    text: String,
    rows: u64,
}

impl<W: Write> CsvTable<W> {
    /// Begins a file with the names of its columns.
    pub fn new(mut writer: W, columns: &[Column], dialect: Dialect) -> io::Result<CsvTable<W>> {
        let mut builder = WriterBuilder::new();
        builder.quote_style(QuoteStyle::Necessary);
        match dialect {
            Dialect::Plain => builder.delimiter(b',').terminator(Terminator::Any(b'\n')),
            Dialect::ExcelNo => {
                writer.write_all("\u{FEFF}".as_bytes())?;
                builder.delimiter(b';').terminator(Terminator::CRLF)
            }
        };
        let mut writer = builder.from_writer(writer);
        writer.write_record(columns.iter().map(|column| column.name))?;
        Ok(CsvTable { writer, dialect, text: String::new(), rows: 0 })
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        for cell in row {
            self.text.clear();
            // Writing to a String cannot fail.
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Text(text) => self.text.write_str(&guarded(text)),
                Cell::Number(number) if self.dialect == Dialect::ExcelNo => {
                    self.text.write_str(&number.replacen('.', ",", 1))
                }
                Cell::Number(number) => self.text.write_str(number),
                Cell::Integer(number) => write!(self.text, "{number}"),
                Cell::Flag(flag) => write!(self.text, "{flag}"),
                Cell::Time(time) => write!(self.text, "{time}"),
            };
            self.writer.write_field(&self.text)?;
        }
        self.rows += 1;
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Writes what is buffered, and gives the writer back.
    pub fn finish(self) -> io::Result<Filled<W>> {
        let writer = self.writer.into_inner().map_err(|error| error.into_error())?;
        Ok(Filled { writer, rows: self.rows })
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
