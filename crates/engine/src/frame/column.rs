//! Columns, declared once: name, type, description, and the cell of a row.
//!
//! Parquet files, CSV files and the documentation are generated from these declarations.

use std::borrow::Cow;
use std::fmt::Write;

use avstem_core::model::display;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::{Sum, minor};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// An exact number or words: text in Parquet; in CSV a number if it is one.
    Number,
    /// A 64-bit integer.
    Integer,
    Flag,
    /// A point in time: microseconds in UTC in Parquet, RFC 3339 with its full fraction in CSV.
    Time,
}

impl Type {
    /// The name in the documentation.
    pub const fn words(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "exact number or words",
            Type::Integer => "integer",
            Type::Flag => "true or false",
            Type::Time => "time",
        }
    }

    /// The Parquet type.
    pub const fn parquet(self) -> &'static str {
        match self {
            Type::Text | Type::Number => "STRING",
            Type::Integer => "INT64",
            Type::Flag => "BOOLEAN",
            Type::Time => "TIMESTAMP (µs, UTC)",
        }
    }
}

/// A column of a file. Every column is nullable.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Type,
    /// The description, one sentence.
    pub what: &'static str,
}

/// A complete table.
#[derive(Debug)]
pub struct Filled<W> {
    pub writer: W,
    /// Number of rows without the header.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// An exact number, with a decimal point.
    Number(Cow<'a, str>),
    Integer(i64),
    Flag(bool),
    Time(Instant),
}

impl<'a> Cell<'a> {
    /// Text without masking or escaping: own texts, and the id columns of frames. Empty text is
    /// null.
    pub fn raw(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(Cow::Borrowed(text)))
    }

    /// An id with invisible characters escaped.
    pub fn id(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(display::visible(text)))
    }

    /// A reference or other free text, with invisible characters escaped and card numbers masked.
    pub fn free(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(display::shown(text)))
    }

    /// An owned text; empty text is null.
    pub fn made(text: Option<String>) -> Cell<'a> {
        text.filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(Cow::Owned(text)))
    }

    /// An amount in a 64-bit column; null if it does not fit.
    pub fn minor(amount: impl Into<Option<Sum>>) -> Cell<'a> {
        amount.into().and_then(minor).map_or(Cell::Empty, Cell::Integer)
    }

    /// An amount of any size, for files whose numbers have no limit.
    pub fn exact(amount: Sum) -> Cell<'a> {
        minor(amount).map_or_else(|| Cell::Number(Cow::Owned(amount.to_string())), Cell::Integer)
    }

    /// A count or an offset, which always fits 63 bits.
    pub fn count(count: impl TryInto<i64>) -> Cell<'a> {
        count.try_into().map_or(Cell::Empty, Cell::Integer)
    }

    pub fn integer(number: impl Into<Option<i64>>) -> Cell<'a> {
        number.into().map_or(Cell::Empty, Cell::Integer)
    }

    pub fn flag(flag: impl Into<Option<bool>>) -> Cell<'a> {
        flag.into().map_or(Cell::Empty, Cell::Flag)
    }

    pub fn time(time: impl Into<Option<Instant>>) -> Cell<'a> {
        time.into().map_or(Cell::Empty, Cell::Time)
    }
}

/// Declares the columns of a file together with the function that creates the cells of a row, so
/// that both always have the same length and order.
macro_rules! columns {
    (
        $(#[$meta:meta])*
        $vis:vis const $table:ident, $fvis:vis fn $cells:ident<$life:lifetime>($row:ident: $of:ty);
        $($name:literal $kind:ident $what:literal => $cell:expr;)+
    ) => {
        $(#[$meta])*
        $vis const $table: &[$crate::frame::column::Column] = &[
            $($crate::frame::column::Column {
                name: $name,
                kind: $crate::frame::column::Type::$kind,
                what: $what,
            }),+
        ];

        /// The cells of a row, in column order.
        $fvis fn $cells<$life>($row: $of) -> [$crate::frame::column::Cell<$life>; $table.len()] {
            [$($cell),+]
        }
    };
}
pub(crate) use columns;

/// The columns as a Markdown table for the documentation.
pub fn markdown(columns: &[Column]) -> String {
    let mut out = String::from("| column | type | in Parquet | what it holds |\n|---|---|---|---|\n");
    for column in columns {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            column.name,
            column.kind.words(),
            column.kind.parquet(),
            column.what.replace('|', "\\|")
        );
    }
    out
}
