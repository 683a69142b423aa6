//! Columns, declared once: a name, a type, a sentence, and the cell of a row.
//!
//! Parquet files, CSV files and the documentation are all made from these declarations.

use std::borrow::Cow;
use std::fmt::Write;

use avstem_core::model::display;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::{Sum, minor};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// An exact number, or words: text in Parquet, a number in CSV where it is one.
    Number,
    /// A whole number of 64 bits.
    Integer,
    /// True or false.
    Flag,
    /// A point in time: microseconds by UTC in Parquet, RFC 3339 with its whole fraction in CSV.
    Time,
}

impl Type {
    /// As the documentation names it.
    pub const fn words(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "exact number or words",
            Type::Integer => "integer",
            Type::Flag => "true or false",
            Type::Time => "time",
        }
    }

    /// As Parquet stores it.
    pub const fn parquet(self) -> &'static str {
        match self {
            Type::Text | Type::Number => "STRING",
            Type::Integer => "INT64",
            Type::Flag => "BOOLEAN",
            Type::Time => "TIMESTAMP (µs, UTC)",
        }
    }
}

/// A column of a file. Every column may be empty in a row.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    /// What it holds.
    pub kind: Type,
    /// What it says, in a sentence.
    pub what: &'static str,
}

/// A table that has all of its rows.
#[derive(Debug)]
pub struct Filled<W> {
    /// Where it was written to.
    pub writer: W,
    /// How many rows it has; the names of the columns are none.
    pub rows: u64,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// None.
    Empty,
    Text(Cow<'a, str>),
    /// An exact number, written with a point.
    Number(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Flag(bool),
    /// A point in time.
    Time(Instant),
}

impl<'a> Cell<'a> {
    /// A text of ours, or one that must stay as it is: the id columns of frames. An empty one is none.
    pub fn raw(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(Cow::Borrowed(text)))
    }

    /// An id as people see it.
    pub fn id(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(display::visible(text)))
    }

    /// A reference or other free text as people see it, card numbers masked.
    pub fn free(text: impl Into<Option<&'a str>>) -> Cell<'a> {
        text.into().filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(display::shown(text)))
    }

    /// A text that was made for this row.
    pub fn made(text: Option<String>) -> Cell<'a> {
        text.filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(Cow::Owned(text)))
    }

    /// An amount in a column of 64 bits; none when it is larger.
    pub fn minor(amount: impl Into<Option<Sum>>) -> Cell<'a> {
        amount.into().and_then(minor).map_or(Cell::Empty, Cell::Integer)
    }

    /// An amount of any size as it is, for files whose numbers have no limit.
    pub fn exact(amount: Sum) -> Cell<'a> {
        minor(amount).map_or_else(|| Cell::Number(Cow::Owned(amount.to_string())), Cell::Integer)
    }

    /// A count or an offset. None of them comes near 63 bits.
    pub fn count(count: impl TryInto<i64>) -> Cell<'a> {
        count.try_into().map_or(Cell::Empty, Cell::Integer)
    }

    /// A whole number, if there is one.
    pub fn integer(number: impl Into<Option<i64>>) -> Cell<'a> {
        number.into().map_or(Cell::Empty, Cell::Integer)
    }

    /// True or false, if it is known.
    pub fn flag(flag: impl Into<Option<bool>>) -> Cell<'a> {
        flag.into().map_or(Cell::Empty, Cell::Flag)
    }

    /// A point in time, if there is one.
    pub fn time(time: impl Into<Option<Instant>>) -> Cell<'a> {
        time.into().map_or(Cell::Empty, Cell::Time)
    }
}

/// Declares the columns of a file together with the function that makes a row's cells, so that neither can be without
/// the other.
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

        /// The cells of a row, in the order of the columns.
        $fvis fn $cells<$life>($row: $of) -> [$crate::frame::column::Cell<$life>; $table.len()] {
            [$($cell),+]
        }
    };
}
pub(crate) use columns;

/// The columns as a table of the documentation.
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
